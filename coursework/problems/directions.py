"""Two networks that read from both ends: which of their states meet at a step, and how the two become one output."""

from coursework.problem import Form, Mistake

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
        hint="",
        tex=r"«meets.f_tex» + «share»\, «meets.b_tex»",
        code="f + «share» * b",
        again="b * «share» + f",
        of=lambda f, b, share: f + share * b,
        confused="Here the two states are added, the backward one with its factor.",
    ),
    "product": Form(
        hint=r"$\odot$ multiplies entry by entry. ",
        tex=r"«meets.f_tex» \odot \big(«share» + «meets.b_tex»\big)",
        code="f * («share» + b)",
        again="f * b + «share» * f",
        of=lambda f, b, share: f * (share + b),
        confused="Here the number is added to the backward state, and the sum multiplies the forward one.",
        mistakes=[Mistake("nothing added", "The number «share» is missing.", share=0)],
    ),
    "larger": Form(
        hint="The maximum is taken entry by entry. ",
        tex=r"\max\big(«meets.f_tex»,\; «share»\, «meets.b_tex»\big)",
        code="np.maximum(f, «share» * b)",
        again="np.where(f > «share» * b, f, «share» * b)",
        of=lambda f, b, share: max(f, share * b),
        confused="Here, entry by entry, the larger of two numbers counts.",
    ),
}
