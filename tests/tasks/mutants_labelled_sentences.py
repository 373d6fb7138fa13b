"""Planted bugs of seqlib.tasks.labelled_sentences."""

FILE = "seqlib/tasks/labelled_sentences.py"
TESTS = ["tests/tasks/test_labelled_sentences.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "floor-of-the-topic": ("entropy(self._classes(belief))", "entropy(belief)"),
    "accuracy-of-the-topic": ("self._classes(belief).max(1)", "belief.max(1)"),
    "one-word-too-few": (
        "p, belief = self.beliefs(self.n_content)\n        return float(p @ entropy",
        "p, belief = self.beliefs(self.n_content - 1)\n        return float(p @ entropy",
    ),
    "likeliest-for-the-mean": ("self._classes(belief).max(1))", "self._classes(belief).max())"),
    "chance-of-topics": ("np.log(self.classes)", "np.log(self.topics)"),
    "neighbours-for-classes": (
        "belief.reshape(len(belief), -1, self.classes).sum(1)",
        "belief.reshape(len(belief), self.classes, -1).sum(2)",
    ),
    "label-by-neighbours": ("topics[:, None] % self.classes", "topics[:, None] * self.classes // self.topics"),
    "number-for-topic": ("reshape(len(x), self.topics, 2).sum(2)", "reshape(len(x), 2, self.topics).sum(1)"),
    "reads-cls": ("self._evidence(x[:, 1:-1])", "self._evidence(x[:, 2:])"),
    "asks-everywhere": ("np.tile(first, (len(x), 1)))", "np.ones(x.shape, dtype=bool))"),
    "asks-at-the-end": ("first = np.arange(x.shape[1]) == 0", "first = np.arange(x.shape[1]) == x.shape[1] - 1"),
    "labels-as-they-come": ("np.resize(rng.permutation(self.classes), n)", "rng.integers(self.classes, size=n)"),
    "first-labels-first": (
        "labels = rng.permutation(np.resize(rng.permutation(self.classes), n))",
        "labels = np.resize(rng.permutation(self.classes), n)",
    ),
    "low-labels-more-often": ("np.resize(rng.permutation(self.classes), n)", "np.resize(np.arange(self.classes), n)"),
    "first-topic-of-a-class": ("self.classes * rng.integers(self.topics // self.classes, size=n)", "self.classes * 0"),
    "a-topic-less": ("rng.integers(self.topics, size=B)", "rng.integers(self.topics - 1, size=B)"),
    "labels-of-others": ("np.where(first, topics[:, None]", "np.where(first, topics[::-1, None]"),
    "one-answer-for-each-topic": ("self.n_out = self.classes", "self.n_out = self.topics"),
    "any-number-of-classes": ("if self.topics % self.classes:", "if self.topics < self.classes:"),
}
