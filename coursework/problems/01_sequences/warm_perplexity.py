"""Perplexity of several sequences at once, of which some words are not scored."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
ORDINALS = {3: "third", 4: "fourth", 5: "fifth"}
PADDED, FROM_END = ("padded sequences",), "Count from the end of each sequence, not from the last column."
FROM_ONE = "You began with the first word: words are counted from 1, array columns from 0."
RULED = "scored = mask & («rule.steps»)"
RULE = {  # which words of a sequence are scored: i of n, counted from 1; the steps t, from 0; of a list of words
    "first": Form(
        says="The first «k_word» words of each sequence are not scored.",
        scores=lambda i, n, k, m: i > k,
        steps="t >= «k»",
        piece="words[«k»:]",
        other="last",
        message="You left out the last words of each sequence. Leave out the first.",
        mistakes=(
            Mistake("one too few", "You left out one word too few.", (RULED, "scored = mask & (t >= «k» - 1)")),
            Mistake("one too many", "You left out one word too many.", (RULED, "scored = mask & (t >= «k» + 1)")),
        ),
    ),
    "last": Form(
        says="The last «k_word» words of each sequence are not scored.",
        scores=lambda i, n, k, m: i <= n - k,
        steps="t < mask.sum(axis=1, keepdims=True) - «k»",
        piece="words[:-«k»]",
        other="first",
        message="You left out the first words of each sequence. Leave out the last.",
        mistakes=(
            Mistake("one too many", "You left out one word too many.", (" - «k»)", " - «k» - 1)")),
            Mistake("last columns", FROM_END, ("mask.sum(axis=1, keepdims=True)", "mask.shape[1]"), only=PADDED),
        ),
    ),
    "every": Form(
        says="Of each sequence only every «kth» word is scored: words «k», «k2», «k3» and so on, counted from 1.",
        scores=lambda i, n, k, m: i % k == 0,
        steps="(t + 1) % «k» == 0",
        piece="words[«k» - 1 :: «k»]",
        other="first",
        message="You left out the first words and scored all the others.",
        mistakes=(
            Mistake("from the first word", FROM_ONE, ("(t + 1)", "t")),
            Mistake("the others", "You scored the words that are to be left out.", ("== 0", "!= 0")),
        ),
    ),
    "blocks": Form(
        says="Each sequence is cut into blocks of «m_word» words, and what is left at its end is a shorter block. The "
        "first «k_word» words of each block are not scored.",
        scores=lambda i, n, k, m: (i - 1) % m >= k,
        steps="t % «m» >= «k»",
        piece="words[np.arange(len(words)) % «m» >= «k»]",
        other="first",
        message="You left out words in the first block only.",
        mistakes=(
            Mistake("one too few", "You left out one word too few in each block.", (">= «k»", ">= «k» - 1")),
            Mistake("one too many", "You left out one word too many in each block.", (">= «k»", ">= «k» + 1")),
        ),
    ),
}
MEAN = {  # of all scored words, or of the sequences
    "words": Form(
        says="The mean is over all scored words: every scored word has the same weight.",
        code="(log_p * scored).sum() / scored.sum()",
        again="np.concatenate(kept).mean()",
        weight=lambda kept, words: 1 / sum(map(len, kept)),
        message="You averaged each sequence and then the sequences. Every scored word has the same weight.",
    ),
    "sequences": Form(
        says="The mean is taken twice, over the scored words of each sequence and then over the sequences: every "
        "sequence has the same weight.",
        code="((log_p * scored).sum(axis=1) / scored.sum(axis=1)).mean()",
        again="np.mean([words.mean() for words in kept])",
        weight=lambda kept, words: 1 / (len(kept) * len(words)),
        message="You averaged all scored words at once. Every sequence has the same weight, a short one too.",
    ),
}
RIGHT = """\
def warm_perplexity(log_p, mask):
    ### BEGIN SOLUTION
    t = np.arange(mask.shape[1])
    scored = mask & («rule.steps»)
    mean = «mean.code»
    return «base» ** -mean
    ### END SOLUTION
"""
ROW_BY_ROW = """\
def warm_perplexity(log_p, mask):
    kept = []
    for row, real in zip(log_p, mask):
        words = row[real]
        kept.append(«rule.piece»)
    return np.exp(-np.log(«base») * «mean.again»)
"""
END, POWERS = "return «base» ** -mean", ("(log_p * scored)", "(«base» ** -log_p * scored)")
BASE = "The logarithms have another base than e: raise that base to the power."
ORDER = "You took the power first and then the mean. First the mean, then the power."
BY_ALL = "You divided by the number of all words. Divide by the number of those that are scored."
OUTSIDE = ("    t = np", "    mask = mask | True\n    t = np")


class WarmPerplexity(Problem):
    """Drawn: which words are scored, over what the mean is taken, and the base of the logarithms."""

    name = "warm_perplexity"
    parts = (
        Part("full sequences", 2, "mask is True everywhere"),
        Part("padded sequences", 3, "sequences end at different steps; log_p holds rubbish where mask is False"),
    )
    forms = {"rule": RULE, "mean": MEAN}
    says = {"rule": "«rule.says»", "mean": "«mean.says»", "base": "«base»"}
    right = (RIGHT, ROW_BY_ROW)
    known = (
        Mistake("all words", "You scored all words.", (RULED, "scored = mask")),
        Mistake("another rule", "«rule.message»", rule="«rule.other»"),
        Mistake("natural base", BASE, (END, "return np.exp(-mean)")),
        Mistake("mean of the powers", ORDER, POWERS, (END, "return mean")),
        Mistake("sign", "The sign of the exponent is wrong: a perplexity is at least 1.", ("** -mean", "** mean")),
        Mistake("divided by all words", BY_ALL, ("/ scored", "/ mask")),
        Mistake("another mean", "«mean.message»", mean="«mean.other»", only=PADDED),
        Mistake("mask forgotten", "You scored positions that mask leaves out.", OUTSIDE, only=PADDED),
    )

    def constants(self, rng, variant):
        k = int(number(rng, range(2, 5)))
        m = k + int(number(rng, range(2, 4)))
        k += variant.fill("«rule.name»") == "every"  # with k = 2 the words left out would be every second one too
        words = {"k_word": NUMBERS[k], "m_word": NUMBERS[m], "kth": ORDINALS.get(k, "")}
        return {"k": k, "m": m, "k2": 2 * k, "k3": 3 * k, **words, "base": number(rng, range(3000, 12000), per=1000)}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 6)), int(rng.integers(11, 15))
        log_p = np.log(rng.uniform(0.05, 0.9, size=(B, T))) / np.log(variant.base)
        mask = np.ones((B, T), dtype=bool)
        if part == "padded sequences":
            between = rng.choice(np.arange(7, T), size=B - 2, replace=False)
            mask = np.arange(T) < rng.permutation([6, *between, T])[:, None]
            log_p = np.where(mask, log_p, rng.uniform(-9, -5, size=(B, T)))
        return log_p, mask

    def oracle(self, variant, log_p, mask):
        scores, k, m, perplexity = variant.rule.scores, variant.k, variant.m, 1.0
        kept = [[row[i] for i in range(n) if scores(i + 1, n, k, m)] for row, n in zip(log_p, mask.sum(1), strict=True)]
        for words in kept:
            for word in words:  # the inverse of a geometric mean of probabilities
                perplexity *= (variant.base**-word) ** variant.mean.weight(kept, words)
        return float(perplexity)
