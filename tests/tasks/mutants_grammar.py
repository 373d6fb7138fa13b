"""Planted bugs of seqlib.tasks.grammar."""

FILE = "seqlib/tasks/grammar.py"
TESTS = ["tests/tasks/test_grammar.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "own-topic-not-among-the-noise": ("shares: np.ndarray = self.noise / self.topics +", "shares: np.ndarray = 0.01 +"),
    "one-share-for-all": ("(1 - self.noise) * np.eye(self.topics)", "(1 - self.noise) * np.ones(self.topics)"),
    "belief-without-the-noise": ("by_chance + seen * (1 - self.noise)", "by_chance + seen"),
    "chance-words-not-seen": (
        "by_chance = seen * self.noise / self.topics +",
        "by_chance = self.noise / self.topics +",
    ),
    "random-among-content": (
        "random * self.words / (self.vocab_size - self.first)",
        "random / self.topics",
    ),
    "random-among-ids": (
        "random * self.words / (self.vocab_size - self.first)",
        "random * self.words / self.vocab_size",
    ),
    "hidden-words-count": ("by_chance ** (n - hidden - of_topic)", "by_chance ** (n - of_topic)"),
    "one-order-each": (
        "return counts, factorials[n] / factorials[counts].prod(1)",
        "return counts, np.ones(len(counts))",
    ),
    "orders-of-all": (
        "factorials[n] / factorials[counts].prod(1)",
        "factorials[n] / factorials[counts[:, :-1]].prod(1)",
    ),
    "floor-sees-itself": (
        "sum(map(self.content_floor, range(self.n_content)))",
        "sum(map(self.content_floor, range(1, self.n_content + 1)))",
    ),
    "cloze-sees-itself": ("self.content_floor(self.n_content - 1)", "self.content_floor(self.n_content)"),
    "no-agreement": (
        "range(self.n_content))), math.log(2))",
        "range(self.n_content))), math.log(4))",
    ),
    "cloze-determiner-alone": (
        "self._mean(math.log(2), self.n_content * self.content_floor",
        "self._mean(math.log(4), self.n_content * self.content_floor",
    ),
    "chance-knows-the-topic": ("self.n_content * self.content_floor(0)", "self.n_content * self.content_floor(1)"),
    "links-are-two": ("self.phrases * math.log(4)", "self.phrases * math.log(2)"),
    "sum-for-mean": ("+ verb) / self.T", "+ verb)"),
    "word-of-the-topic-is-known": (
        "entropy(belief @ self.topic_shares) + math.log(self.words)",
        "entropy(belief @ self.topic_shares)",
    ),
    "entropy-of-the-belief": ("entropy(belief @ self.topic_shares)", "entropy(belief)"),
    "sees-the-word-itself": ("np.tri(self.T, k=-1, dtype=bool)", "np.tri(self.T, dtype=bool)"),
    "sees-one-less": ("np.tri(self.T, k=-1, dtype=bool)", "np.tri(self.T, k=-2, dtype=bool)"),
    "cloze-sees-the-past": ("~np.eye(self.T, dtype=bool)", "np.tri(self.T, k=-1, dtype=bool)"),
    "cloze-sees-the-word": ("~np.eye(self.T, dtype=bool)", "np.ones((self.T, self.T), dtype=bool)"),
    "product-underflows": ("belief: np.ndarray = np.exp(logs - best)", "belief: np.ndarray = np.exp(logs)"),
    "impossible-is-likely": ("out=np.full(p.shape, -np.inf)", "out=np.zeros(p.shape)"),
    "impossible-is-not-said": ("if not np.isfinite(best).all():", "if np.isnan(best).any():"),
    "no-belief": ("return belief / belief.sum(-1, keepdims=True)", "return 0 * belief + 1 / belief.shape[-1]"),
    "ids-off-by-one": ("p[..., self.first :] = np", "p[..., self.first - 1 : -1] = np"),
    "no-word-is-a-word": (" * (x >= self.first)", ""),
    "numbers-swapped-in-the-table": (
        "here = slice(low + 2 * a, low + 2 * a + 2)",
        "here = slice(low + 2 - 2 * a, low + 4 - 2 * a)  # of both",
    ),
    "table-without-numbers": (
        "if kind in AGREES else slice(low, low + 4)",
        "if kind == AGREES[0] else slice(low, low + 4)",
    ),
    "writes-without-noise": ("rng.random(n) < self.noise", "rng.random(n) < 0"),
    "noise-is-all": ("rng.random(n) < self.noise", "rng.random(n) > self.noise"),
    "noise-of-other-topics-only": (
        "rng.integers(self.topics, size=n), z)",
        "(z + rng.integers(1, self.topics, size=n)) % self.topics, z)",
    ),
    "a-word-less": ("rng.integers(self.words, size=n)\n", "rng.integers(max(self.words - 1, 1), size=n)\n"),
    "one-word-for-all-places": (
        "about * self.words + rng.integers(self.words, size=n)",
        "about * self.words + x[:, 0] % self.words",
    ),
    "written-verb-of-any-number": (
        "which = 2 * a + rng.integers(2, size=n) if kind in AGREES",
        "which = 2 * a + rng.integers(2, size=n) if kind == AGREES[0]",
    ),
    "written-number-swapped": ("which = 2 * a + rng", "which = 2 * (a if kind == AGREES[0] else 1 - a) + rng"),
    "all-singular": ("a = len(z), rng.integers(2, size=len(topics))", "a = len(z), np.zeros(len(topics), dtype=int)"),
    "a-topic-less": ("topics = rng.integers(self.topics, size=n)", "topics = rng.integers(self.topics - 1, size=n)"),
    "topics-of-others": ("return self.write(topics, rng), topics", "return self.write(topics, rng), topics[::-1]"),
    "the-word-itself-is-read": ("x = np.concatenate([np.full((B, 1), BOS), y[:, :-1]], 1)", "x = y.copy()"),
    "first-word-is-not-read": (
        "[x[:, 1:], np.full((len(x), 1), self.first)]",
        "[x[:, 1:], np.full((len(x), 1), self.first)][::-1]",
    ),
    "phrases-are-one": ("*PHRASE * self.phrases,", "*PHRASE * min(self.phrases, 2),"),
    "no-end-of-counting": ("    if numbers > MOST:\n", "    if False:\n", "wait_for"),
    "counts-without-topics": (
        "math.comb(n + self.topics, n) * self.topics",
        "math.comb(n + self.topics, n)",
        "wait_for",
    ),
    "refuses-what-it-can": ("    if numbers > MOST:\n", "    if 2 * numbers > MOST:\n", "wait_for"),
    "ends-with-cls": ("np.full((len(sentences), 1), self.sep)", "np.full((len(sentences), 1), self.cls)"),
}
