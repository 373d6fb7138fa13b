"""Planted bugs of seqlib.nn.steps."""

FILE = "seqlib/nn/steps.py"
TESTS = ["tests/nn/test_steps.py", "tests/nn/test_recurrent.py"]
MUTANTS = {
    "late-start-from-zero": ("begin[have:need]])", "0 * begin[have:need]])"),
    "newcomers-from-the-front": ("begin[have:need]])", "begin[: need - have]])"),
    "ends-shifted": ("after = [*self.sizes[1:], 0]", "after = [0, *self.sizes[1:]]"),
    "ends-in-the-wrong-order": ("if n < size][::-1])", "if n < size])"),
    "last-shares-memory": ("rows[: self.sizes[0]].clone() if self.reverse", "rows[: self.sizes[0]] if self.reverse"),
    "first-of-the-other-end": (
        "return self._ends(rows) if self.reverse else",
        "return self._ends(rows) if not self.reverse else",
    ),
    "state-after-for-before": ("else after[t - way] for t", "else after[t] for t"),
    "before-in-the-other-direction": ("else order), -1 if self.reverse else 1", "else order), 1"),
    "begin-in-every-stretch": ("begin if t == self.order[0] else", "begin if t == times[0] else"),
    "stretch-overlaps": ("range(a, min(a + count, T))", "range(a, min(a + count + 1, T))"),
    "stretches-in-the-other-order": ("return found[::-1] if self.reverse else found", "return found"),
    "left-out-rows-shifted": ("left[need:have] = state[need:]", "left[: have - need] = state[need:]"),
    "steps-of-a-stretch-in-order-of-rows": ("piece[::-1] if self.reverse else piece", "piece"),
    "stretches-of-any-width": ("CACHED // (width * max(1, self.sizes[0]))", "CACHED // max(1, self.sizes[0])"),
    "uniform-by-the-first-two": ("sizes[0] == sizes[-1]", "sizes[:2] == sizes[1:3]"),
    "reverse-walks-forward": ("range(len(sizes))[::-1] if reverse", "range(len(sizes)) if reverse"),
}
