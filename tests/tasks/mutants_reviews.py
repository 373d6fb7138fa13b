"""Planted bugs of seqlib.tasks.reviews."""

FILE = "seqlib/tasks/reviews.py"
TESTS = ["tests/tasks/test_reviews.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "not-counts-once": ('before.count("not") + int', 'int("not" in before) + int'),
    "not-counts-once-in-the-floor": ('(praise + before.count("not")) % 2, p', '(praise + ("not" in before)) % 2, p'),
    "no-noise": ("+ int(rng.random() < self.noise)", ""),
    "noise-of-praise-alone": ("if praise else [1 - self.noise, self.noise]", "if praise else [1.0, 0.0]"),
    "modifiers-uniform": ("size=count, p=chances", "size=count"),
    "answer-at-the-end-of-the-batch": (
        "np.arange(x.shape[1]) == lengths[:, None] - 1",
        "np.arange(x.shape[1]) == lengths.min() - 1",
    ),
    "answer-everywhere": (
        "return Batch((x, lengths), np.where(real, np.array(answers)[:, None], 0), last)",
        "return Batch((x, lengths), np.where(real, np.array(answers)[:, None], 0), real)",
    ),
    "first-words-for-last": ("words[max(len(words) - n, 0) :]", "words[:n]"),
    "window-from-the-left-of-a-short-sentence": ("words[max(len(words) - n, 0) :]", "words[len(words) - n :]"),
    "no-closing": ("opinion, *closing]))", "opinion]))"),
    "window-not-checked": ('check_integer("n", n, low=0)', "n"),
}
