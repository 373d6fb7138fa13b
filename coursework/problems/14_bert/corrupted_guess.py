"""The best guess at a word of a text of which some words are hidden and some are false."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..channels import KNOWS, LINES, READERS

RIGHT = """\
def corrupted_guess(prior, tables, read, t):
    ### BEGIN SOLUTION
    V = tables.shape[1]
    replaced = «line.matrix»
    chosen = «r» * replaced + «k» * np.eye(V)
    any_word = (1 - «share») * np.eye(V) + «share» * chosen
    seen = tables @ any_word
    logs = np.log(prior)
    for s in range(len(read)):
        if read[s] < V and «reader.code»:
            logs = logs + np.log(seen[:, read[s]])
    belief = np.exp(logs - logs.max())
    guess = belief / belief.sum() @ tables
    if read[t] < V:
        guess = guess * «knows.own»[:, read[t]]
    return guess / guess.sum()
    ### END SOLUTION
"""
TOPIC_BY_TOPIC = """\
def corrupted_guess(prior, tables, read, t):
    Z, V = tables.shape

    def chosen(w, v):
        return «r» * «line.entry» + «k» * (w == v)

    guess = [0.0] * V
    for z in range(Z):
        joint = float(prior[z])
        for s, v in enumerate(read):
            if v < V and («reader.code»):
                sums = ((1 - «share») * (w == v) + «share» * chosen(w, v) for w in range(V))
                joint *= V * sum(float(tables[z, w]) * p for w, p in enumerate(sums))
        for w in range(V):
            own = 1.0 if read[t] == V else «knows.again»
            guess[w] += joint * float(tables[z, w]) * float(own)
    return np.array(guess) / sum(guess)
