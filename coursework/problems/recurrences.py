"""Linear recurrences in pieces: how a factor is made, what enters, and how a step is made of continuous time.

The code of factors has `s`, the sum of a step, and that of what enters `a`, the factor, and `v`, the value. The code of
a rule has `delta` and `A`, `a_bar` and `b_bar`, what it makes of them, and the gradients with respect to both, `da_bar`
and `db_bar`.
"""

import numpy as np

from coursework.problem import Form

DECAYS = {
    "power": Form(
        tex=r"\sigma(s_t)^{«c»}",
        code="(1 / (1 + np.exp(-s))) ** «c»",
        again="np.exp(-«c» * np.log1p(np.exp(-s)))",
        of=lambda s, c: np.exp(-c * np.logaddexp(0, -s)),
    ),
    "step": Form(
        tex=r"\exp\!\big({-«c»} \ln(1 + \mathrm{e}^{s_t})\big)",
        code="np.exp(-«c» * np.log(1 + np.exp(s)))",
        again="(1 + np.exp(s)) ** -«c»",
        of=lambda s, c: np.exp(-c * np.logaddexp(0, s)),
    ),
    "signed": Form(
        tex=r"«c» \tanh(s_t)",
        code="«c» * np.tanh(s)",
        again="«c» * (1 - 2 / (np.exp(2 * s) + 1))",
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
        tex=r"\bar A = \mathrm{e}^{\Delta A}, \qquad \bar B = «enters»\, \frac{\mathrm{e}^{\Delta A} - 1}{A}",
        a="np.exp(delta * A)",
        b="«enters» * (np.exp(delta * A) - 1) / A",
        by_delta="da_bar * A * a_bar + db_bar * «enters» * a_bar",
        by_A="da_bar * delta * a_bar + db_bar * («enters» * delta * a_bar - b_bar) / A",
        of=lambda d, A, B: (np.exp(d * A), B * (np.exp(d * A) - 1) / A),
    ),
    "euler": Form(
        tex=r"\bar A = 1 + \Delta A, \qquad \bar B = «enters»\, \Delta",
        a="1 + delta * A",
        b="«enters» * delta",
        by_delta="da_bar * A + db_bar * «enters»",
        by_A="da_bar * delta",
        of=lambda d, A, B: (1 + d * A, B * d),
    ),
    "mixed": Form(
        tex=r"\bar A = \mathrm{e}^{\Delta A}, \qquad \bar B = «enters»\, \Delta",
        a="np.exp(delta * A)",
        b="«enters» * delta",
        by_delta="da_bar * A * a_bar + db_bar * «enters»",
        by_A="da_bar * delta * a_bar",
        of=lambda d, A, B: (np.exp(d * A), B * d),
    ),
    "bilinear": Form(
        tex=r"\bar A = \frac{2 + \Delta A}{2 - \Delta A}, \qquad \bar B = «enters»\, \frac{2 \Delta}{2 - \Delta A}",
        a="(2 + delta * A) / (2 - delta * A)",
        b="2 * «enters» * delta / (2 - delta * A)",
        by_delta="(da_bar * 4 * A + db_bar * 4 * «enters») / (2 - delta * A) ** 2",
        by_A="(da_bar * 4 * delta + db_bar * 2 * «enters» * delta**2) / (2 - delta * A) ** 2",
        of=lambda d, A, B: ((2 + d * A) / (2 - d * A), 2 * B * d / (2 - d * A)),
    ),
}
