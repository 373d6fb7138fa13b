"""Planted bugs of seqlib.nn.starts."""

FILE = "seqlib/nn/starts.py"
TESTS = ["tests/nn/test_starts.py"]
MUTANTS = {
    "order-of-the-lstm": ('"ifgo"', '"fiog"'),
    "order-of-the-gru": ('"rzn"', '"zrn"'),
    "candidate-of-the-lstm": ('"ifo"', '"ifgo"'),
    "candidate-of-the-gru": ('"rzn", "rz"', '"rzn", "rzn"'),
    "torch-unknown": ("(LSTM, nn.LSTM)", "(LSTM,)"),
    "gru-of-torch-unknown": ("(GRU, nn.GRU)", "(GRU,)"),
    "what-was-there-stays": (' if name.startswith("bias_ih_") else 0.0', ""),
    "biases-swapped": ('"bias_ih_")', '"bias_hh_")'),
    "first-layer-alone": ('if name.startswith("bias_"):', 'if name in ("bias_ih_l0", "bias_hh_l0"):'),
    "one-direction-alone": (
        'if name.startswith("bias_"):',
        'if name.startswith("bias_") and not name.endswith("_reverse"):',
    ),
    "weights-too": ('if name.startswith("bias_"):', 'if not name.startswith("weight_hh"):'),
    "every-gate": ("values[rows] =", "values[:] ="),
    "one-unit-too-few": ("+ 1) * H)", "+ 1) * H - 1)"),
    "default-of-3": ("bias: float = 1.0", "bias: float = 3.0"),
    "any-number": ('check_number("bias", bias)', "float(bias)"),
    "no-biases-unnoticed": ("if not layer.bias:", "if False:"),
}
