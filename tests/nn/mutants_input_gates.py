"""Planted bugs of seqlib.nn.input_gates."""

FILE = "seqlib/nn/input_gates.py"
TESTS = [
    "tests/nn/test_input_gates.py",
    "tests/nn/test_mingru.py",
    "tests/nn/test_minlstm.py",
    "tests/nn/test_mixer.py",
]
GATES = "minGRU or minLSTM or input_gates"
MUTANTS = {
    "eigenvalues-stay-positive": ("2 * a - 1 if self.negative_eigenvalues else a", "a", "equation"),
    "eigenvalues-doubled": ("2 * a - 1 if", "2 * a if", "equation"),
    "bias-forgotten": ("linear(x, self.weight, self.bias)", "linear(x, self.weight)", "equation"),
    "state-forgotten": ("out = scan(a, b, h0, method", "out = scan(a, b, method", "equation"),
    "padding-forgets": ("a.masked_fill(padding, 1)", "a.masked_fill(padding, 0)", f"padding and ({GATES})"),
    "padding-is-read": ("b.masked_fill(padding, 0)", "b", f"padding and ({GATES})"),
    "padding-answers": (
        "return out.masked_fill(padding, 0), out[:, -1]",
        "return out, out[:, -1]",
        f"padding and ({GATES})",
    ),
    "state-of-the-padded": (
        "return out.masked_fill(padding, 0), out[:, -1]",
        "return out.masked_fill(padding, 0), out.masked_fill(padding, 0)[:, -1]",
        f"padding and ({GATES})",
    ),
    "step-without-its-factor": ("h = torch.addcmul(b, a, h)", "h = b + h", f"step_by_step and ({GATES})"),
    "start-of-another-width": ("1 / math.sqrt(self.input_size)", "1 / math.sqrt(self.hidden_size)", "starts"),
    "half-where-zero": ("torch.where(sums >= 0", "torch.where(sums > 1", "candidates"),
    "method-forgotten": ("out = scan(a, b, h0, method=self.method)", "out = scan(a, b, h0)", "asked_for"),
    "any-candidate": ('check_choice("candidate", candidate, CANDIDATES)', "candidate", "bad_options"),
}
