"""Bugs planted in what is compared: what a copy is known by."""

FILE = "coursework/comparing/fingerprints.py"
TESTS = ["tests/coursework/comparing/test_fingerprints.py"]
MUTANTS = {
    "names-matter": ('_Token("name" if renamed else "other", text, line)', '_Token("other", text, line)'),
    "numbers-matter": ('text if text in PLAIN else "0.0"', "text"),
    "brackets-matter": ('if text not in "();"', 'if text not in ";"'),
    "comments-are-dropped": ('elif kind == "comment" or', "elif"),
    "statements-are-not-looked-at": ('yield _number("statement"', 'if False: yield _number("statement"'),
    "case-matters": (".casefold()", ""),
    "a-cell-is-not-cut": ("cell.source[: min(MOST_OF_A_CELL, left)]", "cell.source"),
    "one-line-off": ("line += text.count", "line += 2 * text.count"),
}
