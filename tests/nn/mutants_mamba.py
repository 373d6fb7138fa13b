"""Planted bugs of seqlib.nn.mamba."""

FILE = "seqlib/nn/mamba.py"
TESTS = ["tests/nn/test_mamba.py", "tests/nn/test_mixer.py"]
MUTANTS = {
    "halves-swapped": (
        "u, z = self.in_proj(x).chunk(2, -1)\n        u, inputs = self.convolution.convolved",
        "z, u = self.in_proj(x).chunk(2, -1)\n        u, inputs = self.convolution.convolved",
        "equations",
    ),
    "gate-without-silu": (
        "out = self.out_proj(y * silu(z))\n        return (out if",
        "out = self.out_proj(y * z)\n        return (out if",
        "equations",
    ),
    "convolution-without-silu": ("self.scan.scanned(silu(u), h0, real)", "self.scan.scanned(u, h0, real)", "equations"),
    "gate-forgotten": (
        "out = self.out_proj(y * silu(z))\n        return (out if",
        "out = self.out_proj(y)\n        return (out if",
        "equations",
    ),
    "state-forgotten": (
        "self.scan.scanned(silu(u), h0, real)",
        "self.scan.scanned(silu(u), 0 * h0, real)",
        "carries and Mamba",
    ),
    "inputs-forgotten": ("convolved(u, inputs, real)", "convolved(u, 0 * inputs, real)", "carries and Mamba"),
    "step-without-silu": ("self.scan.step(silu(u), h)", "self.scan.step(u, h)", "step_by_step and Mamba"),
    "padding-answers": (
        "(out if real is None else out.masked_fill(~real[..., None], 0)), (inputs",
        "out, (inputs",
        "padding and Mamba",
    ),
    "padding-unknown-to-the-convolution": (
        "convolved(u, inputs, real)",
        "convolved(u, inputs, None)",
        "padding and Mamba",
    ),
    "padding-unknown-to-the-scan": ("scanned(silu(u), h0, real)", "scanned(silu(u), h0, None)", "padding and Mamba"),
    "rule-forgotten": ("            rule=rule,\n", "", "equations"),
    "eigenvalues-forgotten": ("            negative_eigenvalues=negative_eigenvalues,\n", "", "equations"),
    "method-forgotten": ("            method=method,\n", "", "equations"),
    "rank-of-the-wide": ("math.ceil(d_model / 16)", "math.ceil(self.hidden_size / 16)", "sizes"),
    "steps-forgotten": ("            fastest=fastest,\n            slowest=slowest,\n", "", "sizes"),
}
