"""The graded problems of chapter 4: three families, each drawn by the secret of a course."""

from typing import Any, NamedTuple

import numpy as np

from coursework.problem import Experiment, Part, Problem, Wrong, edited


class Phi(NamedTuple):
    """An activation, and its slope as a function of its value g. None is tanh: chapter 4 gives that slope."""

    said: str
    tex: str
    value: Any  # lets complex numbers through
    inverse: Any
    slope: str
    again: str  # the slope, differently written
    of_z: str  # the slope as a function of z, with g in the place of z
    slip: str
    slip_says: str


PHI = {
    "arctan": Phi(
        said="arctan",
        tex=r"$\varphi(z) = \arctan z$, the inverse function of tan",
        value=np.arctan,
        inverse=np.tan,
        slope="np.cos(g) ** 2",
        again="1 / (1 + np.tan(row) ** 2)",
        of_z="1 / (1 + g ** 2)",
        slip="np.cos(g)",
        slip_says="The cosine has to be squared.",
    ),
    "arsinh": Phi(
        said="arsinh",
        tex=r"$\varphi(z) = \operatorname{arsinh} z$, the inverse function of sinh",
        value=np.arcsinh,
        inverse=np.sinh,
        slope="1 / np.cosh(g)",
        again="(1 + np.sinh(row) ** 2) ** -0.5",
        of_z="1 / np.sqrt(1 + g ** 2)",
        slip="np.cosh(g)",
        slip_says="The slope is turned: that is the slope of sinh, the inverse function.",
    ),
    "logistic": Phi(
        said="the logistic function",
        tex=r"$\varphi(z) = 1 / (1 + e^{-z})$",
        value=lambda z: 1 / (1 + np.exp(-z)),
        inverse=lambda g: np.log(g / (1 - g)),
        slope="g * (1 - g)",
        again="row - row ** 2",
        of_z="np.exp(-g) / (1 + np.exp(-g)) ** 2",
        slip="1 - g",
        slip_says="A factor of the slope is missing: it goes to 0 at both ends, where g is 0 and where g is 1.",
    ),
    "softsign": Phi(
        said="z / (1 + |z|)",
        tex=r"$\varphi(z) = z / (1 + |z|)$",
        value=lambda z: z / (1 + z * np.sign(z.real)),
        inverse=lambda g: g / (1 - np.abs(g)),
        slope="(1 - np.abs(g)) ** 2",
        again="1 - 2 * np.abs(row) + row ** 2",
        of_z="1 / (1 + np.abs(g)) ** 2",
        slip="1 - np.abs(g)",
        slip_says="1 - |g| has to be squared.",
    ),
}


class Coupling(NamedTuple):
    """How the kept share, the new share and the activation are put together."""

    tex: str
    given: str
    step: Any  # a small move d of the old state -> the new state; z is what went into the activation
    axes: str
    other_axes: str
    result: str
    again: str
    where: str
    bracket: str


ROW = "The slope belongs to the row, the unit that is computed."
BESIDE = "The kept share of the state does not go through the activation: it has no slope."
COUPLING = {
    "outside": Coupling(
        tex=r"g_t = \varphi\big(%(scale)s\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)\big), \qquad "
        r"h_t = %(kept)s\, h_{t-1} + %(share)s\, g_t .",
        given="g_t",
        step=lambda k, a, s, phi, W, z, d: k * d + a * phi(z + s * W @ d),
        axes=":, :, None",
        other_axes=":, None, :",
        result="{k} * np.eye(len(W_hh)) + {a} * W_hh * factor",
        again="{k} * one + {a} * slope @ W_hh",
        where=ROW,
        bracket=BESIDE,
    ),
    "inside": Coupling(
        tex=r"g_t = \varphi\Big(%(scale)s\, \big(%(kept)s\, h_{t-1} + "
        r"%(share)s\, (W_{xh} x_t + W_{hh} h_{t-1} + b_h)\big)\Big), \qquad h_t = g_t .",
        given="g_t",
        step=lambda k, a, s, phi, W, z, d: phi(z + s * (k * d + a * W @ d)),
        axes=":, :, None",
        other_axes=":, None, :",
        result="({k} * np.eye(len(W_hh)) + {a} * W_hh) * factor",
        again="slope @ ({k} * one + {a} * W_hh)",
        where=ROW,
        bracket="The kept share of the state goes through the activation too: it has the slope as well.",
    ),
    "before": Coupling(
        tex=r"g_{t-1} = \varphi(%(scale)s\, h_{t-1}), \qquad "
        r"h_t = %(kept)s\, h_{t-1} + %(share)s\, (W_{xh} x_t + W_{hh} g_{t-1} + b_h) .",
        given="g_{t-1}",
        step=lambda k, a, s, phi, W, z, d: k * d + a * W @ phi(z + s * d),
        axes=":, None, :",
        other_axes=":, :, None",
        result="{k} * np.eye(len(W_hh)) + {a} * W_hh * factor",
        again="{k} * one + {a} * W_hh @ slope",
        where="The slope belongs to the column, the old unit that goes through the activation.",
        bracket=BESIDE,
    ),
}


