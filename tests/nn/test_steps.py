"""The walk over packed steps, against loops over single sequences."""

import pytest
import torch

from seqlib.nn.steps import Steps

SIZES = [[1], [3], [2, 2, 2], [3, 2, 2, 1], [4, 1], [2, 2, 1]]
both = pytest.mark.parametrize("reverse", [False, True])
every = pytest.mark.parametrize("sizes", SIZES, ids=str)


def sequences(sizes, rows):
    """For each sequence the list of its rows, in time."""
    return [[step[b] for step, size in zip(rows.split(sizes), sizes, strict=True) if b < size] for b in range(sizes[0])]


@every
@both
def test_first_and_last_are_the_ends_of_each_sequence(sizes, reverse):
    steps, rows = Steps(sizes, reverse), torch.randn(sum(sizes), 2)
    ends = [(s[-1], s[0]) if reverse else (s[0], s[-1]) for s in sequences(sizes, rows)]
    assert torch.equal(steps.first(rows), torch.stack([first for first, _ in ends]))
    assert torch.equal(steps.last(rows), torch.stack([last for _, last in ends]))
    assert steps.last(rows).data_ptr() not in (rows.data_ptr(), rows[-sizes[-1] :].data_ptr()), "a copy"


@every
@both
def test_before_is_the_state_one_step_earlier_in_the_walk(sizes, reverse):
    steps, rows, begin = Steps(sizes, reverse), torch.randn(sum(sizes), 2), torch.randn(sizes[0], 2)
    found = sequences(sizes, steps.before(rows, begin))
    for own, before, start in zip(sequences(sizes, rows), found, begin, strict=True):
        wanted = [*own[1:], start] if reverse else [start, *own[:-1]]
        assert torch.equal(torch.stack(before), torch.stack(wanted))


@every
@both
def test_a_carried_state_has_the_sequences_that_have_the_step(sizes, reverse):
    steps, begin = Steps(sizes, reverse), torch.arange(float(sizes[0]))[:, None]
    state = begin
    for t in steps.order:
        state = steps.carry(state, t, begin) + 10
        assert len(state) == sizes[t]
        assert torch.equal(state % 10, begin[: sizes[t]]), "each keeps its own row"
    real = [sum(b < size for size in sizes) for b in range(sizes[0])]
    assert (state.flatten() // 10).tolist() == real[: len(state)]


@both
def test_the_order_of_the_walk(reverse):
    assert list(Steps([2, 1, 1], reverse).order) == ([2, 1, 0] if reverse else [0, 1, 2])
    assert Steps([2, 2], reverse).uniform
    assert not Steps([2, 1], reverse).uniform


@every
@both
@pytest.mark.parametrize("rows", [1, 3, 4, 100])
def test_stretches_are_the_walk_in_pieces(monkeypatch, sizes, reverse, rows):
    monkeypatch.setattr("seqlib.nn.steps.CACHED", 5 * rows)
    steps = Steps(sizes, reverse)
    everything, begin = torch.arange(sum(sizes)).float()[:, None], torch.randn(sizes[0], 1)
    stretches = steps.stretches(5)
    assert [t for order, _ in stretches for t in order] == list(steps.order)
    whole = steps.split(everything)
    for order, part in stretches:
        assert len(order) == 1 or len(order) * sizes[0] <= rows
        assert torch.equal(everything[part], torch.cat([whole[t] for t in sorted(order)]))
        within = steps.within(everything[part], order)
        assert all(torch.equal(within[t], whole[t]) for t in order)
        assert torch.equal(steps.before(everything, begin, order), steps.before(everything, begin)[part])


@every
@both
def test_the_states_that_are_left_out_are_put_down(sizes, reverse):
    steps, left = Steps(sizes, reverse), torch.full((sizes[0],), -1.0)
    state = torch.arange(float(sizes[0]))
    for t in steps.order:
        have = state[: sizes[steps.order[0]]] if t == steps.order[0] else state
        state = steps.carry(have, t, torch.arange(float(sizes[0])), left)
    left[: len(state)] = state
    assert torch.equal(left, torch.arange(float(sizes[0])))
