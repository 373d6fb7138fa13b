"""Planted bugs of tests/benchmarks/longer_07_texts.py: language models that are not what their names say."""

FILE = "tests/benchmarks/longer_07_texts.py"
TESTS = ["tests/benchmarks/test_longer_07_texts.py"]
MUTANTS = {
    "both-always": ('{"one direction": False,', '{"one direction": True,'),
    "whole-for-prefixes": ('"prefixes": prefixes}', '"prefixes": whole_texts}'),
    "whole-of-the-same-word": ("Batch((x, n), sample.y[:, 1:],", "Batch((x, n), sample.y[:, :-1],"),
    "whole-text-read": ("x, n = sample.y[:, :-1], sample.inputs[1] - 1", "x, n = sample.y[:, :-1], sample.inputs[1]"),
    "prefix-leaks": (
        "np.where(np.arange(T) < read[:, None], sample.y",
        "np.where(np.arange(T) <= read[:, None], sample.y",
    ),
    "prefix-length-leaks": ("Batch((x, read), np.where", "Batch((x, sample.inputs[1].clip(max=T)), np.where"),
    "prefix-last-word": ("sample.y[rows, read][:, None]", "sample.y[rows, read - 1][:, None]"),
    "prefix-asked-early": ("np.arange(T) == read[:, None] - 1", "np.arange(T) == read[:, None] - 2"),
    "never-the-last-word": ("rng.integers(1, sample.inputs[1])", "rng.integers(1, sample.inputs[1] - 1)"),
    "padding-asked": (
        "continuations(sample.y, sample.inputs[1])",
        "continuations(sample.y, [sample.y.shape[1]] * texts)",
    ),
    "reads-the-blank": ("continuations(sample.y,", "continuations(sample.inputs[0],"),
    "whole-texts-asked": ("continuations(sample.y, sample.inputs[1])", "[whole_texts(sample, None)]"),
    "texts-of-one-seed": ("default_rng([seed, 6])", "default_rng([0, 6])"),
    "no-more-steps": ("drawn, steps=steps, **how)", "drawn, steps=200, **how)"),
    "seed-ignored": ('"cross_entropy", "seed": seed}', '"cross_entropy", "seed": 0}'),
    "rate-ignored": ('{"lr": rate,', '{"lr": 0.02,'),
}
