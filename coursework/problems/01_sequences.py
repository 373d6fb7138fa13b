"""The graded problems of chapter 1: three families, each drawn by the secret of a course."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coursework.problem import Experiment, Part, Problem, Wrong, edited

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
ORDINALS = {3: "third", 4: "fourth", 5: "fifth"}


def wrong_answers(right, known):
    """Each known mistake as (label, message, parts, edits of the right source …)."""
    return [Wrong(label, edited(right, *edits), message, parts) for label, message, parts, *edits in known]


class Line(NamedTuple):
    """What is heard when the line fails."""

    says: str
    short: str
    heard: Callable[[int, int], list[int]]  # the equally likely cues, of the cue that was said and of C
    matrix: str  # (said, heard)
    entry: str  # of that matrix
    other: str  # the line that it is taken for
    mistake: tuple[str, str]  # a wrong matrix, and what is said about it


LINES = {
    "all": Line(
        "a cue drawn evenly from all C cues, whatever was said (so it may be the right one by luck)",
        "any of the C cues",
        lambda c, C: list(range(C)),
        "np.full((C, C), 1 / C)",
        "1 / C",
        "others",
        (
            "np.tile(p_cue, (C, 1))",
            "When the line fails, all C cues are heard equally often, not as often as p_cue says.",
        ),
    ),
    "others": Line(
        "a cue drawn evenly from the C - 1 cues that were not said (so it is never the right one)",
        "one of the C - 1 other cues",
        lambda c, C: [k for k in range(C) if k != c],
        "(1 - np.eye(C)) / (C - 1)",
        "(said != heard) / (C - 1)",
        "all",
        ("(1 - np.eye(C)) / C", "What is heard must have probabilities that add up to 1: there are C - 1 other cues."),
    ),
    "next": Line(
        "cue c + 1 if cue c was said, and cue 0 if the last cue was said",
        "the next cue",
        lambda c, C: [(c + 1) % C],
        "np.roll(np.eye(C), 1, axis=1)",
        "(heard == (said + 1) % C)",
        "neighbours",
        ("np.roll(np.eye(C), -1, axis=1)", "The direction is wrong: cue c is heard as cue c + 1, not as cue c - 1."),
    ),
    "neighbours": Line(
        "cue c - 1 or cue c + 1 if cue c was said, each in half of these cases (in a circle: cue C - 1 and cue 0 are "
        "neighbours)",
        "one of the two neighbours",
        lambda c, C: [(c - 1) % C, (c + 1) % C],
        "(np.roll(np.eye(C), 1, axis=1) + np.roll(np.eye(C), -1, axis=1)) / 2",
        "((heard - said) % C in (1, C - 1)) / 2",
        "next",
        ("(np.eye(C, k=1) + np.eye(C, k=-1)) / 2", "The cues stand in a circle: cue 0 and cue C - 1 are neighbours."),
    ),
    "first": Line(
        "cue 0, whatever was said (so cue 0 is always heard right)",
        "cue 0",
        lambda c, C: [0],
        "np.tile(np.eye(C)[0], (C, 1))",
        "(heard == 0)",
        "all",
        ("np.tile(np.eye(C)[0], (C, 1)).T", "It is the wrong way round: cue 0 is what is heard, not what was said."),
    ),
}


class MisheardFloor(Problem):
    """The floor of a game whose cue is misheard now and then."""

    name = "misheard_floor"
    signature = "misheard_floor(p_cue, p_answer)"
    parts = (
        Part("positive", 3, "all probabilities are positive, and the cues are not equally likely"),
        Part("zeros", 2, "some answers are impossible: p_answer has zeros"),
    )

    def draw(self, rng):
        return {
            "line": str(rng.choice(sorted(LINES))),
            "slip": int(rng.integers(800, 4200)) / 10000,
            "base": int(rng.integers(30, 160)) / 10,
        }

    def text(self, variant):
        says = LINES[variant["line"]].says
        return {"line": says, "slip": f"{variant['slip']:g}", "base": f"{variant['base']:g}"}

    def case(self, variant, part, rng):
        C, A = rng.integers(4, 7), rng.integers(3, 6)
        p_cue, p_answer = rng.dirichlet(np.ones(C)), rng.dirichlet(np.ones(A), size=C)
        if part == "zeros":
            p_answer[:, 0] = 0  # an answer that never comes
            p_answer[0, 1] = 0
            p_answer /= p_answer.sum(1, keepdims=True)
        return p_cue, p_answer

    def oracle(self, variant, p_cue, p_answer):
        C, slip, joint = len(p_cue), variant["slip"], np.zeros(p_answer.shape)
        for said in range(C):
            joint[said] += (1 - slip) * p_cue[said] * p_answer[said]
            heard = LINES[variant["line"]].heard(said, C)
            joint[heard] += slip / len(heard) * p_cue[said] * p_answer[said]

        def entropy(p):
            return -sum(x * np.log(x) for x in p.flat if x > 0)

        return float((entropy(joint) - entropy(joint.sum(1))) / np.log(variant["base"]))

    def solutions(self, variant):
        line, slip, base = LINES[variant["line"]], variant["slip"], variant["base"]
        first = f"""\
