"""Planted bugs of seqlib.tasks.sentences."""

FILE = "seqlib/tasks/sentences.py"
TESTS = ["tests/tasks/test_sentences.py"]
MUTANTS = {
    "alignment-transposed": (
        "frozenset(sure), frozenset(sure | possible)",
        "frozenset((t, s) for s, t in sure), frozenset(possible)",
    ),
    "numbers-from-the-left": ("zip(here[::-1], there[::-1], strict=False)", "zip(here, there, strict=False)"),
    "zero-that-fills-up-is-sure": ("possible |= {(here[0], t) for", "sure |= {(here[0], t) for"),
    "zero-that-fills-up-forgotten": ("there[: -len(here)]}", "there[: -len(here) - 1]}"),
    "every-word-is-sure": ("elif min(len(here), len(there)) == 1:", "else:"),
    "one-word-of-a-translation": (
        "            sure |= every\n",
        "            sure |= set(zip(here, there, strict=False))\n",
    ),
    "marks-all-with-all": (
        "if not key[0]:\n            sure |= set(zip(here, there, strict=False))",
        "if not key[0]:\n            sure |= every",
    ),
    "shape-not-divided": ('SHAPES = ("square", "cubic")', 'SHAPES = ("square",)'),
    "shape-comes-first-in-somali": (
        '[*somali[:-1], ("unit", words[1][0]), ("shape", "".join(words[1][1:]))]',
        '[*somali[:-1], ("shape", words[1][0]), ("unit", "".join(words[1][1:]))]',
    ),
    "amounts-of-two-units-mixed": ("*_amount(text, n, str(i))]", "*_amount(text, n)]"),
    "singular-of-two": ('"one" if n == 1 else "other"', '"one" if n <= 2 else "other"'),
    "plural-of-one": ('(n == 1) == (unit.number == "one")', '(n == 1) == (unit.number == "one") or n == 1'),
    "american-formats-alone": (
        "cldr.dates(locale).formats[style])",
        'cldr.dates("en" if locale == "en_GB" else locale).formats[style])',
    ),
    "weekday-of-tomorrow": ("how.days[day.weekday()]", "how.days[(day.weekday() + 1) % 7]"),
    "short-months-are-long": ('how.months["abbreviated"]', 'how.months["wide"]'),
    "day-not-filled-up": ('("day", f"{day.day:02d}")', '("day", f"{day.day}")'),
    "year-in-full": ('f"{day.year % 100:02d}"', 'f"{day.year}"'),
    "styles-crossed": ('sides["so", style]', 'sides["so", "long" if style == "medium" else style]'),
    "numbers-are-words": ("return list(text)", "return [text]"),
    "cups-are-two-concepts": ('VARIANT.sub("", unit.key)', "unit.key"),
    "english-is-no-language-of-britain": ('english.get(name.key.partition("_")[0], name.english)', "name.english"),
    "country-of-its-own": ('english.get(name.key.partition("_")[0], name.english)', "name.key"),
    "faults-forgotten": ("name.key, name.fault)", "name.key)"),
    "durations-are-quantities": ('if unit.key.startswith("duration-"):', 'if unit.key.startswith("duration-d"):'),
    "list-changed-by-callers": ("return list(_all(check_choice", "return (_all(check_choice"),
}
