"""Two steps as one in chapter 16: what they do to states; each mistake as one of a matrix."""

import numpy as np
import pytest

from seqlib.exercises.linear_recurrence_combine import combine_steps
from seqlib.reference import linear_recurrence


@pytest.mark.parametrize("case", combine_steps.cases)
def test_the_step_does_to_every_state_what_both_do(case):
    a, b, a2, b2 = map(np.asarray, case)
    factor, added = combine_steps.expected(*case)
    for h in (0.0, 1.0, -2.7):
        np.testing.assert_allclose(factor * h + added, a2 * (a * h + b) + b2, rtol=1e-12, atol=1e-12)
    for mine, its in zip((factor, added), linear_recurrence.combine((a, b), (a2, b2)), strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-12, atol=1e-12)


def test_cases_are_numbers_rows_and_arrays_and_no_step_is_like_another():
    assert [np.ndim(a) for a, *_ in combine_steps.cases] == [0, 1, 2, 3]
    for case in combine_steps.cases:
        numbers = np.concatenate([np.ravel(part) for part in case])
        assert (numbers != 0).all()
        assert (numbers != 1).all()
        assert all(np.shape(part) == np.shape(case[0]) for part in case)


def _by_matrices(first=lambda a, b: (a, b), second=lambda a, b: (a, b), order=1):
    """Both as matrices that act on (h, 1), multiplied."""

    def answer(a, b, a2, b2):
        (a, b), (a2, b2) = first(a, b), second(a2, b2)
        one, two = np.zeros((2, *np.shape(a), 2, 2))
        for made, (x, y) in zip((one, two), ((a, b), (a2, b2)), strict=True):
            made[..., 0, 0], made[..., 0, 1], made[..., 1, 1] = x, y, 1
        both = two @ one if order == 1 else one @ two
        return both[..., 0, 0], both[..., 0, 1]

    return answer


@pytest.mark.parametrize("product", [lambda a, b: a @ b, np.matmul, np.dot])
@pytest.mark.parametrize("places", [{0}, {1}, {0, 1}])
def test_a_product_of_matrices_is_told_as_such_though_it_stops_at_numbers(product, places):
    def answer(a, b, a2, b2):
        of_factor, of_added = (product if place in places else np.multiply for place in (0, 1))
        return of_factor(a2, a), of_added(a2, b) + b2

    assert combine_steps.judge(answer).id == "product of matrices"


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("right", _by_matrices()),
        ("other way round", _by_matrices(order=-1)),
        ("second b left out", _by_matrices(second=lambda a, b: (a, 0 * b))),
        ("first b left out", _by_matrices(first=lambda a, b: (a, 0 * b))),
        ("everything multiplied", _by_matrices(second=lambda a, b: (a, a * b))),
        ("both factors", _by_matrices(first=lambda a, b: (a, a * b))),
        ("second alone", _by_matrices(first=lambda a, b: (0 * a + 1, 0 * b))),
        ("turned", lambda *given: _by_matrices()(*given)[::-1]),
        ("b alone", lambda *given: _by_matrices()(*given)[1]),
        ("b not multiplied", lambda a, b, a2, b2: (np.prod([a, a2], 0), np.sum([b, b2], 0))),
        ("b's multiplied", lambda a, b, a2, b2: (np.prod([a, a2], 0), np.prod([b, b2], 0))),
        ("own factors", lambda a, b, a2, b2: (np.prod([a, a2], 0), np.sum([np.prod([a, b], 0), b2], 0))),
        ("factors added", lambda a, b, a2, b2: (np.sum([a, a2], 0), _by_matrices()(a, b, a2, b2)[1])),
        ("second factor alone", lambda a, b, a2, b2: (a2, _by_matrices()(a, b, a2, b2)[1])),
        ("second factor alone", lambda a, b, a2, b2: (a, _by_matrices()(a, b, a2, b2)[1])),
    ],
)
def test_other_steps_are_told_as_such(id, answer):
    assert combine_steps.judge(answer).id == id
