"""Merges that are learnt by a score: how often two tokens stand together, held against how often each stands there."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np

from coursework.problem import Mistake, Part, Problem, number, run_source

from ..merging import DIRECTIONS, RUNS, WEIGHTS

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
BY_TABLES = """\
def scored_merges(words, counts, V, M):
    counts = [«weight.code» for c in counts]
    texts = ["".join(chr(token) for token in word) for word in words]
    pairs, scores = [], np.zeros(M)
    for k in range(M):
        size = V + k
        single, double = np.zeros(size), np.zeros((size, size))
        for text, c in zip(texts, counts):
            for a in set(text):
                single[ord(a)] += c * text.count(a)
            for i in range(len(text) - 1):
                double[ord(text[i]), ord(text[i + 1])] += c
        for a in range(size):
            double[a, a] = sum(c * «run.again» for text, c in zip(texts, counts))
        with np.errstate(all="ignore"):
            score = np.nan_to_num(double / np.outer(single, single) ** «alpha»)
        a, b = divmod(int(score.argmax()), size)
        pairs.append([a, b])
        scores[k] = score.max()
        both = (chr(a) + chr(b))«direction.code»
        texts = [text«direction.code».replace(both, chr(size))«direction.code» for text in texts]
    return pairs, scores
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
TURNED = "You merged (b, a), not (a, b)."


class ScoredMerges(Problem):
    """Drawn: the power of the score, what a word weighs, what counts in a run, and which way to merge."""

    name = "scored_merges"
    parts = (
        Part("no runs", 2, "no token ever follows itself"),
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
        Mistake(
            "pairs unweighted", "n(ab) is weighted as n(a) is.", (DOUBLE, "double[pair] = double.get(pair, 0) + 1")
        ),
        Mistake("rarest", "The pair with the largest score becomes a token.", ("max(score", "min(score")),
        Mistake("one id further", "The first merge makes the token V.", ("out[-1] = V + k", "out[-1] = V + k + 1")),
        Mistake(
            "scores first",
            "The pairs come first, then the scores.",
            ("return np.array(pairs), np.array(scores)", "return np.array(scores), np.array(pairs)"),
        ),
        Mistake(
            "pairs alone",
            "The scores are asked for as well.",
            ("return np.array(pairs), np.array(scores)", "return np.array(pairs)"),
        ),
        Mistake(
            "never merged",
            "The words are as they were: put the new token into them.",
            ("words[w] = out«direction.code»", "out.clear()"),
        ),
    )

    def constants(self, rng, variant):
        return {"alpha": number(rng, range(300, 700), per=1000), "most": int(number(rng, range(3, 6)))}

    def case(self, variant, part, rng):
        """Drawn until no two scores are near each other, and until there are runs, or none."""
        while True:
            V, M = int(rng.integers(4, 7)), 4
            words = [self.word(V, 0.45 if part == "runs" else 0, rng) for _ in range(7)]
            counts = [int(c) for c in rng.permutation([1, 2, 3, 5, 8, 13, 21])]
            runs, apart = self.seen(variant, words, counts, V, M)
            if apart > 0.01 and any(runs) == (part == "runs") and self.told(variant, part, words, counts, V, M):
                return words, counts, V, M

    def told(self, variant, part, *call):
        """Whether mistakes that need the right words to be seen are seen in these, and told apart."""
        weak = ("once in a word", "one place", "other runs", "the other way")
        wrongs = [wrong for wrong in self.wrongs(variant) if wrong.label in weak and part in wrong.fails]
        answers = [run_source(wrong.source, self.name, [call])[0].value for wrong in wrongs]
        scores = [made[1] for made in (self.oracle(variant, *call), *answers)]
        return all(abs(one / other - 1).max() > 0.01 for one, other in combinations(scores, 2))

    def word(self, V, again, rng):
        """A word whose tokens follow themselves with the probability `again`."""
        word = [int(rng.integers(V))]
        for _ in range(int(rng.integers(4, 9))):
            step = 0 if rng.random() < again else int(rng.integers(1, V))
            word.append((word[-1] + step) % V)
        return word

    def seen(self, variant, words, counts, V, M):
        """Before each merge, whether a token follows itself; and how near the second best score ever is to the best."""
        runs, apart = [], 1.0
        for k in range(M):
            scores = self.scores(variant, words, counts)
            second, best = sorted(scores.values())[-2:]
            runs.append(any(a == b for a, b in scores))
            apart = min(apart, 1 - second / best)
            words = self.merged(variant, words, max(scores, key=scores.__getitem__), V + k)
        return runs, apart

    def scores(self, variant, words, counts):
        """The score of each pair, from the places where it stands."""
        single, double = Counter(), Counter()
        for word, c in zip(words, counts, strict=True):
            weight, places = variant.weight.of(c, variant.most), {}
            for i, pair in enumerate(pairwise(word)):
                places.setdefault(pair, []).append(i)
            for token in word:
                single[token] += weight
            for pair, where in places.items():
                double[pair] += weight * variant.run.of(where)
        return {(a, b): n * (single[a] * single[b]) ** -variant.alpha for (a, b), n in double.items()}

    def merged(self, variant, words, pair, new):
        """The words with the new token in them."""
        out = []
        for word in words:
            left = list(word)
            for i in variant.direction.places(len(word)):
                if left[i : i + 2] == [*pair]:
                    left[i : i + 2] = [new, None]
            out.append([token for token in left if token is not None])
        return out

    def oracle(self, variant, words, counts, V, M):
        """Step by step, with counts that are taken from the places of each pair."""
        pairs, scores = [], []
        for k in range(M):
            found = self.scores(variant, words, counts)
            pairs.append(max(found, key=found.__getitem__))
            scores.append(found[pairs[-1]])
            words = self.merged(variant, words, pairs[-1], V + k)
        return np.array(pairs), np.array(scores)
