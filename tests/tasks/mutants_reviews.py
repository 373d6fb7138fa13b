"""Planted bugs of seqlib.tasks.reviews."""

FILE = "seqlib/tasks/reviews.py"
TESTS = ["tests/tasks/test_reviews.py", "tests/tasks/test_every_case.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "not-counts-once": ('(praise + before.count("not")) % 2, p', '(praise + ("not" in before)) % 2, p'),
    "no-noise": ("turned = rng.random(B) < self.noise", "turned = 0"),
    "cases-turned": ("np.concatenate([praise, 1 - praise])", "np.concatenate([1 - praise, praise])"),
    "noise-in-every-second-case": ("p * (1 - self.noise), p * self.noise])", "p / 2, p / 2])"),
    "answers-not-turned": ("np.concatenate([praise, 1 - praise])", "np.concatenate([praise, praise])"),
    "noise-of-praise-alone": ("if praise else [1 - self.noise, self.noise]", "if praise else [1.0, 0.0]"),
    "sentences-uniform": ("size=B, p=p)", "size=B)"),
    "answer-at-the-end-of-the-batch": (
        "np.arange(x.shape[1]) == lengths[:, None] - 1",
        "np.arange(x.shape[1]) == lengths.min() - 1",
    ),
    "answer-everywhere": ("np.where(real, answers[:, None], 0), last)", "np.where(real, answers[:, None], 0), real)"),
    "first-words-for-last": ("words[max(len(words) - n, 0) :]", "words[:n]"),
    "window-from-the-left-of-a-short-sentence": ("words[max(len(words) - n, 0) :]", "words[len(words) - n :]"),
    "no-closing": ("opinion, *closing), (praise", "opinion), (praise"),
    "window-not-checked": ('check_integer("n", n, low=0)', "n"),
}
