"""Multi-head attention in pieces: which head reads which key, how it is scored, and which positions may be looked at.

The code has q, k (B, heads, T, d), of one head in `again` (T, d); t and s, the positions that ask and that are asked;
h, the number of a head, from 0; y, keys or values (B, key heads, T, d) and (key heads, T, d).
"""

import numpy as np

from coursework.problem import Form, Mistake

SHARES = {
    "neighbours": Form(
        words="The first $«group»$ heads ask the first set, the next $«group»$ the second, and so on",
        code="np.repeat(y, «group», 1)",
        again="h // «group»",
        of=lambda h, kv, group: h // group,
    ),
    "by turns": Form(
        words="They take turns: head $1$ asks the first set, head $2$ the second, and so on; when all $«kv»$ sets have "
        "had their turn, the next head asks the first one again",
        code="np.tile(y, (1, «group», 1, 1))",
        again="h % «kv»",
        of=lambda h, kv, group: h - kv * (h // kv),
    ),
}
SCORES = {
    "sloped": Form(
        tex=r"e_{its} = \frac{q_{it}^\top k_{is}}{\sqrt d} - «slope»\, i\, |t - s|",
        words="The farther away, the lower the score, most so in the last head.",
        code="q @ k.swapaxes(2, 3) / d**0.5 - «slope» * (h + 1) * abs(t - s)",
        again="q @ k.T / d**0.5 - «slope» * (h + 1) * abs(t - s)",
        of=lambda v, a, b, h, t, s: (a @ b) * len(a) ** -0.5 - v.slope * (h + 1) * max(t - s, s - t),
        mistakes=(
            Mistake("no root", "The product is divided by √d.", ("/ d**0.5 ", "")),
            Mistake("divided by d", "The product is divided by √d, not by d.", ("d**0.5", "d")),
            Mistake("heads from 0", "Heads are counted from 1: the first one has a slope, too.", ("(h + 1)", "h")),
            Mistake("one slope", "The slope grows with the number of the head.", ("(h + 1) *", "1 *")),
            Mistake(
                "uphill", "The farther away, the lower the score: the minus.", ("d**0.5 - «slope»", "d**0.5 + «slope»")
            ),
            Mistake(
                "no slope", "The distance lowers the score: it is missing.", (" - «slope» * (h + 1) * abs(t - s)", "")
            ),
        ),
    ),
    "capped": Form(
        tex=r"e_{its} = «cap» \tanh\Big(\frac{q_{it}^\top k_{is}}{«cap» \sqrt d}\Big)",
        words="No score is above $«cap»$.",
        code="«cap» * np.tanh(q @ k.swapaxes(2, 3) / d**0.5 / «cap»)",
        again="np.tanh(q @ k.T / («cap» * d**0.5)) * «cap»",
        of=lambda v, a, b, h, t, s: v.cap - 2 * v.cap / (1 + np.exp(2 * (a @ b) / v.cap * len(a) ** -0.5)),
        mistakes=(
            Mistake("no root", "The product is divided by √d.", ("/ d**0.5 ", "")),
            Mistake("divided by d", "The product is divided by √d, not by d.", ("d**0.5", "d")),
            Mistake(
                "no cap",
                "The tanh keeps the scores small: it is missing.",
                ("«cap» * np.tanh(", "("),
                (" / «cap»)", ")"),
            ),
            Mistake("cap outside alone", "«cap» stands inside the tanh as well.", (" / «cap»)", ")")),
            Mistake("cap inside alone", "«cap» stands before the tanh as well.", ("«cap» * np.tanh", "np.tanh")),
            Mistake(
                "clipped",
                "The tanh bends smoothly: nothing is clipped.",
                (
                    "«cap» * np.tanh(q @ k.swapaxes(2, 3) / d**0.5 / «cap»)",
                    "np.clip(q @ k.swapaxes(2, 3) / d**0.5, -«cap», «cap»)",
                ),
            ),
        ),
    ),
    "cosine": Form(
        tex=r"e_{its} = «sharp»\, \frac{q_{it}^\top k_{is}}{\lVert q_{it} \rVert\, \lVert k_{is} \rVert}",
        words="That is the cosine of the angle between them, times $«sharp»$.",
        code="«sharp» * (q / (q**2).sum(-1, keepdims=True) ** 0.5) "
        "@ (k / (k**2).sum(-1, keepdims=True) ** 0.5).swapaxes(2, 3)",
        again="q @ k.T / np.outer((q**2).sum(1) ** 0.5, (k**2).sum(1) ** 0.5) * «sharp»",
        of=lambda v, a, b, h, t, s: v.sharp * (a @ b) / np.hypot.reduce(a) / np.hypot.reduce(b),
        mistakes=(
            Mistake("and a root", "A cosine is not divided by √d as well.", ("«sharp» *", "«sharp» / d**0.5 *")),
            Mistake("no sharpening", "The cosine is multiplied by «sharp».", ("«sharp» *", "1.0 *")),
            Mistake(
                "keys as they are",
                "Keys are divided by their length, too.",
                ("(k / (k**2).sum(-1, keepdims=True) ** 0.5)", "k"),
            ),
            Mistake(
                "queries as they are",
                "Queries are divided by their length, too.",
                ("(q / (q**2).sum(-1, keepdims=True) ** 0.5)", "q"),
            ),
            Mistake(
                "squared length",
                "Divide by the length, which is a root.",
                ("(q**2).sum(-1, keepdims=True) ** 0.5", "(q**2).sum(-1, keepdims=True)"),
                ("(k**2).sum(-1, keepdims=True) ** 0.5", "(k**2).sum(-1, keepdims=True)"),
            ),
            Mistake(
                "plain product",
                "Queries and keys are divided by their lengths.",
                ("(q / (q**2).sum(-1, keepdims=True) ** 0.5)", "q"),
                ("(k / (k**2).sum(-1, keepdims=True) ** 0.5)", "k"),
            ),
        ),
    ),
}
PADDED = ("padded",)
MORE = ("(s < lengths", "(s <= lengths")
READ = Mistake(  # who looks back alone never meets the padding
    "padding read",
    "Beyond its length a sequence has no positions.",
    (" & (s < lengths[:, None, None, None])", ""),
    only=PADDED,
)
EDGE = "The rule says ≤: its edge belongs to it."
WHERE = {
    "window": Form(
        tex=r"|t - s| \le «w»",
        code="abs(t - s) <= «w»",
        slip="abs(t - s) < «w»",
        slip_says=EDGE,
        of=lambda t, s, w: s in range(t - w, t + w + 1),
        mistakes=(READ, Mistake("one more", "You read one position of the padding.", MORE, only=PADDED)),
    ),
    "blocks": Form(
        tex=r"\lfloor s / «w» \rfloor \le \lfloor t / «w» \rfloor",
        code="s // «w» <= t // «w»",
        slip="(s + 1) // «w» <= (t + 1) // «w»",
        slip_says="Positions are counted from 0: the first block has «w» of them.",
        of=lambda t, s, w: s < t - t % w + w,
        mistakes=(READ,),
    ),
    "strided": Form(
        tex=r"s \le t \ \text{and}\ t - s \ \text{is a multiple of}\ «w»",
        code="(s <= t) & ((t - s) % «w» == 0)",
        slip="(s <= t) & (s % «w» == 0) | (s == t)",
        slip_says="Distances are multiples of «w», not positions.",
        of=lambda t, s, w: s in range(t, -1, -w),
        mistakes=(),
    ),
    "anchored": Form(
        tex=r"0 \le t - s \le «w» \ \text{or}\ s = 0",
        code="(s <= t) & ((t - s <= «w») | (s == 0))",
        slip="(s <= t) & ((t - s < «w») | (s == 0))",
        slip_says=EDGE,
        of=lambda t, s, w: s == 0 or s in range(t - w, t + 1),
        mistakes=(),
    ),
}