def misheard_floor(p_cue, p_answer):
    ### BEGIN SOLUTION
    C = len(p_cue)
    fails = {line.matrix}  # P(heard | said) when the line fails
    hear = (1 - {slip}) * np.eye(C) + {slip} * fails
    joint = (p_cue[:, None] * hear).T @ p_answer  # (heard, answer)
    given = joint / joint.sum(axis=1, keepdims=True)
    logs = np.log(np.where(given > 0, given, 1.0)) / np.log({base})
    return -(joint * logs).sum()
    ### END SOLUTION
"""
        second = f"""\
import math

def misheard_floor(p_cue, p_answer):
    C, floor = len(p_cue), 0.0
    for heard in range(C):
        row = [0.0] * len(p_answer[0])
        for said in range(C):
            chance = (1 - {slip}) * (said == heard) + {slip} * {line.entry}
            for a, p in enumerate(p_answer[said]):
                row[a] += float(p_cue[said]) * chance * float(p)
        total = sum(row)
        floor -= sum(p * math.log(p / total, {base}) for p in row if p > 0)
    return floor
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("positive", "zeros")
        line, slip, base = LINES[variant["line"]], variant["slip"], variant["base"]
        other = LINES[line.other]
        fails, hear = f"fails = {line.matrix}", f"hear = (1 - {slip}) * np.eye(C) + {slip} * fails"
        known = [
            ("no failure", "That is the floor of somebody who always hears the cue.", both, (hear, "hear = np.eye(C)")),
            (
                "chance",
                "That is chance, the floor of somebody who hears nothing.",
                both,
                (hear, "hear = np.full((C, C), 1 / C)"),
            ),
            (
                "another line",
                f"When the line fails, the player hears {line.short}, not {other.short}.",
                both,
                (fails, f"fails = {other.matrix}"),
            ),
            ("line mistaken", line.mistake[1], both, (fails, f"fails = {line.mistake[0]}")),
            (
                "said for heard",
                "You mixed the answers by P(heard | said). The player asks what was said: P(said | heard).",
                both,
                ("(p_cue[:, None] * hear).T @ p_answer", "p_cue[:, None] * (hear @ p_answer)"),
            ),
            (
                "joint entropy",
                "That is the entropy of cue and answer together. The player has heard the cue: condition on it.",
                both,
                ("np.where(given > 0, given, 1.0)", "np.where(joint > 0, joint, 1.0)"),
            ),
            (
                "natural logarithm",
                "That is in nats. The unit asked for has another base.",
                both,
                (f" / np.log({base})", ""),
            ),
            (
                "uniform cues",
                "You gave all cues the same probability. Weigh them by p_cue.",
                both,
                ("p_cue[:, None] * hear", "np.full((C, 1), 1 / C) * hear"),
            ),
            ("sign", "The sign is wrong: an entropy is never negative.", both, ("return -(joint", "return (joint")),
            (
                "zero times infinity",
                "0 · log 0 gave nan. An answer that never comes surprises nobody: it adds 0.",
                ("zeros",),
                ("np.log(np.where(given > 0, given, 1.0))", "np.log(given)"),
            ),
        ]
        return wrong_answers(right, known)


class Share(NamedTuple):
    """The share λ = x / (x + κ) of the bigram: what x is."""

    symbol: str
    says: str
    line: str  # of code, x of all contexts
    entry: str  # x from the row of a context
    kappa: tuple[int, int]  # the range of 100 κ
    message: str  # to who took the other one


