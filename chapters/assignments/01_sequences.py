"""The graded problems of chapter 1: three families, each drawn by the secret of a course."""

import numpy as np
from seqlib.coursework.problem import Experiment, Part, Problem, Wrong, edited


class MisheardFloor(Problem):
    """The floor of a game whose cue is misheard now and then."""

    name = "misheard_floor"
    signature = "misheard_floor(p_cue, p_answer)"
    parts = (
        Part(
            "positive",
            3,
            "all probabilities are positive, and the cues are not equally likely",
        ),
        Part("zeros", 2, "some answers are impossible: p_answer has zeros"),
    )

    def draw(self, rng):
        return {
            "slip": int(rng.integers(800, 4200)) / 10000,
            "base": int(rng.integers(30, 160)) / 10,
        }

    def text(self, variant):
        return {"slip": f"{variant['slip']:g}", "base": f"{variant['base']:g}"}

    def case(self, variant, part, rng):
        cues, answers = rng.integers(3, 6, size=2)
        p_cue, p_answer = (
            rng.dirichlet(np.ones(cues)),
            rng.dirichlet(np.ones(answers), size=cues),
        )
        if part == "zeros":
            p_answer[:, 0] = 0  # an answer that never comes
            p_answer[0, 1] = 0
            p_answer /= p_answer.sum(1, keepdims=True)
        return p_cue, p_answer

    def oracle(self, variant, p_cue, p_answer):
        heard_as = np.full((len(p_cue), len(p_cue)), variant["slip"] / len(p_cue))
        heard_as += (1 - variant["slip"]) * np.eye(len(p_cue))  # (true cue, heard cue)
        joint = np.einsum("c,ch,ca->ha", p_cue, heard_as, p_answer)
        given = joint / joint.sum(1, keepdims=True)
        logs = np.log(np.where(given > 0, given, 1)) / np.log(variant["base"])
        return float(-(joint * logs).sum())

    def solutions(self, variant):
        first = f"""\
def misheard_floor(p_cue, p_answer):
    ### BEGIN SOLUTION
    C = len(p_cue)
    hear = (1 - {variant["slip"]}) * np.eye(C) + {variant["slip"]} / C
    joint = (p_cue[:, None] * hear).T @ p_answer
    heard = joint.sum(axis=1, keepdims=True)
    given = joint / heard
    logs = np.log(np.where(given > 0, given, 1.0)) / np.log({variant["base"]})
    return -(joint * logs).sum()
    ### END SOLUTION
"""
        second = f"""\
import math

def misheard_floor(p_cue, p_answer):
    slip, floor, C = {variant["slip"]}, 0.0, len(p_cue)
    for heard in range(C):
        row = [0.0] * len(p_answer[0])
        for cue in range(C):
            chance = slip / C + (1 - slip if cue == heard else 0)
            for a, p in enumerate(p_answer[cue]):
                row[a] += float(p_cue[cue]) * chance * float(p)
        total = sum(row)
        floor -= sum(p * math.log(p / total, {variant["base"]}) for p in row if p > 0)
    return floor
"""
        return [first, second]

    def wrongs(self, variant):
        right = self.solutions(variant)[0]
        both = ("positive", "zeros")
        hear = f"(1 - {variant['slip']}) * np.eye(C) + {variant['slip']} / C"
        return [
            Wrong(
                "no mishearing",
                edited(right, (hear, "np.eye(C)")),
                "That is the floor of somebody who always hears the cue.",
                both,
            ),
            Wrong(
                "only other cues",
                edited(
                    right,
                    (
                        hear,
                        f"np.where(np.eye(C) > 0, 1 - {variant['slip']}, {variant['slip']} / (C - 1))",
                    ),
                ),
                "A misheard cue is any of the C cues, the true one too: divide by C, not by C - 1.",
                both,
            ),
            Wrong(
                "joint entropy",
                edited(
                    right,
                    (
                        "logs = np.log(np.where(given > 0, given, 1.0))",
                        "logs = np.log(np.where(joint > 0, joint, 1.0))",
                    ),
                ),
                "That is the entropy of cue and answer together. The player has heard the cue: condition on it.",
                both,
            ),
            Wrong(
                "natural logarithm",
                edited(right, (f" / np.log({variant['base']})", "")),
                "That is in nats. The unit asked for has another base.",
                both,
            ),
            Wrong(
                "uniform cues",
                edited(
                    right,
                    ("p_cue[:, None] * hear", "np.full((C, 1), 1 / C) * hear"),
                ),
                "You gave all cues the same probability. Weigh them by p_cue.",
                both,
            ),
            Wrong(
                "sign",
                edited(right, ("return -(joint", "return (joint")),
                "The sign is wrong: an entropy is never negative.",
                both,
            ),
            Wrong(
                "zero times infinity",
                edited(
                    right,
                    ("np.log(np.where(given > 0, given, 1.0))", "np.log(given)"),
                ),
                "0 · log 0 gave nan. An answer that never comes surprises nobody: it adds 0.",
                ("zeros",),
            ),
        ]


