"""Rows of a state, of any make; a prompt at once or step by step; a model's own methods are used."""

from collections import namedtuple

import numpy as np
import pytest
import torch

from seqlib.decoding import greedy, sample, select
from seqlib.decoding.step_model import array, attention, read, selected

Pair = namedtuple("Pair", "h c")
ROWS = np.array([2, 0, 0, 1])


def test_rows_of_every_make_of_state():
    h, c = np.arange(12.0).reshape(3, 4), torch.arange(18).reshape(3, 2, 3)
    state = {
        "layers": [Pair(h, c), (h, None)],
        "position": 7,
        "name": "a",
        "scale": np.float64(2),
        "zero": torch.ones(()),
    }
    got = select(state, ROWS, 3)
    assert isinstance(got["layers"], list)
    assert isinstance(got["layers"][0], Pair)
    assert isinstance(got["layers"][1], tuple)
    assert got["layers"][0].h.tolist() == h[[2, 0, 0, 1]].tolist()
    assert got["layers"][0].c.tolist() == c[[2, 0, 0, 1]].tolist()
    assert got["layers"][1][1] is None
    assert (got["position"], got["name"], got["scale"], got["zero"]) == (7, "a", 2, torch.ones(()))
    assert select(h, ROWS[:0]).shape == (0, 4)
    assert state["layers"][0].h is h  # and the old one is as it was
    assert h.tolist() == np.arange(12.0).reshape(3, 4).tolist()


def test_sequences_along_another_axis_are_found_out():
    with pytest.raises(
        ValueError, match=r"state must have its 3 sequences along the first axis of every array, got shape \(2, 3, 4\)"
    ):
        select((np.zeros((3, 4)), np.zeros((2, 3, 4))), ROWS, 3)
    with pytest.raises(TypeError, match="state must be made of arrays, tuples, lists and dictionaries, got set"):
        select((np.zeros(3), {1}), ROWS)


def test_the_prompt_is_read_at_once_where_that_is_possible(table):
    calls = []
    model = table(seed=2)

    def prefill(ids, state):
        calls.append(ids)
        return read(table(seed=2), ids, state)

    wanted = greedy(model, [[1, 4, 3, 0], [3, 3, 1]], max_length=5)
    model.prefill = prefill
    got = greedy(model, [[1, 4, 3, 0], [3, 3, 1]], max_length=5)
    np.testing.assert_array_equal(got.ids, wanted.ids)
    np.testing.assert_array_equal(got.log_probs, wanted.log_probs)
    assert [ids.tolist() for ids in calls] == [[[1, 4, 3], [3, 3, 1]]]  # what all of them have


def test_a_model_selects_its_rows_itself(table):
    """Its batch is along the second axis, so no other way works."""

    class Turned:
        def __init__(self):
            self.inner, self.selected = table(seed=4), []

        def step(self, tokens, state):
            logits, state = self.inner.step(tokens, None if state is None else type(self.memory)(*state[0]))
            self.memory = state
            return logits, np.stack(state)[None]

        def select(self, state, rows):
            self.selected.append(rows.tolist())
            return state[:, :, rows]

    Turned.memory = table(seed=4).step(np.array([0]), None)[1]
    model = Turned()
    options = {"n": 30, "max_length": 8, "eos": 2}
    got = sample(model, [1], rng=np.random.default_rng(0), **options)
    wanted = sample(table(seed=4), [1], rng=np.random.default_rng(0), **options)
    np.testing.assert_array_equal(got.ids, wanted.ids)
    np.testing.assert_array_equal(got.log_probs, wanted.log_probs)
    assert model.selected[0] == [0] * 30
    assert len(model.selected) > 2


def test_rows_in_another_order():
    model, state = object(), np.array([5, 6])
    assert selected(model, state, np.array([1, 0]), 2).tolist() == [6, 5]
    assert selected(model, state, np.array([0, 1]), 2) is state


def test_tensors_are_taken_off_their_graph():
    x = torch.ones(2, 3, requires_grad=True, dtype=torch.bfloat16)
    got = array("x", x * 0.3)
    assert got.dtype == np.float64
    assert got.tolist() == [[(torch.tensor(0.3, dtype=torch.bfloat16)).item()] * 3] * 2
    mine = np.ones(3)
    assert array("x", mine) is not mine


class Looking:
    """A model that answers what it is given when it is asked for its attention."""

    def __init__(self, answer):
        self.answer = answer

    def attention(self, state):
        """The answer."""
        return self.answer


def test_attention_with_and_without_a_mask():
    weights, real = attention(Looking(torch.ones(2, 3, requires_grad=True)), None, 2)
    assert (weights.dtype, weights.tolist(), real.tolist()) == (np.float64, [[1.0] * 3] * 2, [[True] * 3] * 2)
    mask = torch.tensor([[True, False, True], [True, True, False]])
    weights, real = attention(Looking((torch.full((2, 3), 0.5), mask)), None, 2)
    assert (weights.tolist(), real.tolist()) == ([[0.5] * 3] * 2, mask.tolist())


BAD = [
    ((object(), 2), ValueError, r"coverage must be 0 for a model without attention: .* and object has none"),
    ((Looking(np.ones((3, 2))), 2), ValueError, r"answer with weights \(2, S\), a row per sequence, got \(3, 2\)"),
    ((Looking(np.ones(2)), 2), ValueError, r"answer with weights \(2, S\), a row per sequence, got \(2,\)"),
    ((Looking((np.ones((2, 3)), np.ones((2, 3)))), 2), TypeError, r"mask must be boolean"),
    ((Looking((np.ones((2, 3)), np.ones((2, 2)) > 0)), 2), ValueError, r"mask must have shape \(2, 3\), got \(2, 2\)"),
    ((Looking(-np.ones((1, 2))), 1), ValueError, "answer with weights that are at least 0, but one is not"),
    ((Looking(np.array([[0.5, np.nan]])), 1), ValueError, "answer with weights that are at least 0, but one is not"),
]


@pytest.mark.parametrize(("given", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_attention_that_cannot_be_is_named(given, error, message):
    with pytest.raises(error, match=message):
        attention(given[0], None, given[1])
