"""The score of a hypothesis that has ended: a norm of its log-probability, and whether the end counts as a symbol."""

from coursework.problem import Form

NORMS = {  # the score of a hypothesis with log-probability L and n symbols
    "power": Form(
        tex=r"L/(n+1)^{«alpha»}", code="total / (n + 1) ** «alpha»", of=lambda x, L, n: L / (n + 1) ** x.alpha
    ),
    "shifted": Form(
        tex=r"L / \big(\tfrac{«shift» + n}{«shift» + 1}\big)^{«alpha»}",
        code="total / ((«shift» + n) / («shift» + 1)) ** «alpha»",
        of=lambda x, L, n: L * ((x.shift + 1) / (x.shift + n)) ** x.alpha,
    ),
    "reward": Form(tex=r"L + «reward»\, n", code="total + «reward» * n", of=lambda x, L, n: L + x.reward * n),
}
COUNTS = {
    "with": Form(words="EOS included", code="len(ids)", less=0),
    "without": Form(words="EOS not included", code="(len(ids) - 1)", less=1),
}
