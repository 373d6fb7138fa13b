"""Planted bugs of seqlib.nn.state_space."""

FILE = "seqlib/nn/state_space.py"
TESTS = ["tests/nn/test_state_space.py"]
MUTANTS = {
    "euler-for-B-in-the-hold": ("return z.exp(), delta * _phi(z) * B", "return z.exp(), delta * B"),
    "hold-without-its-step": ("return z.exp(), delta * _phi(z) * B", "return z.exp(), _phi(z) * B"),
    "euler-without-one": ("(1 + z if rule", "(z if rule"),
    "mixed-is-euler": ('1 + z if rule == "euler" else z.exp()', "1 + z"),
    "series-one-term-short": ("for k in range(9, 0, -1)", "for k in range(2, 0, -1)"),
    "series-shifted": ("series = 1 + near / (k + 1) * series", "series = 1 + near / k * series"),
    "cancels": ("small = z.abs() < 0.1", "small = z.abs() < 1e-30"),
    "series-everywhere": ("small = z.abs() < 0.1", "small = z.abs() < 1e30"),
    "time-constants-from-zero": ("torch.arange(1, N + 1", "torch.arange(0.5, N + 0.5"),
    "steps-uniform": (
        "return low + (high - low) * torch.rand(D, **kind)",
        "return low + (high - low) * torch.rand(D, **kind) ** 4",
    ),
    "any-rule": ('if check_choice("rule", rule, RULES) == ', "if rule == "),
}
