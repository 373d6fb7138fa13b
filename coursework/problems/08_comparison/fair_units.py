"""How many units does another cell get for a share of an LSTM's parameters?"""

from coursework.problem import Form, Mistake, Part, Problem, number

CELLS = {
    "two gates in one": Form(
        words="two blocks, like those of PyTorch's layers: a gate and a candidate",
        square="2",
        linear="2 * (D + 2)",
        count=lambda H, D: 2 * (H * D + H * H + H + H),
    ),
    "peepholes": Form(
        words="four blocks, like those of PyTorch's layers, and three vectors of peepholes with a number for each unit",
        square="4",
        linear="4 * (D + 2) + 3",
        count=lambda H, D: 4 * (H * D + H * H + H + H) + 3 * H,
    ),
    "one bias": Form(
        words="three blocks with a matrix for the input, one for the state and a single bias each",
        square="3",
        linear="3 * (D + 1)",
        count=lambda H, D: 3 * (H * D + H * H + H),
    ),
    "scaled": Form(
        words="one block, like those of PyTorch's layers, and for each unit a scale and an offset",
        square="1",
        linear="D + 2 + 2",
        count=lambda H, D: H * D + H * H + H + H + H + H,
    ),
}
OUTS = {
    "state": Form(words="the state", linear="K", rest="K", count=lambda H, D, K: K * H + K),
    "state and input": Form(
        words="the state and the input", linear="K", rest="K * (D + 1)", count=lambda H, D, K: K * (H + D) + K
    ),
    "both ways": Form(
        words="the state and its square, entry by entry",
        linear="2 * K",
        rest="K",
        count=lambda H, D, K: K * (H + H) + K,
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
LSTM_COUNT = "The LSTM has 4 N (D + N + 2) parameters: four blocks, with two biases each."


class FairUnits(Problem):
    """Drawn: the cell, what its read-out reads, and the share of the LSTM's parameters."""

    name = "fair_units"
    parts = (Part("small", 2, "N is from 4 to 12"), Part("large", 3, "N is from 200 to 400"))
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
            "share of the units",
            "You took «share» of the LSTM's units. The parameters are what is shared out.",
            ("return H", "return «share» * N"),
        ),
        Mistake("three blocks", LSTM_COUNT, ("4 * N * (D + N + 2)", "3 * N * (D + N + 2)")),
        Mistake("one bias of the LSTM", LSTM_COUNT, ("(D + N + 2)", "(D + N + 1)")),
        Mistake(
            "the LSTM's read-out",
            "The LSTM's network has a read-out as well, with K(N + 1) parameters.",
            (" + K * (N + 1)", ""),
        ),
        Mistake(
            "whole units",
            "You rounded. Asked is the number where the counts are equal, be it whole or not.",
            ("return H", "return np.floor(H)"),
        ),
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
    )

    def constants(self, rng, variant):
        return {"share": number(rng, [*range(400, 900), *range(1100, 1600)], per=1000)}

    def case(self, variant, part, rng):
        spans = ((4, 13), (3, 20), (3, 12)) if part == "small" else ((200, 401), (40, 81), (60, 121))
        return tuple(int(rng.integers(*span)) for span in spans)

    def oracle(self, variant, N, D, K):
        """By Newton's method, on the count of every matrix and vector."""
        wanted = variant.share * (4 * (N * D + N * N + N + N) + K * N + K)

        def size(H):
            return variant.cell.count(H, D) + variant.out.count(H, D, K)

        H = float(N)
        for _ in range(60):
            slope = (size(H + 0.5) - size(H - 0.5)) / 1.0
            H -= (size(H) - wanted) / slope
        return H
