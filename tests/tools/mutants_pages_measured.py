"""Planted bugs of the table of what Lighthouse found."""

FILE = "book/_ext/pages_measured.py"
TESTS = ["tests/tools/test_lighthouse.py"]
MUTANTS = {
    "without-a-score-is-zero": ('each.get("performance", "–")', 'each.get("performance", 0)'),
    "best-of-both": ("str(min(each[kind] for each in both))", "str(max(each[kind] for each in both))"),
    "every-page-is-of-the-book": ("if path in known else path", "if True else path"),
    "strictly-more": ("speed >= aim", "speed > aim"),
    "the-highest-is-the-lowest": ("{min(found)}", "{max(found)}"),
    "out-of-all": ("of {len(found)} pages", "of {len(pages)} pages"),
    "lightest": ('max(row["phone"]["bytes"]', 'min(row["phone"]["bytes"]'),
    "nothing-sums-up-to-zero": ("        if found:\n", "        if True:\n"),
    "kilobytes-of-a-thousand": ("for row in pages.values()) / 1024", "for row in pages.values()) / 1000"),
    "load-unsaid": ("*{load[0].upper()}{load[1:]}; a page", "*A page"),
    "read-before-it-is-there": ("if not STORED.exists():", "if False:"),
}
