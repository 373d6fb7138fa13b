"""What comes from a student and is shown to a person: names, lines, texts and outputs."""

import csv
import io
import os

import pytest

from coursework.showing import clean

GOOD = ["amina", "s1234567", "Müller, Anna", "O'Brien", "李雷", "Andre\u0301", "ada@uni.example", "a.b-c+d", "_x", "7"]
BAD = [
    "<img src=x onerror=alert(1)>", "=1+1", "+1", "-1", "@SUM(A1)", "a\tb", "a\nb", 'a"b', "a&b", "a%2e", "a\\b", "..",
    ".hidden", "a.", "a ", " a", "a;b", "a|b", "a:b", "a*", "\ud800", "\u202eabc", "", "x" * 81, "李" * 70, "a/b",
    "{{7*7}}", "a#b", "a?b", "a\0b", "\u0301a",
]  # fmt: skip


@pytest.mark.parametrize("folder", GOOD)
def test_an_ordinary_name_stays(folder):
    assert clean.name(folder) == (folder, True)


@pytest.mark.parametrize("folder", BAD)
def test_any_other_name_is_spelt_so_that_everything_can_bear_it(folder, tmp_path):
    safe, was = clean.name(folder)
    assert not was
    assert clean.name(safe) == (safe, True)
    (tmp_path / f"{safe}.json").write_text("x")
    assert os.listdir(tmp_path) == [f"{safe}.json"]
    written = io.StringIO()
    csv.writer(written).writerow([safe])
    assert written.getvalue().strip('"\r\n') == safe
    assert safe[0] not in "=+-@.\t"


def test_two_bad_names_stay_apart():
    assert len({clean.name(folder)[0] for folder in [*GOOD, *BAD]}) == len(GOOD) + len(BAD)


def test_a_line_is_one_short_printable_line():
    assert clean.line("one\ntwo\x1b[31m\u202e") == "one two [31m "
    assert clean.line("x" * 300) == "x" * 199 + "…"
    assert clean.line("x" * 300, most=10) == "x" * 9 + "…"
    assert clean.line("x" * 200) == "x" * 200
    assert clean.line(None) == "None"


def test_a_printed_text_is_what_a_terminal_would_show():
    assert clean.printed("\x1b[31mred\x1b[0m\n  10%\r 100%\r\n\ta\x07\u202e") == "red\n 100%\n\ta\ufffd\ufffd"


def test_of_the_description_of_a_picture_size_and_words_are_kept():
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    for width in (10**9, 0, -5, True, "3 onerror=x", 1.5, None):
        told = {"image/png": {"width": width, "height": 20, "alt": "a\n<b>", "onload": "x"}}
        given = {"output_type": "display_data", "data": {"image/png": png}, "metadata": told}
        assert clean.output(given)["metadata"] == {"image/png": {"height": 20, "alt": "a  b "}}


@pytest.mark.parametrize("given", [{}, {"output_type": "x"}, {"data": 3}, {"data": {}}, {"data": {"text/html": "<b>"}}])
def test_an_output_with_nothing_to_show_is_left_out(given):
    assert clean.output(given) is None
