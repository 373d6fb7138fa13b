"""Multi-head attention of a kind: heads that share keys, a score, and a rule of who may look where."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..heads import PADDED, SCORES, SHARES, WHERE

RIGHT = """\
def grouped_heads(x, W_q, W_k, W_v, W_o, lengths):
    ### BEGIN SOLUTION
    B, T, D = x.shape
    d = D // «heads»
    q = (x @ W_q.T).reshape(B, T, «heads», d).swapaxes(1, 2)
    k, v = ((x @ W.T).reshape(B, T, «kv», d).swapaxes(1, 2) for W in (W_k, W_v))
    k, v = («share.code» for y in (k, v))
    s, t = np.arange(T), np.arange(T)[:, None]
    h = np.arange(«heads»)[:, None, None]
    e = «score.code»
    may = («where.code») & (s < lengths[:, None, None, None])
    p = np.where(may, np.exp(e), 0)
    total = p.sum(-1, keepdims=True)
    contexts = (p / np.where(total == 0, 1, total)) @ v
    out = contexts.swapaxes(1, 2).reshape(B, T, D) @ W_o.T
    return np.where(t < lengths[:, None, None], out, 0)
    ### END SOLUTION
"""
HEAD_BY_HEAD = """\
def grouped_heads(x, W_q, W_k, W_v, W_o, lengths):
    out, d = np.zeros(x.shape), x.shape[2] // «heads»
    for b, n in enumerate(lengths):
        t, s = np.mgrid[:n, :n]
        for h in range(«heads»):
            rows, shared = slice(h * d, h * d + d), («share.again») * d
            q = x[b, :n] @ W_q[rows].T
            k, v = (x[b, :n] @ W[shared : shared + d].T for W in (W_k, W_v))
            p = np.exp(«score.again») * («where.code»)
            out[b, :n] += p / p.sum(1, keepdims=True) @ v @ W_o[:, rows].T
    return out
"""
SCORED = "The score is another one: read how e is made."
RULE = "The positions that may be looked at are others: read the rule."
NOT_CUT = "First cut the features into heads and d, then swap axes: reshape alone mixes positions and heads."
NTH = "The first d rows of a matrix belong to its first head, the next d to the next."
NOT_MERGED = "Swap the axes back before the heads are laid side by side."
LATE = "The sum, too, goes only over the positions that may be looked at."
ZERO = "A score of 0 still has a weight, for exp 0 = 1."
FROM_0 = ("(x @ W_q.T).reshape(B, T, «heads», d).swapaxes(1, 2)", "(x @ W_q.T).reshape(B, «heads», T, d)")
MIXED = (FROM_0[0], "(x @ W_q.T).reshape(B, T, d, «heads»).transpose(0, 3, 1, 2)")
OUTER = "np.where(t < lengths[:, None, None], out, 0)"


class GroupedHeads(Problem):
    """Drawn: how many heads share how many keys, which share, the score and its number, and where each may look."""

    name = "grouped_heads"
    parts = (
        Part("equally long", 2, "all sequences have T positions"),
        Part("padded", 3, "the sequences differ in length"),
    )
    forms = {"share": SHARES, "score": SCORES, "where": WHERE}
    says = {
        "heads": "«heads»",
        "kv": "«kv»",
        "share": "«share.words»",
        "score": "«score.tex»",
        "words": "«score.words»",
        "where": "«where.tex»",
    }
    right = (RIGHT, HEAD_BY_HEAD)
    known = (
        Mistake("others share", "Heads share keys and values otherwise.", share="«share.other»"),
        Mistake("another score", SCORED, score="«score.other»"),
        Mistake("a third score", SCORED, score="«score.other.other»"),
        Mistake("another rule", RULE, where="«where.other»"),
        Mistake("a third rule", RULE, where="«where.other.other»"),
        Mistake("a fourth rule", RULE, where="«where.other.other.other»"),
        Mistake("no rule", "Not everything may be looked at: read the rule.", ("(«where.code») & ", "")),
        Mistake("slip", "«where.slip_says»", ("«where.code»", "«where.slip»")),
        Mistake("cut at once", NOT_CUT, FROM_0),
        Mistake("every nth", NTH, MIXED),
        Mistake("merged at once", NOT_MERGED, ("contexts.swapaxes(1, 2)", "contexts")),
        Mistake("no W_o", "W_o is missing: it mixes the heads.", (" @ W_o.T", "")),
        Mistake("W_o turned", "W_o is the wrong way round.", (" @ W_o.T", " @ W_o")),
        Mistake("W_q turned", "W_q is the wrong way round.", ("x @ W_q.T", "x @ W_q")),
        Mistake("keys and values", "Keys and values are swapped.", ("for W in (W_k, W_v)", "for W in (W_v, W_k)")),
        Mistake("of keys", "The contexts are made of the values.", (" @ v\n", " @ k\n")),
        Mistake("masked late", LATE, ("p.sum(-1", "np.exp(e).sum(-1")),
        Mistake("score of 0", ZERO, ("np.where(may, np.exp(e), 0)", "np.exp(may * e)")),
        Mistake("over t", "The sum goes over the positions that are asked.", ("p.sum(-1", "p.sum(-2")),
        Mistake("no sum", "You did not divide by the sum.", ("np.where(total == 0, 1, total)", "1")),
        Mistake("padding asks", "In the padding the output is 0.", (OUTER, "out"), only=PADDED),
    )

    def constants(self, rng, variant):
        kv, group = (int(number(rng, range(2, 4))) for _ in range(2))
        slope, cap = number(rng, range(150, 600), per=1000), number(rng, range(600, 950), range(1100, 1600), per=1000)
        sharp, w = number(rng, range(1300, 3000), per=1000), int(number(rng, range(2, 4)))
        return {"kv": kv, "group": group, "heads": kv * group, "slope": slope, "cap": cap, "sharp": sharp, "w": w}

    def case(self, variant, part, rng):
        B, T, d = 3, int(rng.integers(8, 10)), int(rng.integers(2, 4))
        lengths = np.full(B, T)
        if part == "padded":
            lengths = rng.permutation([T, T - 1, T - 4])
        D, K = variant.heads * d, variant.kv * d
        W_q, W_k, W_v, W_o = (rng.normal(0, 1.3 * D**-0.5, size) for size in ((D, D), (K, D), (K, D), (D, D)))
        return rng.normal(size=(B, T, D)), W_q, W_k, W_v, W_o, lengths

    def oracle(self, variant, x, W_q, W_k, W_v, W_o, lengths):
        """Head by head and position by position, from ratios of the exponentials."""
        out, d = np.zeros(x.shape), x.shape[2] // variant.heads
        for b, h in np.ndindex(len(x), variant.heads):
            mine = slice(h * d, (h + 1) * d)
            number = variant.share.of(h, variant.kv, variant.group)
            shared = slice(number * d, (number + 1) * d)
            for t in range(lengths[b]):
                seen = [s for s in range(lengths[b]) if variant.where.of(t, s, variant.w)]
                query, keys = W_q[mine] @ x[b, t], [W_k[shared] @ x[b, s] for s in seen]
                e = np.array(
                    [variant.score.of(variant, query, key, h, t, s) for key, s in zip(keys, seen, strict=True)]
                )
                context = sum(W_v[shared] @ x[b, s] / np.exp(e - one).sum() for s, one in zip(seen, e, strict=True))
                out[b, t] += W_o[:, mine] @ context
        return out
