"""Planted bugs of tests/mutants/verdicts.py: what has changed is not seen, or what has not changed is."""

FILE = "tests/mutants/verdicts.py"
TESTS = ["tests/mutants/test_verdicts.py"]
KNOWN, CHANGED, ORACLE = "nothing_changes", "depends_on_what", "an_oracle"
MUTANTS = {
    "where-it-stands-counts": ("digest(settings.get", "digest(str(ROOT), settings.get", KNOWN),
    "nothing-is-known": ("in self.known", "in ()", KNOWN),
    "settings-do-not-count": ('settings.get("pytest"), ', "", CHANGED),
    "all-settings-count": ('settings.get("pytest")', "settings", CHANGED),
    "the-runner-does-not-count": (", runner,", ",", "another_runner"),
    "the-runner-without-its-forks": ('"forks", ', "", "another_runner"),
    "versions-do-not-count": (", runner, system, everywhere)", ", runner, system)", CHANGED),
    "words-on-versions-count": (' and not line.startswith("#")', "", CHANGED),
    "systems-are-alike": (", sys.platform]", "]", "installed_otherwise"),
    "what-is-installed-does-not-count": ('said.append(f"{pinned.name}=={there}")', "pass", "installed_otherwise"),
    "what-is-installed-counts-always": ("(there, prereleases=True):", "(there) or True:", "installed_otherwise"),
    "an-oracle-counts-everywhere": ("if name not in set().union", "if name or not set().union", ORACLE),
    "an-oracle-counts-nowhere": ("for file in sorted(read)], asked)", "for file in sorted(read)])", ORACLE),
    "what-an-oracle-needs-counts-everywhere": ("needed({oracle}) - others", "{oracle} - others", ORACLE),
    "what-others-need-too-is-apart": ("needed({oracle}) - others", "needed({oracle})", ORACLE),
    "an-oracle-is-imported-in-one-way": ("(import|from) +|", "import +|", ORACLE),
    "an-oracle-is-no-string": ("""+|[\\"'])""", "+)", ORACLE),
    "the-name-of-a-file-is-enough": ("(self.tree.root / file).read_bytes()", "file.encode()", CHANGED),
    "what-tests-read-does-not-count": (
        "texts = self.texts(mutant.file, test",
        "texts = self.texts(mutant.file, mutant.file",
        CHANGED,
    ),
    "what-the-module-reads-does-not-count": ("texts = self.texts(mutant.file, ", "texts = self.texts(", CHANGED),
    "not-what-they-read": ("map(self.tree.closure, files))", "map(lambda file: {file}, files))", CHANGED),
    "the-bug-does-not-count": ("mutant.old, mutant.new, ", "mutant.old, ", CHANGED),
    "the-options-do-not-count": (" mutant.tests, test, texts", " test, texts", CHANGED),
    "the-test-does-not-count": (" mutant.tests, test, texts", " mutant.tests, texts", CHANGED),
    "its-own-record-counts": (" - {*NOT_READ}", "", KNOWN),
    "none-is-drawn": ("math.ceil(", "math.floor(", "is_drawn_runs"),
    "the-same-are-drawn": ("random.Random(seed)", "random.Random(0)", "is_drawn_runs"),
    "known-though-it-reads-more": ("            if unknown:\n", "            if False:\n", "nobody_can_tell"),
    "what-was-known-goes": ("else self.known | self.new", "else self.new", "is_added"),
    "what-was-known-stays-always": ("sorted(self.new if all_ran else ", "sorted(", "write_what_is_true"),
    "in-any-order": ("self.known | self.new)", "self.known | self.new, reverse=True)", "write_what_is_true"),
}
