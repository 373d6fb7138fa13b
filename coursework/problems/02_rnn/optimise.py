"""Momentum and a decay of the weights, in an order that is drawn."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

V, STEP = "v = «momentum.v»\n", "step = «momentum.step»\n"
VIEW = "Your step looks ahead. Here it takes the velocity alone."
NO_VIEW = "The step does not look ahead: it takes the gradient, and in addition a part of the new velocity."
OLD_V = "Your step uses the old velocity. The velocity is renewed first."
NO_FACTOR = "The gradient enters the velocity with a factor, which you left out."
SWAPPED = "In the step, the shares of gradient and velocity are swapped."
TWICE = "The decay is multiplied by the learning rate a second time."
ONCE = "The decay is to be multiplied by the learning rate."
MOMENTUM = {  # velocity and step; the weights of g in v, of g in the step, of v in the step
    "look ahead": Form(
        v="«beta» * v + g",
        step="(g + «part» * v)",
        weights="1, 1, «part»",
        old=NO_VIEW,
        mistakes=(
            Mistake("no view", NO_VIEW, (STEP, "step = v\n")),
            Mistake("no part", "The velocity enters the step with a factor, which you left out.", ("«part» * v", "v")),
            Mistake("1 - β", "The gradient enters the velocity in full, not with 1 - β.", ("v + g", "v + «rest» * g")),
        ),
    ),
    "mixture": Form(
        v="«beta» * v + «rest» * g",
        step="(«others» * g + «part» * v)",
        weights="«rest», «others», «part»",
        old=OLD_V,
        mistakes=(
            Mistake(
                "v alone", "Your step takes the velocity alone; the gradient has a share too.", (STEP, "step = v\n")
            ),
            Mistake("shares of the step swapped", SWAPPED, (STEP, "step = «part» * g + «others» * v\n")),
            Mistake("no factor", NO_FACTOR, ("«rest» * g", "g")),
        ),
    ),
    "dampened": Form(
        v="«beta» * v + «part» * g",
        step="v",
        weights="«part», 0, 1",
        old=OLD_V,
        mistakes=(
            Mistake("looks ahead", VIEW, (STEP, "step = g + «beta» * v\n")),
            Mistake("1 - β", "The gradient's factor in the velocity is not 1 - β here.", ("«part» * g", "«rest» * g")),
            Mistake("no factor", NO_FACTOR, ("«part» * g", "g")),
        ),
    ),
}
DECAY = {  # its way: into the gradient before the velocity, or into θ; the order of its linear maps, the last first
    "gradient": Form(
        before="        g = g + lam * theta\n",
        before_tex=r"g \leftarrow g + \lambda\, \theta, \quad ",
        theta="theta - eta * step",
        theta_tex=r"\theta - \eta\, «momentum.step»",
        order=lambda move, velocity, shrink, into_g: (move, velocity, into_g),
        way="into the gradient, and with it through the velocity",
        mistakes=(Mistake("decay and rate", TWICE, ("lam * theta", "eta * lam * theta")),),
    ),
    "old": Form(
        before="",
        before_tex="",
        theta="theta - eta * lam * theta - eta * step",
        theta_tex=r"\theta - \eta\, \lambda\, \theta - \eta\, «momentum.step»",
        order=lambda move, velocity, shrink, into_g: (move, velocity, shrink),
        way="out of the old θ, past the velocity",
        mistakes=(Mistake("decay and rate", ONCE, ("eta * lam", "lam")),),
    ),
    "new": Form(
        before="",
        before_tex="",
        theta="(1 - eta * lam) * (theta - eta * step)",
        theta_tex=r"(1 - \eta\, \lambda)\, (\theta - \eta\, «momentum.step»)",
        order=lambda move, velocity, shrink, into_g: (shrink, move, velocity),
        way="out of the new θ, after the step",
        mistakes=(Mistake("decay and rate", ONCE, ("eta * lam", "lam")),),
    ),
}
RIGHT = """\
def optimise(theta, grads):
    ### BEGIN SOLUTION
    eta, lam, v = «eta», «lam», np.zeros_like(theta)
    for g in grads:
