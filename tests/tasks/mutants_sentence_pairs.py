"""Planted bugs of seqlib.tasks.sentence_pairs."""

FILE = "seqlib/tasks/sentence_pairs.py"
TESTS = ["tests/tasks/test_sentence_pairs.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "words-alone": ("return self.word_floor + self.pair_floor", "return self.word_floor"),
    "chance-without-the-pair": ("super().chance + float(np.log(2))", "super().chance"),
    "pair-of-true-words": (
        "entropy(np.stack([p, 1 - p], -1)), *self._channel())",
        "entropy(np.stack([p, 1 - p], -1)), 1.0, 0.0)",
    ),
    "clean-like-masked": ("np.maximum(p, 1 - p), 1.0, 0.0)", "np.maximum(p, 1 - p), *self._channel())"),
    "always-the-same": ("np.maximum(p, 1 - p), *self._channel())", "p, *self._channel())"),
    "same-by-chance": ("return s / (s + (1 - s) / (self.topics - 1))", "return s / (s + 1 / self.topics)"),
    "prior-forgotten": ("return s / (s + (1 - s) / (self.topics - 1))", "return s"),
    "one-other-topic": ("(1 - belief) / (2 * (self.topics - 1))", "(1 - belief) / 2"),
    "told-all": ("return belief / 2 + (1 - belief) / (2 * (self.topics - 1))", "return belief"),
    "told-nothing": (
        "return belief / 2 + (1 - belief) / (2 * (self.topics - 1))",
        "return belief * 0 + 1 / self.topics",
    ),
    "pair-is-likely-like-two": ("* self.topics * (s + (1 - s) / (self.topics - 1)) / 2", "+ 0 * s"),
    "one-word-too-few": (
        "p, belief = self.beliefs(self.n_content, seen, random)\n        some",
        "p, belief = self.beliefs(self.n_content - 1, seen, random)\n        some",
    ),
    "others-weigh-alike": ("* p * self.topics * total[..., 0]", "* p + 0 * total[..., 0]"),
    "not-told-by-the-other": (
        "joint = one[:, None] * self._told(belief)",
        "joint = one[:, None] + 0 * self._told(belief)",
    ),
    "one-name-for-all": ("np.bincount(which.ravel(), p), ordered[index]", "p[index] / p[index].sum(), ordered[index]"),
    "names-mixed": ("ordered = np.sort(belief, 1)", "ordered = np.sort(belief, 0)"),
    "no-end-of-pairs": ("check_affordable(self, len(one) * belief.size)", "pass", "wait_for"),
    "told-by-itself": (
        "self.guess(sides[0], np.repeat(self._told(beliefs[1]), 2, 1))",
        "self.guess(sides[0], np.repeat(self._told(beliefs[0]), 2, 1))",
    ),
    "second-told-by-itself": (
        "self.guess(sides[1], np.repeat(self._told(beliefs[0]), 2, 1))",
        "self.guess(sides[1], np.repeat(self._told(beliefs[1]), 2, 1))",
    ),
    "second-is-not-told": ("self.guess(sides[1], np.repeat(self._told(beliefs[0]), 2, 1))", "self.guess(sides[1])"),
    "numbers-for-topics": ("np.repeat(self._told(beliefs[1]), 2, 1)", "np.tile(self._told(beliefs[1]), (1, 2))"),
    "labels-swapped-in-the-guess": ("p[:, 0, 1] = self._same", "p[:, 0, 1] = 1 - self._same"),
    "topics-of-numbers": ("self.topics, 2).sum(2)", "2, self.topics).sum(1)"),
    "labels-swapped": ("np.where(same == 1, z, other)", "np.where(same == 0, z, other)"),
    "same-by-accident": ("rng.integers(1, self.topics, size=n)", "rng.integers(0, self.topics, size=n)"),
    "the-next-topic": ("rng.integers(1, self.topics, size=n)", "1"),
    "mostly-the-same": ("same = rng.integers(2, size=n)", "same = rng.integers(3, size=n).clip(0, 1)"),
    "one-word-is-always-chosen": ("at_least_one=False", "at_least_one=True"),
    "default-share": ("share=self.share,\n", ""),
    "default-shares": ("shares=self.shares,\n", ""),
    "clean-is-masked": (
        "return self._batch(y, y, same, np.zeros(y.shape, dtype=bool))",
        "return self._batch(y, y, same, y >= self.first)",
    ),
    "segments-one-early": ("> self.T + 1)", "> self.T)"),
    "segments-one-late": ("> self.T + 1)", "> self.T + 2)"),
    "label-is-read": (
        "return Batch((x, lengths, segments), np.where(first, same[:, None], y)",
        "return Batch((np.where(first, same[:, None], x), lengths, segments), np.where(first, same[:, None], y)",
    ),
    "label-is-not-asked": ("chosen | first)", "chosen | (first & ~chosen.any(1)[:, None]))"),
    "label-is-cls": ("np.where(first, same[:, None], y), chosen", "np.where(first, y % 2, y), chosen"),
    "answers-are-what-is-read": ("return self._batch(x, y, same, chosen)", "return self._batch(x, x, same, chosen)"),
    "no-last-separator": ("second, np.full((n, 1), self.sep)]", "second, np.full((n, 1), self.cls)]"),
    "edges-not-checked": (
        "if (x[:, [0, middle, -1]] != [self.cls, self.sep, self.sep]).any():",
        "if (x[:, 0] != self.cls).any():",
    ),
    "padding-is-real": (
        "return np.arange(T) < lengths[:, None]",
        "return np.arange(T) < lengths.max() + 0 * lengths[:, None]",
    ),
}
