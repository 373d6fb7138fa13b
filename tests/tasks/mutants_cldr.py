"""Planted bugs of seqlib.tasks.cldr."""

FILE = "seqlib/tasks/cldr.py"
TESTS = ["tests/tasks/test_cldr.py"]
MUTANTS = {
    "months-standing-alone": ('stored["months"]["format"].items()', 'stored["months"]["stand-alone"].items()'),
    "faults-of-units-not-listed": ("if unit.fault]", "if unit.fault == NO_NUMBER]"),
    "number-not-missed": ('"" if "{0}" in somali else NO_NUMBER', '""'),
    "number-missed-in-english": ('"{0}" in somali', '"{0}" in english'),
    "percent-has-no-space": ('somali.startswith("{0}") and not', "not"),
    "names-without-faults": ('SAME_WORDS if somali.startswith(SAME_WORDS) else ""', '""'),
    "same-spelling-listed": ("if one != two", "if word"),
    "stored-changed-by-callers": ("width: list(words) for", "width: words for"),
    "kinds-swapped": ('"countries": "territories"', '"countries": "languages"'),
}
