"""Planted bugs of seqlib.nn.positions."""

FILE = "seqlib/nn/positions.py"
TESTS = ["tests/nn/test_positions.py"]
MUTANTS = {
    "sine-and-cosine-swapped": ("[angles.sin(), angles.cos()]", "[angles.cos(), angles.sin()]"),
    "halves-for-pairs": (
        "[angles.sin(), angles.cos()], -1).flatten(-2)",
        "[angles.sin(), angles.cos()], -2).flatten(-2)",
    ),
    "frequency-of-the-pair": ("base ** (-order / size)", "base ** (-order / 2 / size)"),
    "base-ignored": ("base ** (-order / size)", "10_000.0 ** (-order / size)"),
    "turned-the-other-way": ("* turn\n", "* turn.conj()\n"),
    "length-not-kept": ("torch.polar(torch.ones_like(angles), angles)", "torch.polar(1 + 0 * angles + 0.1, angles)"),
    "angles-in-float32": ("dtype=torch.float64, device", "dtype=torch.float32, device"),
    "always-in-float32": ("x.double() if turn.dtype == torch.complex128 else x.float()", "x.float()"),
    "dtype-lost": ("torch.view_as_real(turned).flatten(-2).to(x.dtype)", "torch.view_as_real(turned).flatten(-2)"),
    "odd-sizes": ("if size % 2:", "if False:"),
    "complex-positions": ("if positions.is_complex() or", "if"),
    "positions-not-counted": ('check_shape("positions"', '(lambda *_: None)("positions"'),
    "positions-of-any-batch": ("(1 if positions.shape[0] == 1 else B, T)", '("B", T)'),
    "one-row-is-not-for-all": ("(1 if positions.shape[0] == 1 else B, T)", "(B, T)"),
    "words-for-positions": ("except (TypeError, ValueError, RuntimeError) as error:", "except IndexError as error:"),
}
