"""Planted bugs of seqlib.tasks.pizza."""

FILE = "seqlib/tasks/pizza.py"
TESTS = ["tests/tasks/test_pizza.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "answer-leaks": ("np.where(mask, self.vocabulary.ids[BLANK], y)", "y.copy()"),
    "blank-at-the-end": ("mask[:, PLACE] = True", "mask[np.arange(len(y)), lengths - 1] = True"),
    "no-lengths": ("Batch((x,) if len(self.gaps) == 1 else (x, lengths)", "Batch((x,)"),
    "past-sees-the-future": ("return self.window_floor(None, 0)", "return self.window_floor(None, None)"),
    "future-sees-the-past": ("return self.window_floor(0, None)", "return self.window_floor(1000, None)"),
    "past-for-future": ("return self.window_floor(0, None)", "return self.window_floor(None, 0)"),
    "floor-without-the-past": ("return self.window_floor(None, None)", "return self.window_floor(0, None)"),
    "window-sees-the-word": ("words[PLACE + 1 : last]]", "words[PLACE:last]]"),
    "window-one-short": ("PLACE + 1 + after", "PLACE + after"),
    "window-before-one-long": ("max(0, PLACE - before)", "max(0, PLACE - before - 1)"),
    "entropy-of-sentences": ("p * np.log(p / sum(seen.values()))", "p * np.log(p)"),
    "cues-not-counted": (
        "(len(self.cues) * len(self.gaps) * len(fillers) ** gap)",
        "(len(self.gaps) * len(fillers) ** gap)",
    ),
    "meal-of-another-word": (
        "np.array(list(MEALS.values())).T[answers]",
        "np.array(list(MEALS.values())).T[answers[::-1]]",
    ),
    "word-of-another-cue": ("np.array(list(HUNGER.values()))[cues]", "np.array(list(HUNGER.values()))[cues[::-1]]"),
    "longest-gap-never": (
        "rng.integers(self.gaps[0], self.gaps[-1] + 1, n)",
        "rng.integers(self.gaps[0], max(self.gaps[-1], self.gaps[0] + 1), n)",
    ),
    "drawn-one-low": ("sums <= rng.random((len(sums), 1))", "sums + 0.1 <= rng.random((len(sums), 1))"),
    "one-number-for-all": ("rng.random((len(sums), 1))", "rng.random((1, 1))"),
    "one-filler": (
        "rng.integers(len(FILLERS), size=(n, self.gaps[-1]))",
        "rng.integers(len(FILLERS), size=(n, 1)).repeat(max(self.gaps[-1], 1), 1)",
    ),
    "a-filler-less": ("rng.integers(len(FILLERS), size", "rng.integers(len(FILLERS) - 1, size"),
    "bayes-without-the-cue": ("np.array(HUNGER[cue])", "np.mean(list(HUNGER.values()), 0)"),
    "bayes-not-normed": ("(belief / belief.sum()).tolist()", "belief.tolist()"),
    "every-sentence-with-one-filler": (
        "zip(*self.enumerate(FILLERS), strict=True)",
        "zip(*self.enumerate(), strict=True)",
    ),
    "settings-lose-the-gap": ("self.gap = low if low == high else (low, high)", "self.gap = low"),
}
