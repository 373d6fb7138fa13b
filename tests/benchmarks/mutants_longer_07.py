"""Planted bugs of tests/benchmarks/longer_07.py: arms that are not what their names say."""

FILE = "tests/benchmarks/longer_07.py"
TESTS = ["tests/benchmarks/test_longer_07.py"]
MUTANTS = {
    "residual-ignored": ('if self.kind == "residual" and k else out', "if False else out"),
    "sees-lengths-inverted": ("reads = n if self.sees_lengths else", "reads = n if not self.sees_lengths else"),
    "sees-lengths-always": ("reads = n if self.sees_lengths else torch.full_like(n, x.shape[1])", "reads = n"),
    "summary-right-is-last-step": (
        '"h→_n, h←_1": lambda h, n: torch.cat([at(halves(h)[0], n - 1), halves(h)[1][:, 0]], -1)',
        '"h→_n, h←_1": lambda h, n: h[:, 0]',
    ),
    "hback-n-is-hback-1": (
        '"h←_n": lambda h, n: torch.cat([torch.zeros_like(halves(h)[0][:, 0]), at(halves(h)[1], n - 1)], -1)',
        '"h←_n": lambda h, n: torch.cat([torch.zeros_like(halves(h)[0][:, 0]), halves(h)[1][:, 0]], -1)',
    ),
    "hback-1-sees-forward": (
        '"h←_1": lambda h, n: torch.cat([torch.zeros_like(halves(h)[0][:, 0])',
        '"h←_1": lambda h, n: torch.cat([halves(h)[0][:, -1]',
    ),
    "h-n-last-column": ('"h→_n, h←_n": lambda h, n: at(h, n - 1)', '"h→_n, h←_n": lambda h, n: h[:, -1]'),
    "waits-one-later": ("max=PLACE + k))", "max=PLACE + k + 1))"),
    "waits-at-start": ("max=PLACE + k))", "max=k))"),
    "waiting-bidirectional": ('"both": False', '"both": True'),
    "forget-bias-0": ('**options), "f")', '**options), "f", 0.0)'),
    "forget-bias-2": ('**options), "f")', '**options), "f", 2.0)'),
    "forgetful-wrong-gate": ('**options), "f")', '**options), "i")'),
    "lstm-is-gru": ('"LSTM": LSTM,', '"LSTM": GRU,'),
    "forgetful-is-lstm": ('"LSTM, forget bias 1": forgetful', '"LSTM, forget bias 1": LSTM'),
    "cells-unclipped": (
        '{"view": states, "cell": cell}, rate=rate, **how)',
        '{"view": states, "cell": cell}, rate=rate, **how | {"clip": None})',
    ),
    "rate-ignored": ('how = {"lr": rate,', 'how = {"lr": 0.02,'),
    "more-columns-ignored": ("((0, 0), (0, columns))", "((0, 0), (0, 0))"),
    "lengths-trained-with-always": ('"sees_lengths": told}', '"sees_lengths": True}'),
    "expected-unweighted": (
        "float(p @ batch.losses(answers(net, batch, columns)) / (p @ batch.mask.sum(1)))",
        "float(batch.losses(answers(net, batch, columns))[p > 0].sum() / batch.mask[p > 0].sum())",
    ),
    "whole-hides-nothing-blanks": (
        "return Batch((batch.y, batch.inputs[1]), batch.y,",
        "return Batch((batch.inputs[0], batch.inputs[1]), batch.y,",
    ),
    "cloze-one-layer-always": ('"layers": int(layers), "kind": kind', '"layers": 1, "kind": kind'),
    "one-answer-wrong-place": ("batch.y[:, [PLACE]]", "batch.y[:, [PLACE + 1]]"),
    "seeds-ignored": (
        "for seed in seeds]\n\n\ndef parsed",
        "for _, seed in enumerate([0] * len(seeds))]\n\n\ndef parsed",
    ),
    "residual-from-the-first-layer-on": (
        'if self.kind == "residual" and k else out',
        'if self.kind == "residual" else out',
    ),
    "cloze-always-mixed": ('"layers": int(layers), "kind": kind', '"layers": int(layers), "kind": ""'),
    "seed-not-handed-on": ('"clip_norm": clip, "seed": seed,', '"clip_norm": clip, "seed": 0,'),
    "gap-ignored": ("    task = Pizza(gap)\n", "    task = Pizza((0, 2))\n"),
    "batch-ignored": ("task.sample(batch, np", "task.sample(64, np"),
    "embedding-ignored": ("task.n_out, embedding=embedding,", "task.n_out, embedding=16,"),
    "stacks-mixed": ("below = units if apart else width", "below = width"),
    "one-stack-for-both": ("self.layers[1::2]", "self.layers[::2]"),
    "second-stack-not-turned": ("self.up(turned(x, reads), reads,", "self.up(x, reads,"),
    "turned-with-padding": (
        "places = torch.where(t < n[:, None], n[:, None] - 1 - t, t)",
        "places = (len(t) - 1 - t).expand(len(x), -1)",
    ),
    "loss-of-all-lengths": ("p = p if of is None else p * (batch.inputs[1] == of)", "p = p * 1"),
    "no-more-steps": ("seed=seed, steps=steps * more, **how)", "seed=seed, steps=steps, **how)"),
    "never-of-the-answers": ("np.setdiff1d(np.arange(task.n_out), every.y[:, PLACE])", "np.unique(every.y[:, PLACE])"),
    "never-of-the-longest": ("min(by_words.items())[1]", "max(by_words.items())[1]"),
}
