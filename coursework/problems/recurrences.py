"""Linear recurrences in pieces: how a factor is made, what enters, what a piece begins from, continuous time.

The code of factors has `s`, the sum of a step, and that of what enters `a`, the factor, and `v`, the value; `inside` is
a factor whose constant stands at the sum. The code of what a piece begins from has `h`, the state before, and `h0`. The
code of a rule has `delta` and `A`, `a_bar` and `b_bar`, what it makes of them, and the gradients with respect to both,
`da_bar` and `db_bar`.
"""

import numpy as np

from coursework.problem import Form, Mistake

DECAYS = {
    "power": Form(
        tex=r"\sigma(s_t)^{«c»}",
        code="(1 / (1 + np.exp(-s))) ** «c»",
        again="np.exp(-«c» * np.log1p(np.exp(-s)))",
        inside="1 / (1 + np.exp(-«c» * s))",
        outside="The power is taken of the gate, and not of the sum: its exponent stands outside of σ.",
        of=lambda s, c: np.exp(-c * np.logaddexp(0, -s)),
    ),
    "step": Form(
        tex=r"\exp\!\big({-«c»} \ln(1 + \mathrm{e}^{s_t})\big)",
        code="np.exp(-«c» * np.log(1 + np.exp(s)))",
        again="(1 + np.exp(s)) ** -«c»",
        inside="1 / (1 + np.exp(«c» * s))",
        outside="The constant multiplies the logarithm, and not the sum: it stands outside of ln.",
        of=lambda s, c: np.exp(-c * np.logaddexp(0, s)),
    ),
    "signed": Form(
        tex=r"«c» \tanh(s_t)",
        code="«c» * np.tanh(s)",
        again="«c» * (1 - 2 / (np.exp(2 * s) + 1))",
        inside="np.tanh(«c» * s)",
        outside="The constant multiplies the tanh, and not the sum: it stands outside of tanh.",
        of=lambda s, c: c * np.sinh(s) / np.cosh(s),
    ),
}
INPUTS = {
    "rest": Form(tex=r"(1 - a_t) \odot v_t", code="(1 - a) * v", again="v - a * v", of=lambda a: 1 - a),
    "root": Form(
        tex=r"\sqrt{1 - a_t \odot a_t} \odot v_t",
        code="np.sqrt(1 - a**2) * v",
        again="((1 - a) * (1 + a)) ** 0.5 * v",
        of=lambda a: np.sqrt(1 - a * a),
    ),
    "square": Form(
        tex=r"(1 - a_t \odot a_t) \odot v_t",
        code="(1 - a**2) * v",
        again="v - a * a * v",
        of=lambda a: (1 - a) * (1 + a),
    ),
}
BEFORE = "before = np.where(starts[:, t, None], fresh, h)"
NOT_MULTIPLIED = Mistake(  # where it begins from 0, nobody sees that
    "not multiplied",
    "What a piece begins from is the state before its first step, which multiplies it by a.",
    ("h = a[:, t] * before", "h = np.where(starts[:, t, None], 1, a[:, t]) * before"),
    only=("several pieces",),
)
ANOTHER_SHARE = Mistake(
    "share of another factor",
    "What enters has its share by a as it is made of x. A mark changes only what multiplies the state.",
    ("a = «decay.code»", "a = np.where(starts[..., None], «start.times», 1) * («decay.code»)"),
    (BEFORE, "before = h"),
    only=("several pieces",),
)
STARTS = {  # what a new piece begins from; `was` is the state before, `times` what a scan multiplies the factor by
    "nothing": Form(
        words="the piece begins from 0",
        code="np.zeros_like(h)",
        scan="a = np.where(new, 0, a)",
        times="0",
        of=lambda was, h0, keep: 0 * was,
        mistakes=[ANOTHER_SHARE],
    ),
    "given": Form(
        words="the piece begins from the `h0` of its row, as the first one does",
        code="h0",
        scan="a, b = np.where(new, 0, a), np.where(new, b + a * h0[:, None], b)",
        of=lambda was, h0, keep: h0,
        mistakes=[NOT_MULTIPLIED],
    ),
    "share": Form(
        words="the piece begins from «keep» times the last state of the piece before it",
        code="«keep» * h",
        scan="a = np.where(new, «keep» * a, a)",
        times="«keep»",
        of=lambda was, h0, keep: keep * was,
        mistakes=[NOT_MULTIPLIED, ANOTHER_SHARE],
    ),
}
FLAT = "An exponential is still there in its own slope: ā is missing in the slope of ā with respect to "
OF_DELTA, OF_A = ("da_bar * A * a_bar", "da_bar * A"), ("da_bar * delta * a_bar", "da_bar * delta")
ONE_SLOPE = [Mistake("slope by Δ", FLAT + "Δ.", OF_DELTA), Mistake("slope by A", FLAT + "A.", OF_A)]
BOTH_SLOPES = Mistake("both slopes", FLAT + "Δ and A.", OF_DELTA, OF_A)
RATES = {
    "exp": Form(tex=r"-\mathrm{e}^{\alpha}", code="-np.exp(alpha)", slope="A", of=lambda alpha: -np.exp(alpha)),
    "softplus": Form(
        tex=r"-\ln(1 + \mathrm{e}^{\alpha})",
        code="-np.log(1 + np.exp(alpha))",
        slope="-1 / (1 + np.exp(-alpha))",
        of=lambda alpha: -np.log(1 + np.exp(alpha)),
    ),
    "square": Form(tex=r"-\alpha^2", code="-(alpha**2)", slope="-2 * alpha", of=lambda alpha: -alpha * alpha),
}
RULES = {
    "hold": Form(
        tex=r"\bar a = \mathrm{e}^{\Delta A}, \qquad \bar b = «enters»\, \frac{\mathrm{e}^{\Delta A} - 1}{A}",
        a="np.exp(delta * A)",
        b="«enters» * (np.exp(delta * A) - 1) / A",
        by_delta="da_bar * A * a_bar + db_bar * «enters» * a_bar",
        by_A="da_bar * delta * a_bar + db_bar * («enters» * delta * a_bar - b_bar) / A",
        of=lambda d, A, B: (np.exp(d * A), B * (np.exp(d * A) - 1) / A),
        mistakes=[*ONE_SLOPE, BOTH_SLOPES],
    ),
    "euler": Form(
        tex=r"\bar a = 1 + \Delta A, \qquad \bar b = «enters»\, \Delta",
        a="1 + delta * A",
        b="«enters» * delta",
        by_delta="da_bar * A + db_bar * «enters»",
        by_A="da_bar * delta",
        of=lambda d, A, B: (1 + d * A, B * d),
    ),
    "mixed": Form(
        tex=r"\bar a = \mathrm{e}^{\Delta A}, \qquad \bar b = «enters»\, \Delta",
        a="np.exp(delta * A)",
        b="«enters» * delta",
        by_delta="da_bar * A * a_bar + db_bar * «enters»",
        by_A="da_bar * delta * a_bar",
        of=lambda d, A, B: (np.exp(d * A), B * d),
        mistakes=ONE_SLOPE,  # after one step both slips look like the rule of Euler
    ),
    "bilinear": Form(
        tex=r"\bar a = \frac{2 + \Delta A}{2 - \Delta A}, \qquad \bar b = «enters»\, \frac{2 \Delta}{2 - \Delta A}",
        a="(2 + delta * A) / (2 - delta * A)",
        b="2 * «enters» * delta / (2 - delta * A)",
        by_delta="(da_bar * 4 * A + db_bar * 4 * «enters») / (2 - delta * A) ** 2",
        by_A="(da_bar * 4 * delta + db_bar * 2 * «enters» * delta**2) / (2 - delta * A) ** 2",
        of=lambda d, A, B: ((2 + d * A) / (2 - d * A), 2 * B * d / (2 - d * A)),
    ),
}
