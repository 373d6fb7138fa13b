"""The gradient that reaches the step size and the rates of a state space, by way of its discretisation."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..recurrences import RATES, RULES

RIGHT = """\
def step_size_gradient(alpha, delta, c, x, h0, dy):
    ### BEGIN SOLUTION
    A = «rate.code»
    a_bar, b_bar = «rule.a», «rule.b» * np.ones_like(A)
    states = [h0]
    for x_t in x:
        states.append(a_bar * states[-1] + b_bar * x_t)
    da_bar, db_bar, g = np.zeros_like(A), np.zeros_like(A), np.zeros_like(A)
    for t in reversed(range(len(x))):
        g = a_bar * g + «gain» * c * dy[t]
        da_bar = da_bar + g * states[t]
        db_bar = db_bar + g * x[t]
    by_A = «rule.by_A»
    by_delta = «rule.by_delta»
    return by_A * («rate.slope»), by_delta
    ### END SOLUTION
"""
FORWARDS = """\
def step_size_gradient(alpha, delta, c, x, h0, dy):
    A = «rate.code»
    a_bar, b_bar = «rule.a», 0 * A + «rule.b»
    h, of_a, of_b = h0, 0 * A, 0 * A  # forwards: how the state depends on a_bar and on b_bar
    da_bar, db_bar = 0 * A, 0 * A
    for x_t, dy_t in zip(x, dy):
        of_a, of_b = a_bar * of_a + h, a_bar * of_b + x_t
        h = a_bar * h + b_bar * x_t
        da_bar += «gain» * dy_t * c * of_a
        db_bar += «gain» * dy_t * c * of_b
    return («rule.by_A») * («rate.slope»), «rule.by_delta»
"""
MANY = ("many steps",)
CARRY, ENDS = "g = a_bar * g + «gain» * c * dy[t]", "return by_A * («rate.slope»), by_delta"
RULE = "The step is made by another rule: read how ā and b̄ are made."
RATE = "A is made of α in another way, or its slope is another."
AHEAD = "ā multiplies the state before its step, not the one that it makes."
ALONE = "Each step got its own gradient alone. A state also acts on all states after it."
IN_FULL = "From one state to the one before it the gradient is multiplied by ā."
THROUGH_A = "A way through ā is missing: it multiplies the state before its step, and at first h0, which is not 0."
THROUGH_B = "The way through b̄ is missing: it depends on the step size too."
BY_DELTA = "The step size acts by way of ā too: add what reaches Δ through it."
OF_A = "That is the gradient with respect to A. Go on to α."
ONE_STEP = "All steps share the same ā and b̄: add up what comes from each of them."
MEAN = "You took a mean over the steps. What they share gets the sum."
LENGTH = "The gradients belong to N states each: do not add them up."


class StepSizeGradient(Problem):
    """Drawn: the rule of the discretisation, how the rates are made, what enters, and a factor of the output."""

    name = "step_size_gradient"
    parts = (Part("many steps", 4, "T is at least 4"), Part("T = 1", 1, "there is one step only"))
    forms = {"rule": RULES, "rate": RATES}
    says = {"rule": "«rule.tex»", "rate": "«rate.tex»", "gain": "«gain»"}
    right = (RIGHT, FORWARDS)
    known = (
        Mistake("another rule", RULE, rule="«rule.other»"),
        Mistake("a third rule", RULE, rule="«rule.other.other»"),
        Mistake("a fourth rule", RULE, rule="«rule.other.other.other»"),
        Mistake("another rate", RATE, rate="«rate.other»"),
        Mistake("a third rate", RATE, rate="«rate.other.other»"),
        Mistake("with respect to A", OF_A, (ENDS, "return by_A, by_delta")),
        Mistake(
            "sign of the rate", "A falls where α grows: a sign.", ("by_A * («rate.slope»)", "-by_A * («rate.slope»)")
        ),
        Mistake("no gain", "The factor of the output is missing.", gain=1),
        Mistake("no entry", "The factor in b̄ is missing.", enters=1),
        Mistake("no c", "The output is weighted by c.", (CARRY, CARRY.replace(" * c", ""))),
        Mistake("nothing carried", ALONE, (CARRY, CARRY.replace("a_bar * g + ", "")), only=MANY),
        Mistake("carried in full", IN_FULL, (CARRY, CARRY.replace("a_bar * g", "g")), only=MANY),
        Mistake("state after", AHEAD, ("g * states[t]", "g * states[t + 1]")),
        Mistake("start forgotten", THROUGH_A, ("states = [h0]", "states = [0 * h0]")),
        Mistake("without ā", THROUGH_A, ("da_bar + g * states[t]", "0 * g")),
        Mistake(
            "Δ without ā",
            BY_DELTA,
            ("by_delta = «rule.by_delta»", "da_bar = 0 * da_bar\n    by_delta = «rule.by_delta»"),
        ),
        Mistake("without b̄", THROUGH_B, ("db_bar + g * x[t]", "0 * g")),
        Mistake(
            "one step",
            ONE_STEP,
            ("da_bar + g * states[t]", "g * states[t]"),
            ("db_bar + g * x[t]", "g * x[t]"),
            only=MANY,
        ),
        Mistake("mean", MEAN, (ENDS, ENDS.replace("by_A *", "by_A / len(x) *") + " / len(x)"), only=MANY),
        Mistake("summed up", LENGTH, (ENDS, "return (by_A * («rate.slope»)).sum(), by_delta.sum()")),
        Mistake(
            "order", "The gradient with respect to α comes first.", (ENDS, "return by_delta, by_A * («rate.slope»)")
        ),
        Mistake("one alone", "Two gradients are asked for.", (ENDS, "return by_A * («rate.slope»)")),
    )

    def constants(self, rng, variant):
        gain = number(rng, range(400, 850), range(1200, 1700), per=1000)
        return {"gain": gain, "enters": number(rng, range(30, 85), range(120, 170), per=100)}

    def case(self, variant, part, rng):
        T, N = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(2, 4))
        alpha, delta = rng.uniform(0.5, 0.9, N), rng.uniform(0.3, 0.6, N)
        c, h0 = rng.choice([-1, 1], (2, N)) * rng.uniform(0.5, 1.5, (2, N))
        x, dy = rng.choice([-1, 1], (2, T)) * rng.uniform(0.4, 1.6, (2, T))
        return alpha, delta, c, x, h0, dy

    def oracle(self, variant, alpha, delta, c, x, h0, dy):
        """By the complex step, entry by entry."""
        found = np.empty((2, len(alpha)))
        for which, n in np.ndindex(found.shape):
            moved = np.array([alpha, delta], dtype=complex)
            moved[which, n] += 1e-30j
            a, b = variant.rule.of(moved[1], variant.rate.of(moved[0]), variant.enters)
            h, loss = h0, 0
            for x_t, dy_t in zip(x, dy, strict=True):
                h = a * h + b * x_t
                loss = loss + dy_t * variant.gain * (c * h).sum()
            found[which, n] = loss.imag / 1e-30
        return tuple(found)
