"""The tables of TeX commands: each stands for characters, and none of them can act."""

from coursework.showing import symbols


def test_a_command_is_in_one_table():
    seen = [*symbols.LETTERS, *symbols.OPERATORS, *symbols.BIG, *symbols.ACCENTS, *symbols.FUNCTIONS]
    assert len(seen) == len(set(seen))
    assert len(seen) > 200


def test_a_command_stands_for_one_character():
    for table in (symbols.LETTERS, symbols.OPERATORS, symbols.BIG, symbols.ACCENTS):
        assert {name: text for name, text in table.items() if len(text) != 1} == {}


def test_no_command_that_acts_is_known():
    known = {*symbols.LETTERS, *symbols.OPERATORS, *symbols.BIG, *symbols.ACCENTS, *symbols.FUNCTIONS, *symbols.TABLES}
    assert not known & {
        "href",
        "url",
        "require",
        "def",
        "newcommand",
        "let",
        "unicode",
        "style",
        "class",
        "cssId",
        "includegraphics",
    }
