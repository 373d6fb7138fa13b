"""Words that are looked up and asked for, in pieces: which row of a table is a place's, and what a mean is taken over.

The code has lengths (B,), and `asked` (B, T), True at the chosen words; in `again`, which is for one text, t and its
length T. BY_POSITION goes through texts and positions, with the Jacobian J of each norm.
"""

import numpy as np

from coursework.problem import Form, Mistake

BY_POSITION = """\
def table_gradient(E, P, ids, lengths, words, chosen):
    D = E.shape[1]
    dE, dP = np.zeros(E.shape), np.zeros(P.shape)
    for b, T in enumerate(lengths):
        ns, Js, dns = [], [], np.zeros((T, D))
        for t in range(T):
            u = E[ids[b, t]] + «scale» * P[«place.again»]
            «norm.normed»
            ns.append(n)
            Js.append(J)
        for t in np.flatnonzero(chosen[b, :T]):
            h = ns[t] + «mix» * sum(ns) / T
            e = np.exp(«sharp» * (E @ h))
            do = «sharp» * e / e.sum()
            do[words[b, t]] -= «sharp»
            do = do * «mean.again»
            dE += np.outer(do, h)
            dns += «mix» / T * (E.T @ do)
            dns[t] += E.T @ do
        for t in range(T):
            du = Js[t].T @ dns[t]
            dE[ids[b, t]] += du
            dP[«place.again»] += «scale» * du
    return dE, dP
"""
WRONG_ROW = "The rows of P belong to other places: read the question."
PLACED = {  # the row of P that belongs to position t of a text of n positions
    "front": Form(
        tex=r"t",
        code="np.arange(T)",
        again="t",
        of=lambda t, n: t,
        mistakes=(
            Mistake(
                "from 1",
                "Positions are counted from 0.",
                ("np.where(real, «place.code», 0)", "np.where(real, 1 + «place.code», 0)"),
            ),
        ),
    ),
    "end": Form(
        tex=r"L - 1 - t",
        code="lengths[:, None] - 1 - np.arange(T)",
        again="T - 1 - t",
        of=lambda t, n: list(range(n))[::-1][t],
        mistakes=(
            Mistake(
                "from the end of the batch",
                "L is the length of the text, not that of the longest.",
                ("np.where(real, «place.code», 0)", "np.where(real, T - 1 - np.arange(T), 0)"),
                only=("padded",),
            ),
        ),
    ),
    "pairs": Form(
        tex=r"\lfloor t / 2 \rfloor",
        code="np.arange(T) // 2",
        again="int(t / 2)",
        of=lambda t, n: (t - t % 2) // 2,
        mistakes=(
            Mistake(
                "rounded up",
                "t / 2 is rounded down.",
                ("np.where(real, «place.code», 0)", "np.where(real, (np.arange(T) + 1) // 2, 0)"),
            ),
        ),
    ),
    "turns": Form(
        tex=r"t \bmod 3",
        code="np.arange(T) % 3",
        again="t - 3 * (t // 3)",
        of=lambda t, n: [0, 1, 2][t % 3],
        mistakes=(
            Mistake(
                "thirds",
                "t mod 3 is what is left of t when it is divided by 3.",
                ("np.where(real, «place.code», 0)", "np.where(real, np.arange(T) // 3, 0)"),
            ),
        ),
    ),
}
MEANS = {  # how much a chosen word counts in the loss
    "words": Form(
        words="the mean of $-\\ln p$ over all chosen words of all texts",
        code="asked / asked.sum()",
        again="1 / sum(chosen[i, :n].sum() for i, n in enumerate(lengths))",
        of=lambda here, counts: 1 / sum(counts),
    ),
    "texts": Form(
        words="the mean over the texts of their means of $-\\ln p$ over the chosen words of the text",
        code="asked / asked.sum(1, keepdims=True) / len(asked)",
        again="1 / (chosen[b, :T].sum() * len(ids))",
        of=lambda here, counts: 1 / here / len(counts),
    ),
    "sums": Form(
        words="the mean over the texts of their sums of $-\\ln p$ over the chosen words of the text",
        code="asked / len(asked)",
        again="1 / len(ids)",
        of=lambda here, counts: 1 / len(counts),
    ),
}


def loss(variant, E, P, ids, lengths, words, chosen):
    """The loss text by text, of tables that may be complex."""
    counts, total = [int(chosen[b, :n].sum()) for b, n in enumerate(lengths)], 0.0
    for b, n in enumerate(lengths):
        read = [
            variant.norm.of(E[ids[b, t]] + variant.scale * P[variant.place.of(t, n)], variant.eps) for t in range(n)
        ]
        around = variant.mix * sum(read) / n
        for t in np.flatnonzero(chosen[b, :n]):
            e = np.exp(variant.sharp * (E @ (read[t] + around)))
            total -= np.log(e[words[b, t]] / e.sum()) * variant.mean.of(counts[b], counts)
    return total