SHARES = {
    "count": Share(
        "N",
        "",
        "",
        "sum(row)",
        (200, 900),
        "λ goes by how often the context came, not by how many different words followed it.",
    ),
    "kinds": Share(
        "D",
        " $D(c)$ is the number of different words that followed c.",
        "    D = (counts > 0).sum(axis=1, keepdims=True)\n",
        "sum(1 for n in row if n > 0)",
        (80, 400),
        "λ goes by how many different words followed the context, not by how often it came.",
    ),
}


class Lower(NamedTuple):
    """The distribution U that the bigram is mixed with: what each word weighs in it."""

    tex: str
    says: str
    weight: Callable[[list[tuple[int, int]], int, float], float]  # of all pairs (c, w), one word, and the exponent
    array: str  # of all words
    entry: str  # of one word
    other: str  # the one that it is taken for
    message: str  # to who took the other one
    mistake: tuple[str, str]  # a wrong line of code for U, and what is said about it


LOWERS = {
    "unigram": Lower(
        r"N(\cdot, {v})",
        r"$N(\cdot, w)$ is how often w followed anything",
        lambda pairs, w, gamma: sum(v == w for c, v in pairs),
        "counts.sum(axis=0)",
        "sum(counts[c][w] for c in range(V))",
        "continuation",
        "U goes by how often a word came, not by how many different words it followed.",
        ("U = (words + {alpha}) / (words.sum() + {alpha} * V)", "U is not smoothed in this model."),
    ),
    "continuation": Lower(
        "K({v})",
        "$K(w)$ is the number of different words that w followed",
        lambda pairs, w, gamma: len({c for c, v in pairs if v == w}),
        "(counts > 0).sum(axis=0)",
        "sum(1 for c in range(V) if counts[c][w] > 0)",
        "unigram",
        "U goes by how many different words a word followed, not by how often it came.",
        ("U = words / counts.sum()", "U does not add up to 1: divide K by the sum of K, not by the number of pairs."),
    ),
    "power": Lower(
        r"N(\cdot, {v})^{{{gamma}}}",
        r"$N(\cdot, w)$ is how often w followed anything",
        lambda pairs, w, gamma: sum(v == w for c, v in pairs) ** gamma,
        "counts.sum(axis=0) ** {gamma}",
        "float(sum(counts[c][w] for c in range(V))) ** {gamma}",
        "unigram",
        "U is missing its exponent.",
        ("U = words / counts.sum() ** {gamma}", "U does not add up to 1: divide the powers by the sum of the powers."),
    ),
}


