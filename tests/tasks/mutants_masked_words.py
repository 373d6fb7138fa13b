"""Planted bugs of seqlib.tasks.masked_words."""

FILE = "seqlib/tasks/masked_words.py"
TESTS = ["tests/tasks/test_masked_words.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "all-hidden": (
        "return self.shares[0] * self.hidden_floor + (1 - self.shares[0]) * self.shown_floor",
        "return self.hidden_floor",
    ),
    "shares-swapped": (
        "self.shares[0] * self.hidden_floor + (1 - self.shares[0])",
        "(1 - self.shares[0]) * self.hidden_floor + self.shares[0]",
    ),
    "clean-context": ("return 1 - self.share + self.share * kept, self.share * replaced", "return 1.0, 0.0"),
    "all-were-chosen": ("return 1 - self.share + self.share * kept, self.share * replaced", "return kept, replaced"),
    "kept-are-lost": ("1 - self.share + self.share * kept,", "1 - self.share,"),
    "replaced-are-told": ("self.share * kept, self.share * replaced", "self.share * kept, 0.0"),
    "own-place-says-nothing": ("+ channel - shown))", "))"),
    "own-place-says-all": ("+ channel - shown))", "- shown))"),
    "own-among-all-ids": ("V = len(self.ordinary)\n", "V = self.vocab_size\n"),
    "false-words-as-many-as-true": ("(V - 1) * _term(false)", "V * _term(false)"),
    "replaced-is-never-the-same": ("channel = _term(false + true)", "channel = _term(true)"),
    "only-likely-words-are-shown": ("+ (V - size * q.shape[1]) * _term(false)", ""),
    "group-for-word": ("_term(false + true * q / size)", "_term(false + true * q)"),
    "shown-not-among-the-shown": ("replaced / V / (replaced + kept), kept / (replaced + kept)", "replaced / V, kept"),
    "hidden-word-of-a-known-group": ("(entropy(q) + math.log(size))) for", "entropy(q)) for"),
    "sum-for-mean": ("for n, p, q, size in self._places()) / self.T", "for n, p, q, size in self._places())"),
    "sees-the-word-too": (
        "self.beliefs(self.n_content - 1, seen, random)",
        "self.beliefs(self.n_content, seen, random)",
    ),
    "belief-for-the-next-word": ("belief @ self.topic_shares, self.words", "belief, self.words"),
    "number-is-always-told": ("np.array([right + wrong, 1 - right - wrong])", "np.array([1.0, 0.0])"),
    "number-is-never-wrong": ("wrong = 2 * random / len(self.ordinary)", "wrong = 0.0"),
    "one-word-of-a-number": ("wrong = 2 * random / len(self.ordinary)", "wrong = random / len(self.ordinary)"),
    "no-agreement": ("np.array([told[0], [0.5, 0.5]]), 2", "np.array([[0.5, 0.5], [0.5, 0.5]]), 2"),
    "links-are-known": (
        "yield self.phrases, np.ones(1), np.ones((1, 1)), 4",
        "yield 0, np.ones(1), np.ones((1, 1)), 4",
    ),
    "one-link": ("yield self.phrases, np.ones(1)", "yield 1, np.ones(1)"),
    "guess-sees-its-word": ("~np.eye(self.T, dtype=bool), prior)", "np.ones((self.T, self.T), dtype=bool), prior)"),
    "guess-trusts-the-others": (
        "evidence = seen * self._evidence(read) + random / len(self.ordinary) * (read >= self.first)[..., None]",
        "evidence = self._evidence(read)",
    ),
    "mask-is-a-word": (
        "np.where((read == self.mask_id)[..., None], 1.0, evidence)",
        "(evidence + 0.1)[..., ::-1]",
    ),
    "guess-ignores-its-place": ("joint = np.where(hidden, guess, guess * own)", "joint = guess.copy()"),
    "guess-trusts-its-place": ("own = replaced / V + kept", "own = kept"),
    "guess-does-not-copy": ("+ kept * (read[..., None]", "+ replaced * (read[..., None]"),
    "edges-unknown": ("p[:, 0, self.cls] = p[:, -1, self.sep] = 1", "p[:, 0, self.sep] = p[:, -1, self.cls] = 1"),
    "default-shares-always": ("share=self.share, shares=self.shares)", "share=self.share)"),
    "default-share-always": ("share=self.share, shares=self.shares", "shares=self.shares"),
    "answer-is-what-is-read": ("return Batch((x,), y, chosen)", "return Batch((x,), x, chosen)"),
    "nothing-is-hidden": ("return Batch((x,), y, chosen)", "return Batch((y,), y, chosen)"),
    "cloze-answers-of-others": ("y[rows]", "y[rows[::-1]]"),
    "edges-not-checked": (
        "if (x[:, 0] != self.cls).any() or (x[:, -1] != self.sep).any():",
        "if (x[:, 0] != self.cls).any():",
    ),
}
