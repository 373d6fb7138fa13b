"""The graded problems of chapter 2: three families, each drawn by the secret of a course."""

import numpy as np
from seqlib.coursework.problem import Experiment, Part, Problem, Wrong, edited

PHI = {
    "arctan": ("np.arctan({z})", r"\arctan(z)"),
    "softsign": ("({z}) / (1 + np.abs({z}))", r"\frac{z}{1 + |z|}"),
    "tanh": ("np.tanh({z})", r"\tanh(z)"),
}


class LeakyStep(Problem):
    """One step of a recurrent network that keeps a share of its state."""

    name = "leaky_step"
    signature = "leaky_step(x, h, W_xh, W_hh, b_h)"
    parts = (
        Part("batch", 3, "x has shape (B, D) and h (B, H)"),
        Part("one sequence", 2, "x has shape (D,) and h (H,); the answer has shape (H,)"),
    )

    def draw(self, rng):
        share = int(rng.choice([*range(150, 430), *range(570, 850)])) / 1000
        return {"phi": str(rng.choice(sorted(PHI))), "share": share, "scale": int(rng.integers(550, 850)) / 500}

    def text(self, variant):
        numbers = {
            "share": f"{variant['share']:g}",
            "kept": f"{1 - variant['share']:g}",
            "scale": f"{variant['scale']:g}",
        }
        return numbers | {"phi": PHI[variant["phi"]][1]}

    def case(self, variant, part, rng):
        D, H, B = int(rng.integers(2, 4)), int(rng.integers(4, 6)), int(rng.integers(2, 4))
        lead = (B,) if part == "batch" else ()
        shapes = [(*lead, D), (*lead, H), (H, D), (H, H), (H,)]
        return tuple(rng.normal(size=shape) for shape in shapes)

    def oracle(self, variant, x, h, W_xh, W_hh, b_h):
        out = np.empty_like(h)
        for i in np.ndindex(h.shape):
            z = sum(W_xh[i[-1], j] * x[(*i[:-1], j)] for j in range(W_xh.shape[1]))
            z += sum(W_hh[i[-1], k] * h[(*i[:-1], k)] for k in range(W_hh.shape[1])) + b_h[i[-1]]
            z *= variant["scale"]
            phi = {"arctan": np.arctan(z), "softsign": z / (1 + abs(z)), "tanh": np.tanh(z)}[variant["phi"]]
            out[i] = h[i] + variant["share"] * (phi - h[i])
        return out

    def solutions(self, variant):
        a, s, phi = variant["share"], variant["scale"], PHI[variant["phi"]][0]
        first = f"""\
def leaky_step(x, h, W_xh, W_hh, b_h):
    ### BEGIN SOLUTION
    z = x @ W_xh.T + h @ W_hh.T + b_h
    z = {s} * z
    return (1 - {a}) * h + {a} * {phi.format(z="z")}
    ### END SOLUTION
"""
        second = f"""\
def leaky_step(x, h, W_xh, W_hh, b_h):
    xs, hs = np.atleast_2d(x), np.atleast_2d(h)
    rows = []
    for one_x, one_h in zip(xs, hs):
        z = np.hstack([W_xh, W_hh, b_h[:, None]]) @ np.concatenate([one_x, one_h, [1.0]])
        new = {phi.format(z=f"{s} * z")}
        rows.append(one_h + {a} * (new - one_h))
    return rows[0] if np.ndim(x) == 1 else np.stack(rows)
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("batch", "one sequence")
        a, s = variant["share"], variant["scale"]
        phi = PHI[variant["phi"]][0].format(z="z")
        end, scaled = f"return (1 - {a}) * h + {a} * {phi}", f"    z = {s} * z\n"
        return [
            Wrong(
                "shares swapped",
                edited(right, (end, f"return {a} * h + (1 - {a}) * {phi}")),
                "The two shares are swapped: which one keeps the old state?",
                both,
            ),
            Wrong("no scale", edited(right, (scaled, "")), "The factor inside the activation is missing.", both),
            Wrong(
                "scale outside",
                edited(right, (scaled, ""), (end, f"return (1 - {a}) * h + {a} * {s} * {phi}")),
                "The factor belongs inside the activation, not before it.",
                both,
            ),
            Wrong("no bias", edited(right, (" + b_h", "")), "The bias is missing.", both),
            Wrong(
                "transposed",
                edited(right, ("h @ W_hh.T", "h @ W_hh")),
                "W_hh is used transposed: row i belongs to the unit i that is computed.",
                both,
            ),
            Wrong(
                "no leak",
                edited(right, (end, f"return {phi}")),
                "That is the plain step. A share of the old state stays.",
                both,
            ),
            Wrong(
                "share forgotten",
                edited(right, (end, f"return (1 - {a}) * h + {phi}")),
                "The new part has to be weighed too: the shares add up to 1.",
                both,
            ),
            Wrong(
                "no recurrence",
                edited(right, (" + h @ W_hh.T", "")),
                "The old state does not enter the activation: W_hh is missing.",
                both,
            ),
            Wrong(
                "an axis too many",
                edited(right, ("+ b_h\n", "+ b_h[None, :]\n")),
                "For one sequence the answer has shape (H,), without an axis for the batch.",
                ("one sequence",),
            ),
        ]


class QuantileLoss(Problem):
    """A loss that punishes too low and too high differently, with its gradient."""

    name = "quantile_loss"
    signature = "quantile_loss(prediction, target, mask)"
    parts = (
        Part("full", 3, "mask is True everywhere"),
        Part("masked", 2, "mask is False at some places; prediction and target hold rubbish there"),
    )

    def draw(self, rng):
        costs = [int(rng.integers(1000, 4000)) / 1000, int(rng.integers(5000, 9000)) / 1000]
        low, high = costs if rng.random() < 0.5 else costs[::-1]
        return {"low": low, "high": high}

    def text(self, variant):
        return {name: f"{cost:g}" for name, cost in variant.items()}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 5)), int(rng.integers(5, 8))
        prediction, target = rng.normal(size=(2, B, T))
        mask = np.ones((B, T), dtype=bool)
        if part == "masked":
            mask = np.arange(T) < rng.permutation(np.arange(2, 2 + B))[:, None]
            target = np.where(mask, target, 7.0)
        return prediction, target, mask

    def oracle(self, variant, prediction, target, mask):
        loss, gradient = 0.0, np.zeros_like(prediction)
        for i in zip(*np.nonzero(mask), strict=True):
            low = target[i] > prediction[i]
            loss += abs(target[i] - prediction[i]) * variant["low" if low else "high"]
            gradient[i] = -variant["low"] if low else variant["high"]
        return loss / mask.sum(), gradient / mask.sum()

    def solutions(self, variant):
        low, high = variant["low"], variant["high"]
        first = f"""\
