"""The graded problems of chapter 4: three families, each drawn by the secret of a course."""

import numpy as np
from seqlib.coursework.problem import Experiment, Part, Problem, Wrong, edited


class LeakyJacobian(Problem):
    """One step back through a network that keeps a share of its state."""

    name = "leaky_jacobian"
    signature = "leaky_jacobian(W_hh, g)"
    parts = (
        Part("several units", 3, "H is at least 3"),
        Part("one unit", 2, "H = 1"),
    )

    def draw(self, rng):
        share = int(rng.choice([*range(200, 440), *range(560, 800)])) / 1000
        return {"share": share, "scale": int(rng.integers(600, 900)) / 500}

    def text(self, variant):
        return {"share": f"{variant['share']:g}", "kept": f"{1 - variant['share']:g}", "scale": f"{variant['scale']:g}"}

    def case(self, variant, part, rng):
        H, B = (int(rng.integers(3, 5)) if part == "several units" else 1), int(rng.integers(2, 5))
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(B, H)))

    def oracle(self, variant, W_hh, g):
        B, H = g.shape
        out = np.empty((B, H, H))
        for b in range(B):
            z = np.arctanh(g[b])
            for j in range(H):  # the complex step, column by column
                moved = z + variant["scale"] * W_hh[:, j] * 1e-30j
                new = (1 - variant["share"]) * 1e-30j * (np.arange(H) == j) + variant["share"] * np.tanh(moved)
                out[b, :, j] = new.imag / 1e-30
        return out

    def solutions(self, variant):
        a, s = variant["share"], variant["scale"]
        first = f"""\
def leaky_jacobian(W_hh, g):
    ### BEGIN SOLUTION
    slope = {a} * {s} * (1 - g ** 2)
    return (1 - {a}) * np.eye(len(W_hh)) + slope[:, :, None] * W_hh
    ### END SOLUTION
"""
        second = f"""\
def leaky_jacobian(W_hh, g):
    result = []
    for row in g:
        J = np.diag({a} * {s} * (1 - row * row)) @ W_hh
        for i in range(len(W_hh)):
            J[i, i] += 1 - {a}
        result.append(J)
    return np.array(result)
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, several = self.solutions(variant)[0], ("several units", "one unit"), ("several units",)
        a, s = variant["share"], variant["scale"]
        slope, kept = f"slope = {a} * {s} * (1 - g ** 2)", f"(1 - {a}) * np.eye(len(W_hh))"
        return [
            Wrong(
                "kept share forgotten",
                edited(right, (kept + " + ", "")),
                "The kept share of the state is missing: it has a derivative too.",
                both,
            ),
            Wrong(
                "kept share in full",
                edited(right, (kept, "np.eye(len(W_hh))")),
                "The old state is kept with its share, not in full.",
                both,
            ),
            Wrong(
                "share forgotten",
                edited(right, (slope, f"slope = {s} * (1 - g ** 2)")),
                "The share of the new state is a factor of the slope.",
                both,
            ),
            Wrong(
                "scale forgotten",
                edited(right, (slope, f"slope = {a} * (1 - g ** 2)")),
                "The factor inside the tanh is missing from the slope.",
                both,
            ),
            Wrong(
                "not squared",
                edited(right, ("(1 - g ** 2)", "(1 - g)")),
                "The slope of tanh is 1 - g², with a square.",
                both,
            ),
            Wrong(
                "slope of the argument",
                edited(right, ("(1 - g ** 2)", "(1 - np.tanh(g) ** 2)")),
                "g is the tanh already: its slope is 1 - g².",
                both,
            ),
            Wrong(
                "shares swapped",
                edited(right, (kept, f"{a} * np.eye(len(W_hh))"), (slope, f"slope = (1 - {a}) * {s} * (1 - g ** 2)")),
                "The two shares are swapped.",
                both,
            ),
            Wrong(
                "columns",
                edited(right, ("slope[:, :, None]", "slope[:, None, :]")),
                "The slope belongs to the row, the unit that is computed.",
                several,
            ),
            Wrong(
                "transposed",
                edited(right, ("slope[:, :, None] * W_hh", "slope[:, :, None] * W_hh.T")),
                "W_hh is transposed: row i, column j is the derivative of unit i by unit j.",
                several,
            ),
        ]


class ProductNorms(Problem):
    """How much of each early state is left in the last one."""

    name = "product_norms"
    signature = "product_norms(W_hh, g)"
    parts = (
        Part("many steps", 3, "T is at least 4"),
        Part("T = 1", 2, "there is one step only"),
    )

    def draw(self, rng):
        return {"scale": int(rng.integers(6000, 9000)) / 5000, "norm": str(rng.choice(["fro", "nuc"]))}

    def text(self, variant):
        words = {
            "fro": "Frobenius norm (the root of the sum of all squared entries)",
            "nuc": "nuclear norm (the sum of all singular values)",
        }
        return {"scale": f"{variant['scale']:g}", "norm": words[variant["norm"]]}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(T, H)))

    def oracle(self, variant, W_hh, g):
        T, H = g.shape
        sizes = []
        for t in range(T + 1):
            columns = np.eye(H)
            for row in g[t:]:
                columns = np.array([(1 - row**2) * variant["scale"] * (W_hh @ column) for column in columns.T]).T
            values = np.sqrt(np.maximum(np.linalg.eigvalsh(columns.T @ columns), 0))
            sizes.append(np.sqrt((values**2).sum()) if variant["norm"] == "fro" else values.sum())
        return np.array(sizes)

    def solutions(self, variant):
        s, norm = variant["scale"], variant["norm"]
        own = "np.sqrt((values ** 2).sum())" if norm == "fro" else "values.sum()"
        first = f"""\
