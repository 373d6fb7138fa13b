"""Planted bugs of seqlib.tasks.copying."""

FILE = "seqlib/tasks/copying.py"
TESTS = ["tests/tasks/test_copying.py", "tests/tasks/test_every_case.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "source-never-reversed": ("x[::-1] if self.reverse_source else x", "x"),
    "reversed-with-its-eos": (
        "[first + i for i in read] + [EOS] * self.eos_in_source,",
        "[EOS] * self.eos_in_source + [first + i for i in read],",
    ),
    "eos-always": ("[EOS] * self.eos_in_source", "[EOS]"),
    "target-reversed-with-the-source": ('x[::-1] if self.order == "reversed" else x', "read[::-1]"),
    "order-turned": ('if self.order == "reversed" else x', 'if self.order == "same" else x'),
    "inverse-permutation": ("[self.permutation[i] for i in written]", "[self.permutation.index(i) for i in written]"),
    "permutation-forgotten": ("if self.permutation is not None:", "if self.permutation is None:"),
    "ends-forgotten": (" + math.log(len(self.lengths))) / (mean + 1)", ") / (mean + 1)"),
    "eos-not-counted": ("+ math.log(len(self.lengths))) / (mean + 1)", "+ math.log(len(self.lengths))) / mean"),
    "more-remembered-than-there-is": ("sum(max(n - k, 0) for", "sum(n - k for"),
    "alignment-not-turned": ("n - 1 - t if backwards else t, t)", "t, t)"),
    "alignment-of-the-source-alone": ('self.reverse_source != (self.order == "reversed")', "self.reverse_source"),
    "eos-aligned": ("t, t) for t in range(n))", "t, t) for t in range(n + 1))"),
    "longest-never-drawn": ("rng.choice(self.lengths, B)", "rng.choice(self.lengths[:-1] or self.lengths, B)"),
    "cases-alike": ("self.symbols**-n / len(self.lengths)", "1 / sum(self.symbols**m for m in self.lengths)"),
    "cases-shifted": ("return paired(sources, targets), np.array(p)", "return paired(sources, targets), np.roll(p, 1)"),
    "cases-twice": (
        "return paired(sources, targets), np.array(p)",
        "return paired(sources * 2, targets * 2), np.tile(p, 2) / 2",
    ),
    "symbol-never-drawn": ("rng.integers(0, self.symbols, (B", "rng.integers(0, self.symbols - 1, (B"),
    "names-twice": ('(str(turn) if turn else "")', '("1" if turn else "")'),
    "settings-lose-the-span": ("low if low == high else (low, high)", "low"),
}