class BackedOff(Problem):
    """A bigram model that is mixed with a model without context."""

    name = "mixed_bigram"
    signature = "mixed_bigram(counts)"
    parts = (
        Part("seen contexts", 3, "every word has been seen as a context"),
        Part("unseen contexts", 2, "some rows of counts are all zero"),
    )

    def draw(self, rng):
        share = str(rng.choice(sorted(SHARES)))
        return {
            "share": share,
            "lower": str(rng.choice(sorted(LOWERS))),
            "kappa": int(rng.integers(*SHARES[share].kappa)) / 100,
            "alpha": int(rng.integers(20, 480)) / 1000,
            "gamma": int(rng.integers(350, 800)) / 1000,
        }

    def text(self, variant):
        share, lower, gamma = SHARES[variant["share"]], LOWERS[variant["lower"]], variant["gamma"]
        x = f"{share.symbol}(c)"
        above, below = (lower.tex.format(v=v, gamma=gamma) for v in "wv")
        return {
            "alpha": f"{variant['alpha']:g}",
            "share": rf"\frac{{{x}}}{{{x} + {variant['kappa']:g}}}",
            "lower": rf"\frac{{{above}}}{{\sum_v {below}}}",
            "says": f"{lower.says}.{share.says}",
        }

    def case(self, variant, part, rng):
        V = int(rng.integers(4, 8))
        counts = rng.integers(1, 9, size=(V, V)) * (rng.random((V, V)) < 0.6)
        counts[np.arange(V), rng.integers(0, V, size=V)] += 3
        if part == "unseen contexts":
            counts[rng.permutation(V)[:2]] = 0
        return (counts,)

    def oracle(self, variant, counts):
        V, alpha = len(counts), variant["alpha"]
        pairs = [(c, w) for c, w in np.ndindex(V, V) for _ in range(counts[c, w])]
        weights = [LOWERS[variant["lower"]].weight(pairs, w, variant["gamma"]) for w in range(V)]
        table = np.zeros((V, V))
        for c in range(V):
            followers = [w for before, w in pairs if before == c]
            x = len(followers if variant["share"] == "count" else set(followers))
            for w in range(V):
                bigram = (followers.count(w) + alpha) / (len(followers) + alpha * V)
                table[c, w] = (x * bigram + variant["kappa"] * weights[w] / sum(weights)) / (x + variant["kappa"])
        return table

    def solutions(self, variant):
        alpha, kappa, gamma = (variant[name] for name in ("alpha", "kappa", "gamma"))
        share, lower = SHARES[variant["share"]], LOWERS[variant["lower"]]
        x = share.symbol
        first = f"""\
def mixed_bigram(counts):
    ### BEGIN SOLUTION
    V, N = len(counts), counts.sum(axis=1, keepdims=True)
    bigram = (counts + {alpha}) / (N + {alpha} * V)
{share.line}    share = {x} / ({x} + {kappa})
    words = {lower.array.format(gamma=gamma)}
    U = words / words.sum()
    return share * bigram + (1 - share) * U
    ### END SOLUTION
"""
        second = f"""\
def mixed_bigram(counts):
    V = counts.shape[0]
    words = [{lower.entry.format(gamma=gamma)} for w in range(V)]
    table = []
    for row in counts.tolist():
        share = 1 - {kappa} / ({share.entry} + {kappa})
        after = [(n + {alpha}) / (sum(row) + V * {alpha}) for n in row]
        table.append([u / sum(words) + share * (p - u / sum(words)) for p, u in zip(after, words)])
    return table
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("seen contexts", "unseen contexts")
        alpha, kappa, gamma = (variant[name] for name in ("alpha", "kappa", "gamma"))
        share, lower = SHARES[variant["share"]], LOWERS[variant["lower"]]
        x, words = share.symbol, f"words = {lower.array.format(gamma=gamma)}"
        shared, mixed = f"{share.line}    share = {x} / ({x} + {kappa})", "share * bigram + (1 - share) * U"
        (other,) = (s for s in SHARES.values() if s is not share)
        mistake = lower.mistake[0].format(alpha=alpha, gamma=gamma)
        known = [
            ("shares swapped", "The two shares are swapped.", both, (mixed, "(1 - share) * bigram + share * U")),
            (
                "another share",
                share.message,
                both,
                (shared, f"{other.line}    share = {other.symbol} / ({other.symbol} + {kappa})"),
            ),
            (
                "one share for all",
                "λ has a value of its own for each context.",
                both,
                (f"share = {x} / ({x} + {kappa})", f"share = {x}.mean() / ({x}.mean() + {kappa})"),
            ),
            (
                "alpha without V",
                f"Each row must add up to 1: {alpha} is added V times above, so V times below.",
                both,
                (f"(N + {alpha} * V)", f"(N + {alpha})"),
            ),
            (
                "no smoothing",
                "The counts of the bigrams are not smoothed.",
                both,
                (f"(counts + {alpha}) / (N + {alpha} * V)", "counts / N"),
            ),
            (
                "columns for rows",
                "Divide each row by the count of its context, the sum along the row.",
                both,
                ("len(counts), counts.sum(axis=1", "len(counts), counts.sum(axis=0"),
            ),
            (
                "contexts for words",
                "U is about the word that comes, not about the word that is its context: sum over the contexts.",
                both,
                (words, words.replace("axis=0", "axis=1")),
            ),
            ("another U", lower.message, both, (words, f"words = {LOWERS[lower.other].array}")),
            ("U mistaken", lower.mistake[1], both, ("U = words / words.sum()", mistake)),
            ("bigram alone", "That is the bigram alone, not mixed.", both, (mixed, "bigram")),
        ]
        return wrong_answers(right, known)


class Rule(NamedTuple):
    """Which words of a sequence are scored."""

    says: str
    scores: Callable[[int, int, int, int], bool]  # whether word i of n is, counted from 1, with k and m
    array: str  # the same of all steps t, counted from 0
    piece: str  # the words that are scored, of a list of words
    other: str  # the rule that it is taken for
    message: str  # to who took the other one
    mistakes: tuple[tuple[str, str, tuple[str, ...]], ...]  # wrong arrays, what is said, where they get nothing


FULL_AND_PADDED, PADDED = ("full sequences", "padded sequences"), ("padded sequences",)
RULES = {
    "first": Rule(
        "The first {k_word} words of each sequence are not scored.",
        lambda i, n, k, m: i > k,
        "t >= {k}",
        "words[{k}:]",
        "last",
        "You left out the last words of each sequence. Leave out the first.",
        (
            ("t >= {k} - 1", "You left out one word too few.", FULL_AND_PADDED),
            ("t >= {k} + 1", "You left out one word too many.", FULL_AND_PADDED),
        ),
    ),
    "last": Rule(
        "The last {k_word} words of each sequence are not scored.",
        lambda i, n, k, m: i <= n - k,
        "t < mask.sum(axis=1, keepdims=True) - {k}",
        "words[:-{k}]",
        "first",
        "You left out the first words of each sequence. Leave out the last.",
        (
            ("t < mask.sum(axis=1, keepdims=True) - {k} - 1", "You left out one word too many.", FULL_AND_PADDED),
            ("t < mask.shape[1] - {k}", "Count from the end of each sequence, not from the last column.", PADDED),
        ),
    ),
    "every": Rule(
        "Of each sequence only every {kth} word is scored: words {k}, {k2}, {k3} and so on, counted from 1.",
        lambda i, n, k, m: i % k == 0,
        "(t + 1) % {k} == 0",
        "words[{k} - 1 :: {k}]",
        "first",
        "You left out the first words and scored all the others.",
        (
            (
                "t % {k} == 0",
                "You began with the first word: words are counted from 1, array columns from 0.",
                FULL_AND_PADDED,
            ),
            ("(t + 1) % {k} != 0", "You scored the words that are to be left out.", FULL_AND_PADDED),
        ),
    ),
    "blocks": Rule(
        "Each sequence is cut into blocks of {m_word} words, and what is left at its end is a shorter block. The first "
        "{k_word} words of each block are not scored.",
        lambda i, n, k, m: (i - 1) % m >= k,
        "t % {m} >= {k}",
        "words[np.arange(len(words)) % {m} >= {k}]",
        "first",
        "You left out words in the first block only.",
        (
            ("t % {m} >= {k} - 1", "You left out one word too few in each block.", FULL_AND_PADDED),
            ("t % {m} >= {k} + 1", "You left out one word too many in each block.", FULL_AND_PADDED),
        ),
    ),
}
MEANS = {  # what is said; the mean of all scored words, or of sequences; its other way; to who took the other one
    "words": (
        "The mean is over all scored words: every scored word has the same weight.",
        "(log_p * scored).sum() / scored.sum()",
        "np.concatenate(kept).mean()",
        "You averaged each sequence and then the sequences. Every scored word has the same weight.",
    ),
    "sequences": (
        "The mean is taken twice, over the scored words of each sequence and then over the sequences: every sequence "
        "has the same weight.",
        "((log_p * scored).sum(axis=1) / scored.sum(axis=1)).mean()",
        "np.mean([words.mean() for words in kept])",
        "You averaged all scored words at once. Every sequence has the same weight, a short one too.",
    ),
}


class WarmPerplexity(Problem):
    """Perplexity of several sequences at once, of which some words are not scored."""

    name = "warm_perplexity"
    signature = "warm_perplexity(log_p, mask)"
    parts = (
        Part("full sequences", 2, "mask is True everywhere"),
        Part("padded sequences", 3, "sequences end at different steps; log_p holds rubbish where mask is False"),
    )

    def draw(self, rng):
        rule, k = str(rng.choice(sorted(RULES))), int(rng.integers(2, 5))
        return {
            "rule": rule,
            "mean": str(rng.choice(sorted(MEANS))),
            "k": k + (rule == "every"),  # with k = 2 the words left out would be every second one too
            "m": k + int(rng.integers(2, 4)),
            "base": int(rng.integers(3000, 12000)) / 1000,
        }

    def text(self, variant):
        k, m = variant["k"], variant["m"]
        said = {"k": k, "k2": 2 * k, "k3": 3 * k, "k_word": NUMBERS[k], "m_word": NUMBERS[m], "kth": ORDINALS.get(k)}
        rule, mean = RULES[variant["rule"]].says.format(**said), MEANS[variant["mean"]][0]
        return {"rule": rule, "mean": mean, "base": f"{variant['base']:g}"}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 6)), int(rng.integers(11, 15))
        log_p = np.log(rng.uniform(0.05, 0.9, size=(B, T))) / np.log(variant["base"])
        mask = np.ones((B, T), dtype=bool)
        if part == "padded sequences":
            between = rng.choice(np.arange(7, T), size=B - 2, replace=False)
            mask = np.arange(T) < rng.permutation([6, *between, T])[:, None]
            log_p = np.where(mask, log_p, rng.uniform(-9, -5, size=(B, T)))
        return log_p, mask

    def oracle(self, variant, log_p, mask):
        k, m, scores = variant["k"], variant["m"], RULES[variant["rule"]].scores
        scored = [
            [row[i] for i in range(n) if scores(i + 1, n, k, m)] for row, n in zip(log_p, mask.sum(1), strict=True)
        ]
        perplexity = 1.0  # the inverse of a geometric mean of probabilities
        for words in scored:
            n = len(scored) * len(words) if variant["mean"] == "sequences" else sum(map(len, scored))
            for word in words:
                perplexity *= (variant["base"] ** -word) ** (1 / n)
        return float(perplexity)

    def solutions(self, variant):
        k, m, base = variant["k"], variant["m"], variant["base"]
        rule, mean = RULES[variant["rule"]], MEANS[variant["mean"]]
        first = f"""\
