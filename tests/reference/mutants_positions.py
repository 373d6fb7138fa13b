"""Planted bugs of seqlib/reference/positions.py."""

FILE = "seqlib/reference/positions.py"
TESTS = ["tests/reference/test_positions.py"]
MUTANTS = {
    "twice-the-exponent": ("-np.arange(0, D, 2) / D", "-2 * np.arange(0, D, 2) / D"),
    "half-the-exponent": ("-np.arange(0, D, 2) / D", "-np.arange(D // 2) / D"),
    "exponent-to-the-end": ("-np.arange(0, D, 2) / D", "-np.arange(0, D, 2) / max(D - 2, 1)"),
    "growing-frequencies": ("base ** (-np.arange", "base ** (np.arange"),
    "base-fixed": ("np.asarray(base **", "np.asarray(10_000.0 **"),
    "odd-widths": ("    if D % 2:\n", "    if False:\n"),
    "base-below-1": ('check_number("base", base, low=1)', "base"),
    "cosine-first": ("[np.sin(angles), np.cos(angles)], -1)", "[np.cos(angles), np.sin(angles)], -1)"),
    "sines-then-cosines": (
        "np.stack([np.sin(angles), np.cos(angles)], -1)",
        "np.concatenate([np.sin(angles), np.cos(angles)], -1)",
    ),
    "from-1": ("positions = np.arange(check", "positions = 1 + np.arange(check"),
    "no-way-back": ("return _turned(dy, positions, base, pairs, -1)", "return _turned(dy, positions, base, pairs, 1)"),
    "turned-the-other-way": (
        "return _turned(x, positions, base, pairs, 1)",
        "return _turned(x, positions, base, pairs, -1)",
    ),
    "positions-ignored": ("_angles(T if positions is None else positions, D, base)", "_angles(T, D, base)"),
    "sign-of-the-halves": ("np.concatenate([u * cos - v * sin,", "np.concatenate([u * cos + v * sin,"),
    "sign-of-the-pairs": ("np.stack([u * cos - v * sin,", "np.stack([u * cos + v * sin,"),
    "halves-swapped": ("u, v = x[..., : D // 2], x[..., D // 2 :]", "v, u = x[..., : D // 2], x[..., D // 2 :]"),
    "halves-as-pairs": ('if pairs == "halves":', "if False:"),
    "pairs-as-halves": ('if pairs == "halves":', "if True:"),
    "any-pairs": ('    check_choice("pairs", pairs, ("interleaved", "halves"))\n', ""),
    "one-position-for-all": ("if len(angles) != T:", "if False:"),
    "vectors": ("    if x.ndim < 2:\n", "    if False:\n"),
    "dy-called-x": ('real_array("x" if sign > 0 else "dy", x)', 'real_array("x", x)'),
    "grid-of-positions": ('real_array("positions", positions, ("T",))', 'real_array("positions", positions)'),
}
