"""The states of a cell with gates, of a design of its own."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations
from ..gates import SEES, WRITE

ORDERS = {  # of the blocks in the weights
    name: Form(words=f"${', '.join(name)}$", plain=", ".join(name), blocks=name)
    for name in ("ofig", "gifo", "fgoi", "iogf")
}
RIGHT = """\
def gated_cell(W_x, W_h, x, h0, c0):
    ### BEGIN SOLUTION
    def sigma(a):
        return 1 / (1 + np.exp(-a))

    h, c, states = h0, c0, []
    for x_t in x:
        a = dict(zip("«order.name»", np.split(W_x @ x_t + W_h @ h, 4)))
        i = sigma(a["i"]«sees.i»)
        f = sigma(a["f"]«sees.f»)
        g = np.tanh(a["g"])
        c = «write.code»
        o = sigma(a["o"]«sees.o»)
        h = o * «phi.code»
        states.append(np.stack([h, c]))
    return np.array(states)
    ### END SOLUTION
"""
BY_SLICES = """\
def gated_cell(W_x, W_h, x, h0, c0):
    T, H = len(x), len(h0)
    row = {k: slice(n * H, (n + 1) * H) for n, k in enumerate("«order.name»")}
    out, h, old, new = np.empty((T, 2, H)), h0, c0, c0

    def gate(k, x_t):
        name, seen = «sees.again»
        more = «peek» * seen if name == k else 0
        return 0.5 + 0.5 * np.tanh((W_x[row[k]] @ x_t + W_h[row[k]] @ h + more) / 2)

    for t in range(T):
        i, f = gate("i", x[t]), gate("f", x[t])
        g = np.tanh(W_x[row["g"]] @ x[t] + W_h[row["g"]] @ h)
        c = new = «write.again»
        o = gate("o", x[t])
        out[t, 1] = new
        h = out[t, 0] = «phi.code» * o
        old = new
    return out
"""
MANY = ("many steps",)
OUT, LOOP = "h = o * «phi.code»", "h, c, states = h0, c0, []"
ORDER = "The blocks stand in another order: «order.plain»."
CHAPTER = "You took the order of the chapter, i, f, g, o. Here the blocks stand in the order «order.plain»."
PEEK = "A gate that should see the cell does not. «sees.meant»"
OTHER_GATE = "Another gate sees the cell. «sees.meant»"
WRITES = "The cell is written in another way. «write.meant»"
TANH = "You took tanh of the cell. Here it is another function, the φ of the text."
SIGMA = "The candidate ends in tanh, not in σ."
BARE = "The output gate multiplies a function of the cell: φ is missing."
ZERO = "The first step starts from h0 and c0, which are not zero."
SWAPPED = "The two states stand in the wrong order: h first, then c."
STUCK = "Every step of yours looks at h0. It looks at the h that the step before has made."


class GatedCell(Problem):
    """Drawn: the order of the blocks, how the cell is written, which gate sees it, and the function read out."""

    name = "gated_cell"
    parts = (Part("many steps", 3, "T is at least 3"), Part("T = 1", 2, "there is one step only"))
    forms = {
        "order": ORDERS,
        "write": WRITE,
        "sees": SEES,
        "phi": activations("arctan", "arsinh", "softsign", "symlog", z="c", g="q"),
    }
    says = {
        "order": "«order.words»",
        "write": "«write.tex»",
        "sees": "«sees.words»",
        "peep": "«sees.tex»",
        "phi": r"$\varphi(c) = «phi.tex»$«phi.hint»",
    }
    right = (RIGHT, BY_SLICES)
    known = (
        Mistake("another order", ORDER, order="«order.other»"),
        Mistake("the third order", ORDER, order="«order.other.other»"),
        Mistake("the fourth order", ORDER, order="«order.other.other.other»"),
        Mistake("the chapter's order", CHAPTER, ('zip("«order.name»"', 'zip("ifgo"')),
        Mistake("another way to write", WRITES, write="«write.other»"),
        Mistake("the third way to write", WRITES, write="«write.other.other»"),
        Mistake("no peephole", PEEK, peek=0),
        Mistake("another gate sees", OTHER_GATE, sees="«sees.other»"),
        Mistake("the third gate sees", OTHER_GATE, sees="«sees.other.other»"),
        Mistake("tanh", TANH, (OUT, "h = o * np.tanh(c)")),
        Mistake("no function", BARE, (OUT, "h = o * c")),
        Mistake("σ for the candidate", SIGMA, ('g = np.tanh(a["g"])', 'g = sigma(a["g"])')),
        Mistake("start forgotten", ZERO, (LOOP, "h, c, states = 0 * h0, 0 * c0, []")),
        Mistake("swapped", SWAPPED, ("np.stack([h, c])", "np.stack([c, h])")),
        Mistake("stuck", STUCK, ("W_h @ h", "W_h @ h0"), only=MANY),
    )

    def constants(self, rng, variant):
        return {"peek": number(rng, range(600, 1400), per=1000)}

    def case(self, variant, part, rng):
        T, (H, D) = (int(rng.integers(3, 6)) if part == "many steps" else 1), rng.integers(2, 4, 2)
        shapes = ((4 * H, D), (4 * H, H), (T, D), (H,), (H,))
        return tuple(rng.normal(size=shape) for shape in shapes)

    def oracle(self, variant, W_x, W_h, x, h0, c0):
        H, order, seen_by = len(h0), variant.order.blocks, variant.sees.gate
        h, c, out = h0, c0, np.empty((len(x), 2, H))
        for t, k in np.ndindex(len(x), H):  # unit by unit
            if k == 0:
                h_old, c_old = h.copy(), c.copy()
                h, c = h.copy(), c.copy()
            a = {n: W_x[order.index(n) * H + k] @ x[t] + W_h[order.index(n) * H + k] @ h_old for n in "ifgo"}
            gate = {n: 1 / (1 + np.exp(-a[n] - variant.peek * c_old[k] * (n == seen_by))) for n in "if"}
            c[k] = variant.write.run(gate["i"], gate["f"], np.tanh(a["g"]), c_old[k])
            o = 1 / (1 + np.exp(-a["o"] - variant.peek * c[k] * (seen_by == "o")))
            h[k] = o * variant.phi.exact(c[k])
            out[t, :, k] = h[k], c[k]
        return out
