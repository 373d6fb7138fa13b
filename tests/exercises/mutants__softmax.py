"""Bugs planted in the softmax of which the exercises of chapter 12 make their wrong answers."""

FILE = "seqlib/exercises/_softmax.py"
TESTS = ["tests/exercises/test__softmax.py"]
MUTANTS = {
    "a-power-of-2": ("p = np.exp(e - e.max(axis, keepdims=True))", "p = np.exp2(e - e.max(axis, keepdims=True))"),
    "the-mean-taken-off": ("e.max(axis, keepdims=True)", "e.mean()"),
    "always-the-last-axis": ("p.sum(axis, keepdims=True)", "p.sum(-1, keepdims=True)"),
}
