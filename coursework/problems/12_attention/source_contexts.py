"""Attention that may look at some places only: contexts by a score, a rule of where, and weights of a kind."""

import itertools

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..attentions import PADDED, SCORES, SHARES, WHERE

RIGHT = """\
def source_contexts(query, keys, values, places, lengths, W):
    ### BEGIN SOLUTION
    s, p = np.arange(keys.shape[1]), places[:, :, None]
    may = («where.code») & (s < lengths[:, None, None])
    a, k = (query @ W.T)[:, :, None], keys[:, None]
    e = «scale» * («score.code»)
    x = np.where(may, np.exp(e), 0)
    total = x.sum(-1, keepdims=True)
    weights = «share.code»
    return weights @ values
    ### END SOLUTION
"""
ONE_BY_ONE = """\
def source_contexts(query, keys, values, places, lengths, W):
    contexts = np.zeros((*places.shape, values.shape[2]))
    for b, t in np.ndindex(places.shape):
        a, p = W @ query[b, t], places[b, t]
        seen = [s for s in range(lengths[b]) if «where.code»]
        if seen:
            k = keys[b, seen]
            x = np.exp(«scale» * («score.code»))
            contexts[b, t] = («share.again») @ values[b, seen]
    return contexts
"""
READ = "The score is another one: read how e is made."
MADE = "The weights are others: read how α is made from e."
RULE = "The places that a query may look at are others: read the rule."
ROOT = "The score is multiplied by «scale», and by nothing else."
EDGES = "The rule says ≤ or ≥: its edge belongs to it."
LATE = "The sum, too, goes only over the places that may be looked at."
ZERO = "A score of 0 still has a weight, for exp 0 = 1."
OVER_T = "The sum goes over the places, not over the queries."
P_T, T = "places[:, :, None]", "np.arange(places.shape[1])[:, None]"
INNER = " & (s < lengths[:, None, None])"


class SourceContexts(Problem):
    """Drawn: the score and its factor, where a query may look, and how weights are made of scores."""

    name = "source_contexts"
    parts = (
        Part("equally long", 2, "all sources have S places, and every query may look at one at least"),
        Part("padded", 3, "the sources differ in length, and some queries may look nowhere"),
    )
    forms = {"score": SCORES, "where": WHERE, "share": SHARES}
    says = {
        "score": r"e_{ts} = «scale»\, «score.tex»",
        "where": "«where.tex»",
        "share": "«share.tex»",
        "words": "«share.words»",
    }
    right = (RIGHT, ONE_BY_ONE)
    known = (
        Mistake("another score", READ, score="«score.other»"),
        Mistake("a third score", READ, score="«score.other.other»"),
        Mistake("no factor", "The factor «scale» of the score is missing.", scale=1),
        Mistake("divided", "The score is multiplied by «scale».", ("«scale» *", "1 / «scale» *")),
        Mistake("root of D", ROOT, ("«scale» *", "«scale» / keys.shape[2] ** 0.5 *")),
        Mistake("W turned", "W is the wrong way round.", ("query @ W.T", "query @ W")),
        Mistake("another rule", RULE, where="«where.other»"),
        Mistake("a third rule", RULE, where="«where.other.other»"),
        Mistake("a fourth rule", RULE, where="«where.other.other.other»"),
        Mistake("no rule", "A query may not look everywhere: read the rule.", ("(«where.code») & ", "")),
        Mistake("strictly", EDGES, ("«where.code»", "«where.strict»")),
        Mistake("about t", "p_t is what stands in `places`, not t.", (P_T, T)),
        Mistake("padding read", "Beyond its length a source has no places.", (INNER, ""), only=PADDED),
        Mistake("one more", "You read one place of the padding.", ("(s < lengths", "(s <= lengths"), only=PADDED),
        Mistake("score of 0", ZERO, ("np.where(may, np.exp(e), 0)", "np.exp(may * e)")),
        Mistake("masked late", LATE, ("x.sum(-1", "np.exp(e).sum(-1")),
        Mistake("another α", MADE, share="«share.other»"),
        Mistake("a third α", MADE, share="«share.other.other»"),
        Mistake("over t", OVER_T, ("x.sum(-1", "x.sum(1")),
        Mistake("no sum", "You did not divide by the sum.", ("weights = «share.code»", "weights = x")),
        Mistake("of keys", "The contexts are made of the values.", ("@ values", "@ keys")),
        Mistake("weights alone", "These are the weights. The contexts are asked for.", ("weights @ values", "weights")),
    )

    def constants(self, rng, variant):
        scale, spread = number(rng, range(400, 801), per=1000), number(rng, range(31, 80), per=10)
        rest = number(rng, range(250, 700), range(1400, 2500), per=1000)
        return {"scale": scale, "rest": rest, "spread": spread, "w": int(number(rng, range(2, 4)))}

    def case(self, variant, part, rng):
        B, T, S, D = 3, int(rng.integers(4, 6)), int(rng.integers(8, 10)), int(rng.integers(3, 5))
        seeing = [p for p in range(S) if any(variant.where.of(s - p, variant.w) for s in range(S))]
        while True:
            places, lengths = rng.choice(seeing, (B, T)), np.full(B, S)
            if part == "padded":
                places, lengths = rng.integers(0, S, (B, T)), rng.permutation([S, *rng.integers(2, S - 1, B - 1)])
            if self._tells(variant, part, places, lengths, S):
                break
        query, keys, values = (rng.normal(size=(B, n, size)) for n, size in ((T, D), (S, D), (S, D + 1)))
        return query, keys, values, places, lengths, rng.normal(0, 0.7, (D, D))

    def oracle(self, variant, query, keys, values, places, lengths, W):
        """Place by place, from the ratios of the exponentials."""
        out = np.zeros((*places.shape, values.shape[2]))
        may = self._may(variant, places, lengths, keys.shape[1])
        for b, t, s in zip(*may.nonzero(), strict=True):
            seen = may[b, t].nonzero()[0]
            e = {u: variant.scale * variant.score.of(W @ query[b, t], keys[b, u]) for u in seen}
            others = sum(np.exp(e[u] - e[s]) for u in seen)
            out[b, t] += variant.share.of(variant, others, e[s], s - places[b, t]) * values[b, s]
        return out

    def _may(self, variant, places, lengths, S):
        """Where each query may look: (B, T, S)."""
        near = [[[variant.where.of(s - p, variant.w) for s in range(S)] for p in row] for row in places]
        return np.array(near) & (np.arange(S) < lengths[:, None, None])

    def _tells(self, variant, part, places, lengths, S):
        """Whether the part is what it says, and each slip of a rule or of a length looks at other places."""
        looks = [self._may(variant.but(w=variant.w + more), places, lengths, S) for more in (0, -1, 1)]
        if padded := part == "padded":
            looks += [self._may(variant, places, n, S) for n in (lengths + 1, lengths - 1, np.full_like(lengths, S))]
        elif variant.where.last:
            looks.append(self._may(variant, places, lengths - 1, S))
        apart = all((one != other).any() for one, other in itertools.combinations(looks, 2))
        return apart and looks[0].any(-1).all() != padded
