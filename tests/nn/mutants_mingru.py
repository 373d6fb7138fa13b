"""Planted bugs of seqlib.nn.mingru."""

FILE = "seqlib/nn/mingru.py"
TESTS = ["tests/nn/test_mingru.py"]
MUTANTS = {
    "gate-keeps": ("return torch.sigmoid(-s_z), torch.sigmoid(s_z)", "return torch.sigmoid(s_z), torch.sigmoid(-s_z)"),
    "blocks-swapped": ("s_z, s_n = sums", "s_n, s_z = sums"),
    "input-without-its-gate": ("torch.sigmoid(s_z) * input_gates", "input_gates"),
    "candidate-forgotten": ("input_gates.candidate(s_n, self.candidate)", "s_n"),
    "one-minus": ("return torch.sigmoid(-s_z),", "return 1 - torch.sigmoid(s_z),", "loses_nothing"),
}