class BackedOff(Problem):
    """A bigram model that is mixed with the unigrams."""

    name = "mixed_bigram"
    signature = "mixed_bigram(counts)"
    parts = (
        Part("seen contexts", 3, "every word has been seen as a context"),
        Part("unseen contexts", 2, "some rows of counts are all zero"),
    )

    def draw(self, rng):
        return {
            "share": int(rng.choice([*range(150, 430), *range(570, 850)])) / 1000,
            "alpha": int(rng.integers(20, 480)) / 1000,
        }

    def text(self, variant):
        return {
            "share": f"{variant['share']:g}",
            "rest": f"{1 - variant['share']:g}",
            "alpha": f"{variant['alpha']:g}",
        }

    def case(self, variant, part, rng):
        V = int(rng.integers(4, 8))
        counts = rng.integers(0, 9, size=(V, V))
        counts[np.arange(V), rng.integers(0, V, size=V)] += 3
        if part == "unseen contexts":
            counts[rng.permutation(V)[:2]] = 0
        return (counts,)

    def oracle(self, variant, counts):
        V = len(counts)
        bigram = (counts + variant["alpha"]) / (counts.sum(1, keepdims=True) + variant["alpha"] * V)
        unigram = counts.sum(0) / counts.sum()
        return variant["share"] * bigram + (1 - variant["share"]) * unigram

    def solutions(self, variant):
        first = f"""\
def mixed_bigram(counts):
    ### BEGIN SOLUTION
    V = len(counts)
    bigram = (counts + {variant["alpha"]}) / (counts.sum(axis=1, keepdims=True) + {variant["alpha"]} * V)
    unigram = counts.sum(axis=0) / counts.sum()
    return {variant["share"]} * bigram + (1 - {variant["share"]}) * unigram
    ### END SOLUTION
"""
        second = f"""\
def mixed_bigram(counts):
    V, total = counts.shape[0], float(counts.sum())
    table = np.zeros((V, V))
    for c in range(V):
        row = sum(counts[c])
        for w in range(V):
            alone = sum(counts[k][w] for k in range(V)) / total
            after = (counts[c][w] + {variant["alpha"]}) / (row + V * {variant["alpha"]})
            table[c, w] = alone + {variant["share"]} * (after - alone)
    return table.tolist()
"""
        return [first, second]

    def wrongs(self, variant):
        right = self.solutions(variant)[0]
        both = ("seen contexts", "unseen contexts")
        share, alpha = variant["share"], variant["alpha"]
        return [
            Wrong(
                "shares swapped",
                edited(
                    right,
                    (f"return {share} * bigram", f"return (1 - {share}) * bigram"),
                    (f"+ (1 - {share}) * unigram", f"+ {share} * unigram"),
                ),
                "The two shares are swapped.",
                both,
            ),
            Wrong(
                "alpha without V",
                edited(right, (f" + {alpha} * V)", f" + {alpha})")),
                "Each row must add up to 1: alpha is added V times above, so V times below.",
                both,
            ),
            Wrong(
                "no smoothing",
                edited(
                    right,
                    (f"(counts + {alpha})", "counts"),
                    (f" + {alpha} * V)", ")"),
                ),
                "The counts of the bigrams are not smoothed.",
                both,
            ),
            Wrong(
                "columns for rows",
                edited(
                    right,
                    (
                        "counts.sum(axis=1, keepdims=True)",
                        "counts.sum(axis=0, keepdims=True)",
                    ),
                ),
                "Divide each row by the count of its context, the sum along the row.",
                both,
            ),
            Wrong(
                "contexts for words",
                edited(
                    right,
                    (
                        "unigram = counts.sum(axis=0)",
                        "unigram = counts.sum(axis=1)",
                    ),
                ),
                "The unigram counts how often a word comes, not how often it is a context.",
                both,
            ),
            Wrong(
                "smoothed unigram",
                edited(
                    right,
                    (
                        "counts.sum(axis=0) / counts.sum()",
                        f"(counts.sum(axis=0) + {alpha}) / (counts.sum() + {alpha} * V)",
                    ),
                ),
                "The unigram is not smoothed in this model.",
                both,
            ),
            Wrong(
                "bigram alone",
                edited(
                    right,
                    (
                        f"return {share} * bigram + (1 - {share}) * unigram",
                        "return bigram",
                    ),
                ),
                "That is the bigram alone, not mixed.",
                both,
            ),
        ]


