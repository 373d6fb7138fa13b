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
    "asked-of-others": ("Membership(T, symbols)", "Membership(T, symbols + 1)"),
    "asked-of-shorter-ones": ("np.full(B, T))", "np.full(B, T - 1))"),
    "judged-on-trained": ("np.random.default_rng([seed, 99, 0])", "np.random.default_rng([seed, 0])"),
}
