"""Planted bugs of tests/benchmarks/longer_10_words.py."""

FILE = "tests/benchmarks/longer_10_words.py"
TESTS = ["tests/benchmarks/test_longer_10_words.py"]
MUTANTS = {
    "least-probable": ("np.argsort(-p, kind", "np.argsort(p, kind"),
    "half-the-sentence": ("vocabulary.encode(asked)[None])", "vocabulary.encode(asked[:1])[None])"),
    "known-ones": ("if word not in vocabulary]", "if word in vocabulary]"),
    "dot-product": ("vectors / np.linalg.norm(vectors, axis=1, keepdims=True)", "vectors"),
    "farthest": ("np.argsort(-cosine,", "np.argsort(cosine,"),
    "itself": (" if i != vocabulary.ids[word]]", "]"),
    "not-centred": ("vectors - vectors.mean(0)", "vectors"),
    "smallest-directions": ("directions[:2].T", "directions[-2:].T"),
    "every-word": ("min_count=least", "min_count=1"),
    "vocabulary-of-the-test": ("Vocabulary.build([train]", "Vocabulary.build([test]"),
    "no-dropout": (", dropout=dropout)", ")"),
    "more-units": ("LSTM(embedding, units,", "LSTM(embedding, 2 * units,"),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "rate-ignored": ('"lr": rate', '"lr": 0.02'),
    "not-clipped": (', "clip_norm": 1.0,', ","),
    "seed-ignored": ("seed=seed, **how", "seed=0, **how"),
    "dropout-in-the-test": ("**how).model.eval()", "**how).model.train()"),
    "judged-on-training": ("evaluate(model, chunks(held_out, 1, 512)", "evaluate(model, chunks(ids, 1, 512)"),
    "counts-of-the-test": ("kneser_ney.fit(ids, order, V)", "kneser_ney.fit(held_out, order, V)"),
    "another-order": ("kneser_ney.fit(ids, order, V)", "kneser_ney.fit(ids, order + 1, V)"),
    "the-first-word-too": ("kn.score(held_out)[1:]", "kn.score(held_out)"),
    "unknown-in-training": ("(held_out == UNK)", "(ids == UNK)"),
    "lists-of-the-last": ("if seed != seeds[0]:", "if seed != seeds[-1]:"),
    "letters": ("word.isalpha() and len(word) > 1]", "word.isalpha() or len(word) > 0]"),
    "one-seed": ('"seeds": list(range(10, 15))', '"seeds": [10]'),
    "more-steps": ('"steps": 900', '"steps": 9000'),
}
