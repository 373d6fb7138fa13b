"""The graded problems of chapter 2: three families, each drawn by the secret of a course."""

import numpy as np

from coursework.problem import Experiment, Part, Problem, Wrong, edited
from seqlib.gradcheck import complex_step

PHI = {  # the activation; "other" is the one that a wrong answer takes for it
    "arctan": {"code": "np.arctan(u)", "tex": r"\arctan(u)", "f": np.arctan, "other": "tanh"},
    "softsign": {
        "code": "u / (1 + np.abs(u))",
        "tex": r"\frac{u}{1 + |u|}",
        "f": lambda u: u / (1 + abs(u)),
        "other": "arctan",
    },
    "tanh": {"code": "np.tanh(u)", "tex": r"\tanh(u)", "f": np.tanh, "other": "softsign"},
}
WIRING = {  # where the activation stands: what the sum z reads of the old state, and the new state that it gives
    "around the sum": {
        "says": r"keeps a share of its old state, and adds a share of what the activation $\varphi$ makes of a sum",
        "read": ("h", "h"),
        "new": ("{kept} * h + {share} * phi(z)", r"{kept}\, h + {share}\, \varphi(z)"),
        "moved": "h + {share} * (phi(z) - h)",
        "f": lambda phi, a, h, z: (1 - a) * h + a * phi(z),
        "other": "around the mixture",
        "message": "You put the old state into the activation as well. Here the activation is of z alone.",
    },
    "around the mixture": {
        "says": r"mixes a share of its old state with a share of a sum, and takes $\varphi$ of the mixture",
        "read": ("h", "h"),
        "new": ("phi({kept} * h + {share} * z)", r"\varphi({kept}\, h + {share}\, z)"),
        "moved": "phi(h + {share} * (z - h))",
        "f": lambda phi, a, h, z: phi((1 - a) * h + a * z),
        "other": "around the sum",
        "message": "You applied the activation to z alone. Here it is applied to the mixture of old state and z.",
    },
    "around the old state": {
        "says": r"keeps a share of its old state, and adds a share of a sum that reads $\varphi$ of the old state",
        "read": ("phi(h)", r"\varphi(h)"),
        "new": ("{kept} * h + {share} * z", r"{kept}\, h + {share}\, z"),
        "moved": "h + {share} * (z - h)",
        "f": lambda phi, a, h, z: (1 - a) * h + a * z,
        "other": "around the sum",
        "message": "You applied the activation to the sum. Here it is applied to the old state that the sum reads.",
    },
}
SCALED = {  # what the scale multiplies; "factors" are those of input, old state and bias
    "all": {
        "code": "{s} * (x @ W_xh.T + {r} @ W_hh.T + b_h)",
        "tex": r"{s}\, (W_{{xh}}\, x + W_{{hh}}\, {r} + b_h)",
        "factors": lambda s: (s, s, s),
        "other": "old state",
        "message": "The factor multiplies the whole sum, not the term with W_hh alone.",
    },
    "input": {
        "code": "{s} * x @ W_xh.T + {r} @ W_hh.T + b_h",
        "tex": r"{s}\, W_{{xh}}\, x + W_{{hh}}\, {r} + b_h",
        "factors": lambda s: (s, 1, 1),
        "other": "all",
        "message": "The factor multiplies the term with W_xh alone, not the whole sum.",
    },
    "old state": {
        "code": "x @ W_xh.T + {s} * {r} @ W_hh.T + b_h",
        "tex": r"W_{{xh}}\, x + {s}\, W_{{hh}}\, {r} + b_h",
        "factors": lambda s: (1, s, 1),
        "other": "input",
        "message": "The factor multiplies the term with W_hh, not the one with W_xh.",
    },
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
        return {
            "phi": str(rng.choice(sorted(PHI))),
            "wiring": str(rng.choice(sorted(WIRING))),
            "scaled": str(rng.choice(sorted(SCALED))),
            "share": int(rng.choice([*range(150, 430), *range(570, 850)])) / 1000,
            "scale": int(rng.integers(600, 950)) / 500,
        }

    def text(self, variant):
        wiring = WIRING[variant["wiring"]]
        return {
            "says": wiring["says"],
            "sum": SCALED[variant["scaled"]]["tex"].format(s=variant["scale"], r=wiring["read"][1]),
            "new": wiring["new"][1].format(**self._shares(variant)),
            "phi": PHI[variant["phi"]]["tex"],
        }

    def _shares(self, variant):
        return {"kept": f"{1 - variant['share']:g}", "share": f"{variant['share']:g}"}

    def case(self, variant, part, rng):
        D, H, B = int(rng.integers(2, 4)), int(rng.integers(4, 6)), int(rng.integers(2, 4))
        lead = (B,) if part == "batch" else ()
        shapes = [(*lead, D), (*lead, H), (H, D), (H, H), (H,)]
        return tuple(rng.normal(size=shape) for shape in shapes)

    def oracle(self, variant, x, h, W_xh, W_hh, b_h):
        phi, new = PHI[variant["phi"]]["f"], WIRING[variant["wiring"]]["f"]
        of_x, of_h, of_b = SCALED[variant["scaled"]]["factors"](variant["scale"])
        read = phi(h) if variant["wiring"] == "around the old state" else h
        out = np.empty_like(h)
        for *b, i in np.ndindex(h.shape):
            z = of_x * sum(W_xh[i, j] * x[(*b, j)] for j in range(W_xh.shape[1])) + of_b * b_h[i]
            z += of_h * sum(W_hh[i, k] * read[(*b, k)] for k in range(W_hh.shape[1]))
            out[(*b, i)] = new(phi, variant["share"], h[(*b, i)], z)
        return out

    def solutions(self, variant):
        phi, wiring, scaled = PHI[variant["phi"]], WIRING[variant["wiring"]], SCALED[variant["scaled"]]
        read, shares = wiring["read"][0], self._shares(variant)
        of_x, of_h, of_b = scaled["factors"](variant["scale"])
        first = f"""\
def leaky_step(x, h, W_xh, W_hh, b_h):
    ### BEGIN SOLUTION
    def phi(u):
        return {phi["code"]}

    z = {scaled["code"].format(s=variant["scale"], r=read)}
    return {wiring["new"][0].format(**shares)}
    ### END SOLUTION
"""
        second = f"""\
def leaky_step(x, h, W_xh, W_hh, b_h):
    phi, rows = lambda u: {phi["code"]}, []
    weights = np.hstack([{of_x} * W_xh, {of_h} * W_hh, {of_b} * b_h[:, None]])
    for one, h in zip(np.atleast_2d(x), np.atleast_2d(h)):
        z = weights @ np.concatenate([one, {read}, [1.0]])
        rows.append({wiring["moved"].format(**shares)})
    return rows[0] if np.ndim(x) == 1 else np.stack(rows)
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("batch", "one sequence")
        phi, wiring, scaled = PHI[variant["phi"]], WIRING[variant["wiring"]], SCALED[variant["scaled"]]
        read, kept, share = wiring["read"][0], *self._shares(variant).values()

        def drawn(label, message, **other):
            return Wrong(label, self.solutions(variant | other)[0], message, both)

        def changed(label, message, *edits, fails=both):
            return Wrong(label, edited(right, *edits), message, fails)

        swapped = "The two shares are swapped: which one keeps the old state?"
        transposed = "W_hh is used transposed: row i belongs to the unit i that is computed."
        unweighed = "The new part has to be weighed too: the shares add up to 1."
        axis = "For one sequence the answer has shape (H,), without an axis for the batch."
        return [
            drawn("shares swapped", swapped, share=float(kept)),
            drawn("no scale", "The factor in the sum is missing.", scale=1),
            drawn("scale elsewhere", scaled["message"], scaled=scaled["other"]),
            drawn("another activation", "You took another activation than the one asked for.", phi=phi["other"]),
            drawn("another wiring", wiring["message"], wiring=wiring["other"]),
            changed("no bias", "The bias is missing.", (" + b_h", "")),
            changed("transposed", transposed, ("W_hh.T", "W_hh")),
            changed("no leak", "Your step keeps no share of the old state.", (f"{kept} * h + {share} * ", "")),
            changed("share forgotten", unweighed, (f"+ {share} * ", "+ ")),
            changed("no recurrence", "The term with W_hh is missing in the sum.", (f"{read} @ W_hh.T", "0.0")),
            changed("an axis too many", axis, (" + b_h", " + b_h[None, :]"), fails=("one sequence",)),
        ]


COST = {  # of an error; "smooth" lets complex numbers through, "slip" is a usual mistake in the derivative
    "absolute": {
        "tex": "|e|",
        "code": ("np.abs(e)", "np.sign(e)"),
        "again": ("np.maximum(e, -e)", "np.where(e > 0, 1.0, -1.0)"),
        "smooth": lambda e: np.sqrt(e**2),
        "other": "square",
        "slip": ("1.0", "The loss is right. In the gradient the sign of the error is missing: |e| falls where e < 0."),
    },
    "log-cosh": {
        "tex": r"\log \cosh e",
        "code": ("np.log(np.cosh(e))", "np.tanh(e)"),
        "again": ("(np.logaddexp(e, -e) - np.log(2))", "(1 - 2 / (1 + np.exp(2 * e)))"),
        "smooth": lambda e: np.log(np.cosh(e)),
        "other": "pseudo-Huber",
        "slip": ("1 / np.cosh(e)", "The loss is right. In the gradient the derivative of the cosh is missing."),
    },
    "pseudo-Huber": {
        "tex": r"\sqrt{1 + e^2} - 1",
        "code": ("(np.sqrt(1 + e**2) - 1)", "e / np.sqrt(1 + e**2)"),
        "again": ("(np.hypot(1, e) - 1)", "np.sin(np.arctan(e))"),
        "smooth": lambda e: np.sqrt(1 + e**2) - 1,
        "other": "log-cosh",
        "slip": (
            "0.5 / np.sqrt(1 + e**2)",
            "The loss is right. In the gradient the derivative of the square under the root is missing.",
        ),
    },
    "square": {
        "tex": "e^2",
        "code": ("e**2", "2 * e"),
        "again": ("e * e", "(e + e)"),
        "smooth": lambda e: e**2,
        "other": "absolute",
        "slip": ("e", "The loss is right. In the gradient the 2 of the square is missing."),
    },
}
MEAN = {  # which mean the loss is: the number that each cost is divided by, and the mean of the rows of costs
    "places": {
        "says": "the mean of these costs over all places where `mask` is True",
        "code": "mask.sum()",
        "f": lambda rows: np.mean(np.concatenate(rows)),
        "other": "sequences",
        "message": "You took the mean of the sequences' means. Here each place counts the same.",
    },
    "sequences": {
        "says": "a mean of means: for each sequence the mean of its costs over the places where `mask` is True, and "
        "then the mean of these B numbers",
        "code": "len(mask) * mask.sum(axis=1, keepdims=True)",
        "f": lambda rows: np.mean([np.mean(row) for row in rows]),
        "other": "places",
        "message": "You took one mean over all places. Here each sequence counts the same, however long it is.",
    },
}


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
        cost, mean = str(rng.choice(sorted(COST))), str(rng.choice(sorted(MEAN)))
        return {"low": low, "high": high, "cost": cost, "mean": mean}

    def text(self, variant):
        weights = {name: f"{variant[name]:g}" for name in ("low", "high")}
        return weights | {"cost": COST[variant["cost"]]["tex"], "mean": MEAN[variant["mean"]]["says"]}

    def case(self, variant, part, rng):
        B, T = int(rng.integers(3, 5)), int(rng.integers(5, 8))
        prediction, target = rng.normal(size=(2, B, T))
        mask = np.ones((B, T), dtype=bool)
        if part == "masked":
            mask = np.arange(T) < rng.permutation(np.arange(2, 2 + B))[:, None]
            target = np.where(mask, target, 7.0)
        return prediction, target, mask

    def oracle(self, variant, prediction, target, mask):
        cost, mean = COST[variant["cost"]]["smooth"], MEAN[variant["mean"]]["f"]

        def loss(p):
            errors = [row[there] for row, there in zip(target - p, mask, strict=True)]
            return mean([[variant["low" if e.real > 0 else "high"] * cost(e) for e in row] for row in errors])

        return loss(prediction), complex_step(loss, prediction)

    def solutions(self, variant):
        low, high, n = variant["low"], variant["high"], MEAN[variant["mean"]]["code"]
        cost, slope = COST[variant["cost"]]["code"]
        first = f"""\
def quantile_loss(prediction, target, mask):
    ### BEGIN SOLUTION
    e = target - prediction
    w = np.where(e > 0, {low}, {high})
    n = {n}
    loss = (w * {cost} * mask / n).sum()
    gradient = -w * {slope} * mask / n
    return loss, gradient
    ### END SOLUTION
"""
        cost, slope = COST[variant["cost"]]["again"]
        second = f"""\
def quantile_loss(prediction, target, mask):
    n, gradient, losses = np.zeros(mask.shape) + {n}, np.zeros(mask.shape), []
    for place in np.argwhere(mask):
        place = tuple(place)
        e = prediction[place] - target[place]
        weight = ({high} if e > 0 else {low}) / n[place]
        losses.append(weight * {cost})
        gradient[place] = weight * {slope}
    return [np.sum(losses), gradient]
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, masked = self.solutions(variant)[0], ("full", "masked"), ("masked",)
        low, high, mean, cost = variant["low"], variant["high"], MEAN[variant["mean"]], COST[variant["cost"]]
        other, slope, (slip, slipped) = COST[cost["other"]]["code"][1], cost["code"][1], cost["slip"]
        gradient, n = f"-w * {slope} * mask / n", f"n = {mean['code']}\n"

        def drawn(label, message, fails=both, **other):
            return Wrong(label, self.solutions(variant | other)[0], message, fails)

        def changed(label, message, old, new, fails=both):
            return Wrong(label, edited(right, (old, new)), message, fails)

        def sloped(label, message, old, new, fails=both):
            return changed(label, message, gradient, edited(gradient, (old, new)), fails)

        turned = "The error is target minus prediction; you took it the other way round."
        sign = "The gradient has the wrong sign: it is by the prediction, which enters with a minus."
        alike = "You punish both sides alike. Too low and too high have different weights."
        swapped = "The two weights are swapped: which one goes with a prediction that is too low?"
        of_sum = "The loss is right. Its gradient is that of a sum, but the loss is a mean."
        of_other = "The loss is right. The gradient is that of another cost."
        by_all = "You divided by all places. Divide by the number of those that count."
        return [
            changed("error turned", turned, "e = target - prediction", "e = prediction - target"),
            sloped("gradient's sign", sign, "-w", "w"),
            changed("sum", "You took the sum. The loss is a mean.", n, "n = 1\n"),
            sloped("gradient of the sum", of_sum, "mask / n", "mask"),
            changed("both sides alike", alike, f"np.where(e > 0, {low}, {high})", f"{low}"),
            drawn("weights swapped", swapped, low=high, high=low),
            drawn("another cost", "You took another cost than the one asked for.", cost=cost["other"]),
            sloped("slope of another cost", of_other, slope, other),
            sloped("slip in the slope", slipped, slope, slip),
            drawn("another mean", mean["message"], masked, mean=mean["other"]),
            changed("divided by all", by_all, n, "n = mask.size\n", masked),
            sloped("gradient not masked", "Where mask is False the gradient is 0.", " * mask", "", masked),
            changed("mask ignored", "You counted places that mask leaves out.", n, f"mask = mask | True; {n}", masked),
        ]


NO_VIEW = "The step does not look ahead: it takes the gradient, and in addition a part of the new velocity."
MOMENTUM = {  # right sides of velocity and step; "weights" are those of g in v, of g in the step, of v in the step
    "look ahead": {
        "velocity": "{beta} * v + g",
        "step": "(g + {part} * v)",
        "weights": lambda beta, part: (1, 1, part),
        "old": NO_VIEW,
        "slips": [
            ("step", "v", NO_VIEW),
            ("step", "(g + v)", "The velocity enters the step with a factor, which you left out."),
            ("velocity", "{beta} * v + {rest} * g", "The gradient enters the velocity in full, not with 1 - β."),
        ],
    },
    "mixture": {
        "velocity": "{beta} * v + {rest} * g",
        "step": "({others} * g + {part} * v)",
        "weights": lambda beta, part: (1 - beta, 1 - part, part),
        "old": "Your step uses the old velocity. The velocity is renewed first.",
        "slips": [
            ("step", "v", "Your step takes the velocity alone. The gradient has a share in it too."),
            ("step", "({part} * g + {others} * v)", "In the step, the shares of gradient and velocity are swapped."),
            ("velocity", "{beta} * v + g", "The gradient enters the velocity with a factor, which you left out."),
        ],
    },
    "dampened": {
        "velocity": "{beta} * v + {part} * g",
        "step": "v",
        "weights": lambda beta, part: (part, 0, 1),
        "old": "Your step uses the old velocity. The velocity is renewed first.",
        "slips": [
            ("step", "(g + {beta} * v)", "Your step looks ahead. Here it takes the velocity alone."),
            ("velocity", "{beta} * v + {rest} * g", "The gradient's factor in the velocity is not 1 - β here."),
            ("velocity", "{beta} * v + g", "The gradient enters the velocity with a factor, which you left out."),
        ],
    },
}
DECAY = {  # the way of the decay: into the gradient before the velocity, or into the new θ
    "gradient": {
        "before": ("        g = g + lam * theta\n", r"g \leftarrow g + \lambda\, \theta, \quad "),
        "theta": ("theta - eta * {u}", r"\theta - \eta\, {u}"),
        "again": ("g + {lam} * theta", "theta - {eta} * step"),
        "took": "You added the decay to the gradient, so that it goes through the velocity.",
        "asked": "Here it is added to the gradient, and goes through the velocity.",
        "slip": ("lam * theta", "eta * lam * theta", "The decay is multiplied by the learning rate a second time."),
    },
    "old": {
        "before": ("", ""),
        "theta": ("theta - eta * lam * theta - eta * {u}", r"\theta - \eta\, \lambda\, \theta - \eta\, {u}"),
        "again": ("g", "{keep} * theta - {eta} * step"),
        "took": "You took the decay of the old θ.",
        "asked": "Here it is a share of the old θ, and goes past the velocity.",
        "slip": ("eta * lam", "lam", "The decay is to be multiplied by the learning rate."),
    },
    "new": {
        "before": ("", ""),
        "theta": ("(1 - eta * lam) * (theta - eta * {u})", r"(1 - \eta\, \lambda)\, (\theta - \eta\, {u})"),
        "again": ("g", "{keep} * (theta - {eta} * step)"),
        "took": "You let θ decay after the step.",
        "asked": "Here θ decays after the step.",
        "slip": ("eta * lam", "lam", "The decay is to be multiplied by the learning rate."),
    },
}


class Optimise(Problem):
    """Momentum and a decay of the weights, in an order that is drawn."""

    name = "optimise"
    signature = "optimise(theta, grads)"
    parts = (
        Part("several steps", 3, "grads holds several gradients, one for each step"),
        Part("one step", 2, "grads holds one gradient"),
    )

    def draw(self, rng):
        # In these ranges no two wrong answers are the same after one step: the decay takes less than a tenth,
        # and the factors of g differ by more than that.
        part = int(rng.integers(600, 780))
        beta = int(rng.choice([b for b in range(550, 900) if abs(b - part) > 30]))
        return {
            "momentum": str(rng.choice(sorted(MOMENTUM))),
            "decay": str(rng.choice(sorted(DECAY))),
            "beta": beta / 1000,
            "part": part / 1000,
            "eta": int(rng.integers(200, 400)) / 1000,
            "lam": int(rng.integers(150, 250)) / 1000,
        }

    def text(self, variant):
        momentum, decay, numbers = MOMENTUM[variant["momentum"]], DECAY[variant["decay"]], self._numbers(variant)
        velocity, step = (momentum[key].format(**numbers).replace(" *", r"\,") for key in ("velocity", "step"))
        theta = decay["theta"][1].format(u=step)
        formulas = rf"{decay['before'][1]}v \leftarrow {velocity}, \quad \theta \leftarrow {theta}"
        return {"formulas": formulas, "eta": numbers["eta"], "lam": numbers["lam"]}

    def _numbers(self, variant):
        numbers = {key: variant[key] for key in ("beta", "part", "eta", "lam")}
        numbers |= {
            "rest": 1 - variant["beta"],
            "others": 1 - variant["part"],
            "keep": 1 - variant["eta"] * variant["lam"],
        }
        return {key: f"{value:g}" for key, value in numbers.items()}

    def case(self, variant, part, rng):
        n = int(rng.integers(4, 7)) if part == "several steps" else 1
        return rng.normal(size=3), rng.normal(size=(n, 3))

    def oracle(self, variant, theta, grads):
        beta, eta, lam = variant["beta"], variant["eta"], variant["lam"]
        g_in_v, g_in_step, v_in_step = MOMENTUM[variant["momentum"]]["weights"](beta, variant["part"])
        # Each line of the formulas is a linear map of (θ, v, g), and a step is their product.
        velocity = np.array([[1, 0, 0], [0, beta, g_in_v], [0, 0, 1]])
        move = np.array([[1, -eta * v_in_step, -eta * g_in_step], [0, 1, 0], [0, 0, 1]])
        shrink = np.diag([1 - eta * lam, 1, 1])
        into_g = np.array([[1, 0, 0], [0, 1, 0], [lam, 0, 1]])
        orders = {
            "gradient": (move, velocity, into_g),
            "old": (move, velocity, shrink),
            "new": (shrink, move, velocity),
        }
        step = np.linalg.multi_dot(orders[variant["decay"]])
        left = [np.linalg.matrix_power(step[:2, :2], k) for k in range(len(grads) + 1)]
        out = left[-1][0, 0] * theta
        for g, rest in zip(grads, left[-2::-1], strict=True):  # the share of each gradient in the result, one by one
            out = out + (rest @ step[:2, 2])[0] * g
        return out

    def solutions(self, variant):
        momentum, decay, numbers = MOMENTUM[variant["momentum"]], DECAY[variant["decay"]], self._numbers(variant)
        velocity, step = momentum["velocity"].format(**numbers), momentum["step"].format(**numbers)
        first = f"""\
def optimise(theta, grads):
    ### BEGIN SOLUTION
    eta, lam = {numbers["eta"]}, {numbers["lam"]}
    v = np.zeros_like(theta)
    for g in grads:
{decay["before"][0]}        v = {velocity}
        theta = {decay["theta"][0].format(u=step)}
    return theta
    ### END SOLUTION
"""
        g_in_v, g_in_step, v_in_step = momentum["weights"](variant["beta"], variant["part"])
        gradient, theta = (piece.format(**numbers) for piece in decay["again"])
        second = f"""\
def optimise(theta, grads):
    seen = []
    for g in grads:
        seen.append({gradient})
        weights = {g_in_v} * {numbers["beta"]} ** np.arange(len(seen))[::-1]
        step = {g_in_step} * seen[-1] + {v_in_step} * (weights @ np.array(seen))
        theta = {theta}
    return theta
"""
        return [first, second]

    def wrongs(self, variant):
        right, both = self.solutions(variant)[0], ("several steps", "one step")
        momentum, decay, numbers = MOMENTUM[variant["momentum"]], DECAY[variant["decay"]], self._numbers(variant)
        velocity, step = (momentum[key].format(**numbers) for key in ("velocity", "step"))
        velocity, theta = f"        v = {velocity}\n", f"        theta = {decay['theta'][0]}\n".format(u=step)
        start, zeros = "    for g in grads:\n", "    v = np.zeros_like(theta)\n"

        def changed(label, message, old, new, fails=both):
            return Wrong(label, edited(right, (old, new)), message, fails)

        def slipped(k, where, piece, message):
            line, old = {"velocity": velocity, "step": theta}[where], momentum[where].format(**numbers)
            return changed(f"slip {k}", message, line, edited(line, (old, piece.format(**numbers))))

        def decayed(way):
            message = f"{DECAY[way]['took']} {decay['asked']}"
            return Wrong(f"decay of the {way}", self.solutions(variant | {"decay": way})[0], message, both)

        return [
            changed("no decay", "θ does not decay.", f", {numbers['lam']}\n", ", 0.0\n"),
            *(decayed(way) for way in DECAY if way != variant["decay"]),
            changed("decay and rate", decay["slip"][2], *decay["slip"][:2]),
            changed("old velocity", momentum["old"], velocity + theta, theta + velocity),
            *(slipped(k, *slip) for k, slip in enumerate(momentum["slips"])),
            changed("uphill", "You go uphill: the sign of the step.", f"- eta * {step}", f"+ eta * {step}"),
            changed(
                "velocity forgotten",
                "The velocity starts at zero once, not before every step.",
                start,
                f"{start}    {zeros}",
                fails=("several steps",),
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
