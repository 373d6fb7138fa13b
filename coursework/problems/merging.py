"""How pairs of tokens are counted and merged, in pieces.

The code has `c`, how often a word occurs, `pair`, two tokens that stand there, and in the second answer `text`, a word
as a string, and `a`, a token.
"""

from collections import Counter
from itertools import pairwise

import numpy as np

from coursework.problem import Form


def _apart(places):
    """How many of these places can be taken, two of which are never neighbours."""
    taken, last = 0, -2
    for i in places:
        if i > last + 1:
            taken, last = taken + 1, i
    return taken


def drawn_word(V, again, rng):
    """A word whose tokens follow themselves with the probability `again`."""
    word = [int(rng.integers(V))]
    for _ in range(int(rng.integers(4, 9))):
        step = 0 if rng.random() < again else int(rng.integers(1, V))
        word.append((word[-1] + step) % V)
    return word


def scored(variant, words, counts):
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


def merged(words, pair, new, places):
    """The words with the new token in them, merged at `places(n)` of a word of n tokens, one after the other."""
    out = []
    for word in words:
        left = list(word)
        for i in places(len(word)):
            if left[i : i + 2] == [*pair]:
                left[i : i + 2] = [new, None]
        out.append([token for token in left if token is not None])
    return out


WEIGHTS = {
    "times": Form(words="a word that occurs c times weighs c", code="c", of=lambda c, most: float(c)),
    "root": Form(
        words="a word that occurs c times weighs $\\sqrt{c}$",
        code="c ** 0.5",
        of=lambda c, most: float(np.sqrt(c)),
    ),
    "at most": Form(
        words="a word that occurs c times weighs c, but never more than «most»",
        code="min(c, «most»)",
        of=lambda c, most: float(c if c < most else most),
    ),
}
RUNS = {
    "places": Form(
        words="every place counts, so that 2 2 2 has two of (2, 2) and 2 2 2 2 has three",
        short="every place counts",
        code="None",
        again="sum(x == y == chr(a) for x, y in zip(text, text[1:]))",
        of=len,
    ),
    "merges": Form(
        words="a pair counts as often as it could be merged at once, so that 2 2 2 has one of (2, 2) "
        "and 2 2 2 2 has two",
        short="a pair counts as often as it could be merged",
        code="pair",
        again="text.count(chr(a) * 2)",
        of=_apart,
    ),
}
DIRECTIONS = {
    "left": Form(
        words="from left to right",
        code="",
        places=lambda n: range(n - 1),
    ),
    "right": Form(
        words="from right to left",
        code="[::-1]",
        places=lambda n: reversed(range(n - 1)),
    ),
}
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
