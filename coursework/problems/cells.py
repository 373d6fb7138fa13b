"""Cells that are no LSTM: of what their parameters are made, as «square» H² + «linear» H, and by their matrices."""

from coursework.problem import Form, Mistake

# one reason for all: which biases are miscounted, the numbers cannot always tell
BIASES = (
    "Biases are miscounted. Each block of the LSTM has two vectors of them, each block of this cell has «cell.biases», "
    "and each of the two read-outs has one of K numbers."
)
CELLS = {
    "two gates in one": Form(
        words="two blocks, like those of PyTorch's layers: a gate and a candidate",
        biases="two vectors",
        square="2",
        linear="2 * (D + 2)",
        count=lambda H, D: 2 * (H * D + H * H + H + H),
        mistakes=(Mistake("one bias", BIASES, ("2 * (D + 2)", "2 * (D + 1)")),),
    ),
    "peepholes": Form(
        words="four blocks, like those of PyTorch's layers, and three vectors of peepholes with a number for each unit",
        biases="two vectors",
        square="4",
        linear="4 * (D + 2) + 3",
        count=lambda H, D: 4 * (H * D + H * H + H + H) + 3 * H,
        mistakes=(
            Mistake("one bias", BIASES, ("4 * (D + 2)", "4 * (D + 1)")),
            Mistake(
                "no peepholes",
                "The three vectors of peepholes are missing: 3 numbers for each unit.",
                ("4 * (D + 2) + 3", "4 * (D + 2)"),
            ),
            Mistake(
                "one vector of peepholes",
                "You counted one number for each unit as peepholes. There are three vectors.",
                ("4 * (D + 2) + 3", "4 * (D + 2) + 1"),
            ),
        ),
    ),
    "one bias": Form(
        words="three blocks with a matrix for the input, one for the state and one vector of biases each",
        biases="one vector",
        square="3",
        linear="3 * (D + 1)",
        count=lambda H, D: 3 * (H * D + H * H + H),
        mistakes=(Mistake("two biases", BIASES, ("3 * (D + 1)", "3 * (D + 2)")),),
    ),
    "scaled": Form(
        words="one block, like those of PyTorch's layers, and for each unit a scale and an offset",
        biases="two vectors",
        square="1",
        linear="D + 2 + 2",
        count=lambda H, D: H * D + H * H + H + H + H + H,
        mistakes=(
            Mistake("one bias", BIASES, ("D + 2 + 2", "D + 1 + 2")),
            Mistake(
                "no scale and offset",
                "The scale and the offset are missing: 2 numbers for each unit.",
                ("D + 2 + 2", "D + 2"),
            ),
        ),
    ),
}
