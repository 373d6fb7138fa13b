"""A residual stream and its norm, in pieces: how features are normalised, where the norm stands, what is asked for.

The code has u, what is normalised (B, T, D); r, what it is divided by (B, T, 1); n, the normalised one; du, dn and so
on the gradients with respect to them; z, what goes into the activation. In `again`, which is for one position, all of
these are vectors, and J is the Jacobian of n.
"""

import numpy as np

from coursework.problem import Form, Mistake

NORMED = """c = «norm.centred»
            r = «norm.root»
            n = c / r
            J = «norm.again»"""
BEFORE = """u = x[b, t]
            «norm.normed»
            a = gain * n
            z = W @ a
            g = «phi.code»
            dz = «share» * («phi.slope_of_value») * dy[b, t]
            da = W.T @ dz
            dx[b, t] = dy[b, t] + J.T @ (gain * da)
            dW += np.outer(dz, a)
            dgain += n * da"""
AFTER = """z = W @ x[b, t]
            g = «phi.code»
            u = x[b, t] + «share» * g
            «norm.normed»
            du = J.T @ (gain * dy[b, t])
            dz = «share» * («phi.slope_of_value») * du
            dx[b, t] = du + W.T @ dz
            dW += np.outer(dz, x[b, t])
            dgain += n * dy[b, t]"""
