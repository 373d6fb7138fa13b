"""Bugs planted in the practice of chapter 13: positions."""

FILE = "seqlib/exercises/transformer_positions.py"
TESTS = ["tests/exercises/test_transformer_positions.py"]
MUTANTS = {
    "another-base": (
        "return 10_000.0 ** (-np.arange(0, D, 2) / D)\n\n\ndef _laid",
        "return 1_000.0 ** (-np.arange(0, D, 2) / D)\n\n\ndef _laid",
    ),
    "halves": (
        "return np.stack([even, odd], -1).reshape(*even.shape[:-1], -1)",
        "return np.concatenate([even, odd], -1)",
    ),
    "cosines-first": (
        "return _laid(np.sin(angles), np.cos(angles))",
        "return _laid(np.cos(angles), np.sin(angles))",
    ),
    "from-1": (
        "    angles = np.arange(T)[:, None] * omega\n",
        "    angles = np.arange(1, T + 1)[:, None] * omega\n",
    ),
    "other-way": (
        "    return _laid(u * cos - v * sin, u * sin + v * cos)\n\n\ndef _pairs",
        "    return _laid(u * cos + v * sin, v * cos - u * sin)\n\n\ndef _pairs",
    ),
    "from-0": (
        "_case(3, 3, 4, [5, 2, 9])",
        "_case(3, 3, 4, [0, 1, 2])",
    ),
    "halves-of-a-half": (
        "u, v = np.split(x, 2, -1)",
        "v, u = np.split(x, 2, -1)",
    ),
    "added-the-other-way": (
        "(u + sin, v + cos)",
        "(u - sin, v + cos)",
    ),
    "spaced-by-one": (
        "max(D // 2 - 1, 1)",
        "max(D // 2 + 1, 1)",
    ),
    "a-turn-of-half": (
        "2 * np.pi * _omega(D)",
        "4 * np.pi * _omega(D)",
    ),
    "divided-by-one-less": (
        "np.arange(T)[:, None] / T * _omega(D)",
        "np.arange(T)[:, None] / (T + 1) * _omega(D)",
    ),
    "counted-from-2": (
        "np.arange(1, x.shape[1] + 1)",
        "np.arange(2, x.shape[1] + 2)",
    ),
    "positions-from-2": (
        "_rotated(x, positions + 1)",
        "_rotated(x, positions + 2)",
    ),
    "frequencies-of-the-next": (
        "return 10_000.0 ** (-np.arange(0, D, 2) / D)\n\n\ndef _laid",
        "return 10_000.0 ** (-np.arange(0, D, 2) / (D + 2))\n\n\ndef _laid",
    ),
    "longer-as-it-turns": (
        "    return _laid(u * cos - v * sin, u * sin + v * cos)\n\n\ndef _pairs",
        "    return _laid(u * cos - v * sin, 2 * u * sin + v * cos)\n\n\ndef _pairs",
    ),
    "a-cosine-squared": (
        "(u * cos, v * cos)),",
        "(u * cos, v * cos * cos)),",
    ),
}
