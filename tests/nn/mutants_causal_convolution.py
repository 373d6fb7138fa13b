"""Planted bugs of seqlib.nn.causal_convolution."""

FILE = "seqlib/nn/causal_convolution.py"
TESTS = ["tests/nn/test_causal_convolution.py", "tests/nn/test_mixer.py"]
MUTANTS = {
    "one-step-late": (
        'before = check_state("state", state, (x.shape[0], self.width - 1',
        'before = check_state("state", state, (x.shape[0], self.width',
        "torchs",
    ),
    "weights-turned-round": (
        "taps = self.weight.squeeze(1).unbind(1)",
        "taps = self.weight.squeeze(1).flip(1).unbind(1)",
        "torchs",
    ),
    "bias-forgotten": ("torch.addcmul(self.bias, xs[:, :T], taps[0])", "xs[:, :T] * taps[0]", "torchs"),
    "last-tap-forgotten": ("for k in range(1, self.width):", "for k in range(1, self.width - 1):", "torchs"),
    "state-of-the-first-steps": ("return out, xs[:, T:]", "return out, xs[:, : self.width - 1]", "torchs"),
    "state-of-the-padding": (
        "at = real.sum(1)[:, None]",
        "at = real.sum(1).amax() + 0 * real.sum(1)[:, None]",
        "padding and convolution",
    ),
    "step-turned-round": (
        "(xs * self.weight.squeeze(1).T)",
        "(xs * self.weight.squeeze(1).flip(1).T)",
        "step_by_step and convolution",
    ),
    "step-without-bias": (
        "(out if self.bias is None else out + self.bias), xs[:, 1:]",
        "out, xs[:, 1:]",
        "step_by_step and convolution",
    ),
    "starts-elsewhere": ("-1 / math.sqrt(width), 1 / math.sqrt(width)", "0, 1 / math.sqrt(width)", "starts"),
}
