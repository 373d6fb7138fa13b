"""What becomes of words before they are read, in pieces: what replaces them, who reads them, and what the reader knows.

The code has `replaced` (V, V), how probably a word is replaced by what is read; `chosen` (V, V), as which word a chosen
one is read; `any_word` (V, V), as which one that may be chosen; s, a place, and t, that of the guess.
"""

from coursework.problem import Form, Mistake

TURNED = Mistake(
    "turned",
    "The table of replacements is the wrong way round: its rows are true words, its columns what is read.",
    ("replaced = «line.matrix»", "replaced = («line.matrix»).T"),
)
LINES = {  # what a word w is replaced by, of V words
    "any": Form(
        words="by any of the V words, all equally likely, itself included",
        matrix="np.full((V, V), 1 / V)",
        entry="1 / V",
        of=lambda w, v, V, often: 1 / V,
        mistakes=(),
    ),
    "others": Form(
        words="by any of the V - 1 other words, all equally likely",
        matrix="(1 - np.eye(V)) / (V - 1)",
        entry="(w != v) / (V - 1)",
        of=lambda w, v, V, often: 0.0 if w == v else 1 / (V - 1),
        mistakes=(
            Mistake(
                "shared by V",
                "There are V - 1 other words, not V.",
                ("replaced = «line.matrix»", "replaced = (1 - np.eye(V)) / V"),
            ),
        ),
    ),
    "next": Form(
        words="by the word with the next number, the last word by word 0",
        matrix="np.roll(np.eye(V), 1, axis=1)",
        entry="(v == (w + 1) % V)",
        of=lambda w, v, V, often: float(v - w in (1, 1 - V)),
        mistakes=(TURNED,),
    ),
    "frequent": Form(
        words="by a word drawn as words are on the whole, word v with the probability $\\sum_z P(z)\\, P(v \\mid z)$",
        matrix="np.tile(prior @ tables, (V, 1))",
        entry="sum(prior * tables[:, v])",
        of=lambda w, v, V, often: often[v],
        mistakes=(
            TURNED,
            Mistake(
                "topics alike",
                "Topics are not equally likely: words are drawn by P(z), too, where they replace others.",
                ("replaced = «line.matrix»", "replaced = np.tile(tables.mean(0), (V, 1))"),
            ),
        ),
    ),
}
READERS = {
    "others": Form(
        words="all other places",
        code="s != t",
        of=lambda s, t, w: s < t or s > t,
    ),
    "before": Form(
        words="the places before $t$",
        code="s < t",
        of=lambda s, t, w: s in range(t),
    ),
    "behind": Form(
        words="the places behind $t$",
        code="s > t",
        of=lambda s, t, w: t - s < 0,
    ),
    "near": Form(
        words="the places before $t$ and behind it that are at most «w» away from it",
        code="0 < abs(s - t) <= «w»",
        of=lambda s, t, w: s in range(t - w, t) or s in range(t + 1, t + w + 1),
    ),
}
KNOWS = {
    "chosen": Form(
        words="knows that the word at $t$ was chosen, but of no other word whether it was",
        own="chosen",
        again="chosen(w, read[t])",
        says="The reader knows that the word at t was chosen: then it was not just left alone.",
    ),
    "nothing": Form(
        words="does not know of any word whether it was chosen, that at $t$ included",
        own="any_word",
        again="(1 - «share») * (w == read[t]) + «share» * chosen(w, read[t])",
        says="The reader does not know that the word at t was chosen: it may well have been left alone.",
    ),
}
