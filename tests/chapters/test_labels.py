"""Every displayed equation has a label; every label is confirmed by a cell, or is a definition."""

import re
from collections import Counter


def test_every_displayed_equation_has_a_label(chapter):
    assert chapter.text.count("```{math}") == len(chapter.labels)
    assert "$$" not in chapter.text
    assert r"\begin{align" not in re.sub(r"```\{math\}.*?```", "", chapter.text, flags=re.S)


def test_labels_say_what_they_are(chapter):
    assert chapter.labels
    for label in chapter.labels:
        assert re.fullmatch(r"(eq|def)-[a-z0-9]+(-[A-Za-z0-9]+)+", label), label


def test_labels_and_confirmations_are_the_same_set(chapter):
    statements = {label for label in chapter.labels if label.startswith("eq-")}
    in_code = set(re.findall(r'confirm(?:_bound)?\(\s*"([^"]+)"', chapter.code))
    printed = set(re.findall(r"^✓ (\S+): (?:both sides agree|left ≤ right)", chapter.printed, flags=re.M))
    assert in_code == statements
    assert printed == statements


def test_every_confirmation_tells_near_misses_apart(chapter):
    lines = re.findall(r"^✓ eq-.*$", chapter.printed, flags=re.M)
    assert lines
    for line in lines:
        assert re.search(r"; \d+ near miss(es)? (differs?|fails?)$", line), line


def test_labels_are_unique_in_the_book(chapters):
    twice = [label for label, n in Counter(label for c in chapters for label in c.labels).items() if n > 1]
    assert not twice


def test_references_to_equations_resolve(chapters):
    known = {label for chapter in chapters for label in chapter.labels}
    for chapter in chapters:
        for label in re.findall(r"\{eq\}`([^`]+)`", chapter.text):
            assert label in known, f"{chapter.name}: {label}"
