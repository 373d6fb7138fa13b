"""Planted bugs of seqlib.tasks.translation."""

FILE = "seqlib/tasks/translation.py"
TESTS = ["tests/tasks/test_translation.py", "tests/tasks/test_every_case.py"]
MUTANTS = {
    "per-sentence": ("return abs(loss) / tokens", "return abs(loss)", "prefix_by_prefix"),
    "eos-not-counted": ("tokens += p * len(said)", "tokens += p * len(one.target)", "prefix_by_prefix"),
    "eos-not-said": ('(*one.target, "<eos>")', "one.target", "prefix_by_prefix"),
    "no-position": ("joint[t, seen][word]", "joint[0, seen][word]", "prefix_by_prefix"),
    "source-read-by-all": ("one.source if source else None", "one.source", "prefix_by_prefix"),
    "every-translation-is-right": ("sum(max(table.values())", "sum(sum(table.values())", "only_may"),
    "ceiling-by-target": (
        "joint[one.source][one.target] += p\n        return",
        "joint[one.target][one.source] += p\n        return",
        "only_may",
    ),
    "sentences-uniform": ("* forms[one.kind][one.concept]) for", ") for", "uniform_in_that_order"),
    "kinds-not-uniform": (
        "1 / (len(forms) * len(forms[one.kind]) *",
        "1 / (sum(map(len, forms.values())) *",
        "uniform_in_that_order",
    ),
    "concepts-leak": (
        'found[one.concept if divided_by == "concept" else one.english]',
        "found[one.english]",
        "no_concept_is_in_two_parts",
    ),
    "sentences-by-concept": (
        'found[one.concept if divided_by == "concept" else one.english]',
        "found[one.concept]",
        "concepts_leak_and_the",
    ),
    "forms-leak": (
        'found[one.concept if divided_by == "concept" else one.english]',
        "found[one.concept + one.form]",
        "no_concept_is_in_two_parts",
    ),
    "seed-forgotten": ('f"{seed} {group}"', 'f"{group}"', "no_concept_is_in_two_parts"),
    "valid-is-test": (
        'self.part in ("all", _part(self.seed, group))',
        'self.part.replace("valid", "test") in ("all", _part(self.seed, group))',
        "no_concept_is_in_two_parts",
    ),
    "test-in-training": (
        'self.part in ("all", _part(self.seed, group))',
        'self.part in ("all", "train", _part(self.seed, group))',
        "no_concept_is_in_two_parts",
    ),
    "half-held-out": ("drawn < 2 * HELD_OUT", "drawn < 5 * HELD_OUT", "no_concept_is_in_two_parts"),
    "faults-always": ("if self.faults or not one.fault", "if self.faults or one", "faults_are_left_out"),
    "faults-never": ("if self.faults or not one.fault", "if not one.fault", "faults_are_left_out"),
    "eos-always": ("eos=self.eos_in_source", "eos=True", "batches_are_the_sentences"),
    "languages-swapped": (
        "self.target.encode(one.target)",
        "self.target.encode(one.source)",
        "batches_are_the_sentences",
    ),
    "drawn-uniformly": ("size=B, p=self._p)", "size=B)", "samples_come_from"),
    "kinds-mixed-up": (
        "return self.batch(self.sentences), self._p.copy()",
        "return self.batch(self.sentences), self._p[::-1].copy()",
        "samples_come_from",
    ),
    "changed-by-callers": ("self._p.copy()", "self._p", "callers_own"),
    "one-vocabulary-twice": (
        "return Vocabulary.build([one.source for one in every]), Vocabulary.build([one.target for one in every])",
        "return Vocabulary.build([one.target for one in every]), Vocabulary.build([one.target for one in every])",
        "batches_are_the_sentences",
    ),
}
