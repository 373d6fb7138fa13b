"""A problem to begin with: a running sum that forgets. Change everything but the form."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

START = {  # what y is before the first step
    "zero": Form(says="Before the first number, y is 0.", code="np.zeros(x.shape[:-1])", before=lambda x: 0.0),
    "first": Form(says="Before the first number, y is that number.", code="x[..., 0]", before=lambda x: x[0]),
}
RIGHT = """\
def smooth(x):
    ### BEGIN SOLUTION
    y, out = «start.code», []
    for x_t in np.moveaxis(x, -1, 0):
        y = «keep» * y + «gain» * x_t
        out.append(y)
    return np.stack(out, axis=-1)
    ### END SOLUTION
"""
STEP_BY_STEP = """\
def smooth(x):
    out = np.zeros(x.shape)
    out[..., 0] = «keep» * («start.code») + «gain» * x[..., 0]
    for t in range(1, x.shape[-1]):
        out[..., t] = «keep» * out[..., t - 1] + «gain» * x[..., t]
    return out
"""
UPDATE = "«keep» * y + «gain» * x_t"


class Smooth(Problem):
    """Drawn: what y is at the start, how much of it is kept, and how much a number adds."""

    name = "smooth"
    parts = (
        Part("one sequence", 3, "x has shape (T,)"),
        Part("several sequences", 2, "x has shape (B, T)"),
    )
    forms = {"start": START}
    says = {"keep": "«keep»", "gain": "«gain»", "start": "«start.says»"}
    right = (RIGHT, STEP_BY_STEP)
    known = (
        Mistake("factors swapped", "You swapped the two factors.", (UPDATE, "«gain» * y + «keep» * x_t")),
        Mistake("another start", "You began with another y: read what it is at first.", start="«start.other»"),
        Mistake("nothing forgotten", "You kept all of y: it is multiplied first.", ("«keep» * y", "y")),
        Mistake("no gain", "You added x itself: it is multiplied first.", ("«gain» * x_t", "x_t")),
        Mistake("backwards", "You began at the end.", ("np.moveaxis(x, -1, 0)", "np.moveaxis(x, -1, 0)[::-1]")),
        Mistake("the last alone", "You returned the last y. All are asked for.", ("np.stack(out, axis=-1)", "y")),
        Mistake(
            "over the rows",
            "You went over the sequences: time is the last axis.",
            ("np.moveaxis(x, -1, 0)", "x"),
            only=("several sequences",),
        ),
    )

    def constants(self, rng, variant):
        return {"keep": number(rng, range(550, 950), per=1000), "gain": number(rng, range(11, 40), per=10)}

    def case(self, variant, part, rng):
        T = int(rng.integers(6, 10))
        return (rng.normal(size=T if part == "one sequence" else (3, T)),)

    def oracle(self, variant, x):
        if x.ndim == 2:
            return np.array([self.oracle(variant, row) for row in x])
        keep, gain, before = variant.keep, variant.gain, variant.start.before(x)  # the sum, written out
        return np.array(
            [before * keep ** (t + 1) + sum(gain * keep ** (t - s) * x[s] for s in range(t + 1)) for t in range(len(x))]
        )