def product_norms(W_hh, g):
    ### BEGIN SOLUTION
    product = np.eye(len(W_hh))
    sizes = [np.linalg.norm(product, "{norm}")]
    for row in g[::-1]:
        product = product @ ({s} * (1 - row ** 2)[:, None] * W_hh)
        sizes.append(np.linalg.norm(product, "{norm}"))
    return sizes[::-1]
    ### END SOLUTION
"""
        second = f"""\
def product_norms(W_hh, g):
    H, T = len(W_hh), len(g)
    out = np.zeros(T + 1)
    for t in range(T + 1):
        J = np.eye(H)
        for k in range(t, T):
            J = np.diag({s} - {s} * g[k] ** 2) @ W_hh @ J
        values = np.linalg.svd(J, compute_uv=False)
        out[t] = {own}
    return out
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, many = self.solutions(variant)[0], ("many steps", "T = 1"), ("many steps",)
        s, norm = variant["scale"], variant["norm"]
        step = f"product @ ({s} * (1 - row ** 2)[:, None] * W_hh)"
        return [
            Wrong(
                "order",
                edited(right, (step, f"({s} * (1 - row ** 2)[:, None] * W_hh) @ product")),
                "The factors stand in the wrong order: the latest step stands on the left.",
                many,
            ),
            Wrong(
                "scale forgotten",
                edited(right, (step, "product @ ((1 - row ** 2)[:, None] * W_hh)")),
                "The factor inside the tanh is missing from every step.",
                both,
            ),
            Wrong(
                "reversed",
                edited(right, ("return sizes[::-1]", "return sizes")),
                "The list is reversed: it begins with the earliest state.",
                both,
            ),
            Wrong(
                "last state left out",
                edited(right, ("return sizes[::-1]", "return sizes[:0:-1]")),
                "There are T + 1 numbers: the last state counts, with the identity.",
                both,
            ),
            Wrong(
                "columns",
                edited(right, ("(1 - row ** 2)[:, None]", "(1 - row ** 2)[None, :]")),
                "The slope belongs to the row, the unit that is computed.",
                both,
            ),
            Wrong(
                "another norm",
                right.replace(f'"{norm}"', "2"),
                "That is the largest singular value. Another norm is asked for.",
                both,
            ),
            Wrong(
                "slope forgotten",
                edited(right, (step, f"product @ ({s} * W_hh)")),
                "The slopes of tanh are missing.",
                both,
            ),
            Wrong(
                "product of the norms",
                edited(
                    right,
                    (
                        "        sizes.append(np.linalg.norm(product, ",
                        "        product, size = np.eye(len(W_hh)), np.linalg.norm(product, ",
                    ),
                    (
                        f'"{norm}"))\n    return',
                        f'"{norm}")\n        sizes.append(size * (sizes[-1] if len(sizes) > 1 else 1.0))\n    return',
                    ),
                ),
                "You multiplied norms. That is a bound; the norm of the product is asked for.",
                many,
            ),
        ]


