"""A bigram model that is mixed with a model without context."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

SHARE = {  # λ = x / (x + κ): what x is
    "count": Form(
        symbol="N",
        says="",
        line="",
        entry="sum(row)",
        of=len,  # the words that followed a context
        kappa=range(200, 900),
        message="λ goes by how often the context came, not by how many different words followed it.",
    ),
    "kinds": Form(
        symbol="D",
        says=" $D(c)$ is the number of different words that followed c.",
        line="    D = (counts > 0).sum(axis=1, keepdims=True)\n",
        entry="sum(1 for n in row if n > 0)",
        of=lambda words: len(set(words)),
        kappa=range(80, 400),
        message="λ goes by how many different words followed the context, not by how often it came.",
    ),
}
LOWER = {  # the distribution U: what each word weighs in it, from all pairs (context, word)
    "unigram": Form(
        tex=r"\frac{N(\cdot, w)}{\sum_v N(\cdot, v)}",
        says=r"$N(\cdot, w)$ is how often w followed anything.",
        weight=lambda pairs, w, gamma: sum(v == w for c, v in pairs),
        array="counts.sum(axis=0)",
        entry="sum(counts[c][w] for c in range(V))",
        other="continuation",
        message="U goes by how often a word came, not by how many different words it followed.",
        mistaken="(words + «alpha») / (words.sum() + «alpha» * V)",
        mistaken_says="U is not smoothed in this model.",
    ),
    "continuation": Form(
        tex=r"\frac{K(w)}{\sum_v K(v)}",
        says="$K(w)$ is the number of different words that w followed.",
        weight=lambda pairs, w, gamma: len({c for c, v in pairs if v == w}),
        array="(counts > 0).sum(axis=0)",
        entry="sum(1 for c in range(V) if counts[c][w] > 0)",
        other="unigram",
        message="U goes by how many different words a word followed, not by how often it came.",
        mistaken="words / counts.sum()",
        mistaken_says="U does not add up to 1: divide K by the sum of K, not by the number of pairs.",
    ),
    "power": Form(
        tex=r"\frac{N(\cdot, w)^{«gamma»}}{\sum_v N(\cdot, v)^{«gamma»}}",
        says=r"$N(\cdot, w)$ is how often w followed anything.",
        weight=lambda pairs, w, gamma: sum(v == w for c, v in pairs) ** gamma,
        array="counts.sum(axis=0) ** «gamma»",
        entry="float(sum(counts[c][w] for c in range(V))) ** «gamma»",
        other="unigram",
        message="U is missing its exponent.",
        mistaken="words / counts.sum() ** «gamma»",
        mistaken_says="U does not add up to 1: divide the powers by the sum of the powers.",
    ),
}
RIGHT = """\
def mixed_bigram(counts):
    ### BEGIN SOLUTION
    V, N = len(counts), counts.sum(axis=1, keepdims=True)
    bigram = (counts + «alpha») / (N + «alpha» * V)
«share.line»    share = «share.symbol» / («share.symbol» + «kappa»)
    words = «lower.array»
    U = words / words.sum()
    return share * bigram + (1 - share) * U
    ### END SOLUTION
"""
ROW_BY_ROW = """\
def mixed_bigram(counts):
    V = counts.shape[0]
    words = [«lower.entry» for w in range(V)]
    table = []
    for row in counts.tolist():
        share = 1 - «kappa» / («share.entry» + «kappa»)
        after = [(n + «alpha») / (sum(row) + V * «alpha») for n in row]
        table.append([u / sum(words) + share * (p - u / sum(words)) for p, u in zip(after, words)])
    return table
"""
MIXED, SMOOTHED = "share * bigram + (1 - share) * U", "(counts + «alpha») / (N + «alpha» * V)"
OF_ALL = "share = «share.symbol».mean() / («share.symbol».mean() + «kappa»)"
WITHOUT_V = "Each row must add up to 1: «alpha» is added V times above, so V times below."
COLUMNS = "Divide each row by the count of its context, the sum along the row."
CONTEXTS = "U is about the word that comes, not about the word that is its context: sum over the contexts."


class BackedOff(Problem):
    """Drawn: the share of the bigram, the distribution without context, and their constants."""

    name = "mixed_bigram"
    parts = (
        Part("seen contexts", 3, "every word has been seen as a context"),
        Part("unseen contexts", 2, "some rows of counts are all zero"),
    )
    forms = {"share": SHARE, "lower": LOWER}
    says = {
        "alpha": "«alpha»",
        "share": r"\frac{«share.symbol»(c)}{«share.symbol»(c) + «kappa»}",
        "lower": "«lower.tex»",
        "says": "«lower.says»«share.says»",
    }
    right = (RIGHT, ROW_BY_ROW)
    known = (
        Mistake("shares swapped", "The two shares are swapped.", (MIXED, "(1 - share) * bigram + share * U")),
        Mistake("another share", "«share.message»", share="«share.other»"),
        Mistake(
            "one share for all",
            "λ has a value of its own for each context.",
            ("share = «share.symbol» / («share.symbol» + «kappa»)", OF_ALL),
        ),
        Mistake("alpha without V", WITHOUT_V, ("(N + «alpha» * V)", "(N + «alpha»)")),
        Mistake("no smoothing", "The counts of the bigrams are not smoothed.", (SMOOTHED, "counts / N")),
        Mistake("columns for rows", COLUMNS, ("len(counts), counts.sum(axis=1", "len(counts), counts.sum(axis=0")),
        Mistake("contexts for words", CONTEXTS, ("axis=0", "axis=1")),
        Mistake("another U", "«lower.message»", lower="«lower.other»"),
        Mistake("U mistaken", "«lower.mistaken_says»", ("U = words / words.sum()", "U = «lower.mistaken»")),
        Mistake("bigram alone", "That is the bigram alone, not mixed.", (MIXED, "bigram")),
    )

    def constants(self, rng, variant):
        kappa, alpha = number(rng, variant.share.kappa, per=100), number(rng, range(20, 480), per=1000)
        return {"kappa": kappa, "alpha": alpha, "gamma": number(rng, range(350, 800), per=1000)}

    def case(self, variant, part, rng):
        V = int(rng.integers(4, 8))
        counts = rng.integers(1, 9, size=(V, V)) * (rng.random((V, V)) < 0.6)
        counts[np.arange(V), rng.integers(0, V, size=V)] += 3
        if part == "unseen contexts":
            counts[rng.permutation(V)[:2]] = 0
        return (counts,)

    def oracle(self, variant, counts):
        V, alpha, kappa = len(counts), variant.alpha, variant.kappa
        pairs = [(c, w) for c, w in np.ndindex(V, V) for _ in range(counts[c, w])]
        weights = [variant.lower.weight(pairs, w, variant.gamma) for w in range(V)]
        table = np.zeros((V, V))
        for c, w in np.ndindex(V, V):
            followers = [after for before, after in pairs if before == c]
            bigram = (followers.count(w) + alpha) / (len(followers) + alpha * V)
            x = variant.share.of(followers)
            table[c, w] = (x * bigram + kappa * weights[w] / sum(weights)) / (x + kappa)
        return table
