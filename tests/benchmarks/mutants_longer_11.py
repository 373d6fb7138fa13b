"""Planted bugs of tests/benchmarks/longer_11.py."""

FILE = "tests/benchmarks/longer_11.py"
TESTS = ["tests/benchmarks/test_longer_11.py"]
MUTANTS = {
    "one-layer": ("num_layers=layers", "num_layers=1"),
    "more-units": ("LSTM(E, H,", "LSTM(E, 2 * H,"),
    "gap-of-padding": ("row[n : n + gap] = EOS", "row[n : n + gap] = 0"),
    "gap-before-eos": ("row[n : n + gap] = EOS", "row[n - 1 : n + gap - 1] = EOS"),
    "gap-not-read": ("(longer, lengths + gap, previous)", "(longer, lengths, previous)"),
    "always-in-order": ("reverse_source=backwards", "reverse_source=False"),
    "one-batch-for-all-steps": ("default_rng([seed, step]), B)", "default_rng([seed]), B)"),
    "data-seed-ignored": ("default_rng([seed, step]), B)", "default_rng([0, step]), B)"),
    "one-length": ("sampled((1, TRAINED), backwards", "sampled((TRAINED, TRAINED), backwards"),
    "small-batches": ("default_rng([seed, step]), B)", "default_rng([seed, step]), B // 2)"),
    "rate-ignored": ('"lr": rate', '"lr": 0.01 if rate > 1 else 0.02'),
    "seed-ignored": ('"batch_size": B, "seed": seed}', '"batch_size": B, "seed": 0}'),
    "not-clipped": ('"clip_norm": 1.0, ', ""),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "other-loss": ('loss="cross_entropy"', "loss=None"),
    "one-test-for-all-seeds": ("default_rng([seed, 10**6, n])", "default_rng([0, 10**6, n])"),
    "tested-in-order": (
        "sampled(n, backwards, gap, np.random.default_rng([seed, 10**6",
        "sampled(n, False, gap, np.random.default_rng([seed, 10**6",
    ),
    "tested-without-gap": (
        "sampled(n, backwards, gap, np.random.default_rng([seed, 10**6",
        "sampled(n, backwards, 0, np.random.default_rng([seed, 10**6",
    ),
    "symbols-for-sequences": ("(ids == y).all(1)", "(ids == y).mean(1)"),
    "end-not-reached": ("max_length=n + 1", "max_length=n"),
    "lengths-left-out": ("range(1, TESTED + 1)", "range(1, TESTED)"),
    "symbols-of-another-length": ("if n == TRAINED:", "if n == TRAINED - 1:"),
    "mean-over-places": ("(logits.argmax(2) == y).mean(0)", "(logits.argmax(2) == y).mean(1)"),
    "steps-not-multiplied": ("steps=steps * times", "steps=steps"),
    "layers-mixed-up": ("H=H, layers=layers, steps=steps * times", "H=H, layers=1, steps=steps * times"),
    "one-rate": (
        "layers=1, steps=steps, rate=rate) for rate in tried",
        "layers=1, steps=steps, rate=tried[0]) for rate in tried",
    ),
    "seeds-of-the-tuning": ("list(range(45, 50))", "list(range(40, 45))"),
    "gaps-differ": ('"reversed, gap": [True, 5]', '"reversed, gap": [True, 4]'),
    "not-reversed": ('"reversed": [True, 0]', '"reversed": [False, 0]'),
    "twice-the-steps": ("[32, 1, 4]", "[32, 1, 2]"),
}