class LeakyJacobian(Problem):
    """One step back through a network that keeps a share of its state."""

    name = "leaky_jacobian"
    signature = "leaky_jacobian(W_hh, g)"
    parts = (
        Part("several units", 3, "H is at least 3"),
        Part("one unit", 2, "H = 1"),
    )

    def draw(self, rng):
        share = int(rng.choice([*range(200, 440), *range(560, 800)]))
        return {
            "phi": str(rng.choice(sorted(PHI))),
            "coupling": str(rng.choice(sorted(COUPLING))),
            "share": share / 1000,
            "kept": (1000 - share) / 1000,
            "scale": int(rng.integers(600, 900)) / 500,
        }

    def text(self, variant):
        coupling = COUPLING[variant["coupling"]]
        return {"phi": PHI[variant["phi"]].tex, "step": coupling.tex % variant, "given": coupling.given}

    def case(self, variant, part, rng):
        H, B = (int(rng.integers(3, 5)) if part == "several units" else 1), int(rng.integers(2, 5))
        z = rng.choice([-1, 1], size=(B, H)) * rng.uniform(0.5, 2.5, size=(B, H))
        return rng.normal(size=(H, H)), PHI[variant["phi"]].value(z)

    def oracle(self, variant, W_hh, g):
        phi, step = PHI[variant["phi"]], COUPLING[variant["coupling"]].step
        numbers = variant["kept"], variant["share"], variant["scale"]
        B, H = g.shape
        out = np.empty((B, H, H))
        for b, j in np.ndindex(B, H):  # the complex step, column by column
            moved = 1e-30j * (np.arange(H) == j)
            out[b, :, j] = step(*numbers, phi.value, W_hh, phi.inverse(g[b]), moved).imag / 1e-30
        return out

    def solutions(self, variant):
        phi, coupling = PHI[variant["phi"]], COUPLING[variant["coupling"]]
        k, a, s = variant["kept"], variant["share"], variant["scale"]
        first = f"""\
def leaky_jacobian(W_hh, g):
    ### BEGIN SOLUTION
    slope = {phi.slope}
    factor = {s} * slope[{coupling.axes}]
    return {coupling.result.format(k=k, a=a)}
    ### END SOLUTION
"""
        second = f"""\
def leaky_jacobian(W_hh, g):
    result, one = [], np.identity(W_hh.shape[0])
    for row in g:
        slope = np.diag({s} * ({phi.again}))
        result.append({coupling.again.format(k=k, a=a)})
    return np.stack(result)
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, several = self.solutions(variant)[0], ("several units", "one unit"), ("several units",)
        phi, coupling = PHI[variant["phi"]], COUPLING[variant["coupling"]]
        k, a, s = variant["kept"], variant["share"], variant["scale"]
        one, slope = "np.eye(len(W_hh))", phi.slope
        kept, new = f"{k} * {one}", f"{a} * W_hh"
        apart, together = f"{kept} + {new} * factor", f"({kept} + {new}) * factor"
        rows = [
            ("kept share forgotten", "The kept share of the state is missing.", both, (f"{kept} + ", "")),
            ("kept in full", "The old state is kept with its share, not in full.", both, (kept, one)),
            ("share forgotten", "W_hh stands without the share of what is new.", both, (new, "W_hh")),
            ("shares swapped", "The two shares are swapped.", both, (kept, f"{a} * {one}"), (new, f"{k} * W_hh")),
            ("scale forgotten", "The factor inside the activation is missing.", both, (f"{s} * slope", "slope")),
            ("slope of tanh", f"That is the slope of tanh. Derive the one of {phi.said}.", both, (slope, "1 - g ** 2")),
            ("slope of g", "You took g for the argument of the activation: it is the value.", both, (slope, phi.of_z)),
            ("slip", phi.slip_says, both, (slope, phi.slip)),
            ("other coupling", coupling.bracket, both, (apart, together) if apart in right else (together, apart)),
            ("other axis", coupling.where, several, (coupling.axes, coupling.other_axes)),
            ("transposed", "W_hh is transposed: row i belongs to the new unit i.", several, (new, f"{new}.T")),
        ]
        return [Wrong(label, edited(right, *edits), message, fails) for label, message, fails, *edits in rows]


class Norm(NamedTuple):
    """A norm of a matrix: how it is named, what np.linalg.norm calls it, and what it is."""

    said: str
    means: str
    ord: str
    value: Any
    again: str
    neighbour: str


NORM = {
    "Frobenius": Norm(
        said="Frobenius norm",
        means="the root of the sum of all squared entries",
        ord='"fro"',
        value=lambda M: np.sqrt(np.trace(M.T @ M)),
        again="np.sqrt((J ** 2).sum())",
        neighbour="nuclear",
    ),
    "nuclear": Norm(
        said="nuclear norm",
        means="the sum of all singular values",
        ord='"nuc"',
        value=lambda M: np.sqrt(np.maximum(np.linalg.eigvalsh(M.T @ M), 0)).sum(),
        again="np.linalg.svd(J, compute_uv=False).sum()",
        neighbour="Frobenius",
    ),
    "row": Norm(
        said="row-sum norm",
        means="the largest sum of the absolute values in one row",
        ord="np.inf",
        value=lambda M: max(sum(abs(entry) for entry in row) for row in M),
        again="np.abs(J).sum(axis=1).max()",
        neighbour="column",
    ),
    "column": Norm(
        said="column-sum norm",
        means="the largest sum of the absolute values in one column",
        ord="1",
        value=lambda M: max(sum(abs(entry) for entry in column) for column in M.T),
        again="np.abs(J).sum(axis=0).max()",
        neighbour="row",
    ),
}


class Direction(NamedTuple):
    """Which derivatives are asked for, t = 0, …, T."""

    first: str
    last: str
    identity: str
    steps: Any  # those whose Jacobians are multiplied for t
    again: str
    order: str
    product: str
    end: str
    short: str
    other: str


DIRECTION = {
    "back": Direction(
        first="h_t",
        last="h_T",
        identity="T",
        steps=lambda g, t: g[t:],
        again="range(t, T)",
        order="g[::-1]",
        product="product @ J",
        end="sizes[::-1]",
        short="sizes[:0:-1]",
        other="forth",
    ),
    "forth": Direction(
        first="h_0",
        last="h_t",
        identity="0",
        steps=lambda g, t: g[:t],
        again="range(t)",
        order="g",
        product="J @ product",
        end="sizes",
        short="sizes[1:]",
        other="back",
    ),
}


class ProductNorms(Problem):
    """How much of an early state is left in a late one."""

    name = "product_norms"
    signature = "product_norms(W_hh, g)"
    parts = (
        Part("many steps", 3, "T is at least 4"),
        Part("T = 1", 2, "there is one step only"),
    )

    def draw(self, rng):
        return {
            "direction": str(rng.choice(sorted(DIRECTION))),
            "norm": str(rng.choice(sorted(NORM))),
            "scale": int(rng.integers(2400, 3600)) / 2000,
        }

    def text(self, variant):
        direction, norm = DIRECTION[variant["direction"]], NORM[variant["norm"]]
        return {
            "scale": f"{variant['scale']:g}",
            "norm": f"{norm.said} ({norm.means})",
            "first": direction.first,
            "last": direction.last,
            "identity": direction.identity,
        }

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(T, H)))

    def oracle(self, variant, W_hh, g):
        T, H = g.shape
        sizes = []
        for t in range(T + 1):
            moved = 1e-30 * np.eye(H)  # the complex step: column j is what a small move of unit j has become
            for row in DIRECTION[variant["direction"]].steps(g, t):
                z = np.arctanh(row)[:, None] + variant["scale"] * W_hh @ (1j * moved)
                moved = np.tanh(z).imag
            sizes.append(NORM[variant["norm"]].value(moved / 1e-30))
        return np.array(sizes)

    def solutions(self, variant):
        direction, norm, s = DIRECTION[variant["direction"]], NORM[variant["norm"]], variant["scale"]
        first = f"""\
