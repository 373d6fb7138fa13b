"""Planted bugs of tests/benchmarks/longer_10_free.py."""

FILE = "tests/benchmarks/longer_10_free.py"
TESTS = ["tests/benchmarks/test_longer_10_free.py"]
MUTANTS = {
    "always-forced": ('if arm == "teacher forcing":', "if True:"),
    "never-forced": ('if arm == "teacher forcing":', "if False:"),
    "rises-to-one": ("0.5 * step / steps", "step / steps"),
    "from-the-beginning": ("lambda step: 0.5 * step / steps", "lambda step: 0.5"),
    "the-other-divergence": ("(P * (np.log(P) - log_q))", "(np.exp(log_q) * (log_q - np.log(P)))"),
    "cross-entropy": ("(np.log(P) - log_q)", "(-log_q)"),
    "one-place-off": (".numpy()[:, 2:]", ".numpy()[:, 1:-1]"),
    "another-beginning": (
        "np.concatenate([given[:, :3], own], axis=1)",
        "np.concatenate([given[:, 1:4], own], axis=1)",
    ),
    "own-is-given": ("return given, np.concatenate([given[:, :3], own], axis=1)", "return given, given"),
    "breaks-turned-over": ("text[:, 3:] != task.ruled", "text[:, 3:] == task.ruled"),
    "drawn-that-obey-not-counted": ("share * task.n_out / (task.n_out - 1)", "share"),
    "since-the-beginning": (
        "np.full((len(broken), broken.shape[1] + 1), -1)",
        "np.full((len(broken), broken.shape[1] + 1), 0)",
    ),
    "a-break-is-one": ("np.where(broken[:, t - 1], 0,", "np.where(broken[:, t - 1], 1,"),
    "as-far-as-the-last": ("range(far + 1)], mean(since < 0)", "range(far)], mean(since < 0)"),
    "before-is-after": ("mean(since < 0)", "mean(since >= 0)"),
    "broken-at-the-same-place": (
        "after_a_break(broken, since[:, :-1], far)",
        "after_a_break(broken, since[:, 1:], far)",
    ),
    "places-of-the-last-too": ("(since[:, :-1] == k).sum()", "(since == k).sum()"),
    "halves-of-texts": ("np.array_split(broken, 2, axis=1)", "np.array_split(broken, 2, axis=0)"),
    "steps-alike": ('"steps": steps * n, "schedule"', '"steps": steps, "schedule"'),
    "no-schedule": ("Cosine(steps * n)", "Cosine(10**6)"),
    "rate-ignored": ('"lr": rate', '"lr": 0.01'),
    "not-clipped": (', "clip_norm": 1.0}', "}"),
    "seed-ignored": ("batch_size=batch, seed=seed", "batch_size=batch, seed=0"),
    "batch-ignored": ("batch_size=batch, seed", "batch_size=32, seed"),
    "loss-ignored": ("loss_of(arm, steps * n)", 'loss_of("teacher forcing", steps * n)'),
    "more-units": ("LSTM(embedding, units,", "LSTM(embedding, 2 * units,"),
    "another-noise": ("NoisySum(length, symbols, noise), {}", "NoisySum(length, symbols, 2 * noise), {}"),
    "foreign-as-given": ('breaks(task, kinds["own"])', 'breaks(task, kinds["given"])'),
    "swapped": ('zip(("given", "own"),', 'zip(("own", "given"),'),
    "the-same-foreign-text": ("[seed, 11])", "[0, 11])"),
    "one-seed": ('"seeds": list(range(10, 15))', '"seeds": [10]'),
    "one-budget": ("[1, 3, 8]", "[1]"),
}
