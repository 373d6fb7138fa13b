"""The practice of chapter 11, encoder and decoder: right answers, and the usual wrong ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.encoder_decoder_beam import beam_step
from seqlib.exercises.encoder_decoder_gradient import context_gradient
from seqlib.exercises.encoder_decoder_loss import sequence_loss
from seqlib.exercises.encoder_decoder_rank import rank

__all__ = ["beam_step", "context_gradient", "context_vector", "rank", "sequence_loss", "teacher_forcing"]

Rows = Sequence[Sequence[int]]
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def _filled(rows: Rows, pad: int, *, T: int = 0, front: bool = False) -> np.ndarray:
    """Rows of ids, each filled up with pad to the longest, or cut to T."""
    T = T or max(map(len, rows))
    filled = [[*([pad] * (T - len(row)) * front), *row, *([pad] * (T - len(row)))][:T] for row in rows]
    return np.array(filled)


def _up_to(lengths: Sequence[int] | np.ndarray, T: int) -> np.ndarray:
    return np.arange(T) < np.array(lengths)[:, None]


def _taught(sentences: Rows, bos: int, eos: int, pad: int, more: int = 1) -> Arrays:
    """What is right; with another `more`, the mask alone is off."""
    y = _filled([[*row, eos] for row in sentences], pad)
    previous = _filled([[bos, *row] for row in sentences], pad)
    return previous, y, _up_to([len(row) + more for row in sentences], y.shape[1])


def _of(previous: Rows, y: Rows, pad: int, T: int = 0) -> Arrays:
    filled = _filled(y, pad, T=T)
    return _filled(previous, pad, T=T), filled, _up_to([len(row) for row in y], filled.shape[1])


def _ends_behind(sentences: Rows, bos: int, eos: int, pad: int) -> Arrays:
    previous, y, mask = _taught(sentences, bos, eos, pad)
    y[y == eos] = pad
    y[:, -1] = eos
    return previous, y, mask


def _shifted(sentences: Rows, bos: int, eos: int, pad: int) -> Arrays:
    _, y, mask = _taught(sentences, bos, eos, pad)
    return np.concatenate([np.full((len(y), 1), bos), y[:, :-1]], 1), y, mask


def _in_front(sentences: Rows, bos: int, eos: int, pad: int) -> Arrays:
    y = _filled([[*row, eos] for row in sentences], pad, front=True)
    previous = _filled([[bos, *row] for row in sentences], pad, front=True)
    return previous, y, _up_to([len(row) + 1 for row in sentences], y.shape[1])[:, ::-1]


def _longest(sentences: Rows) -> int:
    return max(map(len, sentences))


teacher_forcing = Exercise(
    "teacher_forcing",
    _taught,
    [
        ([[7, 4, 9], [5], [8, 6]], 1, 2, 0),
        ([[4, 9, 4, 5], [6, 7, 9, 8], [9, 5]], 2, 3, 1),  # other ids
    ],
    wrong={
        "never ends": (
            (
                lambda x, bos, eos, pad: _of([[bos, *row[:-1]] for row in x], x, pad),
                lambda x, bos, eos, pad: _of([[bos, *row] for row in x], x, pad, T=_longest(x) + 1),
            ),
            "EOS is never asked for, so the model does not learn to end. It is the last target of each sentence.",
        ),
        "eos read": (
            lambda x, bos, eos, pad: _of(
                [[bos, *row, eos] for row in x], [[*row, eos] for row in x], pad, T=_longest(x) + 2
            ),
            "You let it read EOS, which makes a step too many. EOS is asked for last, and nothing comes after it.",
        ),
        "shifted with the padding": (
            _shifted,
            "You shifted y with its padding, so that short sentences read EOS. Here previous has pad after y_n.",
        ),
        "bos asked for": (
            (
                lambda x, bos, eos, pad: _of([[bos, *row, eos] for row in x], [[bos, *row, eos] for row in x], pad),
                lambda x, bos, eos, pad: _of([[bos, *row] for row in x], [[bos, *row] for row in x], pad),
                lambda x, bos, eos, pad: _of([[bos, *row, eos] for row in x], [[bos, *row] for row in x], pad),
            ),
            "You ask for BOS. It is read at the first step, where y_1 is asked for.",
        ),
        "no shift": (
            (
                lambda x, bos, eos, pad: _of([[*row, eos] for row in x], [[*row, eos] for row in x], pad),
                lambda x, bos, eos, pad: _of(x, x, pad),
            ),
            "The model would read the word that it is asked for. It reads the one before: BOS comes first.",
        ),
        "swapped": (
            lambda x, bos, eos, pad: (_taught(x, bos, eos, pad)[1], *_taught(x, bos, eos, pad)[::2]),
            "previous and y are swapped: previous begins with BOS, y ends with EOS.",
        ),
        "eos masked": (
            (
                lambda x, bos, eos, pad: _taught(x, bos, eos, pad, more=0),
                lambda x, bos, eos, pad: (*_taught(x, bos, eos, pad)[:2], _taught(x, bos, eos, pad)[1] != eos),
            ),
            "Your mask leaves out EOS. It is a target like the others: n + 1 of them are True.",
        ),
        "first step masked": (
            lambda x, bos, eos, pad: (
                *_taught(x, bos, eos, pad)[:2],
                _taught(x, bos, eos, pad)[2] & (_taught(x, bos, eos, pad)[0] != bos),
            ),
            "Your mask leaves out the first step. BOS is read there, but y_1 is asked for.",
        ),
        "one too many": (
            lambda x, bos, eos, pad: _taught(x, bos, eos, pad, more=2),
            "Your mask is True once after EOS. A sentence of n words has n + 1 targets.",
        ),
        "mask turned over": (
            lambda x, bos, eos, pad: (*_taught(x, bos, eos, pad)[:2], ~_taught(x, bos, eos, pad)[2]),
            "Your mask is True at the padding. True is for what counts.",
        ),
        "everything counts": (
            lambda x, bos, eos, pad: _taught(x, bos, eos, pad, more=_longest(x) + 1),
            "Your mask is True everywhere. After EOS it is False.",
        ),
        "mask of numbers": (
            lambda x, bos, eos, pad: (*_taught(x, bos, eos, pad)[:2], 1 * _taught(x, bos, eos, pad)[2]),
            "Your mask holds numbers. A mask holds True and False: a comparison gives them.",
        ),
        "ends behind the padding": (
            _ends_behind,
            "You put EOS into the last column, behind the padding. It comes right after the last word.",
        ),
        "padding in front": (_in_front, "You filled up in front. The padding goes behind the sentence."),
        "pad is 0": (
            lambda x, bos, eos, pad: _taught(x, bos, eos, 0),
            "You filled up with 0. The id of the padding is the argument pad.",
        ),
        "padded with eos": (
            lambda x, bos, eos, pad: _taught(x, bos, eos, eos),
            "You filled up with EOS. A sentence ends once; after that comes pad.",
        ),
        "bos for eos": (
            lambda x, bos, eos, pad: _taught(x, eos, bos, pad),
            "BOS and EOS are swapped: bos is read first, eos is asked for last.",
        ),
        "cut": (
            (
                lambda x, bos, eos, pad: _of([[bos, *r] for r in x], [[*r, eos] for r in x], pad, T=_longest(x)),
                lambda x, bos, eos, pad: tuple(a[:, : _longest(x)] for a in _taught(x, bos, eos, pad)),
            ),
            "The longest sentence has lost its EOS. With it, n words make n + 1 steps.",
        ),
        "steps first": (
            lambda x, bos, eos, pad: tuple(array.T for array in _taught(x, bos, eos, pad)),
            "Your arrays are transposed. Sentences lie along the first axis, steps along the second.",
        ),
    },
    prompt="Return three arrays and run the cell again.",
)

_RNG = np.random.default_rng(11)


def _states(B: int, S: int, H: int) -> np.ndarray:
    return _RNG.uniform(-1, 1, (B, S, H)).round(2)


def _last(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return states[np.arange(len(states)), lengths - 1]


def _real(states: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return states * _up_to(lengths, states.shape[1])[..., None]


context_vector = Exercise(
    "context_vector",
    _last,
    [
        (_states(3, 4, 2), np.array([2, 4, 1])),
        (_states(2, 5, 3), np.array([4, 3])),  # padding in every row
        (_states(4, 3, 2), np.array([3, 1, 2, 3])),
    ],
    wrong={
        "last column": (
            lambda states, lengths: states[:, -1],
            "You took the last column, which is padding in shorter rows. The last state of row b is at lengths[b] - 1.",
        ),
        "one column for all": (
            (
                lambda states, lengths: states[:, lengths.max() - 1],
                lambda states, lengths: states[:, lengths.min() - 1],
                lambda states, lengths: states[:, lengths[0] - 1],
                lambda states, lengths: states[:, lengths[-1] - 1],
            ),
            "You took one column for all rows. Each row ends at a place of its own.",
        ),
        "one step late": (
            (
                lambda states, lengths: states[np.arange(len(states)), lengths],
                lambda states, lengths: states[np.arange(len(states)), np.minimum(lengths, states.shape[1] - 1)],
                lambda states, lengths: states[np.arange(len(states)), lengths % states.shape[1]],
            ),
            "Indices begin with 0: after n tokens the state is at n - 1. At lengths[b] the padding begins.",
        ),
        "one step early": (
            (
                lambda states, lengths: states[np.arange(len(states)), np.maximum(lengths - 2, 0)],
                lambda states, lengths: states[np.arange(len(states)), lengths - 2],
            ),
            "You left out the last token. Its state is at lengths[b] - 1.",
        ),
        "from the end": (
            lambda states, lengths: states[np.arange(len(states)), -lengths],
            "A negative index counts from the end of the row, where the padding is.",
        ),
        "first state": (
            lambda states, lengths: states[:, 0],
            "You took the first state, which has seen one token.",
        ),
        "mean": (
            (
                lambda states, lengths: _real(states, lengths).sum(1) / lengths[:, None],
                lambda states, lengths: states.mean(1),
                lambda states, lengths: _real(states, lengths).mean(1),
            ),
            "You took a mean over steps. The last state alone is wanted: it has seen all tokens before it.",
        ),
        "sum": (
            (lambda states, lengths: _real(states, lengths).sum(1), lambda states, lengths: states.sum(1)),
            "You added states up. The last one alone is wanted.",
        ),
        "largest": (
            (
                lambda states, lengths: states.max(1),
                lambda states, lengths: _real(states, lengths).max(1),
                lambda states, lengths: np.array([s[:n].max(0) for s, n in zip(states, lengths, strict=True)]),
            ),
            "You took the largest value over the steps. The last state is wanted.",
        ),
        "axis left in": (
            lambda states, lengths: _last(states, lengths)[:, None],
            "The states are the right ones, but the axis of the steps is still there, of size 1. Take [:, 0] of it.",
        ),
        "every row with every length": (
            lambda states, lengths: states[:, lengths - 1],
            "states[:, lengths - 1] takes each length from each row. Index the rows as well: np.arange(B) beside it.",
        ),
        "masked last column": (
            lambda states, lengths: _real(states, lengths)[:, -1],
            "You set the padding to 0 and took the last column, which is then 0 in shorter rows.",
        ),
        "rows by length": (
            lambda states, lengths: states[lengths - 1],
            "You picked rows by length. Lengths belong to the second axis.",
        ),
        "all real states": (
            lambda states, lengths: [s[:n] for s, n in zip(states, lengths, strict=True)],
            "Those are all real states of each row. The last one of each is wanted.",
        ),
        "all states, padding 0": (
            _real,
            "You set the padding to 0 and gave back all states. The last real one of each row is wanted.",
        ),
    },
    prompt="Return an array of shape (B, H) and run the cell again.",
)
