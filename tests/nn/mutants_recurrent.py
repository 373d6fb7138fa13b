"""Planted bugs of seqlib/nn/recurrent.py."""

FILE = "seqlib/nn/recurrent.py"
TESTS = ["tests/nn/test_rnn.py"]
MUTANTS = {
    "directions-swapped": ("for reverse in (False, True)", "for reverse in (True, False)"),
    "packed-states-unsorted": ("state.index_select(1, input.unsorted_indices)", "state"),
    "late-start-from-zero": ("begin[have:need]])", "0 * begin[have:need]])"),
    "dropout-when-evaluating": ("self.dropout, self.training", "self.dropout, True"),
}
