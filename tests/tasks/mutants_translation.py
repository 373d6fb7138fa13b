"""Planted bugs of seqlib.tasks.translation."""

FILE = "seqlib/tasks/translation.py"
TESTS = ["tests/tasks/test_translation.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "per-sentence": ("return abs(loss) / tokens", "return abs(loss)"),
    "eos-not-counted": ("tokens += p * len(said)", "tokens += p * len(one.target)"),
    "eos-not-said": ('(*one.target, "<eos>")', "one.target"),
    "no-position": ("joint[t, seen][word]", "joint[0, seen][word]"),
    "source-read-by-all": ("one.source if source else None", "one.source"),
    "ceiling-of-the-first": ("sum(max(table.values())", "sum(min(table.values())"),
    "ceiling-by-target": ("joint[one.source][one.target] += p\n        return", "joint[one.target][one.source] += p\n        return"),
    "sentences-uniform": ("* forms[one.kind][one.concept]) for", ") for"),
    "kinds-not-uniform": ("1 / (len(forms) * len(forms[one.kind]) *", "1 / (sum(map(len, forms.values())) *"),
    "concepts-leak": ('found[one.concept if divided_by == "concept" else one.english]', "found[one.english]"),
    "sentences-by-concept": ('found[one.concept if divided_by == "concept" else one.english]', "found[one.concept]"),
    "forms-leak": ('found[one.concept if divided_by == "concept" else one.english]', "found[one.concept + one.form]"),
    "seed-forgotten": ('f"{seed} {group}"', 'f"{group}"'),
    "valid-is-test": ('self.part in ("all", _part(self.seed, group))', 'self.part.replace("valid", "test") in ("all", _part(self.seed, group))'),
    "test-in-training": ('self.part in ("all", _part(self.seed, group))', 'self.part in ("all", "train", _part(self.seed, group))'),
    "half-held-out": ("drawn < 2 * HELD_OUT", "drawn < 5 * HELD_OUT"),
    "faults-always": ("if self.faults or not one.fault", "if self.faults or one"),
    "faults-never": ("if self.faults or not one.fault", "if not one.fault"),
    "eos-always": ("eos=self.eos_in_source", "eos=True"),
    "languages-swapped": ("self.target.encode(one.target)", "self.target.encode(one.source)"),
    "drawn-uniformly": ("size=B, p=self._p)", "size=B)"),
    "changed-by-callers": ("self._p.copy()", "self._p"),
    "one-vocabulary-twice": (
        "return Vocabulary.build([one.source for one in every]), Vocabulary.build([one.target for one in every])",
        "return Vocabulary.build([one.target for one in every]), Vocabulary.build([one.target for one in every])",
    ),
}  # fmt: skip
