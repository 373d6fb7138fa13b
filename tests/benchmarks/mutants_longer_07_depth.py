"""Planted bugs of tests/benchmarks/longer_07_depth.py: arms and questions that are not what their names say."""

FILE = "tests/benchmarks/longer_07_depth.py"
TESTS = ["tests/benchmarks/test_longer_07_depth.py"]
MUTANTS = {
    "residual-dropped": ('"units": width} | net', '"units": width} | net | {"kind": ""}'),
    "one-layer": ('"units": width} | net', '"units": width} | net | {"layers": 1}'),
    "full-width": ('"units": width}', '"units": units}'),
    "any-kind": ('if kind not in ("", "residual", "apart"):', "if False:"),
    "weights-as-if-mixed": ('below = units if kind == "apart" else 2 * units', "below = 2 * units"),
    "worst-rate": ("[min(tried, key=tried.get)]", "[max(tried, key=tried.get)]"),
    "mean-for-median": ("np.median(values) for grid", "np.mean(values) for grid"),
    "first-grid-only": ("for grid in grids for rate", "for grid in grids[:1] for rate"),
    "depth-rate-ignored": (
        "losses(seeds, network(arm, embedding, units), rate=rate, **how)",
        "losses(seeds, network(arm, embedding, units), rate=rates[0], **how)",
    ),
    "asked-rate-ignored": ("units), seed=seed, rate=rate, **how", "units), seed=seed, rate=rates[0], **how"),
    "hidden-rate-ignored": ("(net, seed=seed, rate=rate, **how)", "(net, seed=seed, rate=rates[0], **how)"),
    "depth-not-clipped": (
        "losses(seeds, network(arm, embedding, units), rate=rate, **how)",
        'losses(seeds, network(arm, embedding, units), rate=rate, **how | {"clip": None})',
    ),
    "asked-not-clipped": ('"clip_norm": clip', '"clip_norm": None'),
    "asked-seed-ignored": ('"clip_norm": clip, "seed": seed', '"clip_norm": clip, "seed": 0'),
    "asked-of-others": ("Membership(T, symbols)", "Membership(T, symbols + 1)"),
    "asked-of-shorter-ones": ("np.full(B, T))", "np.full(B, T - 1))"),
    "hidden-forgotten": (
        '{"view": states, "hidden": how.pop("hidden")}',
        '{"view": states, "hidden": how.pop("hidden") * 0}',
    ),
    "hidden-tuned-on-its-seeds": ("at(rate, tuning).items()", "at(rate, seeds).items()"),
    "hidden-at-the-first-rate": ('"at the best rate": at(rate, seeds)', '"at the best rate": at(rates[0], seeds)'),
    "hidden-as-wide": ('{"units": 14, "hidden": 16,', '{"units": 16, "hidden": 16,'),
    "hidden-with-fewer-rates": ("[*ASKED_GRID, 0.16]}", "ASKED_GRID}"),
    "read-out-without-relu": ("nn.Linear(width, hidden), nn.ReLU()", "nn.Linear(width, hidden), nn.Identity()"),
    "judged-on-trained": ("np.random.default_rng([seed, 99, 0])", "np.random.default_rng([seed, 0])"),
}