def quantile_loss(prediction, target, mask):
    ### BEGIN SOLUTION
    e = target - prediction
    n = mask.sum()
    each = np.maximum({low} * e, -{high} * e)
    loss = (each * mask).sum() / n
    gradient = np.where(e > 0, -{low}, {high}) * mask / n
    return loss, gradient
    ### END SOLUTION
"""
        second = f"""\
def quantile_loss(prediction, target, mask):
    rows, cols = np.where(mask)
    gap = (target - prediction)[rows, cols]
    weight = np.where(gap > 0, {low}, {high})
    gradient = np.zeros(prediction.shape)
    gradient[rows, cols] = -np.sign(gap) * weight / len(gap)
    return [np.mean(weight * np.abs(gap)), gradient]
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("full", "masked")
        low, high = variant["low"], variant["high"]
        gradient = f"np.where(e > 0, -{low}, {high}) * mask / n"
        return [
            Wrong(
                "error turned",
                edited(right, ("e = target - prediction", "e = prediction - target")),
                "The error is target minus prediction; you took it the other way round.",
                both,
            ),
            Wrong(
                "gradient's sign",
                edited(right, (gradient, f"np.where(e > 0, {low}, -{high}) * mask / n")),
                "The gradient has the wrong sign: it is by the prediction, which enters with a minus.",
                both,
            ),
            Wrong(
                "sum",
                edited(right, (".sum() / n\n    grad", ".sum()\n    grad"), (" * mask / n\n", " * mask\n")),
                "You took the sum. The loss is a mean.",
                both,
            ),
            Wrong(
                "gradient of the sum",
                edited(right, (" * mask / n\n", " * mask\n")),
                "The loss is right. Its gradient has to be divided by the number of places as well.",
                both,
            ),
            Wrong(
                "both sides alike",
                edited(
                    right,
                    (f"np.maximum({low} * e, -{high} * e)", f"{low} * np.abs(e)"),
                    (gradient, f"-np.sign(e) * {low} * mask / n"),
                ),
                "You punish both sides alike. Too low and too high have different weights.",
                both,
            ),
            Wrong(
                "weights swapped",
                edited(
                    right,
                    (f"np.maximum({low} * e, -{high} * e)", f"np.maximum({high} * e, -{low} * e)"),
                    (gradient, f"np.where(e > 0, -{high}, {low}) * mask / n"),
                ),
                "The two weights are swapped: which one goes with a prediction that is too low?",
                both,
            ),
            Wrong(
                "divided by all",
                edited(right, ("n = mask.sum()", "n = mask.size")),
                "You divided by all places. Divide by the number of those that count.",
                ("masked",),
            ),
            Wrong(
                "gradient not masked",
                edited(right, (gradient, gradient.replace(" * mask", ""))),
                "Where mask is False the gradient is 0.",
                ("masked",),
            ),
            Wrong(
                "mask ignored",
                edited(right, ("n = mask.sum()", "mask = mask | True; n = mask.sum()")),
                "You counted places that mask leaves out.",
                ("masked",),
            ),
        ]


