"""Planted bugs of seqlib.nn.diagonal_state_space."""

FILE = "seqlib/nn/diagonal_state_space.py"
TESTS = ["tests/nn/test_diagonal_state_space.py", "tests/nn/test_mixer.py"]
PADDED = "padding_is_not_read and S4D"
MUTANTS = {
    "A-above-zero": ("-self.A_log.exp(), self.B, self.rule)", "self.A_log.exp(), self.B, self.rule)"),
    "step-is-its-logarithm": ("self.log_delta.exp()[:, None]", "self.log_delta[:, None]"),
    "kernel-without-skip": ("torch.cat([K[:1] + self.skip, K[1:]])", "K"),
    "kernel-without-B": ('K = torch.einsum("dn,tdn->td", self.C * b,', 'K = torch.einsum("dn,tdn->td", self.C,'),
    "skip-forgotten": ("powers[:-1])) + self.skip * x", "powers[:-1]))"),
    "kernel-one-step-late": ("self.C * b, powers[:-1])", "self.C * b, powers[1:])"),
    "first-state-one-step-late": (
        '"bdn,tdn->btd", h0 * self.C, powers[1:])',
        '"bdn,tdn->btd", h0 * self.C, powers[:-1])',
    ),
    "goes-round": ("n = 1 << (2 * T - 1).bit_length()", "n = T"),
    "last-state-without-the-first": ("(0 if state is None else powers[ages] * h0)", "0"),
    "last-state-in-the-wrong-order": (
        'torch.einsum("btd,tdn->bdn", x, powers[:T].flip(0))',
        'torch.einsum("btd,tdn->bdn", x, powers[:T])',
    ),
    "first-state-as-old-as-the-batch": ("if real is None else real.sum(1)", "", PADDED),
    "padding-not-moved": ("x.gather(1, (at % T)[..., None].expand_as(x))", "x", PADDED),
    "padding-forgets": ("factors.masked_fill(~real[..., None, None], 1)", "factors", PADDED),
    "step-without-skip": ("(h * self.C).sum(-1) + self.skip * x, h", "(h * self.C).sum(-1), h", "step_by_step and S4D"),
    "C-too-large": ("torch.randn(D, N, **kind) / math.sqrt(N)", "torch.randn(D, N, **kind)", "starts"),
    "any-rule": ('check_choice("rule", rule, RULES)', "rule", "bad_options"),
}