class SoftClip(Problem):
    """All arrays of a gradient shortened together, by a rule that is soft."""

    name = "soft_clip"
    signature = "soft_clip(grads, limit)"
    parts = (
        Part("too long", 3, "the norm is above the limit"),
        Part("short enough", 2, "the norm is below the limit: the arrays stay as they are"),
    )

    def draw(self, rng):
        return {
            "p": int(rng.choice([*range(1200, 1700), *range(2600, 3600)])) / 1000,
            "power": int(rng.integers(350, 750)) / 1000,
        }

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}

    def case(self, variant, part, rng):
        grads = [rng.normal(size=shape) for shape in [(3, 4), (4,), (2, 2, 2)][: int(rng.integers(2, 4))]]
        norm = sum((np.abs(g) ** variant["p"]).sum() for g in grads) ** (1 / variant["p"])
        return grads, float(norm * (rng.uniform(0.2, 0.7) if part == "too long" else rng.uniform(1.3, 3)))

    def oracle(self, variant, grads, limit):
        norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in grads]), ord=variant["p"]))
        return [g if norm <= limit else g * (limit / norm) ** variant["power"] for g in grads], norm

    def solutions(self, variant):
        p, r = variant["p"], variant["power"]
        first = f"""\
def soft_clip(grads, limit):
    ### BEGIN SOLUTION
    norm = sum((np.abs(g) ** {p}).sum() for g in grads) ** (1 / {p})
    factor = min(1.0, (limit / norm) ** {r})
    return [factor * g for g in grads], norm
    ### END SOLUTION
"""
        second = f"""\
import math

def soft_clip(grads, limit):
    entries = [abs(float(e)) for g in grads for e in np.ravel(g)]
    norm = math.fsum(e ** {p} for e in entries) ** (1 / {p})
    if norm <= limit:
        return tuple(grads), norm
    shrink = math.exp({r} * (math.log(limit) - math.log(norm)))
    return tuple(np.multiply(g, shrink) for g in grads), norm
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, long = self.solutions(variant)[0], ("too long", "short enough"), ("too long",)
        p, r = variant["p"], variant["power"]
        factor = f"min(1.0, (limit / norm) ** {r})"
        return [
            Wrong(
                "Euclidean",
                edited(right, (f"** {p})", "** 2)"), (f"(1 / {p})", "(1 / 2)")),
                "That is the Euclidean norm. Another exponent is asked for.",
                both,
            ),
            Wrong("no root", edited(right, (f" ** (1 / {p})", "")), "The root is missing from the norm.", both),
            Wrong(
                "signs", edited(right, ("np.abs(g)", "g")), "Take absolute values first: entries may be negative.", both
            ),
            Wrong(
                "mean",
                edited(right, (").sum() for g", ").mean() for g")),
                "The norm sums over all entries. You took means.",
                both,
            ),
            Wrong(
                "hard",
                edited(right, (factor, "min(1.0, limit / norm)")),
                "That is hard clipping. The ratio is raised to a power.",
                long,
            ),
            Wrong(
                "always",
                edited(right, (factor, f"(limit / norm) ** {r}")),
                "A gradient that is short enough stays as it is: you made it longer.",
                ("short enough",),
            ),
            Wrong(
                "turned",
                edited(right, (factor, f"min(1.0, (norm / limit) ** {r})")),
                "The ratio is turned: limit over norm.",
                both,
            ),
            Wrong(
                "by value",
                edited(
                    right,
                    (
                        "[factor * g for g in grads]",
                        "[np.clip(g, -limit / 8, limit / 8) if norm > limit else g for g in grads]",
                    ),
                ),
                "You clipped entry by entry. All entries have the same factor.",
                long,
            ),
            Wrong(
                "each alone",
                edited(
                    right,
                    (
                        "[factor * g for g in grads]",
                        f"[g * min(1.0, (limit / (np.abs(g) ** {p}).sum() ** (1 / {p})) ** {r}) for g in grads]",
                    ),
                ),
                "You shortened each array alone. One norm and one factor for all.",
                long,
            ),
        ]


class AddingStart(Experiment):
    """How does the start decide whether the adding problem is learnt?"""

    name = "adding_start"
    points = 6

    def draw(self, rng):
        return {
            "T": int(rng.integers(34, 42)),
            "low": int(rng.integers(15, 36)) / 100,
            "steps": int(rng.integers(36, 45)) * 10,
        }

    def text(self, variant):
        return {key: f"{value:g}" for key, value in variant.items()}


PROBLEMS = [LeakyJacobian(), ProductNorms(), SoftClip()]
EXPERIMENT = AddingStart()
