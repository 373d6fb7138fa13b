"""Troubles are of known kinds: a student cannot write one; test_said reads what a process tells."""

import numpy as np
import pytest

from coursework.trouble import ERRORS, OWN, Trouble, kind_of, place_of, told


class Mine(KeyError):
    """An error of a student's."""


@pytest.mark.parametrize(
    ("error", "known"),
    [
        (ValueError("x"), "ValueError"),
        (Mine("x"), "KeyError"),
        (np.linalg.LinAlgError("x"), "ValueError"),
        (UnicodeDecodeError("utf8", b"", 0, 1, "x"), "UnicodeDecodeError"),
        (OSError(2, "x"), "FileNotFoundError"),
        (OSError("x"), "OSError"),
        (type("right", (Exception,), {})("x"), "Exception"),
        (type("ValueError", (Exception,), {})("x"), "Exception"),
        (SystemExit(77), "SystemExit"),
    ],
)
def test_the_kind_of_an_error_is_one_of_pythons(error, known):
    assert kind_of(error) == known


def test_no_kind_of_ours_can_be_an_error():
    assert not set(OWN) & set(ERRORS)
    assert all(issubclass(error, BaseException) for error in ERRORS.values())
    assert "right" not in {*OWN, *ERRORS}


def test_the_place_is_the_last_line_in_a_cell():
    space = {}
    exec(compile("def h(g):\n\n    g()", "<code cell 3>", "exec"), space)
    exec(compile("def f(g): h(g)", "<code cell 4>", "exec"), space)
    for inner in (lambda: np.linalg.inv([[0.0]]), lambda: space["missing"]):
        with pytest.raises((ValueError, KeyError)) as caught:
            space["f"](inner)
        assert place_of(caught.value.__traceback__) == (3, 3)
    assert place_of(None) == (0, 0)


def test_in_words():
    assert str(Trouble("ValueError", 2, 7)) == "ValueError in code cell 2, line 7"
    assert str(Trouble("missing")) == "the function is not defined"
    assert str(Trouble("slow", said="took more than 2 s")) == "took more than 2 s"


def test_our_own_words_are_never_told_by_a_process():
    assert told({"kind": "ValueError", "said": "right", "cell": 1, "line": 1}, [1]) == Trouble("ValueError", 1, 1)
    with pytest.raises(ValueError, match="must be a dict"):
        told("right", [1])
