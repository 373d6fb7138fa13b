"""What a decoder costs, by its configuration: numbers that are learned, a cache, and FLOP for one more token."""

from coursework.problem import Mistake, Part, Problem, number

from ..decoders import BIASES, BLOCK_BY_BLOCK, ENDS, LAYERS, NORMS, PLACES, WINDOWS

RIGHT = """\
def decoder_costs(V, d, heads, layers, t):
    ### BEGIN SOLUTION
    kv = d // «group»
    attention = 2 * d * d + 2 * d * kv
    forward = «layer.matrices» * d * «hidden»
    block = attention + forward + «bias.code» + 2 * («norm.code»)
    tables = V * d + «place.code»
    numbers = tables + layers * block + «norm.code» + «end.code»
    kept = [min(t, «window») if «where.code» else t for n in range(layers)]
    cache = 2 * kv * sum(kept) * «bytes»
    through = layers * (attention + forward) + V * d
    flop = 2 * through + 4 * d * sum(kept)
    return numbers, cache, flop
    ### END SOLUTION
"""
LONG = ("long",)
FLOP = "flop = 2 * through + 4 * d * sum(kept)"
CACHE = "cache = 2 * kv * sum(kept) * «bytes»"
THROUGH = "through = layers * (attention + forward) + V * d"
NUMBERS = "numbers = tables + layers * block + «norm.code» + «end.code»"
BIASED = "The biases are others: read which matrices have one, and of how many numbers."
SHARE = "Keys and values have d / «group» features: «group» heads share one head of them. Queries have d."
EVERY = "Every head has a query of its own: scores and sums of values cost as much as without sharing."
READ_OUT = "All V tokens are scored: that is a matrix of V × d, whether it is the table or one of its own."
NOT_LOOKED_UP = "A row of a table is looked up: that costs no FLOP."
ONE_SET = "The matrices are shared out among the heads, not there once for each."
LAST = "One more norm stands behind the last block."
ITSELF = "The t-th token is in the cache, and looks at itself, too."
NO_CACHE = "With a cache the tokens before are not read again: one token alone goes through the matrices."


