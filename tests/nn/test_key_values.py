"""Keys and values that grow: in place where they may, and every state stays what it was."""

import copy
import io
import itertools

import pytest
import torch

from seqlib.nn.key_values import KeyValues, Room

N, HEADS, D_K = 3, 2, 5


@pytest.fixture(autouse=True)
def no_gradients():
    with torch.no_grad():
        yield


def drawn(T, seed=0, N=N):
    """Keys and values of T positions."""
    generator = torch.Generator().manual_seed(seed)
    return KeyValues(*torch.randn(2, N, HEADS, T, D_K, generator=generator, dtype=torch.float64))


def cat(*parts):
    return KeyValues(*(torch.cat(which, 2) for which in zip(*parts, strict=True)))


def same(found, wanted):
    return len(found) == 2 and torch.equal(found.keys, wanted.keys) and torch.equal(found.values, wanted.values)


@pytest.mark.parametrize("sizes", [[1] * 90, [5, 1, 40, 1, 1, 2, 100, 1], [1, 31, 1, 1, 1]])
def test_they_are_all_that_was_read(sizes):
    parts = [drawn(T, seed) for seed, T in enumerate(sizes)]
    states = list(itertools.accumulate(parts, lambda state, new: state.extended(new)))
    for i, state in enumerate(states):  # all of them, after the last was made
        assert same(state, cat(*parts[: i + 1]))
    assert all(same(part, drawn(T, seed)) for (seed, T), part in zip(enumerate(sizes), parts, strict=True))


def test_a_state_may_be_continued_again_and_again():
    first, state = drawn(4), drawn(4).extended(drawn(1, 1))
    ways = [[drawn(1, 10 * way + t) for t in range(5)] for way in range(4)]
    found = []
    for way in ways:
        ends = [state]
        for new in way:
            ends.append(ends[-1].extended(new))
        found.append(ends)
    for way, ends in zip(ways, found, strict=True):
        for t, end in enumerate(ends):
            assert same(end, cat(first, drawn(1, 1), *way[:t]))
    again = found[0][2].extended(drawn(3, 99))
    assert same(again, cat(first, drawn(1, 1), *ways[0][:2], drawn(3, 99)))
    assert same(found[0][5], cat(first, drawn(1, 1), *ways[0]))


