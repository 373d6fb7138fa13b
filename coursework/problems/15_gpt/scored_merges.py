"""Merges that are learnt by a score: how often two tokens stand together, held against how often each stands there."""

from itertools import combinations

import numpy as np

from coursework.problem import Mistake, Part, Problem, number, run_source

from ..merging import BY_TABLES, DIRECTIONS, RUNS, WEIGHTS, drawn_word, merged, scored

RIGHT = """\
def scored_merges(words, counts, V, M):
    ### BEGIN SOLUTION
    words = [list(word) for word in words]
    pairs, scores = [], []
    for k in range(M):
        single, double = {}, {}
        for word, c in zip(words, counts):
            weight = «weight.code»
            for a in word:
                single[a] = single.get(a, 0) + weight
            last = None
            for pair in zip(word, word[1:]):
                if pair == last:
                    last = None
                else:
                    double[pair] = double.get(pair, 0) + weight
                    last = «run.code»
        score = {}
        for (a, b), n in double.items():
            score[a, b] = n / (single[a] * single[b]) ** «alpha»
        best = max(score, key=score.get)
        pairs.append(best)
        scores.append(score[best])
        for w, word in enumerate(words):
            out = []
            for token in word«direction.code»:
                if out and (out[-1], token) == best«direction.code»:
                    out[-1] = V + k
                else:
                    out.append(token)
            words[w] = out«direction.code»
    return np.array(pairs), np.array(scores)
    ### END SOLUTION
"""
RUNNING = ("runs",)
SINGLE = "single[a] = single.get(a, 0) + weight"
DOUBLE = "double[pair] = double.get(pair, 0) + weight"
SCORE = "n / (single[a] * single[b]) ** «alpha»"
WITHIN = "You counted a pair once in a word, however often it stands there."
FREQUENT = "That is the most frequent pair. It is divided by how often each of the two stands there, to a power."
POWER = "The power «alpha» is that of what n(ab) is divided by."
PRODUCT = "n(a) and n(b) are multiplied, not added."
ONCE = "You put the new token in one place of each word alone."
BEHIND = "After a merge go on behind it: the second token of the pair must not stay."
RETURN = "return np.array(pairs), np.array(scores)"
STILL = "The words are as they were: put the new token into them."
TURNED = "You merged (b, a), not (a, b)."


class ScoredMerges(Problem):
    """Drawn: the power of the score, what a word weighs, what counts in a run, and which way to merge."""

    name = "scored_merges"
    parts = (
        Part("no runs", 2, "no token follows itself within a word, whenever pairs are counted"),
        Part("runs", 3, "tokens follow themselves"),
    )
    forms = {"weight": WEIGHTS, "run": RUNS, "direction": DIRECTIONS}
    says = {
        "weight": "«weight.words»",
        "run": "«run.words»",
        "direction": "«direction.words»",
        "alpha": "«alpha»",
    }
    right = (RIGHT, BY_TABLES)
    known = (
        Mistake("another weight", "A word weighs something else: «weight.words».", weight="«weight.other»"),
        Mistake("a third weight", "A word weighs something else: «weight.words».", weight="«weight.other.other»"),
        Mistake("words alike", "Words that occur more often weigh more.", ("weight = «weight.code»", "weight = 1")),
        Mistake("other runs", "Where a token follows itself, «run.short».", run="«run.other»", only=RUNNING),
        Mistake("the other way", "Merges are made «direction.words».", direction="«direction.other»", only=RUNNING),
        Mistake("frequency", FREQUENT, (SCORE, "n")),
        Mistake("power 1", "The product is raised to the power «alpha».", (SCORE, "n / (single[a] * single[b])")),
        Mistake("power of all", POWER, (SCORE, "(n / (single[a] * single[b])) ** «alpha»")),
        Mistake("sum", PRODUCT, (SCORE, "n / (single[a] + single[b]) ** «alpha»")),
        Mistake("first alone", "n(b) is missing in the score.", (SCORE, "n / single[a] ** «alpha»")),
        Mistake("second alone", "n(a) is missing in the score.", (SCORE, "n / single[b] ** «alpha»")),
        Mistake("once in a word", WITHIN, ("in zip(word, word[1:])", "in set(zip(word, word[1:]))")),
        Mistake("one place", ONCE, ("if out and", "if V + k not in out and out and")),
        Mistake("second stays", BEHIND, ("out[-1] = V + k", "out[-1:] = [V + k, token]")),
        Mistake("turned", TURNED, ("(out[-1], token) ==", "(token, out[-1]) ==")),
        Mistake("tokens unweighted", "n(a) is weighted as n(ab) is.", (SINGLE, "single[a] = single.get(a, 0) + 1")),
        Mistake("pairs unweighted", "n(ab) is weighted, too.", (DOUBLE, "double[pair] = double.get(pair, 0) + 1")),
        Mistake("rarest", "The pair with the largest score becomes a token.", ("max(score", "min(score")),
        Mistake("one id further", "The first merge makes the token V.", ("out[-1] = V + k", "out[-1] = V + k + 1")),
        Mistake("scores first", "The pairs come first.", (RETURN, "return np.array(scores), np.array(pairs)")),
        Mistake("pairs alone", "The scores are asked for as well.", (RETURN, "return np.array(pairs)")),
        Mistake("never merged", STILL, ("words[w] = out«direction.code»", "out.clear()")),
    )

    def constants(self, rng, variant):
        return {"alpha": number(rng, range(300, 700), per=1000), "most": int(number(rng, range(3, 6)))}

    def case(self, variant, part, rng):
        """Drawn until no two scores are near each other, and until there are runs, or none."""
        while True:
            V, M = int(rng.integers(3, 5) if part == "runs" else rng.integers(4, 7)), 4
            words = [drawn_word(V, 0.45 if part == "runs" else 0, rng) for _ in range(7)]
            counts = [int(c) for c in rng.permutation([1, 2, 3, 5, 8, 13, 21])]
            runs, apart = self.seen(variant, words, counts, V, M)
            if apart > 0.01 and any(runs) == (part == "runs") and self.told(variant, part, words, counts, V, M):
                return words, counts, V, M

    def told(self, variant, part, *call):
        """Whether a new token is merged again, and mistakes that only some words show are seen and told apart."""
        weak = ("once in a word", "one place", "other runs", "the other way")
        wrongs = [wrong for wrong in self.wrongs(variant) if wrong.label in weak and part in wrong.fails]
        answers = [run_source(wrong.source, self.name, [call])[0].value for wrong in wrongs]
        pairs, right = self.oracle(variant, *call)
        scores = [right, *(made[1] for made in answers)]
        return pairs.max() >= call[2] and all(
            abs(one / other - 1).max() > 0.01 for one, other in combinations(scores, 2)
        )

    def seen(self, variant, words, counts, V, M):
        """Before each merge, whether a token follows itself; and how near the second best score ever is to the best."""
        runs, apart = [], 1.0
        for k in range(M):
            scores = scored(variant, words, counts)
            second, best = sorted(scores.values())[-2:]
            runs.append(any(a == b for a, b in scores))
            apart = min(apart, 1 - second / best)
            words = merged(words, max(scores, key=scores.__getitem__), V + k, variant.direction.places)
        return runs, apart

    def oracle(self, variant, words, counts, V, M):
        """Step by step, with counts that are taken from the places of each pair."""
        pairs, scores = [], []
        for k in range(M):
            found = scored(variant, words, counts)
            pairs.append(max(found, key=found.__getitem__))
            scores.append(found[pairs[-1]])
            words = merged(words, pairs[-1], V + k, variant.direction.places)
        return np.array(pairs), np.array(scores)
