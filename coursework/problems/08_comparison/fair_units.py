"""How many units does another cell get for a share of an LSTM's parameters?"""

from coursework.problem import Form, Mistake, Part, Problem, number

from ..cells import BIASES, CELLS

ALIKE = "The LSTM's read-out reads its state alone and has K(N + 1) parameters. You counted it as that of your cell."
SAME = (Mistake("the LSTM's read-out like the other's", ALIKE, ("K * (N + 1)", "(«out.linear») * N + «out.rest»")),)
OUTS = {
    "state": Form(words="the state", linear="K", rest="K", reads=lambda H, D: H),
    "state and input": Form(
        words="the state and the input", linear="K", rest="K * (D + 1)", reads=lambda H, D: H + D, mistakes=SAME
    ),
    "both ways": Form(
        words="the state and its square, entry by entry",
        linear="2 * K",
        rest="K",
        reads=lambda H, D: 2 * H,
        mistakes=SAME,
    ),
}
RIGHT = """\
def fair_units(N, D, K):
    ### BEGIN SOLUTION
    lstm = 4 * N * (D + N + 2) + K * (N + 1)
    P = «share» * lstm
    a = «cell.square»
    b = «cell.linear» + «out.linear»
    c = «out.rest» - P
    root = np.sqrt(b**2 - 4 * a * c)
    H = (-b + root) / (2 * a)
    return H
    ### END SOLUTION
"""
BY_TRYING = """\
def fair_units(N, D, K):
    def size(H):
        layer = «cell.square» * H * H + («cell.linear») * H
        return layer + («out.linear») * H + «out.rest»

    wanted = «share» * (4 * N * (D + N) + 8 * N + K * N + K)
    low, high = 0.0, 100.0 * N
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if size(middle) < wanted else (low, middle)
    return low
"""
OTHER = "That is another cell. This one has «cell.words»."
READ = "The read-out is another one. It reads «out.words», and has K biases."
WHOLE = "You rounded. What is wanted is the number where the counts are equal, be it whole or not."


class FairUnits(Problem):
    """Drawn: the cell, what its read-out reads, and the share of the LSTM's parameters."""

    name = "fair_units"
    parts = (Part("small", 2, "N is from 8 to 14"), Part("large", 3, "N is from 110 to 160"))
    forms = {"cell": CELLS, "out": OUTS}
    says = {"cell": "«cell.words»", "out": "«out.words»", "share": "«share»"}
    right = (RIGHT, BY_TRYING)
    known = (
        Mistake("another cell", OTHER, cell="«cell.other»"),
        Mistake("a third cell", OTHER, cell="«cell.other.other»"),
        Mistake("the fourth cell", OTHER, cell="«cell.other.other.other»"),
        Mistake("another read-out", READ, out="«out.other»"),
        Mistake("the third read-out", READ, out="«out.other.other»"),
        Mistake("all of it", "You gave it all the LSTM's parameters. It gets «share» times as many.", share=1),
        Mistake(
            "the other share",
            "You divided by «share». The cell gets «share» times as many parameters as the LSTM.",
            ("«share» * lstm", "lstm / «share»"),
        ),
        Mistake(
            "more by the share",
            "You gave it more by «share» of the LSTM's parameters. It gets «share» times as many.",
            ("«share» * lstm", "(1 + «share») * lstm"),
        ),
        Mistake(
            "share of the LSTM alone",
            "You took «share» of the LSTM without its read-out. The share is of both together.",
            ("P = «share» * lstm", "P = «share» * 4 * N * (D + N + 2) + K * (N + 1)"),
        ),
        Mistake(
            "share of the units",
            "You took «share» of the LSTM's units. The parameters are what is shared out.",
            ("return H", "return «share» * N"),
        ),
        Mistake(
            "three blocks",
            "The LSTM has 4 N (D + N + 2) parameters: four blocks, with two biases each.",
            ("4 * N * (D + N + 2)", "3 * N * (D + N + 2)"),
        ),
        Mistake("one bias of the LSTM", BIASES, ("(D + N + 2)", "(D + N + 1)")),
        Mistake(
            "the LSTM's read-out",
            "The LSTM's network has a read-out as well, with K(N + 1) parameters.",
            (" + K * (N + 1)", ""),
        ),
        Mistake("no biases of the LSTM's read-out", BIASES, ("K * (N + 1)", "K * N")),
        Mistake("no biases of the read-out", BIASES, ("«out.rest» - P", "«out.rest» - K - P")),
        Mistake("no biases", BIASES, ("K * (N + 1)", "K * N"), ("«out.rest» - P", "«out.rest» - K - P")),
        Mistake("units rounded down", WHOLE, ("return H", "return np.floor(H)")),
        Mistake("units rounded", WHOLE, ("return H", "return np.round(H)")),
        Mistake("units rounded up", WHOLE, ("return H", "return np.ceil(H)")),
        Mistake(
            "the other root",
            "That is the negative root. A number of units is positive.",
            ("(-b + root)", "(-b - root)"),
        ),
        Mistake(
            "no read-out",
            "Your cell's network has no read-out. It reads «out.words».",
            (" + «out.linear»\n", "\n"),
            ("c = «out.rest» - P", "c = -P"),
        ),
        Mistake(
            "no read-out in either",
            "You left out both read-outs. The LSTM's has K(N + 1) parameters; the other one reads «out.words».",
            (" + K * (N + 1)", ""),
            (" + «out.linear»\n", "\n"),
            ("c = «out.rest» - P", "c = -P"),
        ),
    )

    def constants(self, rng, variant):
        return {"share": number(rng, range(400, 600), range(1300, 1600), per=1000)}  # 0.618 is left out: 1 / x is 1 + x

    def case(self, variant, part, rng):
        small, large = (
            ((8, 15), (3, 9), (5, 9)),
            ((110, 161), (10, 21), (60, 121)),
        )  # there two digits behind the point do
        spans = small if part == "small" else large
        return tuple(int(rng.integers(*span)) for span in spans)

    def oracle(self, variant, N, D, K):
        """By Newton's method, on the count of every matrix and vector."""
        wanted = variant.share * (4 * (N * D + N * N + N + N) + K * N + K)

        def size(H):
            return variant.cell.count(H, D) + K * variant.out.reads(H, D) + K

        H = float(N)
        for _ in range(60):
            slope = (size(H + 0.5) - size(H - 0.5)) / 1.0
            H -= (size(H) - wanted) / slope
        return H
