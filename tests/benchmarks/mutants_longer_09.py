"""Planted bugs of tests/benchmarks/longer_09.py."""

FILE = "tests/benchmarks/longer_09.py"
TESTS = ["tests/benchmarks/test_longer_09.py"]
MUTANTS = {
    "padding-judged": ("mask=places & batch.mask", "mask=batch.mask"),
    "captions-alike": ('"loss": P @ batch.losses(log_p)', '"loss": np.full(len(P), 1 / len(P)) @ batch.losses(log_p)'),
    "per-caption": ("/ (P @ batch.mask.sum(1)),", ","),
    "the-colour-for-the-place": ("PICTURE[3]", "PICTURE[1]"),
    "always-told": ("TASK.n_given, way\n", 'TASK.n_given, "every"\n'),
    "more-units": ("words, H, batch_first", "words, 2 * H, batch_first"),
    "rate-ignored": ('"lr": rate', '"lr": 0.02'),
    "seed-ignored": ('"seed": seed}', '"seed": 0}'),
    "not-clipped": ('"clip_norm": 1.0, ', ""),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "steps-mixed-up": ("trained(way, rate, n, seed)", "trained(way, rate, steps[0], seed)"),
    "one-rate": ("trained(way, rate, n", "trained(way, tried[0], n"),
    "seeds-of-the-page": ("range(40, 45)", "range(60, 65)"),
}