def product_norms(W_hh, g):
    ### BEGIN SOLUTION
    product = np.eye(len(W_hh))
    sizes = [np.linalg.norm(product, {norm.ord})]
    for row in {direction.order}:
        J = {s} * (1 - row ** 2)[:, None] * W_hh
        product = {direction.product}
        sizes.append(np.linalg.norm(product, {norm.ord}))
    return {direction.end}
    ### END SOLUTION
"""
        second = f"""\
def product_norms(W_hh, g):
    H, T = len(W_hh), len(g)
    out = np.zeros(T + 1)
    for t in range(T + 1):
        J = np.eye(H)
        for k in {direction.again}:
            J = np.diag({s} - {s} * g[k] ** 2) @ W_hh @ J
        out[t] = {norm.again}
    return out
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, many = self.solutions(variant)[0], ("many steps", "T = 1"), ("many steps",)
        direction, norm, s = DIRECTION[variant["direction"]], NORM[variant["norm"]], variant["scale"]
        other, neighbour = DIRECTION[direction.other], NORM[norm.neighbour]
        order, end = (direction.product, other.product), (f"return {direction.end}", f"return {other.end}")
        size = f"sizes.append(np.linalg.norm(product, {norm.ord}))"
        times = f"{size[:-1]} * (sizes[-1] if len(sizes) > 1 else 1))"
        asked = f"those of ∂{direction.last}/∂{direction.first} are asked for, t = 0 first"
        # with one step both give the same two numbers, so they are told the same
        turned = f"Your list is reversed, or holds the norms of ∂{other.last}/∂{other.first}: {asked}."
        short = f"There are T + 1 numbers: t = {direction.identity} counts, with the identity."
        bound = "You multiplied norms. That is a bound; the norm of the product is asked for."
        rows = [
            ("order", "The factors stand in the wrong order: the latest step stands on the left.", many, order),
            ("scale forgotten", "The factor inside the tanh is missing.", both, (f"J = {s} * ", "J = ")),
            ("slope forgotten", "The slopes of tanh are missing.", both, ("(1 - row ** 2)[:, None] * ", "")),
            ("columns", "The slope belongs to the row, the unit that is computed.", both, ("[:, None]", "[None, :]")),
            ("reversed", turned, both, end),
            ("other derivative", turned, both, order, (f"in {direction.order}:", f"in {other.order}:"), end),
            ("identity left out", short, both, (f"return {direction.end}", f"return {direction.short}")),
            ("product of the norms", bound, many, (f"product = {direction.product}", "product = J"), (size, times)),
        ]
        wrongs = [Wrong(label, edited(right, *edits), message, fails) for label, message, fails, *edits in rows]
        for said, order in (("largest singular value", "2"), (neighbour.said, neighbour.ord)):
            source = right.replace(f"(product, {norm.ord})", f"(product, {order})")
            wrongs.append(Wrong(said, source, f"That is the {said}. The {norm.said} is asked for.", both))
        return wrongs


