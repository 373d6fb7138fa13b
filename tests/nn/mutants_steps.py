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
    "state-after-for-before": ("after[t - way] for t in order", "after[t] for t in order"),
    "stretch-before-of-itself": ("rows[B * (min(order) + shift)", "rows[B * min(order)"),
    "stretch-shifted-the-other-way": (
        "1 if self.reverse else -1\n            return",
        "-1 if self.reverse else 1\n            return",
    ),
    "stretches-in-order-of-rows": ("return found[::-1] if self.reverse else found", "return found"),
    "steps-of-a-stretch-in-order-of-rows": ("piece[::-1] if self.reverse else piece", "piece"),
    "first-step-without-h0": (
        "torch.addmm(da[first].t() @ h_0, da[later]",
        "torch.addmm(0 * (da[first].t() @ h_0), da[later]",
    ),
    "uniform-by-the-first-two": ("sizes[0] == sizes[-1]", "sizes[:2] == sizes[1:3]"),
    "reverse-walks-forward": ("range(len(sizes))[::-1] if reverse", "range(len(sizes)) if reverse"),
}