class Optimise(Problem):
    """Momentum that looks ahead, with a decay of the weights."""

    name = "optimise"
    signature = "optimise(theta, grads)"
    parts = (
        Part("several steps", 3, "grads holds several gradients, one for each step"),
        Part("one step", 2, "grads holds one gradient"),
    )

    def draw(self, rng):
        return {
            "beta": int(rng.integers(550, 950)) / 1000,
            "rate": int(rng.integers(100, 400)) / 1000,
            "decay": int(rng.integers(200, 600)) / 1000,
        }

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}

    def case(self, variant, part, rng):
        n = int(rng.integers(4, 7)) if part == "several steps" else 1
        return rng.normal(size=3), rng.normal(size=(n, 3))

    def oracle(self, variant, theta, grads):
        beta, rate, shrink = variant["beta"], variant["rate"], 1 - variant["rate"] * variant["decay"]
        n, out = len(grads), shrink ** len(grads) * theta
        for t in range(n):  # the share of each gradient in the result, one by one
            velocity = [beta ** (s - t) if s >= t else 0.0 for s in range(n)]
            for s in range(t, n):
                ahead = (1.0 if s == t else 0.0) + beta * velocity[s]
                out = out - rate * shrink ** (n - 1 - s) * ahead * grads[t]
        return out

    def solutions(self, variant):
        beta, rate, decay = variant["beta"], variant["rate"], variant["decay"]
        first = f"""\
def optimise(theta, grads):
    ### BEGIN SOLUTION
    v = np.zeros_like(theta)
    for g in grads:
        v = {beta} * v + g
        step = g + {beta} * v
        theta = theta - {rate} * {decay} * theta - {rate} * step
    return theta
    ### END SOLUTION
"""
        second = f"""\
def optimise(theta, grads):
    result = []
    for i in range(len(theta)):
        value, velocity = float(theta[i]), 0.0
        for gradient in grads[:, i]:
            velocity *= {beta}
            velocity += gradient
            value = value * (1 - {rate * decay}) - {rate} * (gradient + velocity * {beta})
        result.append(value)
    return result
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("several steps", "one step")
        beta, rate, decay = variant["beta"], variant["rate"], variant["decay"]
        end = f"theta = theta - {rate} * {decay} * theta - {rate} * step"
        return [
            Wrong(
                "no decay", edited(right, (end, f"theta = theta - {rate} * step")), "The weights do not decay.", both
            ),
            Wrong(
                "decay as a gradient",
                edited(
                    right,
                    (f"        v = {beta} * v + g", f"        g = g + {decay} * theta\n        v = {beta} * v + g"),
                    (end, f"theta = theta - {rate} * step"),
                ),
                "You added the decay to the gradient, so it went through the momentum. It acts on the weights alone.",
                both,
            ),
            Wrong(
                "decay without the rate",
                edited(right, (f"- {rate} * {decay} * theta", f"- {decay} * theta")),
                "The decay is multiplied by the learning rate.",
                both,
            ),
            Wrong(
                "decay after the step",
                edited(right, (end, f"theta = (1 - {rate} * {decay}) * (theta - {rate} * step)")),
                "The decay takes a share of the old weights, before the step and not after it.",
                both,
            ),
            Wrong(
                "no look ahead",
                edited(right, (f"step = g + {beta} * v", "step = v")),
                "The step is g + β v: the gradient, and the velocity looked ahead.",
                both,
            ),
            Wrong(
                "no momentum",
                edited(right, (f"step = g + {beta} * v", "step = g")),
                "The step is g + β v: the gradient, and the velocity looked ahead.",
                both,
            ),
            Wrong(
                "uphill",
                edited(right, (f"- {rate} * step", f"+ {rate} * step")),
                "You go uphill: the sign of the step.",
                both,
            ),
            Wrong(
                "averaged gradient",
                edited(right, (f"v = {beta} * v + g", f"v = {beta} * v + (1 - {beta}) * g")),
                "The gradient enters the velocity in full, not with 1 - β.",
                both,
            ),
            Wrong(
                "velocity forgotten",
                edited(right, ("    for g in grads:\n", "    for g in grads:\n        v = np.zeros_like(theta)\n")),
                "The velocity starts at zero once, not before every step.",
                ("several steps",),
            ),
        ]


class HiddenSize(Experiment):
    """How many units does the oscillator need?"""

    name = "hidden_size"
    points = 6

    def draw(self, rng):
        return {
            "T": int(rng.integers(24, 48)),
            "steps": int(rng.integers(28, 44)) * 10,
            "small": int(rng.integers(1, 3)),
        }

    def text(self, variant):
        return {key: str(value) for key, value in variant.items()} | {"large": str(8 * variant["small"])}


PROBLEMS = [LeakyStep(), QuantileLoss(), Optimise()]
EXPERIMENT = HiddenSize()