CONSTANT = "What u is divided by depends on u, too: it is no constant."
MEAN = "The mean that is subtracted depends on all features, too."
NORMS = {
    "root mean square": Form(
        tex=r"N(u) = \frac{u}{\sqrt{\frac{1}{D} \sum_j u_j^2 + «eps»}}",
        words="",
        centred="u",
        root="np.sqrt((c**2).mean(-1, keepdims=True) + «eps»)",
        normed=NORMED,
        back="(dn - n * (dn * n).mean(-1, keepdims=True)) / r",
        again="(np.eye(D) - np.outer(n, n) / D) / r",
        of=lambda u, eps: u / np.sqrt((u @ u) / len(u) + eps),
        mistakes=(
            Mistake("constant", CONSTANT, ("(dn - n * (dn * n).mean(-1, keepdims=True)) / r", "dn / r")),
            Mistake("a sum", "There is a mean under the root: 1 / D is missing.", ("(dn * n).mean(", "(dn * n).sum(")),
            Mistake(
                "layer norm back",
                "That is the way back of layer normalisation: no mean is subtracted here.",
                ("(dn - n *", "(dn - dn.mean(-1, keepdims=True) - n *"),
            ),
            Mistake("no second n", "The mean is multiplied by n once more.", ("- n * (dn", "- (dn")),
        ),
    ),
    "layer": Form(
        tex=r"N(u) = \frac{u - \bar u}{\sqrt{\frac{1}{D} \sum_j (u_j - \bar u)^2 + «eps»}}",
        words=r"Here $\bar u$ is the mean of the $u_j$. ",
        centred="u - u.mean(-1, keepdims=True)",
        root="np.sqrt((c**2).mean(-1, keepdims=True) + «eps»)",
        normed=NORMED,
        back="(dn - dn.mean(-1, keepdims=True) - n * (dn * n).mean(-1, keepdims=True)) / r",
        again="(np.eye(D) - 1 / D - np.outer(n, n) / D) / r",
        of=lambda u, eps: (u - sum(u) / len(u)) / np.sqrt(sum((u - sum(u) / len(u)) ** 2) / len(u) + eps),
        mistakes=(
            Mistake(
                "constants",
                "Mean and variance depend on all features: they are no constants.",
                ("(dn - dn.mean(-1, keepdims=True) - n * (dn * n).mean(-1, keepdims=True)) / r", "dn / r"),
            ),
            Mistake("variance constant", CONSTANT, (" - n * (dn * n).mean(-1, keepdims=True)", "")),
            Mistake("mean constant", MEAN, (" - dn.mean(-1, keepdims=True)", "")),
            Mistake(
                "sample",
                "The mean of the squares is over D, not D - 1.",
                ("(c**2).mean(-1, keepdims=True)", "(c**2).sum(-1, keepdims=True) / (u.shape[-1] - 1)"),
            ),
        ),
    ),
    "mean size": Form(
        tex=r"N(u) = \frac{u}{\frac{1}{D} \sum_j |u_j| + «eps»}",
        words="",
        centred="u",
        root="abs(c).mean(-1, keepdims=True) + «eps»",
        normed=NORMED,
        back="(dn - np.sign(u) * (dn * n).mean(-1, keepdims=True)) / r",
        again="(np.eye(D) - np.outer(n, np.sign(u)) / D) / r",
        of=lambda u, eps: u / ((np.sign(u.real) @ u) / len(u) + eps),
        mistakes=(
            Mistake("constant", CONSTANT, ("(dn - np.sign(u) * (dn * n).mean(-1, keepdims=True)) / r", "dn / r")),
            Mistake("a sum", "It is a mean of sizes: 1 / D is missing.", ("(dn * n).mean(", "(dn * n).sum(")),
            Mistake("no sign", "The slope of |u| is the sign of u.", ("np.sign(u) * ", "")),
            Mistake("n for the sign", "That is the way back of a root of squares.", ("np.sign(u)", "n")),
        ),
    ),
}
PLACES = {
    "before": Form(
        tex=r"y = x + «share»\, \varphi(W a), \qquad a = g \odot N(x)",
        forward="u = x",
        after="\n    a = gain * n\n    z = a @ W.T",
        back="dz = «share» * dy * slope\n    da = dz @ W\n    dn = gain * da",
        again=BEFORE,
        of=lambda v, W, g, x: x + v.share * v.phi.exact(W @ (g * v.norm.of(x, v.eps))),
        last="dx = dy + du\n    dW = np.einsum('bti,btj->ij', dz, a)\n    dgain = (da * n).sum((0, 1))",
        mistakes=(
            Mistake("no stream", "x also goes to y directly: its gradient is missing.", ("dx = dy + du", "dx = du")),
            Mistake("stream alone", "x is also what the layer reads.", ("dx = dy + du", "dx = 1.0 * dy")),
            Mistake("scaled stream", "«share» is the layer's alone.", ("dx = dy + du", "dx = «share» * dy + du")),
        ),
    ),
    "after": Form(
        tex=r"y = g \odot N(u), \qquad u = x + «share»\, \varphi(W x)",
        forward="z = x @ W.T\n    u = x + «share» * («phi.code»)",
        after="",
        back="da = dy\n    dn = gain * da",
        again=AFTER,
        of=lambda v, W, g, x: g * v.norm.of(x + v.share * v.phi.exact(W @ x), v.eps),
        last="dz = «share» * du * slope\n    dx = du + dz @ W\n    dW = np.einsum('bti,btj->ij', dz, x)\n"
        "    dgain = (da * n).sum((0, 1))",
        mistakes=(
            Mistake("no share back", "The share «share» is missing on the way back.", ("dz = «share» *", "dz =")),
            Mistake(
                "no stream", "x also goes to u directly: its gradient is missing.", ("dx = du + dz @ W", "dx = dz @ W")
            ),
            Mistake("stream alone", "x is also what the layer reads.", ("dx = du + dz @ W", "dx = 1.0 * du")),
            Mistake(
                "past the norm",
                "What goes directly to u goes through the norm as well.",
                ("dx = du + dz @ W", "dx = dy + dz @ W"),
            ),
        ),
    ),
}
SHARED = "It belongs to all positions: add up what it gets from each."
SUM = "The gradients of positions are added up, not averaged."
ASKED = {
    "W": Form(
        words="$W$, (D, D)",
        result="dW",
        mistakes=(
            Mistake("turned", "Your gradient of W is transposed: rows are features of φ.", ("->ij", "->ji")),
            Mistake("each", SHARED, ("->ij", "->bij")),
            Mistake("mean", SUM, ("return dx, dW", "return dx, dW / lengths.sum()")),
        ),
    ),
    "gain": Form(
        words="$g$, (D,)",
        result="dgain",
        mistakes=(
            Mistake("each", SHARED, ("(da * n).sum((0, 1))", "(da * n).sum(1)")),
            Mistake("mean", SUM, ("return dx, dgain", "return dx, dgain / lengths.sum()")),
            Mistake("no n", "The gain multiplies n.", ("(da * n).sum((0, 1))", "da.sum((0, 1))")),
            Mistake(
                "gain again",
                "The gain itself has no part in its gradient.",
                ("(da * n).sum((0, 1))", "(dn * n).sum((0, 1))"),
            ),
        ),
    ),
}
