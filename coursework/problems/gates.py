"""Cells with gates: how a cell is written, which gate sees it, where a reset gate stands, what an update gate mixes."""

from coursework.problem import Form

WRITE = {  # how the candidate is written into the cell
    "own": Form(
        run=lambda i, f, g, c: f * c + i * g,
        tex=r"f_t \odot c_{t-1} + i_t \odot g_t",
        code="f * c + i * g",
        again="f * old + i * g",
        meant="The candidate is multiplied by the input gate, and by nothing else.",
    ),
    "room": Form(
        run=lambda i, f, g, c: f * c + i * g - f * i * g,
        tex=r"f_t \odot c_{t-1} + (1 - f_t) \odot i_t \odot g_t",
        code="f * c + (1 - f) * i * g",
        again="i * g + f * (old - i * g)",
        meant="The candidate is multiplied by the input gate and by 1 - f.",
    ),
    "rest": Form(
        run=lambda i, f, g, c: f * c - i * f * c + i * g,
        tex=r"(1 - i_t) \odot f_t \odot c_{t-1} + i_t \odot g_t",
        code="(1 - i) * f * c + i * g",
        again="f * old + i * (g - f * old)",
        meant="The old cell is multiplied by the forget gate and by 1 - i.",
    ),
}
SEES = {  # which gate sees the cell of its unit
    "input": Form(
        gate="i",
        words="the input gate sees the old cell",
        tex=r"i_t: \quad a^i_t + «peek»\, c_{t-1}",
        i=" + «peek» * c",
        f="",
        o="",
        again='("i", old)',
        meant="Here the input gate sees the old cell, and the other gates do not.",
    ),
    "forget": Form(
        gate="f",
        words="the forget gate sees the old cell",
        tex=r"f_t: \quad a^f_t + «peek»\, c_{t-1}",
        i="",
        f=" + «peek» * c",
        o="",
        again='("f", old)',
        meant="Here the forget gate sees the old cell, and the other gates do not.",
    ),
    "output": Form(
        gate="o",
        words="the output gate sees the new cell",
        tex=r"o_t: \quad a^o_t + «peek»\, c_t",
        i="",
        f="",
        o=" + «peek» * c",
        again='("o", new)',
        meant="Here the output gate sees the new cell, and the other gates do not.",
    ),
}
DOORS = {  # where the reset gate stands
    "listens": Form(
        tex=r"r_t \odot (W_{hn}\, h_{t-1})",
        code='r * (W["n"] @ h)',
        again='r * (W_h[row["n"]] @ old)',
        confused="The reset gate multiplies what the product made, and only that.",
    ),
    "speaks": Form(
        tex=r"W_{hn}\, (r_t \odot h_{t-1})",
        code='W["n"] @ (r * h)',
        again='W_h[row["n"]] @ (r * old)',
        confused="The reset gate multiplies the old state before the product, and only that.",
    ),
    "both": Form(
        tex=r"r_t \odot \big(W_{hn}\, (r_t \odot h_{t-1})\big)",
        code='r * (W["n"] @ (r * h))',
        again='np.diag(r) @ W_h[row["n"]] @ np.diag(r) @ old',
        confused="The reset gate acts twice: on the old state, and on what the product made.",
    ),
}
MIXTURES = {
    "keeps": Form(
        tex=r"z_t \odot h_{t-1} + (1 - z_t) \odot n_t",
        code="z * h + (1 - z) * n",
        again="n + z * (old - n)",
        meant="Here z = 1 keeps the old state.",
    ),
    "takes": Form(
        tex=r"(1 - z_t) \odot h_{t-1} + z_t \odot n_t",
        code="(1 - z) * h + z * n",
        again="old + z * (n - old)",
        meant="Here z = 1 takes the candidate.",
    ),
}
