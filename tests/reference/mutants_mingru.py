"""Planted bugs of seqlib/reference/mingru.py."""

FILE = "seqlib/reference/mingru.py"
TESTS = ["tests/reference/test_mingru.py", "tests/reference/test_input_gates.py"]
MUTANTS = {
    "gate-keeps": ("return 1 - z, z * n, (z, n)", "return z, (1 - z) * n, (z, n)"),
    "input-without-its-gate": ("return 1 - z, z * n, (z, n)", "return 1 - z, n, (z, n)"),
    "blocks-swapped": ("a_z, a_n = np.split", "a_n, a_z = np.split"),
    "gate-without-the-state": ("dz, dn = db * n - da, db * z", "dz, dn = db * n, db * z"),
    "sign-of-the-state": ("db * n - da, db * z", "db * n + da, db * z"),
    "slope-of-the-gate-forgotten": ("[dz * z * (1 - z), dn", "[dz, dn"),
    "slope-of-the-candidate-forgotten": ("dn * input_gates.candidate_slope(n, self.candidate)", "dn"),
    "one-block-too-many": ("return input_gates.init(D, H, Cell().blocks", "return input_gates.init(D, H, 3"),
    "candidate-forgotten": ("forward(_cell(candidate), params", 'forward(_cell("linear"), params'),
    "candidate-of-the-step-forgotten": ("step(_cell(candidate), params", 'step(_cell("linear"), params'),
    "method-forgotten": ("params, x, h0, method)", "params, x, h0)"),
    "final-cotangent-forgotten": ("backward(dhs, cache, dh_T)", "backward(dhs, cache)"),
}