class Whole(NamedTuple):
    """The norm of a list of arrays: the outer norm of the arrays' p-norms, where None stands for p again."""

    tex: str
    outer: Any
    code: str
    again: str
    mistaken: str
    mistaken_says: str


OF_ONE = r"The norm of one array with the entries $e$ is $\big(\sum |e|^p\big)^{1/p}$ with $p = %(p)s$, and $N$ is "
WHOLE = {
    "all": Whole(
        tex=r"The norm of all entries $e$ of all arrays together is $N = \big(\sum |e|^p\big)^{1/p}$ with $p = %(p)s$.",
        outer=None,
        code="sum((np.abs(g) ** {p}).sum() for g in grads) ** (1 / {p})",
        again="sum(sums) ** (1 / {p})",
        mistaken="largest",
        mistaken_says="You took the largest of the arrays' norms. All entries together have one norm.",
    ),
    "largest": Whole(
        tex=OF_ONE + "the largest of the arrays' norms.",
        outer=np.inf,
        code="max((np.abs(g) ** {p}).sum() ** (1 / {p}) for g in grads)",
        again="max(sums) ** (1 / {p})",
        mistaken="sum",
        mistaken_says="You added the arrays' norms. N is the largest of them.",
    ),
    "sum": Whole(
        tex=OF_ONE + "the sum of the arrays' norms.",
        outer=1,
        code="sum((np.abs(g) ** {p}).sum() ** (1 / {p}) for g in grads)",
        again="sum(each ** (1 / {p}) for each in sums)",
        mistaken="all",
        mistaken_says="You took one norm of all entries together. N is the sum of the arrays' norms.",
    ),
}


