"""Lines that a student's code may have written: believed to be answers, and no more."""

import json
import time
import tracemalloc

import pytest

from coursework.running.said import Outcome, hear
from coursework.trouble import ERRORS, Trouble, told

CALLS = [{"name": "f", "calls": [[1], [2]], "room": 1000}, {"name": "f", "first": 2, "calls": [[3]], "room": 10_000}]
CELLS = ["a\nb", "c"]


def heard(*lines, problems=CALLS):
    outcome = Outcome()
    written = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    hear(written, outcome, problems, CELLS)
    return outcome


def answer(call, value=None, error=None, name="f"):
    return {"problem": name, "call": call, "value": value, "error": error}


def test_the_first_answer_counts_and_what_was_not_asked_is_not_heard():
    outcome = heard(answer(1, 5), answer(1, 6), answer(3, 7), answer(0, 8, name="g"), answer(True, 9), answer("0", 1))
    assert outcome.answers == {("f", 1): (5, None)}
    assert heard({"problem": "f", "call": 2}, {"problem": "f", "call": 3}).begun == ("f", 2)


def test_errors_are_of_known_kinds_and_in_the_cells():
    said = [
        {"kind": "ValueError", "cell": 1, "line": 2},
        {"kind": "ValueError: hidden 77", "cell": 1, "line": 3},
        {"kind": ["right"], "cell": 77, "line": 1},
    ]
    outcome = heard(*[answer(k, 1, error) for k, error in enumerate(said)])
    assert outcome.answers == {
        ("f", 0): (None, "ValueError"),
        ("f", 1): (None, "Exception"),
        ("f", 2): (None, "Exception"),
    }
    assert outcome.trouble(("f", 0)) == Trouble("ValueError", 1, 2)
    assert str(outcome.trouble(("f", 0))) == "ValueError in code cell 1, line 2"
    assert [str(outcome.trouble(("f", k))) for k in (1, 2)] == ["Exception", "Exception"]
    assert heard(answer(0, 1, "right"), answer(1, 1, 3)).answers == {}, "no trouble is a text"


@pytest.mark.parametrize(
    "said", [{"kind": "ValueError", "cell": True, "line": 1}, {"cell": 2, "line": 2}, {"cell": -1, "line": 1}]
)
def test_a_place_that_is_none_is_not_told(said):
    assert (told(said, [2, 1]).cell, told(said, [2, 1]).line) == (0, 0)


def test_notes_are_few_and_hold_no_text_of_the_process():
    notes = [{"note": {"kind": f"hidden {k}", "cell": 1, "line": k}} for k in range(25_027)]
    notes += [{"note": f"hidden {k}"} for k in range(10)]
    outcome = heard(*notes[:50], {"note": {"kind": "magic", "cell": 2, "line": 1}}, answer(0, 1))
    assert outcome.notes == [
        "Exception",
        "Exception in code cell 1, line 1",
        "Exception in code cell 1, line 2",
        "a magic that is not known here, and did nothing in code cell 2, line 1",
    ]
    assert outcome.answers == {("f", 0): (1, None)}
    assert heard(*notes, answer(0, 1)).notes == outcome.notes[:3], "nobody reads 25,027 notes"
    many = [{"note": {"kind": kind, "cell": 1, "line": 1}} for kind in ERRORS]
    assert len(heard(*many).notes) <= 10


def test_time_that_others_may_have_taken_is_noted():
    for starved, late in [(True, True), (False, False), (None, False), ("True", False)]:
        slow = {"kind": "slow", "cell": 1, "line": 1, "starved": starved}
        assert heard(answer(0, None, slow)).late == late
        assert heard({"note": slow}).late == late
    assert not heard(answer(0, None, {"kind": "ValueError", "starved": True})).late


def test_a_line_is_no_longer_than_an_answer_can_be():
    long = [0] * 1000
    outcome = heard(answer(0, long), answer(2, long), answer(1, [0] * 100_000))
    assert outcome.answers == {("f", 0): (None, "large"), ("f", 2): (long, None)}


FLOODS = {
    "empty lines": b"\n" * (32 << 20),
    "small lines": b"{}\n" * (8 << 20),
    "no line": b"[" * (32 << 20),
    "deep": (b"[" * 150_000 + b"\n") * 100,
    "wide": (b"[" + b"[]," * 50_000 + b"0]\n") * 100,
    "long numbers": (b"[" + (b"1" * 4200 + b",") * 35 + b"0]\n") * 100,
    "no text": b"\xff\xfe\x00" * 50_000 + b"\n",
    "notes": b'{"note": {"kind": "ValueError", "cell": 1, "line": 1}}\n' * 300_000,
    "duplicates": b'{"problem": "f", "call": 0, "value": 1, "error": null}\n' * 300_000,
    "odd": b'["note"]\n"note"\n3\nnull\n{"note": []}\n{"problem": [], "call": {}}\n{"problem": "f", "call": 1e999}\n',
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_costs_no_second_and_no_memory(name):
    problems = [{"name": "f", "calls": [[1]], "room": 160_000}]
    tracemalloc.start()
    begin = time.process_time()
    outcome = Outcome()
    hear(FLOODS[name], outcome, problems, CELLS)
    seconds, (_, peak) = time.process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 50 << 20
    assert len(outcome.answers) + len(outcome.notes) <= 11
