"""What a part of a sentence says of the word in its blank: the uncertainty before it is read, minus that after it.

The code has H, the entropy of a table, and the tables cw, ca, wa and cwa of cue, word and meal.
"""

from coursework.problem import Form

ASKS = {
    "future": Form(
        tex=r"I(W; A \mid C)",
        words="the meal, to a reader who knows the cue already",
        before="H(cw) - H(cw.sum(1))",
        after="H(cwa) - H(ca)",
        again="uncertain(cw) - uncertain(np.swapaxes(cwa, 1, 2))",
    ),
    "past": Form(
        tex=r"I(W; C \mid A)",
        words="the cue, to a reader who knows the meal already",
        before="H(wa) - H(wa.sum(0))",
        after="H(cwa) - H(ca)",
        again="uncertain(wa.T) - uncertain(np.swapaxes(cwa, 1, 2))",
    ),
    "both": Form(
        tex=r"I(W; C, A)",
        words="cue and meal together",
        before="H(cw.sum(0))",
        after="H(cwa) - H(ca)",
        again="uncertain(cw.sum(0)[None]) - uncertain(np.swapaxes(cwa, 1, 2))",
    ),
    "alone": Form(
        tex=r"I(W; A)",
        words="the meal, to a reader who knows nothing else",
        before="H(cw.sum(0))",
        after="H(wa) - H(wa.sum(0))",
        again="uncertain(cw.sum(0)[None]) - uncertain(wa.T)",
    ),
}
