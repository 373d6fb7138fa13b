"""One step of a recurrent network that keeps a share of its state."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

PHI = activations("arctan", "tanh", "softsign", z="u")
WIRING = {  # where the activation stands: what the sum z reads of the old state, and the new state that it gives
    "around the sum": Form(
        says=r"keeps a share of its old state, and adds a share of what the activation $\varphi$ makes of a sum",
        read="h",
        read_tex="h",
        new="«kept» * h + «share» * phi(z)",
        new_tex=r"«kept»\, h + «share»\, \varphi(z)",
        moved="h + «share» * (phi(z) - h)",
        reads=lambda phi, h: h,
        gives=lambda phi, a, h, z: (1 - a) * h + a * phi(z),
        other="around the mixture",
        message="You put the old state into the activation as well. Here the activation is of z alone.",
    ),
    "around the mixture": Form(
        says=r"mixes a share of its old state with a share of a sum, and takes $\varphi$ of the mixture",
        read="h",
        read_tex="h",
        new="phi(«kept» * h + «share» * z)",
        new_tex=r"\varphi(«kept»\, h + «share»\, z)",
        moved="phi(h + «share» * (z - h))",
        reads=lambda phi, h: h,
        gives=lambda phi, a, h, z: phi((1 - a) * h + a * z),
        other="around the sum",
        message="You applied the activation to z alone. Here it is applied to the mixture of old state and z.",
    ),
    "around the old state": Form(
        says=r"keeps a share of its old state, and adds a share of a sum that reads $\varphi$ of the old state",
        read="phi(h)",
        read_tex=r"\varphi(h)",
        new="«kept» * h + «share» * z",
        new_tex=r"«kept»\, h + «share»\, z",
        moved="h + «share» * (z - h)",
        reads=lambda phi, h: phi(h),
        gives=lambda phi, a, h, z: (1 - a) * h + a * z,
        other="around the sum",
        message="You applied the activation to the sum. Here it is applied to the old state that the sum reads.",
    ),
}
SCALED = {  # what the scale multiplies, in the sum; 1 where it multiplies input, old state and bias
    "all": Form(
        code="«scale» * (x @ W_xh.T + «wiring.read» @ W_hh.T + b_h)",
        tex=r"«scale»\, (W_{xh}\, x + W_{hh}\, «wiring.read_tex» + b_h)",
        of=(1, 1, 1),
        weights="«scale» * np.hstack([W_xh, W_hh, b_h[:, None]])",
        other="old state",
        message="The factor multiplies the whole sum, not the term with W_hh alone.",
    ),
    "input": Form(
        code="«scale» * x @ W_xh.T + «wiring.read» @ W_hh.T + b_h",
        tex=r"«scale»\, W_{xh}\, x + W_{hh}\, «wiring.read_tex» + b_h",
        of=(1, 0, 0),
        weights="np.hstack([«scale» * W_xh, W_hh, b_h[:, None]])",
        other="all",
        message="The factor multiplies the term with W_xh alone, not the whole sum.",
    ),
    "old state": Form(
        code="x @ W_xh.T + «scale» * «wiring.read» @ W_hh.T + b_h",
        tex=r"W_{xh}\, x + «scale»\, W_{hh}\, «wiring.read_tex» + b_h",
        of=(0, 1, 0),
        weights="np.hstack([W_xh, «scale» * W_hh, b_h[:, None]])",
        other="input",
        message="The factor multiplies the term with W_hh, not the one with W_xh.",
    ),
}
RIGHT = """\
def leaky_step(x, h, W_xh, W_hh, b_h):
    ### BEGIN SOLUTION
    def phi(u):
        return «phi.code»

    z = «scaled.code»
    return «wiring.new»
    ### END SOLUTION
"""
ONE_MATRIX = """\
def leaky_step(x, h, W_xh, W_hh, b_h):
    phi, rows = lambda u: «phi.code», []
    weights = «scaled.weights»
    for one, h in zip(np.atleast_2d(x), np.atleast_2d(h)):
        z = weights @ np.concatenate([one, «wiring.read», [1.0]])
        rows.append(«wiring.moved»)
    return rows[0] if np.ndim(x) == 1 else np.stack(rows)
"""
SWAPPED = "The two shares are swapped: which one keeps the old state?"
TRANSPOSED = "W_hh is used transposed: row i belongs to the unit i that is computed."
UNWEIGHTED = "The new part has to be weighted too: the shares add up to 1."
AXIS = "For one sequence the answer has shape (H,), without an axis for the batch."


class LeakyStep(Problem):
    """Drawn: the activation, where it stands, what a factor multiplies, the factor and the shares."""

    name = "leaky_step"
    parts = (
        Part("batch", 3, "x has shape (B, D) and h (B, H)"),
        Part("one sequence", 2, "x has shape (D,) and h (H,); the answer has shape (H,)"),
    )
    forms = {"phi": PHI, "wiring": WIRING, "scaled": SCALED}
    says = {"says": "«wiring.says»", "sum": "«scaled.tex»", "new": "«wiring.new_tex»", "phi": "«phi.tex»"}
    right = (RIGHT, ONE_MATRIX)
    known = (
        Mistake("shares swapped", SWAPPED, share="«kept»", kept="«share»"),
        Mistake("no scale", "The factor in the sum is missing.", scale=1),
        Mistake("scale elsewhere", "«scaled.message»", scaled="«scaled.other»"),
        Mistake("another activation", "You took another activation than the one asked for.", phi="«phi.other»"),
        Mistake("another wiring", "«wiring.message»", wiring="«wiring.other»"),
        Mistake("no bias", "The bias is missing.", (" + b_h", "")),
        Mistake("transposed", TRANSPOSED, ("W_hh.T", "W_hh")),
        Mistake("no leak", "Your step keeps no share of the old state.", ("«kept» * h + «share» * ", "")),
        Mistake("share forgotten", UNWEIGHTED, ("+ «share» * ", "+ ")),
        Mistake("no recurrence", "The term with W_hh is missing in the sum.", ("«wiring.read» @ W_hh.T", "0.0")),
        Mistake("an axis too many", AXIS, (" + b_h", " + b_h[None, :]"), only=("one sequence",)),
    )

    def constants(self, rng, variant):
        share, scale = number(rng, range(150, 430), range(570, 850), per=1000), number(rng, range(600, 950), per=500)
        return {"share": share, "kept": 1 - share, "scale": scale}

    def case(self, variant, part, rng):
        D, H, B = int(rng.integers(2, 4)), int(rng.integers(4, 6)), int(rng.integers(2, 4))
        lead = (B,) if part == "batch" else ()
        return tuple(rng.normal(size=shape) for shape in [(*lead, D), (*lead, H), (H, D), (H, H), (H,)])

    def oracle(self, variant, x, h, W_xh, W_hh, b_h):
        phi, wiring, out = variant.phi.exact, variant.wiring, np.empty_like(h)
        of_x, of_h, of_b = (variant.scale**scaled for scaled in variant.scaled.of)
        read = wiring.reads(phi, h)
        for *b, i in np.ndindex(h.shape):
            z = of_x * sum(W_xh[i, j] * x[(*b, j)] for j in range(W_xh.shape[1])) + of_b * b_h[i]
            z += of_h * sum(W_hh[i, k] * read[(*b, k)] for k in range(W_hh.shape[1]))
            out[(*b, i)] = wiring.gives(phi, variant.share, h[(*b, i)], z)
        return out
