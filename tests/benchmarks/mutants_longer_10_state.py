"""Planted bugs of tests/benchmarks/longer_10_state.py."""

FILE = "tests/benchmarks/longer_10_state.py"
TESTS = ["tests/benchmarks/test_longer_10_words.py"]
MUTANTS = {
    "always-carried": ("return text if carried else list(text)", "return text"),
    "never-carried": ("return text if carried else list(text)", "return list(text)"),
    "turned-over": ("return text if carried", "return text if not carried"),
    "rows-alike": ("chunks(train, characters // length, length)", "chunks(train, 4, length)"),
    "trained-on-the-test": ("text = chunks(train,", "text = chunks(test,"),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "rate-ignored": ('"lr": rate', '"lr": 0.01'),
    "not-clipped": (', "clip_norm": 1.0,', ","),
    "seed-ignored": ('"seed": seed}', '"seed": 0}'),
    "more-units": ("LSTM(embedding, units,", "LSTM(embedding, 2 * units,"),
    "judged-with-state": ("else list(chunks(test, 64, length))", "else chunks(test, 64, length)"),
    "judged-without": ("chunks(test, 1, 512) if carried", "list(chunks(test, 1, 512)) if carried"),
    "judged-on-training": ("chunks(test, 1, 512)", "chunks(train, 1, 512)"),
    "nats": ("/ np.log(2)", ""),
    "arms-swapped": ('"carried" if carried else "reset"', '"reset" if carried else "carried"'),
    "one-length": ("[4, 16, 64]", "[4]"),
    "one-seed": ('"seeds": list(range(10, 15))', '"seeds": [10]'),
}
