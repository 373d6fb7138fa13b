"""A loss that punishes too low and too high differently, with its gradient."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number
from seqlib.gradcheck import complex_step

COST = {  # of an error, with its slope, twice; "smooth" lets complex numbers through; a slip is of the slope
    "absolute": Form(
        tex="|e|",
        code="np.abs(e)",
        slope="np.sign(e)",
        again="np.maximum(e, -e)",
        slope_again="np.where(e > 0, 1.0, -1.0)",
        smooth=lambda e: np.sqrt(e**2),
        other="square",
        slip="1.0",
        slip_says="In the gradient the sign of the error is missing: |e| falls where e < 0.",
    ),
    "log-cosh": Form(
        tex=r"\log \cosh e",
        code="np.log(np.cosh(e))",
        slope="np.tanh(e)",
        again="(np.logaddexp(e, -e) - np.log(2))",
        slope_again="(1 - 2 / (1 + np.exp(2 * e)))",
        smooth=lambda e: np.log(np.cosh(e)),
        other="pseudo-Huber",
        slip="1 / np.cosh(e)",
        slip_says="In the gradient the derivative of the cosh is missing.",
    ),
    "pseudo-Huber": Form(
        tex=r"\sqrt{1 + e^2} - 1",
        code="(np.sqrt(1 + e**2) - 1)",
        slope="e / np.sqrt(1 + e**2)",
        again="(np.hypot(1, e) - 1)",
        slope_again="np.sin(np.arctan(e))",
        smooth=lambda e: np.sqrt(1 + e**2) - 1,
        other="log-cosh",
        slip="0.5 / np.sqrt(1 + e**2)",
        slip_says="In the gradient the derivative of the square under the root is missing.",
    ),
    "square": Form(
        tex="e^2",
        code="e**2",
        slope="2 * e",
        again="e * e",
        slope_again="(e + e)",
        smooth=lambda e: e**2,
        other="absolute",
        slip="e",
        slip_says="In the gradient the 2 of the square is missing.",
    ),
}
MEAN = {  # the number that each cost is divided by, and the mean of the rows of costs
    "places": Form(
        says="the mean of these costs over all places where `mask` is True",
        code="mask.sum()",
        of=lambda rows: np.mean(np.concatenate(rows)),
        message="You took the mean of the sequences' means. Here each place counts the same.",
    ),
    "sequences": Form(
        says="a mean of means: for each sequence the mean of its costs over the places where `mask` is True, and then "
        "the mean of these B numbers",
        code="len(mask) * mask.sum(axis=1, keepdims=True)",
        of=lambda rows: np.mean([np.mean(row) for row in rows]),
        message="You took one mean over all places. Here each sequence counts the same, however long it is.",
    ),
}
RIGHT = """\
def quantile_loss(prediction, target, mask):
    ### BEGIN SOLUTION
    e = target - prediction
    w = np.where(e > 0, «low», «high»)
    n = «mean.code»
    loss = (w * «cost.code» * mask / n).sum()
    gradient = -w * «cost.slope» * mask / n
    return loss, gradient
    ### END SOLUTION
"""
PLACE_BY_PLACE = """\
def quantile_loss(prediction, target, mask):
    n, gradient, losses = np.zeros(mask.shape) + «mean.code», np.zeros(mask.shape), []
    for place in np.argwhere(mask):
        place = tuple(place)
        e = prediction[place] - target[place]
        weight = («high» if e > 0 else «low») / n[place]
        losses.append(weight * «cost.again»)
        gradient[place] = weight * «cost.slope_again»
    return [np.sum(losses), gradient]
"""
GRADIENT, N = "-w * «cost.slope» * mask / n\n", "n = «mean.code»\n"
TURNED = "The error is target minus prediction; you took it the other way round."
SIGN = "The gradient has the wrong sign: the prediction enters the error with a minus."
ALIKE = "You punish both sides alike. Too low and too high have different weights."
SWAPPED = "The two weights are swapped: which one goes with a prediction that is too low?"
OF_SUM = "The loss is right. Its gradient is that of a sum, but the loss is a mean."
OF_OTHER = "The loss is right. The gradient is that of another cost."
BY_ALL = "You divided by all places. Divide by the number of those that count."
EVERYWHERE, MASKED = "You counted places that mask leaves out.", ("masked",)


class QuantileLoss(Problem):
    """Drawn: the cost of an error, the mean, and the weights of too low and too high."""

    name = "quantile_loss"
    parts = (
        Part("full", 3, "mask is True everywhere"),
        Part("masked", 2, "mask is False at some places; prediction and target hold rubbish there"),
    )
    forms = {"cost": COST, "mean": MEAN}
    says = {"low": "«low»", "high": "«high»", "cost": "«cost.tex»", "mean": "«mean.says»"}
    right = (RIGHT, PLACE_BY_PLACE)
    known = (
        Mistake("error turned", TURNED, ("e = target - prediction", "e = prediction - target")),
        Mistake("gradient's sign", SIGN, (GRADIENT, "w * «cost.slope» * mask / n\n")),
        Mistake("sum", "You took the sum. The loss is a mean.", (N, "n = 1\n")),
        Mistake("gradient of the sum", OF_SUM, (GRADIENT, "-w * «cost.slope» * mask\n")),
        Mistake("both sides alike", ALIKE, ("np.where(e > 0, «low», «high»)", "«low»")),
        Mistake("weights swapped", SWAPPED, low="«high»", high="«low»"),
        Mistake("another cost", "You took another cost than the one asked for.", cost="«cost.other»"),
        Mistake("slope of another cost", OF_OTHER, (GRADIENT, "-w * «cost.other.slope» * mask / n\n")),
        Mistake("slip", "The loss is right. «cost.slip_says»", (GRADIENT, "-w * «cost.slip» * mask / n\n")),
        Mistake("another mean", "«mean.message»", mean="«mean.other»", only=MASKED),
        Mistake("divided by all", BY_ALL, (N, "n = mask.size\n"), only=MASKED),
        Mistake(
            "not masked", "Where mask is False the gradient is 0.", ("«cost.slope» * mask", "«cost.slope»"), only=MASKED
        ),
        Mistake("mask ignored", EVERYWHERE, (N, "mask = mask | True; n = «mean.code»\n"), only=MASKED),
    )

    def constants(self, rng, variant):
        weights = number(rng, range(1000, 4000), per=1000), number(rng, range(5000, 9000), per=1000)
        low, high = weights if rng.random() < 0.5 else weights[::-1]
        return {"low": low, "high": high}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 5)), int(rng.integers(5, 8))
        prediction, target = rng.normal(size=(2, B, T))
        if part == "full":
            return prediction, target, np.ones((B, T), dtype=bool)
        mask = np.arange(T) < rng.permutation(np.arange(2, 2 + B))[:, None]
        return np.where(mask, prediction, -9.0), np.where(mask, target, 7.0), mask

    def oracle(self, variant, prediction, target, mask):
        def loss(p):
            rows = [row[there] for row, there in zip(target - p, mask, strict=True)]
            weights = [[variant.low if e.real > 0 else variant.high for e in row] for row in rows]
            return variant.mean.of([w * variant.cost.smooth(row) for w, row in zip(weights, rows, strict=True)])

        return loss(prediction), complex_step(loss, prediction)