«decay.before»        v = «momentum.v»
        step = «momentum.step»
        theta = «decay.theta»
    return theta
    ### END SOLUTION
"""
BY_ALL_GRADIENTS = """\
def optimise(theta, grads):
    eta, lam, seen = «eta», «lam», []
    g_in_v, g_in_step, v_in_step = «momentum.weights»
    for g in grads:
«decay.before»        seen.append(g)
        v = g_in_v * «beta» ** np.arange(len(seen))[::-1] @ np.array(seen)
        step = g_in_step * g + v_in_step * v
        theta = «decay.theta»
    return theta
"""
FORMULAS = r"«decay.before_tex»v \leftarrow «momentum.v», \quad \theta \leftarrow «decay.theta_tex»"
THIRD = "Your decay goes «decay.other.other.way». Here it goes «decay.way»."
FORGOTTEN = "The velocity starts at zero once, not before every step."


class Optimise(Problem):
    """Drawn: velocity and step, the way of the decay, and the four constants."""

    name = "optimise"
    parts = (Part("several steps", 4, "grads holds several gradients"), Part("one step", 1, "grads holds one gradient"))
    forms = {"momentum": MOMENTUM, "decay": DECAY}
    says = {"formulas": FORMULAS, "eta": "«eta»", "lam": "«lam»"}
    right = (RIGHT, BY_ALL_GRADIENTS)
    known = (
        Mistake("no decay", "θ does not decay.", (", «lam»,", ", 0.0,")),
        Mistake("another decay", "Your decay goes «decay.other.way». Here it goes «decay.way».", decay="«decay.other»"),
        Mistake("the third decay", THIRD, decay="«decay.other.other»"),
        Mistake("old velocity", "«momentum.old»", (f"{V}        {STEP}", f"{STEP}        {V}")),
        Mistake("uphill", "You go uphill: the sign of the step.", ("- eta * step", "+ eta * step")),
        Mistake("v forgotten", FORGOTTEN, ("grads:\n", "grads:\n        v = 0 * theta\n"), only=("several steps",)),
    )

    def constants(self, rng, variant):
        # No two wrong answers agree after one step: the decay takes less than a tenth, factors of g differ by more.
        p = int(number(rng, range(600, 780)))
        part, beta = p / 1000, number(rng, range(550, p - 30), range(p + 31, 900), per=1000)
        eta, lam = number(rng, range(200, 400), per=1000), number(rng, range(150, 250), per=1000)
        return {"part": part, "others": 1 - part, "beta": beta, "rest": 1 - beta, "eta": eta, "lam": lam}

    def text(self, variant):
        return {name: said.replace(" * ", r"\, ") for name, said in super().text(variant).items()}

    def case(self, variant, part, rng):
        n = int(rng.integers(4, 7)) if part == "several steps" else 1
        return rng.normal(size=3), rng.normal(size=(n, 3))

    def oracle(self, variant, theta, grads):
        beta, eta, lam = variant.beta, variant.eta, variant.lam
        g_in_v, g_in_step, v_in_step = map(float, variant.fill("«momentum.weights»").split(", "))
        # Each line of the formulas is a linear map of (θ, v, g), and a step is their product.
        velocity = np.array([[1, 0, 0], [0, beta, g_in_v], [0, 0, 1]])
        move = np.array([[1, -eta * v_in_step, -eta * g_in_step], [0, 1, 0], [0, 0, 1]])
        into_g = np.array([[1, 0, 0], [0, 1, 0], [lam, 0, 1]])
        step = np.linalg.multi_dot(variant.decay.order(move, velocity, np.diag([1 - eta * lam, 1, 1]), into_g))
        A, b, power = step[:2, :2], step[:2, 2], np.linalg.matrix_power
        shares = ((power(A, k) @ b)[0] * g for k, g in enumerate(reversed(grads)))  # of each gradient in the result
        return power(A, len(grads))[0, 0] * theta + sum(shares)
