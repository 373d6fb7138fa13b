"""Planted bugs of seqlib/reference/minlstm.py."""

FILE = "seqlib/reference/minlstm.py"
TESTS = ["tests/reference/test_minlstm.py", "tests/reference/test_input_gates.py"]
MUTANTS = {
    "gates-not-shared-out": ("return a, (1 - a) * g, (a_i", "return sigmoid(a_f), sigmoid(a_i) * g, (a_i"),
    "quotient-of-underflow": (
        "a = sigmoid(softplus(-a_i) - softplus(-a_f))",
        "a = sigmoid(a_f) / (sigmoid(a_f) + sigmoid(a_i))",
    ),
    "softmax-of-the-sums": ("a = sigmoid(softplus(-a_i) - softplus(-a_f))", "a = sigmoid(a_f - a_i)"),
    "gates-swapped": ("a_i, a_f, a_g = np.split", "a_f, a_i, a_g = np.split"),
    "sign-of-the-input-gate": ("[-du * sigmoid(-a_i)", "[du * sigmoid(-a_i)"),
    "slope-of-the-other-side": ("du * sigmoid(-a_f)", "du * sigmoid(a_f)"),
    "slopes-swapped": ("-du * sigmoid(-a_i)", "-du * sigmoid(-a_f)"),
    "gate-without-the-candidate": ("du, dg = (da - db * g)", "du, dg = da"),
    "candidate-by-the-forget-gate": ("db * (1 - a)\n", "db * a\n"),
    "slope-of-the-candidate-forgotten": ("dg * slope], -1)", "dg], -1)"),
    "candidate-forgotten": ("forward(_cell(candidate), params", 'forward(_cell("linear"), params'),
    "method-forgotten": ("params, x, h0, method)", "params, x, h0)"),
    "final-cotangent-forgotten": ("backward(dhs, cache, dh_T)", "backward(dhs, cache)"),
}
