"""Decoders by their configuration, in pieces: norms, biases, feed-forward layers, positions, read-outs, windows.

The code has V, d and t, which are given, `kv`, the features of keys, n, the number of a block from 0, and `layers`.
"""

from coursework.problem import Form, Mistake

NORMS = {
    "layer": Form(words="a gain and a bias for each feature", code="2 * d", of=lambda d: [d, d]),
    "rms": Form(words="a gain for each feature, and no bias", code="d", of=lambda d: [d]),
}
LAYERS = {
    "two": Form(
        words="two matrices: one makes the hidden features, the other goes back to $d$ features",
        matrices="2",
        biases="«hidden» + d",
        of=lambda d, h: [(d, h), (h, d)],
    ),
    "gated": Form(
        words="three matrices: two make hidden features each, which are multiplied, "
        "and the third goes back to $d$ features",
        matrices="3",
        biases="2 * «hidden» + d",
        of=lambda d, h: [(d, h), (d, h), (h, d)],
    ),
}
BIASES = {
    "everywhere": Form(
        words="Every matrix of a block has a bias, one number for each feature that it makes",
        code="2 * d + 2 * kv + «layer.biases»",
        of=lambda name: True,
    ),
    "read": Form(
        words="The matrices of queries, keys and values have a bias each, one number for each feature that they make; "
        "the other matrices of a block have none",
        code="d + 2 * kv",
        of=lambda name: name in ("q", "k", "v"),
    ),
    "nowhere": Form(words="No matrix has a bias", code="0", of=lambda name: False),
}
PLACES = {
    "learned": Form(
        words="a table of «longest» rows of $d$ numbers for the positions",
        code="«longest» * d",
        of=lambda d, longest: longest * d,
    ),
    "rotary": Form(
        words="rotations of queries and keys, of which nothing is learned, for the positions",
        code="0",
        of=lambda d, longest: 0,
    ),
}
ENDS = {
    "tied": Form(
        words="with the table of the tokens once more, without a bias",
        code="0",
        mistakes=(
            Mistake("no tokens", "The table of the tokens is missing.", ("tables = V * d + ", "tables = 0 * d + ")),
        ),
        of=lambda V, d: 0,
    ),
    "own": Form(words="with a matrix of their own, $V \\times d$, without a bias", code="V * d", of=lambda V, d: V * d),
}
WINDOWS = {  # blocks whose attention looks back a few positions alone
    "odd": Form(
        other="but the last",
        words="In the first block, the third, and so on",
        code="n % 2 == 0",
        of=lambda layers: list(range(0, layers, 2)),
    ),
    "even": Form(
        other="odd",
        words="In the second block, the fourth, and so on",
        code="n % 2 == 1",
        of=lambda layers: list(range(1, layers, 2)),
    ),
    "but the last": Form(
        other="even",
        words="In all blocks but the last",
        code="n < layers - 1",
        of=lambda layers: list(range(layers - 1)),
    ),
}
BLOCK_BY_BLOCK = """\
def decoder_costs(V, d, heads, layers, t):
    d_k, shared = d // heads, heads // «group»
    numbers, cache, flop = V * d + («place.code») + («end.code»), 0, 2 * d * V
    for n in range(layers):
        kv = shared * d_k
        seen = min(t, «window») if «where.code» else t
        sizes = [(d, heads * d_k), (d, kv), (d, kv), (heads * d_k, d)]
        sizes += [(d, «hidden»)] * («layer.matrices» - 1) + [(«hidden», d)]
        for a, b in sizes:
            numbers += a * b
            flop += 2 * a * b
        numbers += («bias.code») + («norm.code») + («norm.code»)
        for h in range(heads):
            flop += seen * (2 * d_k + 2 * d_k)
        for h in range(shared):
            cache += seen * (d_k + d_k) * «bytes»
    return [numbers + («norm.code»), cache, flop]
"""
