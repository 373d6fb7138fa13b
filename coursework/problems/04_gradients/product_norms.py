"""How much of an early state is left in a late one."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

NORM = {  # of a matrix: what it is, what np.linalg.norm calls it, the same from the entries, and again
    "Frobenius norm": Form(
        means="the root of the sum of all squared entries",
        ord='"fro"',
        of=lambda M: np.sqrt(np.trace(M.T @ M)),
        again="np.sqrt((J ** 2).sum())",
        other="nuclear norm",
    ),
    "nuclear norm": Form(
        means="the sum of all singular values",
        ord='"nuc"',
        of=lambda M: np.sqrt(np.maximum(np.linalg.eigvalsh(M.T @ M), 0)).sum(),
        again="np.linalg.svd(J, compute_uv=False).sum()",
        other="Frobenius norm",
    ),
    "row-sum norm": Form(
        means="the largest sum of the absolute values in one row",
        ord="np.inf",
        of=lambda M: max(sum(abs(entry) for entry in row) for row in M),
        again="np.abs(J).sum(axis=1).max()",
        other="column-sum norm",
    ),
    "column-sum norm": Form(
        means="the largest sum of the absolute values in one column",
        ord="1",
        of=lambda M: max(sum(abs(entry) for entry in column) for column in M.T),
        again="np.abs(J).sum(axis=0).max()",
        other="row-sum norm",
    ),
}
DIRECTION = {  # which derivatives are asked for, t = 0, …, T, and the steps whose Jacobians are multiplied for t
    "back": Form(
        first="h_t",
        last="h_T",
        identity="T",
        steps=lambda g, t: g[t:],
        again="range(t, T)",
        order="g[::-1]",
        product="products[-1] @ J",
        end="sizes[::-1]",
        short="sizes[:0:-1]",
    ),
    "forth": Form(
        first="h_0",
        last="h_t",
        identity="0",
        steps=lambda g, t: g[:t],
        again="range(t)",
        order="g",
        product="J @ products[-1]",
        end="sizes",
        short="sizes[1:]",
    ),
}
RIGHT = """\
def product_norms(W_hh, g):
    ### BEGIN SOLUTION
    products = [np.eye(len(W_hh))]
    for row in «direction.order»:
        J = «scale» * (1 - row ** 2)[:, None] * W_hh
        products.append(«direction.product»)
    sizes = [np.linalg.norm(product, «norm.ord») for product in products]
    return «direction.end»
    ### END SOLUTION
"""
ONE_BY_ONE = """\
def product_norms(W_hh, g):
    H, T = len(W_hh), len(g)
    out = np.zeros(T + 1)
    for t in range(T + 1):
        J = np.eye(H)
        for k in «direction.again»:
            J = np.diag(«scale» - «scale» * g[k] ** 2) @ W_hh @ J
        out[t] = «norm.again»
    return out
"""
APPEND, END, MANY = "products.append(«direction.product»)", "return «direction.end»", ("many steps",)
ORDER = "The factors stand in the wrong order: the latest step stands on the left."
# with one step both give the same two numbers, so they are told the same
TURNED = (
    "Your list is reversed, or holds the norms of ∂«direction.other.last»/∂«direction.other.first»: "
    "those of ∂«direction.last»/∂«direction.first» are asked for, t = 0 first."
)
SHORT = "There are T + 1 numbers: t = «direction.identity» counts, with the identity."
BOUND = "You multiplied norms. That is a bound; the norm of the product is asked for."
IN_ROW = "The slope belongs to the row, the unit that is computed."
SINGULAR = "That is the largest singular value. The «norm.name» is asked for."


class ProductNorms(Problem):
    """Drawn: which derivatives, the norm, and the factor in the tanh."""

    name = "product_norms"
    parts = (Part("many steps", 3, "T is at least 4"), Part("T = 1", 2, "there is one step only"))
    forms = {"direction": DIRECTION, "norm": NORM}
    says = {
        "scale": "«scale»",
        "norm": "«norm.name» («norm.means»)",
        "first": "«direction.first»",
        "last": "«direction.last»",
        "identity": "«direction.identity»",
    }
    right = (RIGHT, ONE_BY_ONE)
    known = (
        Mistake("order", ORDER, ("«direction.product»", "«direction.other.product»"), only=MANY),
        Mistake("scale forgotten", "The factor inside the tanh is missing.", scale=1),
        Mistake("slope forgotten", "The slopes of tanh are missing.", ("(1 - row ** 2)[:, None] * ", "")),
        Mistake("columns", IN_ROW, ("[:, None]", "[None, :]")),
        Mistake("reversed", TURNED, (END, "return «direction.other.end»")),
        Mistake("other derivative", TURNED, direction="«direction.other»"),
        Mistake("identity left out", SHORT, (END, "return «direction.short»")),
        Mistake(
            "norms multiplied",
            BOUND,
            (APPEND, "products.append(J)"),
            (END, f"sizes[1:] = np.cumprod(sizes[1:])\n    {END}"),
            only=MANY,
        ),
        Mistake("largest singular value", SINGULAR, ("product, «norm.ord»", "product, 2")),
        Mistake("another norm", "That is the «norm.other.name». The «norm.name» is asked for.", norm="«norm.other»"),
    )

    def constants(self, rng, variant):
        return {"scale": number(rng, range(2400, 3600), per=2000)}

    def case(self, variant, part, rng):
        T, H = (int(rng.integers(4, 7)) if part == "many steps" else 1), int(rng.integers(3, 5))
        return rng.normal(size=(H, H)), np.tanh(rng.normal(size=(T, H)))

    def oracle(self, variant, W_hh, g):
        T, H = g.shape
        sizes = []
        for t in range(T + 1):
            moved = 1e-30 * np.eye(H)  # the complex step: column j is what a small move of unit j has become
            for row in variant.direction.steps(g, t):
                z = np.arctanh(row)[:, None] + variant.scale * W_hh @ (1j * moved)
                moved = np.tanh(z).imag
            sizes.append(variant.norm.of(moved / 1e-30))
        return np.array(sizes)