class DecoderCosts(Problem):
    """Drawn: norm, layer, biases, positions, read-out, windows, and how many heads, features and bytes there are."""

    name = "decoder_costs"
    parts = (
        Part("short", 2, "t is at most the window"),
        Part("long", 3, "t is larger than the window"),
    )
    forms = {"norm": NORMS, "layer": LAYERS, "bias": BIASES, "place": PLACES, "end": ENDS, "where": WINDOWS}
    says = {
        "norm": "«norm.words»",
        "layer": "«layer.words»",
        "bias": "«bias.words»",
        "place": "«place.words»",
        "end": "«end.words»",
        "where": "«where.words»",
        "group": "«group»",
        "hidden": "«hidden»",
        "window": "«window»",
        "bytes": "«bytes»",
    }
    right = (RIGHT, BLOCK_BY_BLOCK)
    known = (
        Mistake("another norm", "A norm has another number of learned numbers.", norm="«norm.other»"),
        Mistake("another layer", "The feed-forward layer has other matrices.", layer="«layer.other»"),
        Mistake("other biases", BIASED, bias="«bias.other»"),
        Mistake("yet other biases", BIASED, bias="«bias.other.other»"),
        Mistake("other positions", "Are the positions learned? Read what is said of them.", place="«place.other»"),
        Mistake("another end", "The scores are made otherwise: is that matrix counted already?", end="«end.other»"),
        Mistake("other blocks", "The window is that of other blocks.", where="«where.other»", only=LONG),
        Mistake("no window", "In some blocks no more than «window» positions are kept.", window=1000000, only=LONG),
        Mistake("window everywhere", "Not all blocks have a window.", (" if «where.code» else t", ""), only=LONG),
        Mistake("not shared", SHARE, ("kv = d // «group»", "kv = d")),
        Mistake("shared twice", SHARE, ("kv = d // «group»", "kv = d // «group» // «group»")),
        Mistake("one head's keys", SHARE, ("kv = d // «group»", "kv = d // heads")),
        Mistake("queries shared", SHARE, ("2 * d * d + 2 * d * kv", "d * d + 3 * d * kv")),
        Mistake("no W_o", "W_o is missing.", ("2 * d * d + 2 * d * kv", "d * d + 2 * d * kv")),
        Mistake("once for each head", ONE_SET, ("attention = ", "attention = heads * ")),
        Mistake("one norm", "A block has two norms.", ("2 * («norm.code»)", "(«norm.code»)")),
        Mistake("no last norm", LAST, (NUMBERS, NUMBERS.replace(" + «norm.code»", ""))),
        Mistake("one block", "There are as many blocks as `layers` says.", ("layers * block", "block")),
        Mistake("keys alone", "The cache holds keys and values.", (CACHE, "cache = kv * sum(kept) * «bytes»")),
        Mistake("bits", "A byte is a byte: the cache is asked for in bytes.", (CACHE, CACHE + " * 8")),
        Mistake("numbers kept", "Each number of the cache takes «bytes» bytes.", (CACHE, "cache = 2 * kv * sum(kept)")),
        Mistake("cache of one block", "Every block has its cache.", (CACHE, CACHE.replace("sum(kept)", "kept[0]"))),
        Mistake("before it alone", ITSELF, ("    kept = [", "    t = t - 1\n    kept = [")),
        Mistake("one a weight", "A multiplication and an addition are two FLOP.", (FLOP, FLOP.replace("2 * t", "t"))),
        Mistake("no attention", "Scores and sums of values cost FLOP, too.", (FLOP, "flop = 2 * through")),
        Mistake("scores alone", "Values cost as much as scores.", (FLOP, FLOP.replace("4 * d", "2 * d"))),
        Mistake("cheaper scores", EVERY, (FLOP, FLOP.replace("4 * d", "4 * kv"))),
        Mistake("no read-out", READ_OUT, (THROUGH, THROUGH.replace(" + V * d", ""))),
        Mistake("looked up", NOT_LOOKED_UP, (THROUGH, THROUGH.replace("V * d", "2 * V * d"))),
        Mistake("all that is learned", "Count matrices alone.", (FLOP, FLOP.replace("through", "numbers"))),
        Mistake("no cache", NO_CACHE, (FLOP, "flop = 2 * t * through + 4 * d * sum(kept)")),
        Mistake("training", "Training costs 6 FLOP a weight, reading 2.", (FLOP, FLOP.replace("2 * t", "6 * t"))),
        Mistake("order", "The cache comes before the FLOP.", ("numbers, cache, flop", "numbers, flop, cache")),
    )

    def constants(self, rng, variant):
        return {
            "group": int(number(rng, range(3, 6))),
            "hidden": int(number(rng, range(61, 199, 2))),
            "longest": int(number(rng, range(70, 130))),
            "window": int(number(rng, range(10, 21))),
            "bytes": int(number(rng, range(4, 9, 4))),
        }

    def case(self, variant, part, rng):
        w, heads = variant.window, variant.group * int(rng.integers(2, 4))
        d = heads * int(rng.integers(1, 3)) * variant.group
        t = int(rng.integers(4, w + 1)) if part == "short" else int(rng.integers(w + 2, 3 * w))
        return int(rng.integers(150, 400)), d, heads, int(rng.choice([5, 7])), t

    def oracle(self, variant, V, d, heads, layers, t):
        """Array by array: every shape with a name; a token's way through them, position by position."""
        kv = heads // variant.group * (d // heads)
        matrices = {"q": (d, d), "k": (d, kv), "v": (d, kv), "o": (d, d)}
        matrices |= {f"layer {i}": shape for i, shape in enumerate(variant.layer.of(d, variant.hidden))}
        norm = sum(variant.norm.of(d))
        learned = V * d + variant.place.of(d, variant.longest) + variant.end.of(V, d) + norm
        cache, flop = 0, V * (d + d)
        for n in range(layers):
            learned += norm + norm
            for name, (a, b) in matrices.items():
                learned += a * b + (b if variant.bias.of(name) else 0)
                flop += b * (a + a)
            for s in range(t):
                if n not in variant.where.of(layers) or t - s <= variant.window:
                    cache += (kv + kv) * variant.bytes
                    flop += heads * (d // heads) * 4
        return learned, cache, flop
