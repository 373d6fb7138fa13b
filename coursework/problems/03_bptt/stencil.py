"""The weights of a formula for a derivative or an integral at a place between the nodes."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

WANTED = {  # what a formula can give of the powers s^j, j = 0, 1, …; p is the place, in steps of length e
    "value": "p ** j",
    "derivative": "j * p ** np.maximum(j - 1, 0) / e",
    "second derivative": "j * (j - 1) * p ** np.maximum(j - 2, 0) / e ** 2",
    "integral": "e * p ** (j + 1) / (j + 1)",
}
LINE = "wanted = «functional.wanted»"
GIVES = {
    name: Mistake(name, f"Your weights give the {name}, which is not what is asked for.", (LINE, f"wanted = {code}"))
    for name, code in WANTED.items()
}
FUNCTIONAL = {  # of the powers s^j; of the powers (s - p)^j; of a polynomial of s; what is forgotten of a power
    "derivative": Form(
        tex=r"f'(x + «place»\, \varepsilon)",
        wanted=WANTED["derivative"],
        shifted="wanted[1] = 1 / e",
        exact=lambda P, p, e, m: P.deriv()(p) / e,
        no_factor="(j > 0) * p ** np.maximum(j - 1, 0) / e",
        factor="The derivative of sʲ has the factor j.",
        same_exponent="j * p ** j / e",
        exponent="The derivative of sʲ has the exponent j - 1.",
        mistakes=(
            Mistake("elsewhere", "That is the derivative at x, not at the place asked for.", place=0),
            *(GIVES[name] for name in ("value", "second derivative", "integral")),
        ),
    ),
    "integral": Form(
        tex=r"\int_x^{x + «place»\, \varepsilon} f(y)\, \mathrm dy",
        wanted=WANTED["integral"],
        shifted="wanted[:] = -e * (-p) ** (j + 1) / (j + 1)",
        exact=lambda P, p, e, m: e * (P.integ()(p) - P.integ()(0.0)),
        no_factor="e * p ** (j + 1)",
        factor="The integral of sʲ has the divisor j + 1.",
        same_exponent="e * p ** j / (j + 1)",
        exponent="The integral of sʲ has the exponent j + 1.",
        mistakes=(
            Mistake("elsewhere", "That is the integral over a whole step, not up to the place asked for.", place=1),
            *(GIVES[name] for name in ("value", "derivative", "second derivative")),
        ),
    ),
    "mixture": Form(
        tex=r"f'(x + «place»\, \varepsilon) + «mixed»\, f(x + «place»\, \varepsilon)",
        wanted="j * p ** np.maximum(j - 1, 0) / e + «mixed» * p ** j",
        shifted="wanted[:2] = «mixed», 1 / e",
        exact=lambda P, p, e, m: P.deriv()(p) / e + m * P(p),
        no_factor="(j > 0) * p ** np.maximum(j - 1, 0) / e + «mixed» * p ** j",
        factor="The derivative of sʲ has the factor j.",
        same_exponent="j * p ** j / e + «mixed» * p ** j",
        exponent="The derivative of sʲ has the exponent j - 1.",
        mistakes=(
            Mistake("elsewhere", "That is what is asked for at x, not at the place asked for.", place=0),
            *(GIVES[name] for name in ("value", "derivative", "second derivative")),
        ),
    ),
    "second derivative": Form(
        tex=r"f''(x + «place»\, \varepsilon)",
        wanted=WANTED["second derivative"],
        shifted="wanted[2] = 2 / e ** 2",
        exact=lambda P, p, e, m: P.deriv(2)(p) / e**2,
        no_factor="(j > 1) * p ** np.maximum(j - 2, 0) / e ** 2",
        factor="The second derivative of sʲ has the factor j (j - 1).",
        same_exponent="j * (j - 1) * p ** j / e ** 2",
        exponent="The second derivative of sʲ has the exponent j - 2.",
        mistakes=(
            Mistake("elsewhere", "That is the second derivative at x, not at the place asked for.", place=0),
            *(GIVES[name] for name in ("value", "derivative", "integral")),
        ),
    ),
}
RIGHT = """\
def stencil(nodes):
    ### BEGIN SOLUTION
    j, p, e = np.arange(len(nodes)), «place», «step»
    powers = nodes[None, :] ** j[:, None]
    wanted = «functional.wanted»
    return np.linalg.solve(powers, wanted)
    ### END SOLUTION
"""
SHIFTED = """\
def stencil(nodes):
    j, wanted, p, e = np.arange(len(nodes)), np.zeros(len(nodes)), «place», «step»
    «functional.shifted»
    inverse = np.linalg.inv(np.vander(nodes - p, increasing=True).astype(float))
    return [float(sum(column * wanted)) for column in inverse.T]
"""
NO_STEP = "The nodes are counted in steps: the step's length is missing."
TURNED = "The length of a step is on the wrong side: do you multiply by it, or divide?"
TRANSPOSED = "The matrix is transposed: a row for each power, a column for each node."


class Stencil(Problem):
    """Drawn: what the formula gives, the place, the length of a step, and the share of the mixture."""

    name = "stencil"
    parts = (Part("four nodes", 2, "nodes has shape (4,)"), Part("six nodes", 3, "nodes has shape (6,)"))
    forms = {"functional": FUNCTIONAL}
    says = {"step": "«step»", "wanted": "«functional.tex»"}
    right = (RIGHT, SHIFTED)
    known = (
        Mistake("no step", NO_STEP, step=1),
        Mistake("step turned", TURNED, (", «step»\n", ", 1 / «step»\n")),
        Mistake("no factor", "«functional.factor»", (LINE, "wanted = «functional.no_factor»")),
        Mistake("same exponent", "«functional.exponent»", (LINE, "wanted = «functional.same_exponent»")),
        Mistake("transposed", TRANSPOSED, ("nodes[None, :] ** j[:, None]", "nodes[:, None] ** j[None, :]")),
        Mistake("sign", "The sign is wrong.", ("return np", "return -np")),
    )

    def constants(self, rng, variant):
        place = number(rng, range(520, 690), range(720, 820), per=1000)  # 2 place² is never 1
        step, mixed = number(rng, range(2400, 4800), per=10000), number(rng, range(1200, 2800), per=1000)
        return {"place": place, "step": step, "mixed": mixed}

    def case(self, variant, part, rng):
        n = 4 if part == "four nodes" else 6
        return (np.arange(n) - n // 2 + rng.uniform(-0.3, 0.3, size=n),)

    def oracle(self, variant, nodes):
        weights = []
        for i, own in enumerate(nodes):  # what is wanted of each Lagrange polynomial
            others = np.delete(nodes, i)
            lagrange = np.poly1d(np.poly(others) / np.prod(own - others))
            weights.append(variant.functional.exact(lagrange, variant.place, variant.step, variant.mixed))
        return np.array(weights)
