"""The way back through attention: how weights are made of scores, and with respect to what a gradient is asked for.

The code has e, the scores (B, S); p, what is made of them first; alpha, the weights; dz, the gradient with respect to
the sums z inside the activation (B, S, H). `again` is for one sentence without its padding: w, its weights.
"""

import numpy as np

from coursework.problem import Form, Mistake

MEAN = "(dalpha - (alpha * dalpha).sum(1, keepdims=True))"
TAKE = "These weights sum to 1, so they take from each other: Σ α dα is missing."
WEIGHTED = "The mean of dα is weighted by α."
OF_ONE = (
    Mistake("no mean", TAKE, (MEAN, "dalpha")),
    Mistake("plain mean", WEIGHTED, ("(alpha * dalpha).sum(1", "dalpha.mean(1")),
)
DIAGONAL = "That is the diagonal alone: each weight depends on all scores."
ALONE = "These weights do not sum to 1, and do not take from each other."
SIGMA = "The slope of σ is σ (1 - σ), and here α is not σ."
MAKES = {
    "softmax": Form(
        tex=r"\alpha_s = \frac{\exp e_s}{\sum_u \exp e_u}",
        p="np.exp(e)",
        alpha="p / p.sum(1, keepdims=True)",
        alpha_again="p / p.sum()",
        back=f"alpha * {MEAN}",
        again="np.diag(w) - np.outer(w, w)",
        of=lambda e: [1 / sum(np.exp(u - s) for u in e) for s in e],
        mistakes=(*OF_ONE, Mistake("diagonal", DIAGONAL, (f"alpha * {MEAN}", "alpha * (1 - alpha) * dalpha"))),
    ),
    "alone": Form(
        tex=r"\alpha_s = \frac{1}{1 + \exp(-e_s)}",
        p="1 / (1 + np.exp(-e))",
        alpha="p",
        alpha_again="p",
        back="alpha * (1 - p) * dalpha",
        again="np.diag(w - w**2)",
        of=lambda e: [np.exp(s) / (1 + np.exp(s)) for s in e],
        mistakes=(
            Mistake("a mean", ALONE, ("* dalpha\n", f"* {MEAN}\n")),
            Mistake("half a slope", "The slope of α is α (1 - α).", ("* (1 - p) * dalpha", "* dalpha")),
        ),
    ),
    "ratio": Form(
        tex=r"\alpha_s = \frac{\sigma(e_s)}{\sum_u \sigma(e_u)}, \qquad \sigma(e) = \frac{1}{1 + \exp(-e)}",
        p="1 / (1 + np.exp(-e))",
        alpha="p / p.sum(1, keepdims=True)",
        alpha_again="p / p.sum()",
        back=f"alpha * (1 - p) * {MEAN}",
        again="np.diag(1 - p) @ (np.diag(w) - np.outer(w, w))",
        of=lambda e: [1 / sum((1 + np.exp(-s)) / (1 + np.exp(-u)) for u in e) for s in e],
        mistakes=(
            *OF_ONE,
            Mistake("way back of exp", "That is the way back of exp. Here it is σ.", ("alpha * (1 - p) *", "alpha *")),
            Mistake("1 - α", SIGMA, ("(1 - p)", "(1 - alpha)")),
        ),
    ),
}
SHARED = "It belongs to all sentences: add up what it gets from each."
SUM = "The loss is a sum over the sentences, not a mean."
TURNED = "Yours is transposed: rows are units of z."
ASKED = {
    "W": Form(
        other="q",
        words="$W$, (H, H)",
        code="np.einsum('bsi,bj->ij', dz, q)",
        start="np.zeros_like(W)",
        again="out += np.outer(dz.sum(0), q[b])",
        mistakes=(
            Mistake("turned", TURNED, ("->ij", "->ji")),
            Mistake("each", SHARED, ("->ij", "->bij")),
            Mistake("mean", SUM, ("dz, q)", "dz, q) / len(q)")),
            Mistake("by h", "W is multiplied by q.", ("'bsi,bj->ij', dz, q", "'bsi,bsj->ij', dz, h")),
        ),
    ),
    "U": Form(
        words="$U$, (H, H)",
        code="np.einsum('bsi,bsj->ij', dz, h)",
        start="np.zeros_like(U)",
        again="out += dz.T @ h[b, :n]",
        mistakes=(
            Mistake("turned", TURNED, ("->ij", "->ji")),
            Mistake("each", SHARED, ("->ij", "->bij")),
            Mistake("mean", SUM, ("dz, h)", "dz, h) / len(h)")),
            Mistake("by q", "U is multiplied by the h_s.", ("'bsi,bsj->ij', dz, h", "'bsi,bj->ij', dz, q")),
        ),
    ),
    "q": Form(
        words="the $q$ of each sentence, (B, H)",
        code="np.einsum('bsi,ij->bj', dz, W)",
        start="np.zeros_like(q)",
        again="out[b] = dz.sum(0) @ W",
        mistakes=(
            Mistake("turned", "W is the wrong way round.", ("'bsi,ij->bj'", "'bsi,ji->bj'")),
            Mistake("each place", "q is asked about all places: add them up.", ("->bj", "->bsj")),
            Mistake("added up", "Each sentence has a q of its own.", ("->bj", "->j")),
            Mistake("by U", "q is multiplied by W.", ("dz, W)", "dz, U)")),
        ),
    ),
    "h": Form(
        words="the $h_s$ of each sentence, (B, S, H), which is 0 in the padding",
        code="dz @ U + alpha[:, :, None] * dcontext[:, None]",
        start="np.zeros_like(h)",
        again="out[b, :n] = dz @ U + np.outer(w, dcontext[b])",
        mistakes=(
            Mistake("turned", "U is the wrong way round.", ("dz @ U", "dz @ U.T")),
            Mistake(
                "unweighted",
                "In the sum for c each h_s has its weight.",
                ("+ alpha[:, :, None] *", "+ real[:, :, None] *"),
            ),
            Mistake(
                "score alone",
                "The h_s are also what c is the sum of.",
                (" + alpha[:, :, None] * dcontext[:, None]", ""),
            ),
            Mistake("sum alone", "The h_s are also in the scores.", ("dz @ U + ", "")),
            Mistake("by W", "In the score h is multiplied by U.", ("dz @ U", "dz @ W")),
        ),
    ),
}
