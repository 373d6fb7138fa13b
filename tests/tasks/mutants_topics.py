"""Planted bugs of seqlib/tasks/topics.py."""

FILE = "seqlib/tasks/topics.py"
TESTS = ["tests/tasks/test_topics.py"]
MUTANTS = {
    "split-by-topic": (
        "parent[root(name)] = root(first.setdefault(paragraph, name))",
        "first.setdefault(paragraph, name)",
    ),
    "joined-to-itself-only": ("root(first.setdefault(paragraph, name))", "root(first.pop(paragraph, name))"),
    "line-breaks-hide-a-copy": ('return " ".join(text.split())', "return text"),
    "every-paragraph-joins": ("if len(paragraph) >= WIDTH:", "if len(paragraph) >= 5:"),
    "largest-for-the-test": ("sizes[i] <= LARGE * sum(sizes)", "True"),
    "no-limit-of-a-part": ("and held[part] + sizes[i] <= 2 * share * sum(sizes)", ""),
    "rules-stay": ('RULE.sub("", _read()[name])', "_read()[name]"),
    "near-copies-stay": ("if _seen(paragraph, known) <= SEEN]", "]"),
    "near-copies-compared-with-half": ('_windows(_joined(kept["train"]))', '_windows(_joined(kept["train"][::2]))'),
    "test-not-compared-with-validation": ("        known |= _windows(_joined(kept[part]))\n", ""),
    "paragraphs-twice": ("kept.setdefault(_flat(paragraph), paragraph)", "kept[str(len(kept))] = paragraph"),
    "seed-forgotten": ('np.random.default_rng(check_integer("seed", seed, low=0))', "np.random.default_rng(0)"),
    "seed-of-the-clock": ('np.random.default_rng(check_integer("seed", seed, low=0))', "np.random.default_rng()"),
    "parts-swapped": ("held[part] += sizes[i]", 'held["train"] += sizes[i]'),
    "one-window-short": ("for t in range(windows)) / windows if", "for t in range(windows - 1)) / windows if"),
    "share-of-the-characters": ("/ windows if windows > 0", "/ len(flat) if windows > 0"),
    "stored-changed-by-callers": ("return dict(_read())", "return _read()"),
}