def test_single_steps_move_them_seldom_and_little():
    state, moved, copied = drawn(1), 0, 0
    for t in range(1, 2000):
        before = state.keys.untyped_storage().data_ptr()
        state = state.extended(drawn(1, t))
        if state.keys.untyped_storage().data_ptr() != before:
            moved, copied = moved + 1, copied + t
        held = state.keys.untyped_storage().nbytes()
        assert state.values.untyped_storage().data_ptr() == state.keys.untyped_storage().data_ptr()
        needed = 2 * N * HEADS * (t + 1) * D_K * 8
        assert needed <= held <= max(1.5 * needed, needed + 32 * needed // (t + 1))
    assert moved <= 12
    assert copied <= 3 * 2000


def test_some_of_the_sequences_in_any_order():
    state = drawn(4).extended(drawn(2, 1))
    rows = torch.tensor([2, 0, 2, 1])
    chosen = state.select(rows)
    wanted = KeyValues(*(part[rows] for part in cat(drawn(4), drawn(2, 1))))
    assert same(chosen, wanted)
    longer = chosen.extended(drawn(1, 2, N=4))
    assert same(longer, cat(wanted, drawn(1, 2, N=4)))
    assert same(state.extended(drawn(1, 3)), cat(drawn(4), drawn(2, 1), drawn(1, 3)))
    assert same(chosen, wanted)


def test_with_gradients_nothing_is_written_over():
    state = drawn(2).extended(drawn(1, 1))
    with torch.enable_grad():
        news = [KeyValues(*(part.requires_grad_() for part in drawn(1, seed))) for seed in (2, 3)]
        ends = [state.extended(new) for new in news]
        both = drawn(2).extended(news[0])
        loss = sum((end.keys.sin() * end.values).sum() for end in (*ends, both))
        loss.backward()
    for end, new in zip(ends, news, strict=True):
        assert same(end, cat(drawn(2), drawn(1, 1), new))
    torch.testing.assert_close(news[0].values.grad, 2 * news[0].keys.sin())
    torch.testing.assert_close(news[1].keys.grad, news[1].keys.cos() * news[1].values)
    assert same(state.extended(drawn(1, 4)), cat(drawn(2), drawn(1, 1), drawn(1, 4)))


def test_what_was_read_in_inference_mode_is_continued_outside_and_the_other_way_round():
    with torch.inference_mode():
        state = drawn(2).extended(drawn(1, 1))
    outside = state.extended(drawn(1, 2))
    assert same(outside, cat(drawn(2), drawn(1, 1), drawn(1, 2)))
    with torch.inference_mode():
        inside = outside.extended(drawn(1, 3))
        assert inside.keys.data_ptr() == outside.keys.data_ptr()
        assert same(inside, cat(drawn(2), drawn(1, 1), drawn(1, 2), drawn(1, 3)))
        further = state.extended(drawn(1, 5))
        assert further.keys.data_ptr() == state.keys.data_ptr()
    assert same(outside.extended(drawn(1, 4)), cat(drawn(2), drawn(1, 1), drawn(1, 2), drawn(1, 4)))


def test_what_is_written_later_is_nothing_to_the_gradients_of_what_was_read():
    state = drawn(2).extended(drawn(1, 1))
    with torch.enable_grad():
        scale = torch.ones((), dtype=torch.float64, requires_grad=True)
        loss = (state.keys * scale).sum()
    later = state.extended(drawn(1, 2))
    loss.backward()
    assert later.keys.data_ptr() == state.keys.data_ptr()
    torch.testing.assert_close(scale.grad, state.keys.sum())


def test_a_room_for_several_blocks():
    layers, rows = [drawn(3, 1), drawn(3, 2)], torch.tensor([2, 0, 2, 1])
    room = Room.holding(layers, 4)
    room.write(3, [drawn(1, 3), drawn(1, 4)])
    wanted = [cat(layers[0], drawn(1, 3)), cat(layers[1], drawn(1, 4))]
    assert all(map(same, room.up_to(4), wanted))
    assert all(map(same, room.up_to(3), layers))
    assert all(map(same, room.heads(4), [KeyValues(*(part.flatten(0, 1) for part in of)) for of in wanted]))
    some = room.select(rows, 3)
    assert some.free(3, 4)
    some.write(3, [drawn(1, 5, 4), drawn(1, 6, 4)])
    for found, before, seed in zip(some.up_to(4), layers, (5, 6), strict=True):
        assert same(found, cat(KeyValues(*(part[rows] for part in before)), drawn(1, seed, 4)))
    assert all(map(same, room.up_to(4), wanted))


def through_a_file(state):
    file = io.BytesIO()
    torch.save(state, file)
    return torch.load(io.BytesIO(file.getvalue()), weights_only=False)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, through_a_file])
def test_copies_go_ways_of_their_own(copied):
    state = drawn(2).extended(drawn(1, 1))
    other = copied(state)
    ends = [state.extended(drawn(1, 2)), other.extended(drawn(1, 3))]
    assert same(ends[0], cat(drawn(2), drawn(1, 1), drawn(1, 2)))
    assert same(ends[1], cat(drawn(2), drawn(1, 1), drawn(1, 3)))


def test_dtype_and_what_is_not_contiguous_stay():
    half = KeyValues(*(part.to(torch.bfloat16).transpose(1, 2).contiguous().transpose(1, 2) for part in drawn(3)))
    state = half.extended(half)
    assert state.keys.dtype == torch.bfloat16
    assert same(state, cat(half, half))
    assert state.keys.shape == (N, HEADS, 6, D_K)
