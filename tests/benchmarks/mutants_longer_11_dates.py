"""Planted bugs of tests/benchmarks/longer_11_dates.py."""

FILE = "tests/benchmarks/longer_11_dates.py"
HERE = "tests/benchmarks/test_longer_11.py"
# What is stored is not there where bugs are planted.
TESTS = [HERE, f"--deselect={HERE}::test_the_rate_is_the_best_of_those_tried_at_every_size"]
MUTANTS = {
    "never-turned": ("    if backwards:\n", "    if False:\n"),
    "end-turned-too": ("row[: n - 1] = row[: n - 1][::-1].copy()", "row[:n] = row[:n][::-1].copy()"),
    "padding-turned-too": ("row[: n - 1] = row[: n - 1][::-1].copy()", "row[:-1] = row[:-1][::-1].copy()"),
    "tested-in-order": ("reading(batch, backwards).inputs", "reading(batch, False).inputs"),
    "trained-in-order": ("default_rng([seed, step])), backwards)", "default_rng([seed, step])), False)"),
    "data-seed-ignored": ("default_rng([seed, step])", "default_rng([0, step])"),
    "one-batch": ("default_rng([seed, step])", "default_rng([seed, 0])"),
    "rate-ignored": ('"lr": rate', '"lr": 0.01'),
    "seed-ignored": ('"seed": seed}', '"seed": 0}'),
    "not-clipped": ('"clip_norm": 1.0, ', ""),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "more-units": ("LSTM(E, H,", "LSTM(E, 2 * H,"),
    "tested-on-what-was-trained": (
        'Translation("dates", "train"), Translation("dates", "test")',
        'Translation("dates", "train"), Translation("dates", "train")',
    ),
    "padding-counted": ("/ (P @ batch.mask.sum(1))", "/ T"),
    "any-token": (".all(1)\n    forms", ".mean(1)\n    forms"),
    "all-alike": ('"exact": P @ right', '"exact": right[:100].mean()'),
    "forms-not-normalised": (" / P[forms == form].sum()", ""),
    "ways-mixed-up": ('{"in order": False, "reversed": True}', '{"in order": True, "reversed": False}'),
    "one-seed": ("rate, seed), backwards) for seed in seeds", "rate, seeds[0]), backwards) for seed in seeds"),
    "digits-of-all": ("P @ (~right & (written == wanted).all(1))", "P @ (written == wanted).all(1)"),
    "digits-not-of-mistakes": (" / max(P @ ~right, 1e-12)", ""),
    "some-digits": ("if word.isdigit()]", "if word in '0123']"),
    "end-in-the-text": (" for i in ids if i != EOS)", " for i in ids)"),
    "no-blanks": ('" ".join(TEST.target.tokens[i]', '"".join(TEST.target.tokens[i]'),
    "bleu-of-the-english": ('" ".join(one.target) for one', '" ".join(one.source) for one'),
    "chrf-of-itself": ("chrf(said, meant)", "chrf(meant, meant)"),
    "bleu-turned": ("bleu(said, meant)", "bleu([*reversed(said)], meant)"),
    "any-word": ("np.isin(rows, DIGITS)", "rows > EOS"),
}
