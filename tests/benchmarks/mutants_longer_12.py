"""Planted bugs of tests/benchmarks/longer_12.py."""

FILE = "tests/benchmarks/longer_12.py"
HERE = "tests/benchmarks/test_longer_12.py"
# What is stored is not there where bugs are planted.
TESTS = [HERE, f"--deselect={HERE}::test_each_network_has_the_best_of_the_rates_that_were_tried"]
TESTS += [f"--deselect={HERE}::test_the_seeds_are_those_of_chapter_11"]
MUTANTS = {
    "more-units": ("LSTM(E, H, batch_first=True),", "LSTM(E, 2 * H, batch_first=True),"),
    "wider-words": ("LSTM(E + told,", "LSTM(2 * E + told,"),
    "attention-in-the-control": ("if score is None:", "if score == 0:"),
    "one-score": ("Attention(score, H,", 'Attention("dot", H,'),
    "always-after": ('"attend": attend, "input_feeding"', '"attend": "after", "input_feeding"'),
    "never-fed": ('"input_feeding": feeding}', '"input_feeding": False}'),
    "few-places": ("longest = TESTED + 1 if", "longest = 9 if"),
    "one-batch-for-all-steps": ("default_rng([seed, step]))", "default_rng([seed]))"),
    "data-seed-ignored": ("default_rng([seed, step]))", "default_rng([0, step]))"),
    "one-length": ("Copying((1, longest), SYMBOLS)", "Copying(longest, SYMBOLS)"),
    "always-up-to-8": ("Copying((1, longest), SYMBOLS)", "Copying((1, 8), SYMBOLS)"),
    "reversed": ("Copying((1, longest), SYMBOLS)", "Copying((1, longest), SYMBOLS, reverse_source=True)"),
    "small-batches": ("task.sample(B,", "task.sample(B // 2,"),
    "rate-ignored": ('"lr": rate', '"lr": 0.02'),
    "seed-ignored": ('"batch_size": B, "seed": seed}', '"batch_size": B, "seed": 0}'),
    "not-clipped": ('"clip_norm": 1.0, ', ""),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "other-loss": ('loss="cross_entropy"', "loss=None"),
    "one-test-for-all-seeds": ("default_rng([seed, 10**6, n])", "default_rng([0, 10**6, n])"),
    "symbols-for-sequences": ("(ids == y).all(1)", "(ids == y).mean(1)"),
    "end-not-reached": ("max_length=n + 1", "max_length=n"),
    "lengths-left-out": ("range(1, TESTED + 1):", "range(1, TESTED):"),
    "other-lengths-looked-at": ("if n in (8, 12):", "if n in (8, 11):"),
    "end-looked-at-too": ("weights[:, :n].numpy()", "weights.numpy()"),
    "smallest-weight": ("weights.argmax(2)", "weights.argmin(2)"),
    "axes-swapped": ("weights.argmax(2)", "weights.argmax(1)[:, :n]"),
    "one-place-late": ("== np.arange(n))", "== np.arange(n) + 1)"),
    "mean-over-places": ("== np.arange(n)).mean(0)", "== np.arange(n)).mean(1)"),
    "mean-weight": ("weights.max(2).mean(0)", "weights.mean(2).mean(0)"),
    "found-for-largest": ("rounded(v, 3) for v in largest]", "rounded(v, 3) for v in found]"),
    "seeds-of-the-tuning": ("list(range(45, 50))", "list(range(40, 45))"),
    "one-rate": ('rate=rate, **how)["exact"]', 'rate=tried[0], **how)["exact"]'),
    "tuned-without-feeding": ('"feeding": feeding, "longest": 8', '"feeding": False, "longest": 8'),
    "trained-longer-in-the-tuning": ('"feeding": feeding, "longest": 8', '"feeding": feeding, "longest": 12'),
    "scores-mixed-up": ('"general": ["general", "after", False]', '"general": ["dot", "after", False]'),
    "worse-rate": ("BEST.get(name, 0.02)", "BEST.get(name, 0.04)"),
    "control-at-a-worse-rate": ('{"no attention": 0.04, ', '{"no attention": 0.01, '),
    "same-training": ("[*KINDS[name], 12, NETWORKS", "[*KINDS[name], 8, NETWORKS"),
    "rates-swapped": (
        'how = {"score": score, "attend": attend, "feeding": feeding, "longest": longest, "rate": rate}',
        'how = {"score": score, "attend": attend, "feeding": feeding, "longest": longest, "rate": longest}',
    ),
    "not-before": ('["additive", "before", False]', '["additive", "after", False]'),
}