class WarmPerplexity(Problem):
    """Perplexity of several sequences at once, with a run-up that is not scored."""

    name = "warm_perplexity"
    signature = "warm_perplexity(log_p, mask)"
    parts = (
        Part("full sequences", 2, "mask is True everywhere"),
        Part(
            "padded sequences",
            3,
            "sequences end at different steps; log_p holds rubbish where mask is False",
        ),
    )

    def draw(self, rng):
        return {
            "warm": int(rng.integers(2, 6)),
            "base": int(rng.integers(3000, 12000)) / 1000,
        }

    def text(self, variant):
        words = {2: "two", 3: "three", 4: "four", 5: "five"}
        return {"warm": words[variant["warm"]], "base": f"{variant['base']:g}"}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 6)), int(rng.integers(9, 13))
        log_p = np.log(rng.uniform(0.05, 0.9, size=(B, T))) / np.log(variant["base"])
        mask = np.ones((B, T), dtype=bool)
        if part == "padded sequences":
            mask = np.arange(T) < rng.permutation(np.arange(6, 6 + B))[:, None]
            log_p = np.where(mask, log_p, rng.uniform(-9, -5, size=(B, T)))
        return log_p, mask

    def oracle(self, variant, log_p, mask):
        scored = mask.copy()
        scored[:, : variant["warm"]] = False
        return float(variant["base"] ** -log_p[scored].mean())

    def solutions(self, variant):
        first = f"""\
def warm_perplexity(log_p, mask):
    ### BEGIN SOLUTION
    scored = mask & (np.arange(mask.shape[1]) >= {variant["warm"]})
    mean = (log_p * scored).sum() / scored.sum()
    return {variant["base"]} ** -mean
    ### END SOLUTION
"""
        second = f"""\
def warm_perplexity(log_p, mask):
    kept = []
    for row, real in zip(log_p, mask):
        kept += [lp for lp, r in list(zip(row, real))[{variant["warm"]}:] if r]
    nats = [lp * np.log({variant["base"]}) for lp in kept]
    return np.exp(-np.mean(nats))
"""
        return [first, second]

    def wrongs(self, variant):
        right = self.solutions(variant)[0]
        both = ("full sequences", "padded sequences")
        warm, base = variant["warm"], variant["base"]
        mean = "mean = (log_p * scored).sum() / scored.sum()"
        end = f"return {base} ** -mean"
        return [
            Wrong(
                "no run-up",
                edited(right, (f"mask & (np.arange(mask.shape[1]) >= {warm})", "mask")),
                "You scored the run-up too.",
                both,
            ),
            Wrong(
                "run-up one short",
                edited(right, (f">= {warm})", f">= {warm - 1})")),
                "Your run-up is one step too short.",
                ("full sequences", "padded sequences"),
            ),
            Wrong(
                "run-up one long",
                edited(right, (f">= {warm})", f">= {warm + 1})")),
                "Your run-up is one step too long.",
                both,
            ),
            Wrong(
                "natural base",
                edited(right, (end, "return np.exp(-mean)")),
                "The logarithms have another base than e: raise that base to the power.",
                both,
            ),
            Wrong(
                "mean of the powers",
                edited(
                    right,
                    (
                        end,
                        f"return ({base} ** -log_p * scored).sum() / scored.sum()",
                    ),
                ),
                "You took the power first and then the mean. First the mean, then the power.",
                both,
            ),
            Wrong(
                "sign",
                edited(right, (end, f"return {base} ** mean")),
                "The sign of the exponent is wrong: a perplexity is at least 1.",
                both,
            ),
            Wrong(
                "mask in the sum only",
                edited(
                    right,
                    (
                        mean,
                        f"mean = (log_p * scored).sum() / (mask.shape[0] * (mask.shape[1] - {warm}))",
                    ),
                ),
                "You divided by all positions. Divide by the number of those that count.",
                ("padded sequences",),
            ),
            Wrong(
                "mean of the sequences",
                edited(
                    right,
                    (
                        mean,
                        "mean = ((log_p * scored).sum(1) / scored.sum(1)).mean()",
                    ),
                ),
                "You averaged each sequence and then the sequences. Every scored word has the same weight.",
                ("padded sequences",),
            ),
            Wrong(
                "mask forgotten",
                edited(right, ("mask & (np.arange", "(mask | True) & (np.arange")),
                "You scored positions that mask leaves out.",
                ("padded sequences",),
            ),
        ]


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
        return {name: f"{value:g}" for name, value in variant.items()}


PROBLEMS = [MisheardFloor(), BackedOff(), WarmPerplexity()]
EXPERIMENT = Window()
