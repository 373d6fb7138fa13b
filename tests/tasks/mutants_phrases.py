"""Planted bugs of seqlib.tasks.phrases."""

FILE = "seqlib/tasks/phrases.py"
TESTS = ["tests/tasks/test_phrases.py", "tests/tasks/test_every_case.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "order-kept": (
        "(NOUNS[noun], *(ADJECTIVES[word] for word in before)), p",
        "(*(ADJECTIVES[word] for word in before), NOUNS[noun]), p",
    ),
    "adjectives-turned-round": ("for word in before)), p", "for word in before[::-1])), p"),
    "a-word-less": ("[: t + 1 + delay]", "[: t + delay]"),
    "the-whole-phrase": ("[: t + 1 + delay]", ""),
    "delay-forgotten-in-y": ("[0] * self.delay + self.somali", "self.somali"),
    "delay-is-padding": ("*[EOS] * self.delay]", "*[0] * self.delay]"),
    "delay-counts": (" & (np.arange(x.shape[1]) >= self.delay)", ""),
    "per-phrase": ("return loss / tokens", "return loss"),
    "cases-changed-by-callers": ("y.copy()), p.copy()", "y.copy()), p"),
    "phrases-changed-by-callers": ("self._batch(x.copy(),", "self._batch(x,"),
    "phrases-uniform": ("size=B, p=p)", "size=B)"),
    "adjectives-independent-of-the-noun": ("math.prod(weights[word] for word in before)", "0.25**count"),
    "delay-not-checked": ('check_integer("delay", delay, low=0)\n        joint', "delay\n        joint"),
}
