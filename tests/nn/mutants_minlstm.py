"""Planted bugs of seqlib.nn.minlstm."""

FILE = "seqlib/nn/minlstm.py"
TESTS = ["tests/nn/test_minlstm.py"]
MUTANTS = {
    "gates-swapped": ("s_i, s_f, s_g = sums", "s_f, s_i, s_g = sums"),
    "gates-not-normalised": (
        "return torch.sigmoid(ratio), torch.sigmoid(-ratio)",
        "return s_f.sigmoid(), s_i.sigmoid()",
    ),
    "ratio-of-sums": ("softplus(-s_i) - softplus(-s_f)", "s_f - s_i"),
    "ratio-with-the-wrong-sign": ("softplus(-s_i) - softplus(-s_f)", "softplus(s_i) - softplus(s_f)"),
    "candidate-forgotten": ("input_gates.candidate(s_g, self.candidate)", "s_g"),
    "zero-by-zero": (
        "ratio = softplus(-s_i) - softplus(-s_f)",
        "i, f = s_i.sigmoid(), s_f.sigmoid()\n        ratio = torch.log(f / (f + i)) - torch.log(i / (f + i))",
    ),
}
