"""Planted bugs of tests/benchmarks/longer_08_coupled.py."""

FILE = "tests/benchmarks/longer_08_coupled.py"
TESTS = ["tests/benchmarks/test_longer_08_coupled.py"]
MUTANTS = {
    "never-coupled": ("1 - f if self.coupled else i.sigmoid()", "i.sigmoid()"),
    "always-coupled": ("1 - f if self.coupled else i.sigmoid()", "1 - f"),
    "coupled-to-itself": ("(1 - f if self.coupled", "(f if self.coupled"),
    "gates-in-another-order": ("i, f, g, o = (a + h", "f, i, g, o = (a + h"),
    "no-output-gate": ("h = o.sigmoid() * c.tanh()", "h = c.tanh()"),
    "cell-shown-without-tanh": ("h = o.sigmoid() * c.tanh()", "h = o.sigmoid() * c"),
    "old-cell-dropped": ("c = f * c + (1 - f", "c = (1 - f"),
    "one-bias": ("weights.bias_ih_l0 + weights.bias_hh_l0\n", "weights.bias_ih_l0\n"),
    "state-ignored": ("* 2 if state is None else state", "* 2"),
    "starts-wide-open": ('"i starts at 1 - f": (False, -1.0)', '"i starts at 1 - f": (False, 1.0)'),
    "bias-of-the-output-gate": ('open_gate(self.cell, "i", input_bias)', 'open_gate(self.cell, "o", input_bias)'),
    "forget-gate-as-torch-starts-it": ('layer("LSTM, forget bias 1", D, units)', 'layer("LSTM", D, units)'),
    "another-task": ('task = TASKS["latch"]', 'task = TASKS["counting"]'),
    "rate-ignored": ('"lr": rate,', '"lr": 0.01,'),
    "not-clipped": ('"clip_norm": 1.0, ', '"clip_norm": None, '),
    "seed-ignored": ('"seed": seed}', '"seed": 0}'),
    "arm-ignored": ("*ARMS[arm])", '*ARMS["i free"])'),
    "more-units": ("Coupled(E, H, *", "Coupled(E, 2 * H, *"),
    "seen-seeds": ("list(range(110, 121))", "list(range(11))"),
}