def warm_perplexity(log_p, mask):
    ### BEGIN SOLUTION
    t = np.arange(mask.shape[1])
    scored = mask & ({rule.array.format(k=k, m=m)})
    mean = {mean[1]}
    return {base} ** -mean
    ### END SOLUTION
"""
        second = f"""\
def warm_perplexity(log_p, mask):
    kept = []
    for row, real in zip(log_p, mask):
        words = row[real]
        kept.append({rule.piece.format(k=k, m=m)})
    return np.exp(-np.log({base}) * {mean[2]})
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], FULL_AND_PADDED
        k, m, base = variant["k"], variant["m"], variant["base"]
        rule, (_, mean, _, message) = RULES[variant["rule"]], MEANS[variant["mean"]]
        scored, end = rule.array.format(k=k, m=m), f"return {base} ** -mean"
        (another,) = (value[1] for name, value in MEANS.items() if name != variant["mean"])
        mistakes = [
            (f"mistake {i}", said, parts, (scored, array.format(k=k, m=m)))
            for i, (array, said, parts) in enumerate(rule.mistakes, 1)
        ]
        known = [
            ("all words", "You scored all words.", both, (f"mask & ({scored})", "mask")),
            *mistakes,
            ("another rule", rule.message, both, (scored, RULES[rule.other].array.format(k=k))),
            (
                "natural base",
                "The logarithms have another base than e: raise that base to the power.",
                both,
                (end, "return np.exp(-mean)"),
            ),
            (
                "mean of the powers",
                "You took the power first and then the mean. First the mean, then the power.",
                both,
                (mean, mean.replace("log_p", f"{base} ** -log_p")),
                (end, "return mean"),
            ),
            (
                "sign",
                "The sign of the exponent is wrong: a perplexity is at least 1.",
                both,
                (end, f"return {base} ** mean"),
            ),
            (
                "divided by all words",
                "You divided by the number of all words. Divide by the number of those that are scored.",
                both,
                (mean, mean.replace("/ scored", "/ mask")),
            ),
            ("another mean", message, PADDED, (mean, another)),
            (
                "mask forgotten",
                "You scored positions that mask leaves out.",
                PADDED,
                ("    t = np", "    mask = mask | True\n    t = np"),
            ),
        ]
        return wrong_answers(right, known)


class Window(Experiment):
    """How much does one more word in the window help?"""

    name = "window"
    points = 6

    def draw(self, rng):
        first = int(rng.integers(3, 6))
        return {
            "distance": first,
            "sentences": int(rng.integers(12, 60)) * 100,
            "alpha": int(rng.integers(2, 90)) / 100,
        }

    def text(self, variant):
        numbers = variant | {"last": variant["distance"] + 2}
        return {name: f"{value:g}" for name, value in numbers.items()}


PROBLEMS = [MisheardFloor(), BackedOff(), WarmPerplexity()]
EXPERIMENT = Window()
