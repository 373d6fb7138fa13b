"""Planted bugs of tests/benchmarks/longer_07_depth.py: arms and questions that are not what their names say."""

FILE = "tests/benchmarks/longer_07_depth.py"
TESTS = ["tests/benchmarks/test_longer_07_depth.py"]
MUTANTS = {
    "residual-dropped": ('"layers": int(layers), "kind": kind}', '"layers": int(layers), "kind": ""}'),
    "one-layer": ('"layers": int(layers), "kind"', '"layers": 1, "kind"'),
    "full-width": ('"units": width,', '"units": units,'),
    "any-kind": ('if kind not in ("", "residual", "apart"):', "if False:"),
    "weights-as-if-mixed": ('below = units if kind == "apart" else 2 * units', "below = 2 * units"),
    "worst-rate": ("[min(tried, key=tried.get)]", "[max(tried, key=tried.get)]"),
    "mean-for-median": ("np.median(values) for grid", "np.mean(values) for grid"),
    "first-grid-only": ("for grid in grids for rate", "for grid in grids[:1] for rate"),
    "depth-rate-ignored": (
        "losses(seeds, network(arm, embedding, units), rate=rate, **how)",
        "losses(seeds, network(arm, embedding, units), rate=rates[0], **how)",
    ),
    "asked-rate-ignored": ("seed=seed, rate=rate, **how", "seed=seed, rate=rates[0], **how"),
    "depth-not-clipped": (
        "losses(seeds, network(arm, embedding, units), rate=rate, **how)",
        'losses(seeds, network(arm, embedding, units), rate=rate, **how | {"clip": None})',
    ),
    "asked-not-clipped": ('"clip_norm": clip', '"clip_norm": None'),
    "asked-seed-ignored": ('"clip_norm": clip, "seed": seed', '"clip_norm": clip, "seed": 0'),
    "asked-for-the-first": ("(x == x[:, -1:])", "(x == x[:, :1])"),
    "asked-before-now": (".cumsum(1) > 0)", ".cumsum(1) - (x == x[:, -1:]) > 0)"),
    "asked-the-last-too": ("mask[:, -1] = False", "mask[:, 0] = True"),
    "judged-on-trained": ("np.random.default_rng([seed, 99, 0])", "np.random.default_rng([seed, 0])"),
    "floor-of-all-symbols": ("return others / symbols * total / (T - 1)", "return total / (T - 1)"),
    "floor-one-step-on": ("p = p - new + np.roll(new, 1)", "p = p - new + np.roll(new, 2)"),
    "floor-of-T": ("    for _ in range(T - 1):", "    for _ in range(T):"),
}