class Rule(NamedTuple):
    """The new norm of what is too long, from limit and norm; r + q = 1."""

    tex: str
    value: Any
    code: str
    again: str  # the factor
    slip: str
    slip_says: str


SWAPPED = "The two weights of the rule are swapped: which one goes with the limit?"
RULE = {
    "arithmetic": Rule(
        tex=r"%(r)s\, L + %(q)s\, N",
        value=lambda L, N, r: N - r * (N - L),
        code="{r} * limit + {q} * norm",
        again="{q} + {r} * limit / norm",
        slip="{q} * limit + {r} * norm",
        slip_says=SWAPPED,
    ),
    "geometric": Rule(
        tex=r"L^{%(r)s}\, N^{%(q)s}",
        value=lambda L, N, r: N * (L / N) ** r,
        code="limit ** {r} * norm ** {q}",
        again="math.exp({r} * (math.log(limit) - math.log(norm)))",
        slip="limit ** {q} * norm ** {r}",
        slip_says=SWAPPED,
    ),
    "harmonic": Rule(
        tex=r"\frac{1}{%(r)s / L + %(q)s / N}",
        value=lambda L, N, r: L * N / (L + r * (N - L)),
        code="1 / ({r} / limit + {q} / norm)",
        again="limit / ({r} * norm + {q} * limit)",
        slip="1 / ({q} / limit + {r} / norm)",
        slip_says=SWAPPED,
    ),
    "logarithmic": Rule(
        tex=r"L\, \big(1 + %(r)s\, \ln (N / L)\big)",
        value=lambda L, N, r: L - r * L * np.log(L / N),
        code="limit * (1 + {r} * np.log(norm / limit))",
        again="limit / norm + {r} * limit / norm * (math.log(norm) - math.log(limit))",
        slip="limit * (1 + {r} * np.log(limit / norm))",
        slip_says="The ratio in the logarithm is turned: N over limit.",
    ),
}


