"""Planted bugs of tests/benchmarks/longer_10_written.py."""

FILE = "tests/benchmarks/longer_10_written.py"
TESTS = ["tests/benchmarks/test_longer_10.py"]
MUTANTS = {
    "least-probable-first": ("np.argsort(-log_p,", "np.argsort(log_p,"),
    "probabilities": ("log_softmax(-1).numpy()", "softmax(-1).numpy()"),
    "half-the-prompt": ("vocabulary.encode(list(prompt))[None])", "vocabulary.encode(list(prompt))[None, :1])"),
    "bits-of-validation": ('S["frozen"](model, ids["test"]), f"KN', 'S["frozen"](model, ids["train"]), f"KN'),
    "nats": ('-kn.score(ids["test"])[1:] / np.log(2)}', '-kn.score(ids["test"])[1:]}'),
    "one-place-off": ("values[low:high]", "values[low + 1 : high + 1]"),
    "settings-ignored": ("max_length=long, **how)", "max_length=long)"),
    "length-ignored": ("greedy(model, first, max_length=long)", "greedy(model, first, max_length=7)"),
    "seed-ignored": (
        "sample(model, first, rng=np.random.default_rng([seed, 10])",
        "sample(model, first, rng=np.random.default_rng([0, 10])",
    ),
    "counts-written-by-the-network": ("sample(kn, first", "sample(model, first"),
    "another-order": ('kneser_ney.fit(ids["train"], order, V)', 'kneser_ney.fit(ids["train"], order + 1, V)'),
    "another-network": ('"embedding": 32, "units": 256', '"embedding": 32, "units": 128'),
    "more-steps": ('"steps": 2000', '"steps": 4000'),
    "another-split": ('"seeds": [10]', '"seeds": [15]'),
}
