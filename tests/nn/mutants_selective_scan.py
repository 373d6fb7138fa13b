"""Planted bugs of seqlib.nn.selective_scan."""

FILE = "seqlib/nn/selective_scan.py"
TESTS = ["tests/nn/test_selective_scan.py", "tests/nn/test_mixer.py"]
MUTANTS = {
    "B-and-C-swapped": ("step, B, C = self.x_proj", "step, C, B = self.x_proj", "equation"),
    "step-not-positive": ("softplus(self.dt_proj(step))", "self.dt_proj(step)", "equation"),
    "A-above-zero": (
        "discretise(delta, -self.A_log.exp(), delta",
        "discretise(delta, self.A_log.exp(), delta",
        "equation",
    ),
    "input-forgotten": ("(added * x.unsqueeze(-1)) * B", "added * B", "equation"),
    "input-forgotten-in-the-hold": ("added = b * x.unsqueeze(-1)", "added = b", "equation"),
    "eigenvalues-stay-positive": ("2 * a - 1 if self.negative_eigenvalues else a", "a", "equation"),
    "skip-forgotten": ("torch.cat(outs, 1)) + self.skip * x", "torch.cat(outs, 1))", "equation"),
    "state-forgotten": ("hs = scan(a, b, h, method", "hs = scan(a, b, method", "equation"),
    "padding-forgets": ("a.masked_fill(padding, 1)", "a.masked_fill(padding, 0)", "padding and S6"),
    "padding-is-read": ("b.masked_fill(padding, 0)", "b + padding", "padding and S6"),
    "step-without-skip": (
        "return (h @ C.mT).squeeze(-1) + self.skip * x, h",
        "return (h @ C.mT).squeeze(-1), h",
        "step_by_step and S6",
    ),
    "softplus-not-undone": ("delta + torch.log(-torch.expm1(-delta))", "delta", "starts"),
    "pieces-begin-anew": ("            h = hs[:, -1]\n", "            last = hs[:, -1]\n", "pieces_of_any"),
    "padding-of-the-first-piece": ("~real[:, part, None, None]", "~real[:, : a.shape[1], None, None]", "pieces_of_any"),
    "rank-rounded-down": ("math.ceil(D / 16)", "max(1, D // 16)", "starts"),
}