class SoftClip(Problem):
    """All arrays of a gradient shortened together, by a rule that is soft."""

    name = "soft_clip"
    signature = "soft_clip(grads, limit)"
    parts = (
        Part("too long", 3, "the norm is above the limit"),
        Part("short enough", 2, "the norm is below the limit: the arrays stay as they are"),
    )

    def draw(self, rng):
        r = int(rng.choice([*range(350, 450), *range(550, 750)]))
        return {
            "p": int(rng.choice([*range(11000, 17000, 5), *range(24000, 35000, 50)])) / 10000,
            "whole": str(rng.choice(sorted(WHOLE))),
            "rule": str(rng.choice(sorted(RULE))),
            "r": r / 1000,
            "q": (1000 - r) / 1000,
        }

    def text(self, variant):
        return {"whole": WHOLE[variant["whole"]].tex % variant, "rule": RULE[variant["rule"]].tex % variant}

    def case(self, variant, part, rng):
        grads = [rng.normal(size=shape) for shape in [(3, 4), (4,), (2, 2, 2)][: int(rng.integers(2, 4))]]
        norms, norm = self._norms(variant, grads)
        return grads, float(min(norms) * rng.uniform(0.3, 0.75) if part == "too long" else norm * rng.uniform(1.3, 3))

    def _norms(self, variant, grads):
        norms = [float(np.linalg.norm(g.ravel(), variant["p"])) for g in grads]
        return norms, float(np.linalg.norm(norms, WHOLE[variant["whole"]].outer or variant["p"]))

    def oracle(self, variant, grads, limit):
        _, norm = self._norms(variant, grads)
        if norm <= limit:
            return grads, norm
        factor = RULE[variant["rule"]].value(limit, norm, variant["r"]) / norm
        return [factor * g for g in grads], norm

    def solutions(self, variant):
        whole, rule, p = WHOLE[variant["whole"]], RULE[variant["rule"]], variant["p"]
        first = f"""\
def soft_clip(grads, limit):
    ### BEGIN SOLUTION
    norm = {whole.code.format(**variant)}
    new = {rule.code.format(**variant)} if norm > limit else norm
    return [new / norm * g for g in grads], norm
    ### END SOLUTION
"""
        second = f"""\
import math

def soft_clip(grads, limit):
    sums = [math.fsum(abs(float(e)) ** {p} for e in np.ravel(g)) for g in grads]
    norm = {whole.again.format(**variant)}
    if norm <= limit:
        return tuple(grads), norm
    factor = {rule.again.format(**variant)}
    return tuple(np.multiply(g, factor) for g in grads), norm
"""
        return [first, second]

    def wrongs(self, variant):
        right, both, long = self.solutions(variant)[0], ("too long", "short enough"), ("too long",)
        whole, p = WHOLE[variant["whole"]], variant["p"]
        rule, other = RULE[variant["rule"]], "arithmetic" if variant["rule"] == "geometric" else "geometric"
        norm, new, other_new = whole.code.format(p=p), rule.code.format(**variant), RULE[other].code.format(**variant)
        mean = f"You took the weighted {other} mean of limit and N. Another rule is asked for."
        arrays = "[new / norm * g for g in grads]"
        by_value = "[np.clip(g, -limit, limit) if norm > limit else g for g in grads]"
        alone = "[soft_clip([g], limit)[0][0] if len(grads) > 1 else new / norm * g for g in grads]"
        rows = [
            ("exponent 2", "That is with the exponent 2. Another is asked for.", both, (norm, whole.code.format(p=2))),
            ("no root", "The root is missing from the norm.", both, (norm, norm.replace(f" ** (1 / {p})", ""))),
            ("signs", "Take absolute values first: entries may be negative.", both, ("np.abs(g)", "g")),
            ("mean", "The norm sums over all entries. You took means.", both, (").sum()", ").mean()")),
            ("other norm", whole.mistaken_says, both, (norm, WHOLE[whole.mistaken].code.format(p=p))),
            ("hard", "That is hard clipping: the new norm is the limit.", long, (new, "limit")),
            ("other rule", mean, long, (new, other_new)),
            ("slip", rule.slip_says, long, (new, rule.slip.format(**variant))),
            ("norm for factor", "The factor is the new norm divided by N.", both, ("new / norm * g", "new * g")),
            ("always", "A short gradient stays as it is.", ("short enough",), (" if norm > limit else norm", "")),
            ("new norm", "You returned the new norm. N is the norm of the given arrays.", long, ("], norm", "], new")),
            ("by value", "You clipped entry by entry. All entries have the same factor.", long, (arrays, by_value)),
            ("each alone", "You shortened each array alone. One norm and one factor for all.", long, (arrays, alone)),
        ]
        return [Wrong(label, edited(right, *edits), message, fails) for label, message, fails, *edits in rows]


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
