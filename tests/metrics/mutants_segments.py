"""Planted bugs of seqlib.metrics.segments."""

FILE = "seqlib/metrics/segments.py"
TESTS = ["tests/metrics/test_segments.py", "tests/metrics/test_bleu.py"]
MUTANTS = {
    "digits-before-forgotten": ('r"([^0-9])([.,])"', 'r"(.)([.,])"'),
    "digits-after-forgotten": ('r"([.,])([^0-9])"', 'r"([.,])(.)"'),
    "dashes-stay": ('r"([0-9])(-)"', 'r"([0-9])(--)"'),
    "dashes-after-letters": ('r"([0-9])(-)"', 'r"(.)(-)"'),
    "apostrophes-alone": ("re.escape('!", "re.escape('\\'!"),
    "without-blanks-around": ('f" {text} "', "text"),
    "names-stay": ("text = text.replace(name, character)", "pass"),
    "names-in-another-order": ('("&quot;", \'"\'), ("&amp;", "&"),', '("&amp;", "&"), ("&quot;", \'"\'),'),
    "line-ends-inside": ('.replace("-\\n", "")', ""),
    "skipped-stays": ('.replace("<skipped>", "")', ""),
    "characters-for-words": ('{"none": str.split,', '{"none": list,'),
    "strings-as-references": (
        "several = not isinstance(reference, str) and",
        "several = isinstance(hypothesis, str) and not isinstance(reference, str) and",
    ),
    "tokens-as-references": ("if several and not isinstance(hypothesis, str):", "if False:"),
    "lengths-uncompared": ("if len(hypotheses) != len(references):", "if False:"),
    "nothing-to-compare": ("if len(hypotheses) == 0:", "if False:"),
    "no-reference": ("if not choices:", "if False:"),
    "one-string-as-many": (
        'if isinstance(given, str) or not hasattr(given, "__len__"):',
        'if not hasattr(given, "__len__"):',
    ),
    "bytes-are-tokens": (" or isinstance(given, bytes)", ""),
}
