"""Planted bugs of tests/benchmarks/longer_15_recall_scale.py."""

FILE = "tests/benchmarks/longer_15_recall_scale.py"
TESTS = ["tests/benchmarks/test_longer_15_recall_scale.py"]
MUTANTS = {
    "all-arms": ("if steps_ == STAYS]", "if steps_ > 0]"),
    "last-for-least": ("rounded(min(followed(", "rounded(max(followed("),
    "loss-of-all-keys": ('[2]["loss"]), 4)', '[2]["all"]), 4)'),
    "rate-ignored": ("sequences, steps, rate)[2]", "sequences, steps, 0.003)[2]"),
    "steps-ignored": ("seed, sequences, steps, rate)[2]", "seed, sequences, None, rate)[2]"),
    "one-seed-of-rates": ("for seed in seeds]\n            for rate", "for seed in seeds[:1]]\n            for rate"),
    "one-width": ("transformer(2, None, width))", "transformer(2, None, 64))"),
    "one-layer": ("transformer(2, None, width))", "transformer(1, None, width))"),
    "full-block": ("transformer(2, None, width))", "transformer(2, width, width))"),
    "before-the-first-step": ("rounded(values[-1], 4)", "rounded(values[0], 4)"),
    "seconds-too": ('if name != "seconds":', "if True:"),
    "one-seed": ("itertools.product(widths, seeds)", "itertools.product(widths, seeds[:1])"),
    "change-of-the-last": ("np.abs(np.diff(run)).max()", "np.abs(np.diff(run))[-1]"),
    "signed-change": ("np.abs(np.diff(run)).max()", "np.diff(run).max()"),
    "of-the-sum-of-changes": ("whole = abs(run[-1] - run[0])", "whole = np.abs(np.diff(run)).sum()"),
    "no-change-is-none": ("if whole else math.inf", "if whole else 0.0"),
    "seeds-for-widths": ("np.array(list(of.values())).T", "np.array(list(of.values()))"),
    "four-widths": ("[8, 16, 32, 64, 128]", "[8, 16, 32, 128]"),
    "four-seeds": ("range(250, 255)", "range(250, 254)"),
    "more-steps": ('"steps": 150', '"steps": 300'),
    "the-usual-rate": ('"tried": [0.001, 0.01]', '"tried": [0.003, 0.01]'),
    "all-learn-longer": ("if usual == STAYS else ():", "if usual > 0 else ():"),
    "longer-at-the-usual-rate": (
        "sequences, steps, rate)\n            found",
        "sequences, steps, 0.003)\n            found",
    ),
    "not-longer": ("sequences, steps, rate)\n            found", "sequences, None, rate)\n            found"),
    "longer-with-all-keys": ('text(of["loss"])', 'text(of["all"])'),
    "as-long-as-before": ('"steps": 3000', '"steps": 450'),
}
