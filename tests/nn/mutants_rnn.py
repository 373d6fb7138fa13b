"""Planted bugs of seqlib/nn/rnn.py."""

FILE = "seqlib/nn/rnn.py"
TESTS = ["tests/nn/test_rnn.py"]
MUTANTS = {
    "fast-one-bias": ("b_ih + b_hh", "b_ih"),
    "fast-slope-of-h": ("out, out, value=-1)", "out, out.sign(), value=-1)"),
    "fast-weights-transposed": ("later, w_hh, out=dh)", "later, w_hh.t(), out=dh)"),
}
