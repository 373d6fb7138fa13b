"""Planted bugs of tests/benchmarks/longer_10.py."""

FILE = "tests/benchmarks/longer_10.py"
TESTS = ["tests/benchmarks/test_longer_10.py"]
MUTANTS = {
    "vocabulary-of-the-test": ("Vocabulary.build([list(texts.train)])", "Vocabulary.build([list(texts.test)])"),
    "no-dropout": ("vocab_size=V, dropout=dropout)", "vocab_size=V)"),
    "more-units": ("LSTM(embedding, units, batch", "LSTM(embedding, 2 * units, batch"),
    "no-schedule": ("Cosine(steps)", "Cosine(10**6)"),
    "rate-ignored": ('"lr": rate, "clip_norm"', '"lr": 0.01, "clip_norm"'),
    "not-clipped": ('"lr": rate, "clip_norm": 1.0', '"lr": rate'),
    "seed-ignored": ("seed=seed, **how).model.eval()", "seed=0, **how).model.eval()"),
    "state-reset": (
        "fit(partial(network, V, **sizes), chunks(ids, batch, length),",
        "fit(partial(network, V, **sizes), list(chunks(ids, batch, length)),",
    ),
    "rows-for-steps": (
        "fit(partial(network, V, **sizes), chunks(ids, batch, length),",
        "fit(partial(network, V, **sizes), chunks(ids, length, batch),",
    ),
    "dropout-in-the-test": ("**how).model.eval()", "**how).model"),
    "nats": (".numpy() / np.log(2)\n\n\nclass Kept", ".numpy()\n\n\nclass Kept"),
    "the-same-symbol": ("torch.tensor(ids)[1:, None]", "torch.tensor(ids)[:-1, None]"),
    "the-model-itself-learns": ("copy.deepcopy(model), chunks", "model, chunks"),
    "dropout-while-adapting": ("    adapting.dropout = 0.0\n", "    adapting.train()\n"),
    "scored-after-the-step": ("np.array(kept.bits)", "frozen(adapting, ids)"),
    "adapts-by-adam": ('loss=kept, optimiser="sgd"', "loss=kept"),
    "bits-mixed": (
        "-np.log2(weight * 2.0**-one + (1 - weight) * 2.0**-other)",
        "weight * one + (1 - weight) * other",
    ),
    "the-other-weight": ("weight * 2.0**-one + (1 - weight)", "(1 - weight) * 2.0**-one + weight"),
    "worst-weight": ("min(MIXED, key=lambda weight", "max(MIXED, key=lambda weight"),
    "bytes": ("return 8 * (sizes", "return (sizes"),
    "of-both-texts": ("(sizes[0] - sizes[1])", "sizes[0]"),
    "weak-lzma": ("preset=9 | lzma.PRESET_EXTREME", "preset=0"),
    "one-order": ('kneser_ney.fit(ids["train"], n, V)', 'kneser_ney.fit(ids["train"], order, V)'),
    "counts-of-the-test": ('kneser_ney.fit(ids["train"], n, V)', 'kneser_ney.fit(ids["test"], n, V)'),
    "frozen-for-adaptive": ("-kn.adaptive(ids[part])", "-kn.score(ids[part])"),
    "adaptive-of-the-last-order": ("if n == order:", "if n == orders[-1]:"),
    "rate-chosen-on-the-test": (
        '{lr: dynamic(model, ids["valid"], lr, adapt) for lr in rates}',
        '{lr: dynamic(model, ids["test"], lr, adapt) for lr in rates}',
    ),
    "last-rate": ("lr = min(on_valid, key=lambda lr: on_valid[lr].mean())", "lr = rates[-1]"),
    "weight-chosen-on-the-test": (
        'best_weight(bits["valid"][one], bits["valid"][other])',
        'best_weight(bits["test"][one], bits["test"][other])',
    ),
    "reported-of-validation": (
        'mixture(weight, bits["test"][one], bits["test"][other]))',
        'mixture(weight, bits["valid"][one], bits["valid"][other]))',
    ),
    "adaptive-mixed-with-frozen": ('"dynamic LSTM", "adaptive KN")', '"dynamic LSTM", f"KN-{order}")'),
    "curve-of-validation": (
        'mixture(weight, bits["test"]["LSTM"]',
        'mixture(weight, bits["test"]["dynamic LSTM"]',
    ),
    "alone-after-the-training-text": (
        'compressed(compress, "", texts.test)',
        "compressed(compress, texts.train, texts.test)",
    ),
    "after-the-validation-text": (
        "compressed(compress, texts.train, texts.test))",
        "compressed(compress, texts.valid, texts.test))",
    ),
    "grid-ends-early": ("[0.1, 0.3, 1.0, 3.0]", "[0.1, 0.3]"),
    "one-seed": ('"seeds": list(range(10, 15))', '"seeds": [10]'),
}
