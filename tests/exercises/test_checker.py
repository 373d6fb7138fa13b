"""The checker: right, wrong and why, or an invitation, in one line and without a traceback."""

import re

import numpy as np
import pytest
import torch

from seqlib.exercises.checker import Exercise

CASES = [(np.array([1.0, 2.0, 6.0]),), (np.array([4.0, 0.5]),)]


def mean():
    return Exercise(
        "mean",
        np.mean,
        CASES,
        wrong={
            "sum": (np.sum, "That is the sum."),
            "max": ((np.max, lambda x: x.max() + (len(x) > 2)), "That is the largest."),
            "rows": (lambda x: x.mean(axis=1), "Those are no rows."),
        },
    )


def stub(x): ...


def unfinished(x):
    raise NotImplementedError


def breaks(x):
    raise KeyError("no such\nthing")


def endless(x):
    return endless(x)


def in_place(x):
    x[0] = 0.0
    return 3.0


@pytest.mark.parametrize(
    ("answer", "status", "id", "said"),
    [
        (np.mean, "right", "right", "right"),
        (lambda x: sum(x) / len(x), "right", "right", "right"),
        (lambda x: torch.from_numpy(x).mean(), "right", "right", "right"),
        (np.sum, "wrong", "sum", "That is the sum."),
        (max, "wrong", "max", "That is the largest."),
        (stub, "empty", "untouched", "not written yet"),
        (unfinished, "empty", "untouched", "not written yet"),
        (None, "empty", "untouched", "not written yet"),
        (..., "empty", "untouched", "not written yet"),
        (3.0, "wrong", "not-callable", "function itself"),
        (breaks, "wrong", "exception", "KeyError"),
        (endless, "wrong", "recursion", "without end"),
        (in_place, "wrong", "changes-input", "in place"),
        (lambda x: x, "wrong", "other", r"has shape \(3,\), needed a number"),
        (lambda x: 3.0, "wrong", "other", "needed 2.25"),
        (lambda x: "three", "wrong", "other", "three"),
        (lambda x: x.mean(axis=1), "wrong", "rows", "Those are no rows."),
        (lambda x: x / 0, "wrong", "other", "shape"),
        (lambda x: x.mean() / 0, "wrong", "other", "the result is inf, needed 3"),
        (lambda x: np.float32(x.mean()), "right", "right", "right"),
        (lambda x: torch.tensor(x.mean(), requires_grad=True).float(), "right", "right", "right"),
        (lambda x: x.mean() * (1 + 1e-7), "right", "right", "right"),
        (lambda x: x.sum() * (1 + 1e-7), "wrong", "sum", "That is the sum."),
        (lambda x: np.array([x.sum()])[0].item(), "wrong", "sum", "That is the sum."),
        (
            lambda x: x[:3].mean() + (len(x) == 2),
            "wrong",
            "other",
            r"3.25, needed 2.25, for the arguments \[4. , 0.5\]",
        ),
        (lambda x: x.mean() * (1 + 1e-5), "wrong", "other", "3.00003, needed 3,"),
        (lambda x: float("nan"), "wrong", "other", "NaN"),
        (lambda: 3.0, "wrong", "exception", "TypeError"),
        (lambda x: None if len(x) == 3 else 2.25, "wrong", "no-return", "return gives it back, for the arguments"),
    ],
)
def test_answers(answer, status, id, said, capsys):
    result = mean()(answer)
    assert (result.status, result.id) == (status, id)
    out = capsys.readouterr().out
    assert out.count("\n") == 1, "one line"
    assert re.search(said, out)
    assert out[0] == {"right": "✓", "wrong": "✗", "empty": "✎"}[status]


def test_several_arguments_have_the_names_that_the_learner_gave_them():
    both = Exercise("both", lambda a, b: a + b, [(1.5, 2.0), (3.0, 0.25)], wrong={})
    assert both.judge(lambda x, gate: 0.0).message.endswith("for the arguments x = 1.5, gate = 2.")
    assert both.judge(lambda *args: 0.0).message.endswith("for the arguments 1.5, 2.")
    assert both.judge(max).message.endswith("for the arguments 1.5, 2.")
    assert both.judge(lambda x, gate, more: 0.0).message.endswith("for the arguments 1.5, 2.")


def test_print_instead_of_return_is_told():
    result = mean().judge(lambda x: print(x.mean()))
    assert (result.id, result.message) == (
        "no-return",
        "nothing was returned: print shows a value, return gives it back.",
    )


def test_several_functions_make_one_mistake_and_errors_are_compared_by_kind():
    assert mean().judge(lambda x: 7.0 if len(x) == 3 else 4.0).id == "max"
    assert mean().judge(lambda x: np.mean(x, axis=1)).id == "rows"
    assert mean().judge(lambda x: {}["key"]).id == "exception"


def test_the_result_shows_nothing_twice():
    assert mean().judge(np.mean)._ipython_display_() is None


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ((1.0, np.ones(2)), (1.0, np.zeros(2))),
        ({"a": 1.0}, {"a": 2.0}),
        ({"a": 1.0}, {"b": 1.0}),
        ("word", "other"),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.zeros(3)]),
        (True, False),
    ],
)
def test_compound_results(value, other):
    exercise = Exercise("x", lambda n: value, [(1,)], wrong={})
    assert exercise.judge(lambda n: value).status == "right"
    assert exercise.judge(lambda n: other).status == "wrong"


def test_a_wrong_answer_must_differ_on_some_case():
    with pytest.raises(ValueError, match="agrees with the right answer"):
        Exercise("x", np.mean, CASES, wrong={"same": (lambda x: x.sum() / len(x), "…")})
    with pytest.raises(ValueError, match="agrees with sum"):
        Exercise("x", np.mean, CASES, wrong={"sum": (np.sum, "…"), "sum again": (sum, "…")})
    with pytest.raises(ValueError, match="cases"):
        Exercise("x", np.mean, [], wrong={})


def test_wrong_answers_are_told_apart_as_float32_would():
    with pytest.raises(ValueError, match="agrees with the right answer"):
        Exercise("x", np.mean, CASES, wrong={"close": (lambda x: x.mean() * (1 + 1e-5), "…")})


def test_the_cases_are_not_changed_by_an_answer():
    exercise = mean()
    assert exercise.judge(in_place).id == "changes-input"
    assert exercise.judge(np.mean).status == "right"


def test_shapes_that_do_not_fit_stop_numpy_and_torch_alike():
    cases = [(np.ones(3), np.arange(4.0)), (np.ones(3), np.arange(3.0))]
    outer = Exercise("outer", np.outer, cases, wrong={"paired": (lambda x, y: x + y, "You paired them.")})
    assert outer.judge(lambda x, y: torch.from_numpy(x) + torch.from_numpy(y)).id == "paired"
    assert outer.judge(lambda x, y: np.add(x, y) if len(x) == len(y) else {}["no"]).id == "exception"
