"""The states of a gated unit, defined by its switches."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations
from ..gates import DOORS, MIXTURES

ORDER = "The blocks stand in another order: «order.words»."
OF_CHAPTER = Mistake("the chapter's order", ORDER, order="rzn")
ORDERS = {  # of the blocks in both matrices; rnz is taken for that of the chapter anyhow, the next of the table
    name: Form(words=", ".join(name), mistakes=[OF_CHAPTER] if name in ("zrn", "nzr") else [])
    for name in ("rzn", "zrn", "nzr", "rnz")
}
RIGHT = """\
def gated_states(W_x, W_h, x, h0):
    ### BEGIN SOLUTION
    W = dict(zip("«order.name»", np.split(W_h, 3)))
    h, states = h0, []
    for x_t in x:
        u = dict(zip("«order.name»", np.split(W_x @ x_t, 3)))
        r = 1 / (1 + np.exp(-u["r"] - W["r"] @ h))
        z = «low» + «rest» / (1 + np.exp(-u["z"] - W["z"] @ h))
        heard = «door.code»
        a = u["n"] + heard
        n = «phi.code»
        h = «mixture.code»
        states.append(h)
    return np.array(states)
    ### END SOLUTION
"""
BY_SLICES = """\
def gated_states(W_x, W_h, x, h0):
    T, H, old = len(x), len(h0), h0
    row = {k: slice(i * H, (i + 1) * H) for i, k in enumerate("«order.name»")}
    out = np.empty((T, H))
    for t in range(T):
        gates = 1 / (1 + np.exp(-(W_x @ x[t] + W_h @ old)))
        r, z = gates[row["r"]], «low» + «rest» * gates[row["z"]]
        a = W_x[row["n"]] @ x[t] + «door.again»
        n = «phi.code»
        out[t] = old = «mixture.again»
    return out
"""
LAST = "        h = «mixture.code»\n        states.append(h)\n"
MANY = ("many steps",)
LOW = "The constant «low» is missing: the gate z never falls below it."
REST = "The factor «rest» of the gate z is missing."
TANH = "The candidate is not a tanh here, but «phi.code»."
START = "The first step starts from h0, which is not zero."
ALONE = "Every step of yours starts from h0. It starts from the state that the step before has made."


class GatedStates(Problem):
    """Drawn: the order of the blocks, the place of the reset gate, the sense of z, its floor, and the activation."""

    name = "gated_states"
    parts = (Part("many steps", 3, "T is at least 3"), Part("T = 1", 2, "there is one step only"))
    forms = {
        "order": ORDERS,
        "door": DOORS,
        "mixture": MIXTURES,
        "phi": activations("arctan", "arsinh", "softsign", "symlog", z="a", g="n"),
    }
    says = {
        "order": "$«order.words»$",
        "door": "«door.tex»",
        "mixture": "«mixture.tex»",
        "phi": r"$\varphi(a) = «phi.tex»$«phi.hint»",
        "low": "«low»",
        "rest": "«rest»",
    }
    right = (RIGHT, BY_SLICES)
    known = (
        Mistake("other sense of z", "z and 1 - z are swapped. «mixture.meant»", mixture="«mixture.other»"),
        Mistake("another door", "The reset gate stands in another place. «door.confused»", door="«door.other»"),
        Mistake(
            "the third door", "That is not where the reset gate stands. «door.confused»", door="«door.other.other»"
        ),
        Mistake("no reset", "The reset gate is not used.", ("heard = «door.code»", 'heard = W["n"] @ h')),
        Mistake("another order", ORDER, order="«order.other»"),
        Mistake("low forgotten", LOW, ("«low» + «rest»", "«rest»")),
        Mistake("rest forgotten", REST, ("«low» + «rest»", "«low» + 1")),
        Mistake("tanh", TANH, ("n = «phi.code»", "n = np.tanh(a)")),
        Mistake(
            "input reset too",
            "The reset gate multiplies the input's share too. It belongs to the old state's alone.",
            ('a = u["n"] + heard', 'a = r * u["n"] + heard'),
        ),
        Mistake(
            "sign in the gate",
            "The sign inside r is wrong: the logistic function is 1 / (1 + exp(-a)).",
            ('-u["r"] - W["r"]', 'u["r"] + W["r"]'),
        ),
        Mistake(
            "candidates",
            "Those are the candidates. The states mix them with what was.",
            ("states.append(h)", "states.append(n)"),
        ),
        Mistake("start forgotten", START, ("h, states = h0", "h, states = 0 * h0")),
        Mistake("nothing carried", ALONE, (LAST, "        states.append(«mixture.code»)\n"), only=MANY),
    )

    def constants(self, rng, variant):
        low = number(rng, range(100, 400), per=1000)
        return {"low": low, "rest": 1 - low}

    def case(self, variant, part, rng):
        T, D, H = (int(rng.integers(3, 6)) if part == "many steps" else 1), int(rng.integers(2, 4)), 3
        return rng.normal(size=(3 * H, D)), rng.normal(size=(3 * H, H)), rng.normal(size=(T, D)), rng.normal(size=H)

    def oracle(self, variant, W_x, W_h, x, h0):
        T, H, order, door = len(x), len(h0), variant.order.words.split(", "), variant.door.code
        h, states = list(h0), np.empty((T, H))
        at = {k: i * H for i, k in enumerate(order)}

        def total(W, k, i, v):
            return sum(W[at[k] + i, j] * v[j] for j in range(len(v)))

        for t in range(T):  # number by number
            gates = {
                k: [1 / (1 + np.exp(-total(W_x, k, i, x[t]) - total(W_h, k, i, h))) for i in range(H)] for k in "rz"
            }
            spoken = [gates["r"][j] * h[j] if "(r * h)" in door else h[j] for j in range(H)]
            for i in range(H):
                heard = total(W_h, "n", i, spoken) * (gates["r"][i] if door.startswith("r *") else 1)
                n = variant.phi.exact(np.float64(total(W_x, "n", i, x[t]) + heard))
                z = variant.low + variant.rest * gates["z"][i]
                keep = z if variant.mixture.code.startswith("z") else 1 - z
                states[t, i] = keep * h[i] + (1 - keep) * n
            h = list(states[t])
        return states
