"""Attention in pieces: how a key is scored, which places a query may look at, how weights are made of scores.

The code has a, which is W q_t, and k, the keys; s and p, a place and the one asked about; x, the exponentials.
"""

import numpy as np

from coursework.problem import Form, Mistake

PADDED = ("padded",)
ONE_LESS, LESS = ("(s < lengths", "(s < -1 + lengths"), "You left out the last place of a source."
FROM_1 = ("places[:, :, None]", "1 + places[:, :, None]")
COUNTED = Mistake("places from 1", "Places are counted from 0.", FROM_1)
NOWHERE = "A query that may look nowhere gets zeros."
EMPTY = (
    Mistake("0 / 0", f"{NOWHERE} Yours divides 0 by 0.", ("np.where(total == 0, 1, total)", "total"), only=PADDED),
    Mistake("all alike", f"{NOWHERE} Yours gets a mean.", ("np.exp(e), 0)", "np.exp(e), 1e-30)"), only=PADDED),
)
SCORES = {
    "product": Form(tex=r"(W q_t)^\top k_s", code="(a * k).sum(-1)", of=np.dot),
    "distance": Form(
        tex=r"\big(-\lVert W q_t - k_s \rVert^2\big)",
        code="-((a - k) ** 2).sum(-1)",
        of=lambda a, k: 2 * np.dot(a, k) - np.dot(a, a) - np.dot(k, k),
        mistakes=(
            Mistake("no minus", "The nearer a key, the larger its score: the minus is missing.", ("(-((a", "(((a")),
            Mistake("a root", "The distance is squared.", ("((a - k) ** 2).sum(-1)", "((a - k) ** 2).sum(-1) ** 0.5")),
        ),
    ),
    "network": Form(
        tex=r"\sum_i \tanh\big((W q_t + k_s)_i\big)",
        code="np.tanh(a + k).sum(-1)",
        of=lambda a, k: sum(1 - 2 / (1 + np.exp(2 * (a + k)))),
        mistakes=(
            Mistake(
                "sum first",
                "First the tanh of each entry, then the sum.",
                ("np.tanh(a + k).sum(-1)", "np.tanh((a + k).sum(-1))"),
            ),
            Mistake("mean", "The entries are added up, not averaged.", ("k).sum(-1)", "k).mean(-1)")),
        ),
    ),
}
WHERE = {  # `last`: whether the last place of all can be looked at
    "window": Form(
        tex=r"|s - p_t| \le «w»",
        code="abs(s - p) <= «w»",
        strict="abs(s - p) < «w»",
        of=lambda d, w: -w <= d <= w,
        last=True,
        mistakes=(COUNTED, Mistake("one less", LESS, ONE_LESS)),
    ),
    "before": Form(
        tex=r"s \le p_t - «w»",
        code="s - p <= -«w»",
        strict="s - p < -«w»",
        of=lambda d, w: d + w <= 0,
        last=False,
        mistakes=(COUNTED, Mistake("one less", LESS, ONE_LESS, only=PADDED)),
    ),
    "around": Form(
        tex=r"|s - p_t| \ge «w»",
        code="abs(s - p) >= «w»",
        strict="abs(s - p) > «w»",
        of=lambda d, w: d * d >= w * w,
        last=True,
        mistakes=(COUNTED, Mistake("one less", LESS, ONE_LESS)),
    ),
    "behind": Form(  # counted from 1, the edge is lost, as if the rule were strict
        tex=r"s \ge p_t + «w»",
        code="s - p >= «w»",
        strict="s - p > «w»",
        of=lambda d, w: d - w >= 0,
        last=True,
        mistakes=(Mistake("one less", LESS, ONE_LESS),),
    ),
}
SHARES = {
    "softmax": Form(
        tex=r"\alpha_{ts} = \frac{\exp e_{ts}}{\sum_u \exp e_{tu}}",
        words="",
        code="x / np.where(total == 0, 1, total)",
        again="x / x.sum()",
        of=lambda variant, others, e, d: 1 / others,
        mistakes=EMPTY,
    ),
    "rest": Form(
        tex=r"\alpha_{ts} = \frac{\exp e_{ts}}{«rest» + \sum_u \exp e_{tu}}",
        words=" So a part of the attention goes to nothing at all.",
        code="x / («rest» + total)",
        again="x / (x.sum() + «rest»)",
        of=lambda variant, others, e, d: 1 / (others + variant.rest * np.exp(-e)),
        mistakes=(Mistake("another rest", "The number beside the sum is «rest».", rest=1),),
    ),
    "faded": Form(
        tex=r"\alpha_{ts} = \frac{\exp e_{ts}}{\sum_u \exp e_{tu}}\, \exp\Big(-\frac{(s - p_t)^2}{«spread»}\Big)",
        words=" What has faded is not divided by its sum again.",
        code="x / np.where(total == 0, 1, total) * np.exp(-((s - p) ** 2) / «spread»)",
        again="x / x.sum() / np.exp((np.array(seen) - p) ** 2 / «spread»)",
        of=lambda variant, others, e, d: np.exp(-d * d / variant.spread) / others,
        mistakes=(
            *EMPTY,
            Mistake("not squared", "The distance is squared.", ("((s - p) ** 2)", "abs(s - p)")),
            Mistake("spread squared", "«spread» is not squared.", ("/ «spread»)", "/ «spread» ** 2)")),
            Mistake("sum of 1", "You divided by the sum again.", ("@ values", "/ weights.sum(-1)[..., None] @ values")),
        ),
    ),
}
