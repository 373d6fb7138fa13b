"""Planted bugs of tests/benchmarks/longer_09.py."""

HOW = '    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}'
TOLD = f'"""The scores after training."""\n{HOW}'
WAITED = f"    task = Phrases(delay=delay)\n{HOW}"
FILE = "tests/benchmarks/longer_09.py"
TESTS = ["tests/benchmarks/test_longer_09.py"]
MUTANTS = {
    "padding-judged": ("mask=places & batch.mask", "mask=batch.mask"),
    "captions-alike": ('"loss": P @ batch.losses(log_p)', '"loss": np.full(len(P), 1 / len(P)) @ batch.losses(log_p)'),
    "per-caption": ("/ (P @ batch.mask.sum(1)),", ","),
    "the-colour-for-the-place": ("PICTURE[3]", "PICTURE[1]"),
    "always-told": ("TASK.n_given, way\n", 'TASK.n_given, "every"\n'),
    "more-units": ("words, H, batch_first", "words, 2 * H, batch_first"),
    "rate-ignored": (TOLD, TOLD.replace("rate,", "0.02,")),
    "seed-ignored": (TOLD, TOLD.replace("seed}", "0}")),
    "not-clipped": (TOLD, TOLD.replace('"clip_norm": 1.0, ', "")),
    "no-schedule": (TOLD, TOLD.replace("Cosine(steps)", "Cosine(10**6)")),
    "reader-rate-ignored": (WAITED, WAITED.replace("rate,", "0.02,")),
    "reader-seed-ignored": (WAITED, WAITED.replace("seed}", "0}")),
    "reader-not-clipped": (WAITED, WAITED.replace('"clip_norm": 1.0, ', "")),
    "reader-no-schedule": (WAITED, WAITED.replace("Cosine(steps)", "Cosine(10**6)")),
    "reader-does-not-wait": (WAITED, WAITED.replace("Phrases(delay=delay)", "Phrases()")),
    "reader-of-both-sides": ("GRU(8, H, batch_first=True)", "GRU(8, H, batch_first=True, bidirectional=True)"),
    "reader-of-more-units": ("GRU(8, H,", "GRU(8, 2 * H,"),
    "phrases-per-phrase": (
        "P @ batch.losses(log_p) / (P @ batch.mask.sum(1))\n\n\ndef waiting",
        "P @ batch.losses(log_p)\n\n\ndef waiting",
    ),
    "one-delay": ("waited(d, rate", "waited(delays[0], rate"),
    "steps-mixed-up": ("trained(way, rate, n, seed)", "trained(way, rate, steps, seed)"),
    "one-rate": ("trained(way, rate, n", "trained(way, tried[0], n"),
    "seeds-of-the-page": ("range(40, 45)", "range(60, 65)"),
    "the-same-seeds-again": ("range(45, 50)", "range(40, 45)"),
    "rates-tried-before": ("[0.1, 0.2]", "[0.05, 0.1]"),
}
