"""The gradient of a table in which words are looked up, and with which they are scored, and of that of the places."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..embedded import BY_POSITION, MEANS, PLACED, WRONG_ROW, loss
from ..streams import NORMS

RIGHT = """\
def table_gradient(E, P, ids, lengths, words, chosen):
    ### BEGIN SOLUTION
    T = ids.shape[1]
    real = np.arange(T) < lengths[:, None]
    ids, words = np.where(real, ids, 0), np.where(real, words, 0)
    asked = chosen & real
    row = np.where(real, «place.code», 0)
    u = E[ids] + «scale» * P[row]
    c = «norm.centred»
    r = «norm.root»
    n = np.where(real[..., None], c / r, 0)
    h = n + «mix» * n.sum(1, keepdims=True) / lengths[:, None, None]
    p = np.exp(«sharp» * h @ E.T)
    p = p / p.sum(-1, keepdims=True)
    counts = «mean.code»
    do = «sharp» * counts[..., None] * (p - np.eye(len(E))[words])
    dh = do @ E
    dn = dh + «mix» * dh.sum(1, keepdims=True) / lengths[:, None, None]
    dn = np.where(real[..., None], dn, 0)
    du = «norm.back»
    dE, dP = np.einsum("btv,btd->vd", do, h), np.zeros(P.shape)
    np.add.at(dE, ids, du)
    np.add.at(dP, row, «scale» * du)
    return dE, dP
    ### END SOLUTION
"""
PADDED = ("padded",)
NORMALISED = "u is normalised otherwise: read N."
MEAN = "The mean is taken over something else: read the loss."
HEAD = "That is what comes from the words that are looked up. E also gives the scores."
LOOKED_UP = "That is what comes from the scores. The words that are looked up are rows of E, too."
LOST = "Where a row is looked up more than once, only one of its gradients is kept: add them up, with np.add.at."
LOOKS = ("np.add.at(dE, ids, du)", "np.add.at(dP, row, «scale» * du)")
BACK = " + «mix» * dh.sum(1, keepdims=True) / lengths[:, None, None]"
FORTH = " + «mix» * n.sum(1, keepdims=True) / lengths[:, None, None]"
ASKED = "p - np.eye(len(E))[words]"


class TableGradient(Problem):
    """Drawn: the norm and its ε, which row a place has, the mean of the loss, and three factors."""

    name = "table_gradient"
    parts = (
        Part("equally long", 2, "all texts have T positions"),
        Part("padded", 3, "the texts differ in length"),
    )
    forms = {"norm": NORMS, "place": PLACED, "mean": MEANS}
    says = {
        "norm": "«norm.tex»",
        "place": "«place.tex»",
        "mean": "«mean.words»",
        "scale": "«scale»",
        "mix": "«mix»",
        "sharp": "«sharp»",
    }
    right = (RIGHT, BY_POSITION)
    known = (
        Mistake("another norm", NORMALISED, norm="«norm.other»"),
        Mistake("a third norm", NORMALISED, norm="«norm.other.other»"),
        Mistake("another row", WRONG_ROW, place="«place.other»"),
        Mistake("a third row", WRONG_ROW, place="«place.other.other»"),
        Mistake("a fourth row", WRONG_ROW, place="«place.other.other.other»"),
        Mistake("another mean", MEAN, mean="«mean.other»"),
        Mistake("a third mean", MEAN, mean="«mean.other.other»"),
        Mistake("no ε", "What u is divided by has «eps» in it.", eps=0.0),
        Mistake("no scale", "P is multiplied by «scale».", scale=1.0),
        Mistake("no scale back", "P is multiplied by «scale» on the way back, too.", ("row, «scale» * du", "row, du")),
        Mistake("no mix", "h has «mix» times the mean of all n of the text in it.", mix=0.0),
        Mistake("no mix back", "Every n of a text is in every h of it: add what comes from the others.", (BACK, "")),
        Mistake("not sharp", "The scores are multiplied by «sharp».", sharp=1.0),
        Mistake(
            "not sharp back",
            "The scores are multiplied by «sharp»: so is what comes back.",
            ("do = «sharp» * ", "do = "),
        ),
        Mistake("no head", HEAD, ('np.einsum("btv,btd->vd", do, h)', "np.zeros(E.shape)")),
        Mistake("head alone", LOOKED_UP, ("    np.add.at(dE, ids, du)\n", "")),
        Mistake("words lost", LOST, (LOOKS[0], "dE[ids] += du")),
        Mistake("places lost", LOST, (LOOKS[1], "dP[row] += «scale» * du")),
        Mistake("both lost", LOST, (LOOKS[0], "dE[ids] += du"), (LOOKS[1], "dP[row] += «scale» * du")),
        Mistake(
            "answers looked up", "What is looked up are the ids that are read.", (LOOKS[0], "np.add.at(dE, words, du)")
        ),
        Mistake("ids asked", "What is asked for are `words`.", (ASKED, ASKED.replace("words", "ids"))),
        Mistake(
            "turned over",
            "The gradient of a score is p less 1 at the right word.",
            (ASKED, "np.eye(len(E))[words] - p"),
        ),
        Mistake("all asked", "Only the chosen words are asked for.", ("chosen & real", "real")),
        Mistake("order", "The gradient with respect to E comes first.", ("return dE, dP", "return dP, dE")),
        Mistake("one alone", "Two gradients are asked for.", ("return dE, dP", "return dE")),
        Mistake(
            "mean over T",
            "The mean is over the positions that a text has.",
            (FORTH, FORTH.replace("lengths[:, None, None]", "T")),
            (BACK, BACK.replace("lengths[:, None, None]", "T")),
            only=PADDED,
        ),
        Mistake("padding asked", "Nothing is asked for in the padding.", ("chosen & real", "chosen"), only=PADDED),
        Mistake(
            "padding read",
            "Nothing is read in the padding.",
            ("n = np.where(real[..., None], c / r, 0)", "n = c / r"),
            ("dn = np.where(real[..., None], dn, 0)", "dn = 1 * dn"),
            only=PADDED,
        ),
    )

    def constants(self, rng, variant):
        apart = range(400, 850), range(1200, 1700)
        scale, sharp = number(rng, *apart, per=1000), number(rng, *apart, per=1000)
        mix, eps = number(rng, range(300, 800), per=1000), number(rng, range(200, 700), per=1000)
        return {"scale": scale, "sharp": sharp, "mix": mix, "eps": eps}

    def case(self, variant, part, rng):
        B, T, D, V = 3, int(rng.integers(7, 9)), int(rng.integers(3, 5)), int(rng.integers(5, 7))
        lengths = np.full(B, T)
        if part == "padded":
            lengths = rng.permutation([T, T - 1, T - 3])
        chosen = rng.random((B, T)) < 0.3
        chosen[:, 0], chosen[:, 1], chosen[:, 2] = True, [False, True, True], [False, False, True]
        chosen[:, -1] = True  # in the padding as well
        E, P = rng.normal(0.3, 1, (V, D)), rng.normal(size=(T + 2, D))
        return E, P, rng.integers(V, size=(B, T)), lengths, rng.integers(V, size=(B, T)), chosen

    def oracle(self, variant, E, P, ids, lengths, words, chosen):
        """By the complex step, entry by entry."""
        found = []
        for which, table in enumerate((E, P)):
            out = np.empty_like(table)
            for place in np.ndindex(table.shape):
                moved = table.astype(complex)
                moved[place] += 1e-30j
                given = (moved, P) if which == 0 else (E, moved)
                out[place] = loss(variant, *given, ids, lengths, words, chosen).imag / 1e-30
            found.append(out)
        return tuple(found)
