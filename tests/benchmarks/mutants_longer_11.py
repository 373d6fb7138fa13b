"""Planted bugs of tests/benchmarks/longer_11.py."""

FILE = "tests/benchmarks/longer_11.py"
HERE = "tests/benchmarks/test_longer_11.py"
# What is stored is not there where bugs are planted.
TESTS = [HERE, f"--deselect={HERE}::test_the_rate_is_the_best_of_those_tried_at_every_size"]
MUTANTS = {
    "one-layer": ("num_layers=layers", "num_layers=1"),
    "more-units": ("LSTM(E, H,", "LSTM(E, 2 * H,"),
    "gap-of-padding": ("row[n : n + gap] = EOS", "row[n : n + gap] = 0"),
    "gap-before-eos": ("row[n : n + gap] = EOS", "row[n - 1 : n + gap - 1] = EOS"),
    "gap-not-read": ("(longer, lengths + gap, previous)", "(longer, lengths, previous)"),
    "always-in-order": ('reverse_source=way == "from the end"', "reverse_source=False"),
    "one-batch-for-all-steps": ("default_rng([seed, step]), B)", "default_rng([seed]), B)"),
    "data-seed-ignored": ("default_rng([seed, step]), B)", "default_rng([0, step]), B)"),
    "one-length": ("sampled((1, TRAINED), way", "sampled((TRAINED, TRAINED), way"),
    "small-batches": ("default_rng([seed, step]), B)", "default_rng([seed, step]), B // 2)"),
    "rate-ignored": ('"lr": rate', '"lr": 0.01 if rate > 1 else 0.02'),
    "seed-ignored": ('"batch_size": B, "seed": seed}', '"batch_size": B, "seed": 0}'),
    "not-clipped": ('"clip_norm": 1.0, ', ""),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "other-loss": ('loss="cross_entropy"', "loss=None"),
    "one-test-for-all-seeds": ("default_rng([seed, 10**6, n])", "default_rng([0, 10**6, n])"),
    "tested-in-order": (
        "sampled(n, way, gap, np.random.default_rng([seed, 10**6",
        'sampled(n, "in order", gap, np.random.default_rng([seed, 10**6',
    ),
    "tested-without-gap": (
        "sampled(n, way, gap, np.random.default_rng([seed, 10**6",
        "sampled(n, way, 0, np.random.default_rng([seed, 10**6",
    ),
    "symbols-for-sequences": ("(ids == y).all(1)", "(ids == y).mean(1)"),
    "end-not-reached": ("max_length=n + 1", "max_length=n"),
    "lengths-left-out": ("range(1, TESTED + 1)", "range(1, TESTED)"),
    "symbols-of-another-length": ("if n == TRAINED:", "if n == TRAINED - 1:"),
    "mean-over-places": ("(logits.argmax(2) == y).mean(0)", "(logits.argmax(2) == y).mean(1)"),
    "steps-not-multiplied": ("steps=steps * times", "steps=steps"),
    "layers-mixed-up": ("H=H, layers=layers, steps=steps * times", "H=H, layers=1, steps=steps * times"),
    "one-rate": (
        "layers=layers, steps=steps, rate=rate) for rate in tried",
        "layers=layers, steps=steps, rate=tried[0]) for rate in tried",
    ),
    "rates-of-one-layer": ("layers=layers, steps=steps, rate=rate) for", "layers=1, steps=steps, rate=rate) for"),
    "rates-of-one-layer-stored": ('"tried": TRIED, "layers": 2}', '"tried": TRIED, "layers": 1}'),
    "more-weights": ('"two layers of 39 units": [39, 2, 1]', '"two layers of 39 units": [45, 2, 1]'),
    "one-layer-of-two": ('"two layers of 64 units": [64, 2, 1]', '"two layers of 64 units": [64, 1, 1]'),
    "depth-longer": ('"two layers of 39 units": [39, 2, 1]', '"two layers of 39 units": [39, 2, 2]'),
    "seeds-of-the-tuning": ("list(range(45, 50))", "list(range(40, 45))"),
    "gaps-differ": ('"reversed, gap": ["from the end", 5]', '"reversed, gap": ["from the end", 4]'),
    "not-reversed": ('"reversed": ["from the end", 0]', '"reversed": ["in order", 0]'),
    "twice-the-steps": ("[32, 1, 4]", "[32, 1, 2]"),
    "first-one-stays": ("np.roll(row[: n - 1], -1)", "row[: n - 1]"),
    "last-one-first": ("np.roll(row[: n - 1], -1)", "np.roll(row[: n - 1], 1)"),
    "end-moved-too": ("row[: n - 1] = np.roll(row[: n - 1], -1)", "row[:n] = np.roll(row[:n], -1)"),
    "first-one-read-in-order": ('if way == "first one last" else batch', "if False else batch"),
    "control-in-order": ('"first one last": ["first one last", 0]', '"first one last": ["in order", 0]'),
    "worse-rate": (
        '"rate": 0.02,\n            "networks": {\n',
        '"rate": 0.01,\n            "networks": {\n',
    ),
    "worse-rate-of-depth": (
        '"rate": 0.02,\n            "networks": {"two',
        '"rate": 0.01,\n            "networks": {"two',
    ),
}
