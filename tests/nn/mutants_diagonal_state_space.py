"""Planted bugs of seqlib.nn.diagonal_state_space."""

FILE = "seqlib/nn/diagonal_state_space.py"
TESTS = ["tests/nn/test_diagonal_state_space.py", "tests/nn/test_mixer.py"]
PADDED = "padding_is_not_read and S4D"
MUTANTS = {
    "A-above-zero": ("-self.A_log.exp(), self.B, self.rule)", "self.A_log.exp(), self.B, self.rule)"),
    "step-is-its-logarithm": ("self.log_delta.exp()[:, None]", "self.log_delta[:, None]"),
    "kernel-without-skip": ("K[0, :1] + self.skip", "K[0, :1]"),
    "kernel-without-B": ("self.C * b * _powers(a ** ", "self.C * _powers(a ** "),
    "kernel-cut-short": ("return math.isqrt(T - 1) + 1", "return math.isqrt(T)"),
    "first-state-as-if-before": ('"bdn,idn,jdn->bijd", h0 * self.C * a,', '"bdn,idn,jdn->bijd", h0 * self.C,'),
    "goes-round": ("n = 1 << (2 * T - 1).bit_length()", "n = T"),
    "last-state-without-the-first": (" + a ** ages.to(a.dtype)[:, None, None] * h0", ""),
    "last-state-without-B": ("last = b * (sums * far)", "last = (sums * far)"),
    "last-state-turned": (
        "at = (ages[:, None] - 1 - torch.arange(",
        "at = (0 * ages[:, None] + torch.arange(",
    ),
    "first-state-as-old-as-the-batch": (" if real is None else real.sum(1)", "", PADDED),
    "padding-forgets": ("factors.masked_fill(~real[..., None, None], 1)", "factors", PADDED),
    "step-without-skip": ("(h * self.C).sum(-1) + self.skip * x, h", "(h * self.C).sum(-1), h", "step_by_step and S4D"),
    "C-too-large": ("torch.randn(D, N, **kind) / math.sqrt(N)", "torch.randn(D, N, **kind)", "starts"),
    "any-rule": ('check_choice("rule", rule, RULES)', "rule", "bad_options"),
}
