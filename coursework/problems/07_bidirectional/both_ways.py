"""The outputs of a bidirectional network, defined by where and how its two states meet."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

from ..activations import activations

MEETS = {  # the places in ahead, which begins with h→_0, and in behind, which begins with h←_1; how many steps away
    "at": Form(tex=(r"\overrightarrow h_t", r"\overleftarrow h_t"), f="t + 1", b="t", away=(0, 0)),
    "after": Form(tex=(r"\overrightarrow h_t", r"\overleftarrow h_{t+1}"), f="t + 1", b="t + 1", away=(0, 1)),
    "around": Form(tex=(r"\overrightarrow h_{t-1}", r"\overleftarrow h_{t+1}"), f="t", b="t + 1", away=(1, 1)),
    "before": Form(tex=(r"\overrightarrow h_{t-1}", r"\overleftarrow h_t"), f="t", b="t", away=(1, 0)),
}
for form in MEETS.values():
    form.f_tex, form.b_tex = form.tex
    form.words = " and ".join(form.tex).replace(r"\over", "").replace("rightarrow h", "h→").replace("leftarrow h", "h←")
MERGES = {
    "sum": Form(
        tex=r"«meets.f_tex» + «share»\, «meets.b_tex»",
        code="f + «share» * b",
        again="b * «share» + f",
        of=lambda f, b, share: f + share * b,
        confused="Here the two states are added, the backward one with its factor.",
    ),
    "product": Form(
        tex=r"«meets.f_tex» \odot \big(«share» + «meets.b_tex»\big)",
        code="f * («share» + b)",
        again="f * b + «share» * f",
        of=lambda f, b, share: f * (share + b),
        confused="Here the number is added to the backward state, and the sum multiplies the forward one.",
    ),
    "larger": Form(
        tex=r"\max\big(«meets.f_tex»,\; «share»\, «meets.b_tex»\big)",
        code="np.maximum(f, «share» * b)",
        again="np.where(f > «share» * b, f, «share» * b)",
        of=lambda f, b, share: max(f, share * b),
        confused="Here, entry by entry, the larger of two numbers counts.",
    ),
}
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
BACK = "for x_t in x[:n][::-1]:"
LENGTH = "The backward network has read the padding. It starts at step n, with the state s."
SWAPPED = (
    "The weights of the two networks are swapped: F belongs to the one from the left, B to the one from the right."
)
TURN = "The backward states stand in the order in which they were read. Turn them round."
SAME = "Your second network reads from the left, too. It begins at step n."
START = "Both networks start from s, which is not zero."
OWN = "The second network starts from s, and not from where the first one ended."
ROUND = "Your second network starts at step 1 of the next round: the states stand one place off."
MEET = "At step t you took a state of another step. The outputs are made of «meets.words»."
TANH = "The states are not made by a tanh here, but by «phi.code»."


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
        "phi": r"$\varphi(a) = «phi.tex»$«phi.hint»",
    }
    right = (RIGHT, BY_PLACES)
    known = (
        Mistake("another step", MEET, meets="«meets.other»"),
        Mistake("one more step", MEET, meets="«meets.other.other»"),
        Mistake("another merge", "«merge.confused»", merge="«merge.other»"),
        Mistake(
            "the third merge",
            "That is not how the two states are merged. «merge.confused»",
            merge="«merge.other.other»",
        ),
        Mistake("number forgotten", "The number «share» is missing.", share=1),
        Mistake("padding read", LENGTH, (BACK, "for x_t in x[::-1]:"), only=PADDED),
        Mistake("not turned round", TURN, ("    behind = behind[::-1]\n", "")),
        Mistake(
            "both from the left",
            SAME,
            (BACK, "for x_t in x[:n]:"),
            ("    behind = behind[::-1]\n", "    behind = behind[1:] + [s]\n"),
        ),
        Mistake(
            "weights swapped",
            SWAPPED,
            (
                "    ahead, behind = [s], [s]\n",
                "    F_x, F_h, B_x, B_h = B_x, B_h, F_x, F_h\n    ahead, behind = [s], [s]\n",
            ),
        ),
        Mistake("start forgotten", START, ("ahead, behind = [s], [s]", "ahead, behind = [0 * s], [0 * s]")),
        Mistake("carried on", OWN, (BACK, "behind = [ahead[-1]]\n    " + BACK)),
        Mistake(
            "tanh",
            TANH,
            ("        ahead.append(«phi.code»)", "        ahead.append(np.tanh(a))"),
            ("        behind.append(«phi.code»)", "        behind.append(np.tanh(a))"),
        ),
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