"""
SHOWN = ("shown",)
EVIDENCE = "logs = logs + np.log(seen[:, read[s]])\n"
OWN = "guess = guess * «knows.own»[:, read[t]]"
CHOSEN = "chosen = «r» * replaced + «k» * np.eye(V)"
ANY = "any_word = (1 - «share») * np.eye(V) + «share» * chosen"
LINE = "A chosen word is replaced otherwise: read by what."
READER = "Other places are read: which ones does the question say?"
TRUE = "You took every word that is read for a true one. It may have been chosen and replaced."
ALL_CHOSEN = "You took all words for chosen ones. Each is chosen with the probability «share» only."
ITSELF = "What is read at t says of the word there, but you counted it as evidence of the topic: leave it out there."
UNUSED = "What is read at t says something of the word that stood there: you did not use it."
BELIEVED = "You believe what is read at t. It may have been put there."
SWAPPED = "«r» of the chosen words are replaced, «k» are kept: you swapped them."
HIDDEN = "A chosen word that is read as a word was not hidden: it is kept with «k», not with all but «r»."
NO_PRIOR = "P(z) is missing: topics are not equally likely."
PRIORS = "P(z) counts once, not for every word that is read."
BEST = "You took the likeliest topic alone. Weight all of them."
SUM = "The words are all there at once: their probabilities are multiplied, not added."
SEEN = "Those are the words as they are read. Asked is which word stood there before anything was hidden or replaced."
NOT_ONE = "The V probabilities must add up to 1."
MIXED = "What is read at t and what the others say are multiplied, not mixed."


class CorruptedGuess(Problem):
    """Drawn: how often words are chosen and what becomes of them, what replaces them, who reads, and what is known."""

    name = "corrupted_guess"
    parts = (
        Part("hidden", 2, "at t the mask is read"),
        Part("shown", 3, "at t a word is read"),
    )
    forms = {"line": LINES, "reader": READERS, "knows": KNOWS}
    says = {
        "share": "«share»",
        "m": "«m»",
        "r": "«r»",
        "k": "«k»",
        "line": "«line.words»",
        "reader": "«reader.words»",
        "knows": "«knows.words»",
    }
    right = (RIGHT, TOPIC_BY_TOPIC)
    known = (
        Mistake("another line", LINE, line="«line.other»"),
        Mistake("a third line", LINE, line="«line.other.other»"),
        Mistake("a fourth line", LINE, line="«line.other.other.other»"),
        Mistake("another reader", READER, reader="«reader.other»"),
        Mistake("a third reader", READER, reader="«reader.other.other»"),
        Mistake("a fourth reader", READER, reader="«reader.other.other.other»"),
        Mistake("knows", "«knows.says»", ("«knows.own»[:", "«knows.other.own»[:"), only=SHOWN),
        Mistake("all true", TRUE, ("seen = tables @ any_word", "seen = tables")),
        Mistake("all chosen", ALL_CHOSEN, ("seen = tables @ any_word", "seen = tables @ chosen")),
        Mistake("itself", ITSELF, ("< V and «reader.code»", "< V and (s == t or «reader.code»)"), only=SHOWN),
        Mistake("not used", UNUSED, (OWN, "pass"), only=SHOWN),
        Mistake("believed", BELIEVED, (OWN, "guess = np.eye(V)[read[t]]"), only=SHOWN),
        Mistake("shares swapped", SWAPPED, (CHOSEN, "chosen = «k» * replaced + «r» * np.eye(V)")),
        Mistake("never hidden", HIDDEN, (CHOSEN, "chosen = «r» * replaced + (1 - «r») * np.eye(V)")),
        Mistake("no prior", NO_PRIOR, ("np.log(prior)", "np.zeros(len(prior))")),
        Mistake("prior each time", PRIORS, (EVIDENCE, EVIDENCE.replace("seen[", "prior * seen["))),
        Mistake("best topic", BEST, ("belief = np.exp(logs - logs.max())", "belief = 1.0 * (logs == logs.max())")),
        Mistake(
            "added",
            SUM,
            ("logs = np.log(prior)", "logs = np.full(len(prior), -np.inf)"),
            (EVIDENCE, "logs = np.logaddexp(logs, np.log(seen[:, read[s]]))\n"),
            ("belief = np.exp(", "belief = prior * np.exp("),
        ),
        Mistake("as read", SEEN, ("belief.sum() @ tables", "belief.sum() @ seen")),
        Mistake("not one", NOT_ONE, ("guess / guess.sum()", "guess"), only=SHOWN),
        Mistake("mixed", MIXED, (OWN, "guess = guess / 2 + «knows.own»[:, read[t]] / 2"), only=SHOWN),
    )

    def constants(self, rng, variant):
        m, w = number(rng, range(200, 400, 10), per=1000), int(number(rng, range(2, 4)))
        r = round(number(rng, range(250, 430, 10), range(570, 750, 10), per=1000) * (1 - m), 3)
        return {"share": number(rng, range(250, 550), per=1000), "m": m, "r": r, "k": round(1 - m - r, 3), "w": w}

    def case(self, variant, part, rng):
        Z, V, T = 3, int(rng.integers(5, 7)), int(rng.integers(10, 13))
        prior = rng.permutation([0.5, 0.3, 0.2]) + rng.uniform(-0.05, 0.05, 3)
        tables = rng.dirichlet(np.full(V, 0.8), Z) * 0.9 + 0.1 / V
        read, t = rng.integers(V, size=T), int(rng.integers(4, T - 4))
        read[[t - 4, t + 4]] = V
        read[t] = V if part == "hidden" else rng.integers(V)
        return prior / prior.sum(), tables, read, t

    def oracle(self, variant, prior, tables, read, t):
        """By all that can have become of each word, told apart: left alone, hidden, replaced, kept."""
        (Z, V), often = tables.shape, sum(p * row for p, row in zip(prior, tables, strict=True))

        def became(w, v, share):
            if v == V:
                return share * variant.m
            by_line = variant.r * variant.line.of(w, v, V, often)
            return share * by_line + (w == v) * (1 - share + share * variant.k)

        joint = np.zeros((Z, V))
        for z, x in np.ndindex(Z, V):
            joint[z, x] = prior[z] * tables[z, x]
            joint[z, x] *= became(x, read[t], 1.0 if "that the word" in variant.knows.words else variant.share)
            for s, v in enumerate(read):
                if variant.reader.of(s, t, variant.w):
                    joint[z, x] *= sum(tables[z, w] * became(w, v, variant.share) for w in range(V))
        return joint.sum(0) / joint.sum()
