"""Planted bugs of tests/benchmarks/longer_08.py: networks, ways, choices, costs that are not what their names say."""

FILE = "tests/benchmarks/longer_08.py"
HERE = "tests/benchmarks/test_longer_08"
TESTS = [f"{HERE}.py", f"{HERE}_tuning.py", f"{HERE}_costs.py"]
# Those that read what is stored catch no bug of what stores it, and where bugs are planted there is nothing stored,
# nor a page.
TESTS += [
    f"--deselect={HERE}.py::{name}"
    for name in (
        "test_what_is_shown_has_the_rate_that_was_best_in_the_tuning",
        "test_the_steps_in_equal_time_are_those_of_the_stored_times",
        "test_the_page_trains_the_networks_that_were_recorded",
    )
]
STEPS = "    steps = max(1, round(steps * MORE_STEPS.get(way, {}).get(cell_of(arm), 1)))\n"
HOW = '    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}\n'
SAMPLE = "np.random.default_rng(10**6 + seed)"
UNITS = 'equal_units(name, cell_of(arm)) if way == "parameters" else H'
MASKED = "torch.as_tensor(batch.mask), torch.as_tensor(batch.y)[batch.mask]"
CHOICE = "return min(by_rate, key=lambda rate: np.median(by_rate[rate]["
START = "return min(arms, key=lambda arm: np.median(grid[arm][best(grid[arm])]["
MUTANTS = {
    # networks
    "opens-the-input-gate": ('{"LSTM": "f", "GRU": "z"}', '{"LSTM": "i", "GRU": "z"}'),
    "opens-the-reset-gate": ('{"LSTM": "f", "GRU": "z"}', '{"LSTM": "f", "GRU": "r"}'),
    "bias-one-more": ("float(bias[2]))", "float(bias[2]) + 1)"),
    "bias-1-for-all": ("float(bias[2]))", "1.0)"),
    "closed-for-open": ("float(bias[2]))", "-float(bias[2]))"),
    "no-third-start": ('"shown": {}}, starts_of(task)', '"shown": {}}, STARTS'),
    "third-start-on-every-task": ("WIDER.get(task, {})", 'WIDER["latch"]'),
    "best-start-of-any-cell": ("arms = [arm for arm in grid if cell_of(arm) == cell]", "arms = list(grid)"),
    "orthogonal-ignored": ("nn.init.orthogonal_(core.weight_hh_l0)", "pass"),
    "orthogonal-input": ("nn.init.orthogonal_(core.weight_hh_l0)", "nn.init.orthogonal_(core.weight_ih_l0)"),
    "start-ignored": ("make = partial(build, task, arm, units)", "make = partial(build, task, cell_of(arm), units)"),
    "misspelt-is-plain": ("elif arm not in CELLS:", "elif False:"),
    "gru-is-lstm": ("cell_of(arm))(D, units", 'cell_of(arm).replace("GRU", "LSTM"))(D, units'),
    "maker-ignored": ("getattr(MAKERS[who], cell_of(arm))", "getattr(seqlib.nn, cell_of(arm))"),
    "units-ignored": ("(D, units, batch_first=True)", "(D, H, batch_first=True)"),
    # ways of being fair
    "equal-units-ignored": (UNITS, "H"),
    "equal-units-always": (UNITS, "equal_units(name, cell_of(arm))"),
    "equal-units-of-the-gru": (UNITS, UNITS.replace("cell_of(arm)", '"GRU"')),
    "equal-units-of-another-task": (UNITS, UNITS.replace("name", '"latch"')),
    "equal-units-at-most": (
        "key=lambda units: abs(parameters(task, cell, units) - wanted)",
        "key=lambda units: (parameters(task, cell, units) > wanted, wanted - parameters(task, cell, units))",
    ),
    "parameters-of-the-layer-alone": (
        "build(task, cell, units).parameters()",
        "build(task, cell, units).core.parameters()",
    ),
    "weights-without-biases": (
        "for w in build(task, cell, units).parameters())",
        "for w in build(task, cell, units).parameters() if w.ndim > 1)",
    ),
    "more-steps-ignored": (STEPS, ""),
    "more-steps-inverted": ("round(steps * MORE_STEPS", "round(steps / MORE_STEPS"),
    "more-steps-for-plain-starts-alone": (".get(cell_of(arm), 1)", ".get(arm, 1)"),
    "schedule-for-the-unscaled-steps": (STEPS + HOW, HOW + STEPS),
    "products-of-the-gru-inverted": ('"GRU": 4 / 3}', '"GRU": 3 / 4}'),
    "makers-of-equal-time-swapped": (
        '"time, seqlib.nn": {"RNN": 1.5, "GRU": 1.07},\n    "time, torch.nn": {"RNN": 0.95, "GRU": 0.54},',
        '"time, torch.nn": {"RNN": 1.5, "GRU": 1.07},\n    "time, seqlib.nn": {"RNN": 0.95, "GRU": 0.54},',
    ),
    # training
    "not-clipped": ('"clip_norm": 1.0, "batch_size": B', '"clip_norm": None, "batch_size": B'),
    "rate-ignored": ('how = {"lr": rate,', 'how = {"lr": 0.003,'),
    "batches-of-one": ('"batch_size": B,', '"batch_size": 1,'),
    "seed-of-training-ignored": ('"batch_size": B, "seed": seed}', '"batch_size": B, "seed": 0}'),
    "divergence-ends-it-all": ('on_nonfinite="stop"', 'on_nonfinite="raise"'),
    "trains-on-another-task": ("return scores(fit(make, task, steps", 'return scores(fit(make, TASKS["latch"], steps'),
    "scores-the-untrained": (
        'scores(fit(make, task, steps=steps, on_nonfinite="stop", **how).model.eval(), task, seed)',
        'scores(fit(make, task, steps=steps, on_nonfinite="stop", **how) and make().eval(), task, seed)',
    ),
    # scores
    "scores-of-one-seed": ("**how).model.eval(), task, seed)", "**how).model.eval(), task, 0)"),
    "scored-on-training-sequences": (SAMPLE, "np.random.default_rng([seed, 0])"),
    "scored-on-the-same-for-all-seeds": (SAMPLE, "np.random.default_rng(10**6)"),
    "scored-on-few": ("task.sample(2048,", "task.sample(32,"),
    "scores-without-mask": (MASKED, MASKED.replace("batch.mask", "np.ones_like(batch.mask)")),
    "scores-at-the-last-step": (MASKED, MASKED.replace("batch.mask", "(batch.mask & (np.arange(20) > 18))")),
    "error-without-chance": (
        '"error": float(((out - y) ** 2).mean()) / task.chance',
        '"error": float(((out - y) ** 2).mean())',
    ),
    "loss-without-chance": ('"error": float(loss) / task.chance', '"error": float(loss)'),
    "error-absolute": ("float(((out - y) ** 2).mean())", "float((out - y).abs().mean())"),
    "right-of-the-other-axis": ("(out.argmax(-1) == y).double().mean()", "(out.argmax(0)[:1] == y).double().mean()"),
    "wrong-for-right": ("(out.argmax(-1) == y)", "(out.argmax(-1) != y)"),
    # tuning
    "mean-for-median": (CHOICE, CHOICE.replace("median", "mean")),
    "largest-for-smallest": (CHOICE, CHOICE.replace("min", "max")),
    "best-by-right": (CHOICE + '"error"', CHOICE + '"right"'),
    "best-by-most-right": (CHOICE + '"error"', CHOICE.replace("min", "max") + '"right"'),
    "best-of-any-seed": (CHOICE, CHOICE.replace("median", "min")),
    "start-by-mean": (START, START.replace("median", "mean")),
    "start-worse": (START, START.replace("min", "max")),
    "start-by-the-first-rate": ("grid[arm][best(grid[arm])]", "grid[arm][next(iter(grid[arm]))]"),
    "start-by-what-is-shown": (
        'better_start(found["grid"]["units"], cell)',
        'better_start(found["shown"]["units"], cell)',
    ),
    "both-starts-carried-on": ('[better_start(found["grid"]["units"], cell)]', "STARTS[cell]"),
    "always-the-recommended-start": ('[better_start(found["grid"]["units"], cell)]', "STARTS[cell][1:]"),
    "tuned-by-what-is-shown": ("run(rate, steps, seed) for seed in tuning", "run(rate, steps, seed) for seed in seeds"),
    "shown-by-the-tuning": ("steps, s) for s in seeds])}", "steps, s) for s in tuning])}"),
    "shown-at-the-first-rate": ("run(float(rate), steps, s)", "run(rates[0], steps, s)"),
    "rate-of-equal-units-for-all": ("rate = best(grid)", 'rate = best(found["grid"].get("units", {}).get(arm, grid))'),
    "one-digit": ("[rounded(run[score])", "[rounded(run[score], 1)"),
    "lstm-in-every-way": ('"products": ("RNN", "GRU"),', '"products": ("RNN", "LSTM", "GRU"),'),
    "every-task-is-the-latch": ("partial(compared, task)", 'partial(compared, "latch")'),
    "tuning-seeds-shown": ('"latch": range(30, 41)', '"latch": range(11)'),
    # times
    "times-summed": ("min(took, fastest.get((who, cell), np.inf))", "took + fastest.get((who, cell), 0)"),
    "times-slowest": ("min(took, fastest.get((who, cell), np.inf))", "max(took, fastest.get((who, cell), 0))"),
    "times-last": ("min(took, fastest.get((who, cell), np.inf))", "took"),
    "times-of-all-steps": ("(time.process_time() - begun) / steps\n", "(time.process_time() - begun)\n"),
    "times-in-seconds": ("took = 1000 * (time", "took = (time"),
    "times-by-the-wall": (
        "        begun = time.process_time()\n                        fit",
        "        begun = time.perf_counter()\n                        fit",
    ),
    "lstm-for-gru": ("fit(partial(build, task, cell, H,", 'fit(partial(build, task, cell.replace("GRU", "LSTM"), H,'),
    "times-of-torch-alone": ("cell, H, who), task", 'cell, H, "torch.nn"), task'),
    "makers-swapped": ('{"seqlib.nn": seqlib.nn, "torch.nn": nn}', '{"seqlib.nn": nn, "torch.nn": seqlib.nn}'),
    "times-not-clipped": ("steps=steps, clip_norm=1.0, seed=seed)", "steps=steps, seed=seed)"),
    "times-of-one-seed": ("steps=steps, clip_norm=1.0, seed=seed)", "steps=steps, clip_norm=1.0)"),
    "times-of-half-the-units": ("task, cell, H, who)", "task, cell, H // 2, who)"),
    "times-of-one-task": ("H, who), task, steps", 'H, who), TASKS["latch"], steps'),
    "times-of-all-seeds-together": (
        "        for seed in seeds:\n            fastest = {}\n",
        "        fastest = {}\n        for seed in seeds:\n",
    ),
    "one-try": ("for _ in range(tries):", "for _ in range(1):"),
    # passes
    "one-way": ("each(x)[0].sum().backward()", "each(x)[0].sum()"),
    "passes-summed": (
        "fastest[key] = min(fastest[key], 1000 * (time.process_time() - begun))",
        "fastest[key] = 1000 * (time.process_time() - begun) + (fastest[key] if fastest[key] < np.inf else 0)",
    ),
    "passes-last": ("min(fastest[key], 1000 * (time.process_time() - begun))", "1000 * (time.process_time() - begun)"),
    "passes-in-seconds": ("min(fastest[key], 1000 * (", "min(fastest[key], ("),
    "one-pass": ("for _ in range(steps):", "for _ in range(1):"),
    "passes-of-one-maker": ("layer(cell, D, units, who) for", "layer(cell, D, units) for"),
    "passes-of-a-fixed-size": ("layer(cell, D, units, who) for", "layer(cell, D, H, who) for"),
    "time-and-batch-swapped": ("torch.randn(batch, T, D,", "torch.randn(T, batch, D,"),
    "input-without-gradient": ("D, requires_grad=True)", "D)"),
    "passes-of-one-seed": ("torch.manual_seed(seed)", "torch.manual_seed(0)"),
    "sizes-in-another-order": (
        'found.setdefault(", ".join(map(str, size))',
        'found.setdefault(", ".join(map(str, size[::-1]))',
    ),
    "passes-of-the-named-size": ("T, batch, D, units = about(size, seed)", "T, batch, D, units = size"),
    "sizes-of-one-seed": ("default_rng([seed, *size, k])", "default_rng([0, *size, k])"),
    "all-four-by-one-factor": ("default_rng([seed, *size, k])", "default_rng([seed, *size])"),
    "one-factor-for-all-sizes": ("default_rng([seed, *size, k])", "default_rng([seed, k])"),
    "larger-alone": ("uniform(-0.4, 0.4)", "uniform(0.0, 0.4)"),
    "sizes-far-off": ("uniform(-0.4, 0.4)", "uniform(-1.4, 1.4)"),
    # memory
    "memory-of-torch-alone": ('{}, who.partition(".")[0])', '{}, "torch")'),
    "memory-of-the-whole-name": ('{}, who.partition(".")[0])', "{}, who)"),
    "memory-of-one-cell": ("peak(cell, tuple(size)", 'peak("LSTM", tuple(size)'),
    "memory-of-a-fixed-size": ("added(cell, about(size, seed), who)", "added(cell, sizes[0], who)"),
    "memory-of-the-named-size": ("added(cell, about(size, seed), who)", "added(cell, size, who)"),
    "memory-in-kilobytes": ("/ 2**20", "/ 2**10"),
    "memory-mean": ("round(np.median([peak", "round(np.mean([peak"),
    "memory-of-one-process": ("for _ in range(steps)]) / 2**20", "for _ in range(1)]) / 2**20"),
    # ten times the steps
    "longer-of-one-arm": (
        "trained(task, way, arm, rate, steps, seed) for",
        "trained(task, way, arms[0], rate, steps, seed) for",
    ),
    "longer-at-one-rate": (
        "trained(task, way, arm, rate, steps, seed) for",
        "trained(task, way, arm, rates[0], steps, seed) for",
    ),
    "longer-on-another-task": ('partial(longer, "latch", "units")', 'partial(longer, "counting", "units")'),
    "longer-no-longer": ('"settings": {"steps": 4000,', '"settings": {"steps": 400,'),
    "longer-on-seen-seeds": ('"seeds": list(range(50, 55))', '"seeds": list(range(5))'),
}
