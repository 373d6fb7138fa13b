"""The outputs of a bidirectional network, defined by where and how its two states meet."""

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..activations import activations
from ..directions import MEETS, MERGES

RIGHT = """\
def both_ways(F_x, F_h, B_x, B_h, x, n, s):
    ### BEGIN SOLUTION
    ahead, behind = [s], [s]
    for x_t in x[:n]:
        a = F_x @ x_t + F_h @ ahead[-1]
        ahead.append(«phi.code»)
    for x_t in x[:n][::-1]:
        a = B_x @ x_t + B_h @ behind[-1]
        behind.append(«phi.code»)
    behind = behind[::-1]
    y = np.zeros((len(x), len(s)))
    for t in range(n):
        f, b = ahead[«meets.f»], behind[«meets.b»]
        y[t] = «merge.code»
    return y
    ### END SOLUTION
"""
BY_PLACES = """\
def both_ways(F_x, F_h, B_x, B_h, x, n, s):
    T, H = len(x), len(s)
    ahead, behind = np.zeros((2, n + 1, H))
    ahead[0] = behind[n] = s
    for k in range(n):
        a = F_x @ x[k] + F_h @ ahead[k]
        ahead[k + 1] = «phi.code»
    for k in range(n - 1, -1, -1):
        a = B_x @ x[k] + B_h @ behind[k + 1]
        behind[k] = «phi.code»
    t = np.arange(n)
    f, b = ahead[«meets.f»], behind[«meets.b»]
    return np.concatenate([«merge.again», np.zeros((T - n, H))])
"""
PADDED = ("padding",)
PAIR = "ahead, behind = [s], [s]"
STATES = "    behind = behind[::-1]\n"
BACK = "for x_t in x[:n][::-1]:"
LENGTH = "The backward network has read the padding. It starts at step n, with the state s."
SWAPPED = "The weights are swapped: F is of the network from the left, B of the one from the right."
TURN = "The backward states stand in the order in which they were read. Turn them round."
LAST = "    behind = behind[1:] + [s]\n"
SAME = "Your second network reads from the left, too. It begins at step n."
START = "Both networks start from s, which is not zero."
OWN = "The second network starts from s, and not from where the first one ended."
MEET = "At step t you took a state of another step. The outputs are made of «meets.words»."
AHEAD, BEHIND = "ahead.append(«phi.code»)", "behind.append(«phi.code»)"
OTHER_MERGE = "That is not how the two states are merged. «merge.confused»"
TANH = "The states are not made by a tanh here, but by «phi.code»."
NO_PHI = "Your states are sums, without the activation: «phi.code»."
SECOND = "Your second network starts from 0. Both start from s, which is not zero."
WEIGHTS = "Your second network has the weights of the first, F. It has weights of its own, B."
FACTOR = "You put the number with the forward state. «share» belongs to the backward one."
N = "You took the padding for steps. Both networks read the first n rows only, and from index n on y is 0."
ZEROS = "You let the backward network read the padding as zeros: its state changes then, too. It starts at step n."
NUMBER = "The number «share» is missing."


class BothWays(Problem):
    """Drawn: which states meet at a step, how they are merged, a number, and the activation."""

    name = "both_ways"
    parts = (Part("no padding", 3, "n = T, at least 3"), Part("padding", 2, "n is less than T"))
    forms = {
        "meets": MEETS,
        "merge": MERGES,
        "phi": activations("arctan", "arsinh", "softsign", "symlog", z="a", g="h"),
    }
    says = {
        "output": "«merge.tex»",
        "hint": "«merge.hint»",
        "phi": r"$\varphi(a) = «phi.tex»$«phi.hint»",
    }
    right = (RIGHT, BY_PLACES)
    known = (
        Mistake("another step", MEET, meets="«meets.other»"),
        Mistake("one more step", MEET, meets="«meets.other.other»"),
        Mistake("the last meeting", MEET, meets="«meets.other.other.other»"),
        Mistake("another merge", "«merge.confused»", merge="«merge.other»"),
        Mistake("the third merge", OTHER_MERGE, merge="«merge.other.other»"),
        Mistake("number forgotten", NUMBER, share=1),
        Mistake("factor moved", FACTOR, ("f, b = ahead", "b, f = ahead")),
        Mistake("padding read", LENGTH, (BACK, "for x_t in x[::-1]:"), only=PADDED),
        Mistake("zeros read", ZEROS, (BACK, "for x_t in np.r_[x[:n], 0 * x[n:]][::-1]:"), only=PADDED),
        Mistake(
            "n ignored",
            N,
            (BACK, "for x_t in x[::-1]:"),
            ("for x_t in x[:n]:", "for x_t in x:"),
            ("range(n)", "range(len(x))"),
            only=PADDED,
        ),
        Mistake("not turned round", TURN, (STATES, "")),
        Mistake("start put last", TURN, (STATES, LAST)),
        Mistake("both from the left", SAME, (BACK, "for x_t in x[:n]:"), (STATES, LAST)),
        Mistake("weights swapped", SWAPPED, (PAIR, "F_x, F_h, B_x, B_h = B_x, B_h, F_x, F_h\n    " + PAIR)),
        Mistake("weights shared", WEIGHTS, (PAIR, "B_x, B_h = F_x, F_h\n    " + PAIR)),
        Mistake("start forgotten", START, (PAIR, "ahead, behind = [0 * s], [0 * s]")),
        Mistake("second from 0", SECOND, (PAIR, "ahead, behind = [s], [0 * s]")),
        Mistake("carried on", OWN, (BACK, "behind = [ahead[-1]]\n    " + BACK)),
        Mistake("tanh", TANH, (AHEAD, "ahead.append(np.tanh(a))"), (BEHIND, "behind.append(np.tanh(a))")),
        Mistake("no activation", NO_PHI, (AHEAD, "ahead.append(a)"), (BEHIND, "behind.append(a)")),
    )

    def constants(self, rng, variant):
        return {"share": number(rng, range(300, 700), range(1300, 1700), per=1000)}

    def case(self, variant, part, rng):
        D, H, T = int(rng.integers(2, 4)), 3, int(rng.integers(4, 7))
        n = T if part == "no padding" else int(rng.integers(2, T - 1))
        F_x, B_x = rng.normal(size=(2, H, D))
        F_h, B_h = rng.normal(size=(2, H, H))
        return (
            F_x,
            F_h,
            B_x,
            B_h,
            rng.normal(size=(T, D)),
            n,
            rng.choice([-1, 1], size=H) * rng.uniform(0.4, 1.2, size=H),
        )

    def oracle(self, variant, F_x, F_h, B_x, B_h, x, n, s):
        """Each state by itself, by recursion from the definition."""

        def state(W_x, W_h, t, step):
            if t in (0, n + 1):
                return s
            before = state(W_x, W_h, t - step, step)
            sums = [
                sum(W_x[i, j] * x[t - 1, j] for j in range(x.shape[1]))
                + sum(W_h[i, j] * before[j] for j in range(len(s)))
                for i in range(len(s))
            ]
            return np.array([variant.phi.exact(np.float64(a)) for a in sums])

        y = np.zeros((len(x), len(s)))
        for t in range(1, n + 1):
            back, on = variant.meets.away
            f, b = state(F_x, F_h, t - back, 1), state(B_x, B_h, t + on, -1)
            y[t - 1] = [variant.merge.of(*pair, variant.share) for pair in zip(f, b, strict=True)]
        return y
