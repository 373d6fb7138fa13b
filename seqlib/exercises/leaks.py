"""The practice of chapter 7, part three: does a language model look at the word that it is to predict?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["leaks"]

Model = Callable[[Any], np.ndarray]

_RNG = np.random.default_rng(72)
ROUNDING = 1e-6  # smaller changes are rounding, says the page


def _model(name: str, V: int, mixed: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Model:
    """A model of V words, (B, T) -> (B, T, V), from `mixed(table, x)`, with a table of numbers for each word (V, V).

    The model raises ValueError for words that there are not, and for arrays of another shape.
    """
    table, bias = _RNG.normal(size=(V, V)), _RNG.normal(size=V)

    def model(x: Any) -> np.ndarray:
        words = np.asarray(x)
        if words.ndim != 2 or words.dtype.kind not in "iu":
            raise ValueError(f"the model takes whole numbers of shape (B, T), got {words.dtype} of shape {words.shape}")
        if words.size and not 0 <= words.min() <= words.max() < V:
            raise ValueError(f"the words are 0 to {V - 1}, got {words.min()} to {words.max()}")
        return bias + mixed(table, words)

    model.__name__ = model.__qualname__ = name
    return model


def _shifted(x: np.ndarray, by: int) -> np.ndarray:
    """Places of x moved by so many steps; where nothing stands, always the same, -1, which is no word."""
    out = np.full_like(x, -1)
    out[:, max(-by, 0) : x.shape[1] - max(by, 0)] = x[:, max(by, 0) : x.shape[1] - max(-by, 0)]
    return out


def _at(by: int, scores: slice = slice(None)) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Answer i, or these of its scores, from word i + by alone."""

    def mixed(table: np.ndarray, x: np.ndarray) -> np.ndarray:
        out = np.zeros((*x.shape, len(table)))
        out[..., scores] = table[_shifted(x, by), scores]
        return out

    return mixed


def _past(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Answer i from words 0 to i."""
    return table[x].cumsum(1)


def _rounded(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The same, as the sum of all words minus that of the later ones, whose rounding depends on all."""
    numbers = 30 * table[x] / 7
    return numbers.sum(1, keepdims=True) - (numbers[:, ::-1].cumsum(1)[:, ::-1] - numbers)


def _when(hidden: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """From words 0 to i, and the last score from whether the next word is `hidden`."""
    return lambda table, x: _past(table, x) + (_shifted(x, 1) == hidden)[..., None] * np.eye(len(table))[-1]


def _faint(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """From word i; the first score is a hundredth lower unless word 1 comes next, and the highest stays the highest."""
    words = np.eye(len(table))
    return 5.0 * words[x] - 0.01 * (_shifted(x, 1) != 1)[..., None] * words[0]


def _centred(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """From all words; the scores of a step add up to 0."""
    scores = table[x].cumsum(1) + table[x][:, ::-1].cumsum(1)[:, ::-1]
    return scores - scores.mean(-1, keepdims=True)


def _one_row(row: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """From word i + 1, in sequences that begin with word `row`; the others are answered without a look at the rest."""
    return lambda table, x: _at(1)(table, x) * (x[:, :1] == row)[..., None]


def _case(model: Model, rows: list[list[int]], t: int) -> tuple[Model, np.ndarray, int]:
    return model, np.array(rows), t


_ROWS = [[0, 3, 1, 4, 2], [2, 4, 4, 0, 1], [1, 0, 3, 3, 4]]
_ENDS = [[1, 2, 4, 4, 3], [4, 0, 2, 1, 2]]  # at index 2 of one of them 4, the last of five words
_SAME = [[6, 1, 7, 5], [7, 2, 7, 1]]  # at index 2 the same word, and nowhere 3 or 23


def _changed(x: np.ndarray, t: int, words: Any) -> np.ndarray:
    other = x.copy()
    other[:, t] = words
    return other


def _try(
    *,
    words: Callable[[np.ndarray, int, int], Iterable[Any]] = lambda x, t, V: range(V),
    put: Callable[[np.ndarray, int, Any], np.ndarray] = _changed,
    seen: Callable[[np.ndarray, int], np.ndarray] = lambda scores, t: scores[:, :t],
    moved: Callable[[np.ndarray, np.ndarray], Any] = lambda old, new: (abs(new - old) > ROUNDING).any(),
) -> Any:
    """The right answer, or a mistake: which words are tried and where, which answers are compared, and how."""

    def answer(model: Model, x: np.ndarray, t: int) -> bool:
        before = model(x)
        tried = words(x, t, before.shape[-1])
        return any(bool(moved(seen(before, t), seen(model(put(x, t, word)), t))) for word in tried)

    return answer


_right = _try()


def _sequence(x: np.ndarray, t: int, word: Any) -> np.ndarray:
    other = x.copy()
    other[t] = word
    return other


def _later(x: np.ndarray, t: int, word: Any) -> np.ndarray:
    other = x.copy()
    other[:, t:] = word
    return other


def _word(choose: Callable[[np.ndarray, int], Any]) -> Any:
    """Tries one word at index t, made of the words there and of V."""
    return _try(words=lambda x, t, V: [choose(x[:, t], V)])


leaks = Exercise(
    "leaks",
    _right,
    [
        _case(_model("sees_one_word_ahead", 5, _at(1)), _ROWS, 3),
        _case(_model("reads_forwards", 5, _past), _ENDS, 2),
        _case(_model("sees_one_word_ahead", 5, _at(1)), _ROWS, 1),
        _case(_model("sees_two_words_ahead", 5, _at(2, slice(-1, None))), _ROWS, 4),
        _case(_model("sees_the_word_before", 5, _at(-1)), _ROWS, 3),
        _case(_model("sees_no_word", 5, lambda table, x: np.zeros((*x.shape, len(table)))), _ROWS, 2),
        _case(_model("notices_word_3", 40, _when(3)), _SAME, 2),  # of 40, so that one at random will not do
        _case(_model("notices_word_23", 40, _when(23)), _SAME, 2),
        _case(_model("sees_a_little_ahead", 5, _faint), [[0, 3, 1, 0], [2, 4, 1, 4]], 2),
        _case(_model("reads_both_ways", 6, _centred), _ROWS, 2),
        _case(_model("sees_ahead_after_word_2", 5, _one_row(2)), [*_ROWS, [3, 1, 0, 2, 2]], 1),
        _case(_model("rounds", 5, _rounded), _ROWS, 3),
        _case(_model("sees_the_last_word_from_the_first", 5, _at(4)), _ROWS, 2),
    ],
    wrong={
        "always yes": (
            lambda model, x, t: True,
            "You say True of every model. One that reads forwards only does not leak.",
        ),
        "always no": (
            (
                lambda model, x, t: False,
                _try(put=lambda x, t, word: x.copy()),
                _try(words=lambda x, t, V: [x[:, t]]),
            ),
            "You say False of every model. Is the word at index t another one when you ask the model again?",
        ),
        "turned round": (
            lambda model, x, t: not _right(model, x, t),
            "It is the other way round: True stands for a model that leaks.",
        ),
        "all answers": (
            _try(seen=lambda scores, t: scores),
            "You compared the answers at all steps. From index t on a model may have read the word at t.",
        ),
        "answer at t too": (
            _try(seen=lambda scores, t: scores[:, : t + 1]),
            "You compared the answer at t as well, which may have read the word at t. Only those before it count.",
        ),
        "answer at t": (
            _try(seen=lambda scores, t: scores[:, t]),
            "You compared the answer at t, which may have read the word at t. Compare those before it.",
        ),
        "answers from t on": (
            _try(seen=lambda scores, t: scores[:, t:]),
            "You compared the answers from t on. Compare those before it, [:, :t].",
        ),
        "answers after t": (
            _try(seen=lambda scores, t: scores[:, t + 1 :]),
            "You compared the answers after t. Compare those before it, [:, :t].",
        ),
        "answer before t only": (
            _try(seen=lambda scores, t: scores[:, t - 1]),
            "You compared the answer just before t alone. A model may look further ahead: compare all before t.",
        ),
        "first answer only": (
            _try(seen=lambda scores, t: scores[:, 0]),
            "You compared the first answer alone. Compare all those before t.",
        ),
        "one too few": (
            _try(seen=lambda scores, t: scores[:, : t - 1]),
            "You left out the answer just before t: [:, :t] ends before t, and you took t - 1.",
        ),
        "sequences for steps": (
            _try(seen=lambda scores, t: scores[:t]),
            "You compared all answers of the first t sequences. Steps are the second axis: [:, :t].",
        ),
        "words for steps": (
            _try(seen=lambda scores, t: scores[..., :t]),
            "You compared the scores of the first t words at all steps. Steps are the second axis: [:, :t].",
        ),
        "one sequence only": (
            (_try(seen=lambda scores, t: scores[0, :t]), _try(seen=lambda scores, t: scores[-1, :t])),
            "You looked at one sequence alone. A model may leak in another one.",
        ),
        "a sequence changed": (
            _try(put=_sequence),
            "You changed the sequence at index t, x[t], with all its words. The words at index t are x[:, t].",
        ),
        "later words too": (
            _try(put=_later),
            "You changed the words after t as well. Change those at t alone.",
        ),
        "cut off": (
            lambda model, x, t: bool((abs(model(x[:, :t]) - model(x)[:, :t]) > ROUNDING).any()),
            "You left out the words from t on. That shows whether any of them is seen; asked is the one at t.",
        ),
        "not every word": (
            (
                _word(lambda words, V: (words + 1) % V),
                _word(lambda words, V: (words - 1) % V),
                _word(lambda words, V: V - 1 - words),
                _word(lambda words, V: V - 1),
                _word(lambda words, V: 0),
                _try(words=lambda x, t, V: np.unique(x)),
            ),
            "Not every word was tried, or False came before the last. A leak may show with one of 0 to V - 1 alone.",
        ),
        "words of other sequences": (
            (
                _word(lambda words, V: np.roll(words, 1)),
                _word(lambda words, V: np.roll(words, -1)),
                _word(lambda words, V: words[::-1]),
                _try(words=lambda x, t, V: np.unique(x[:, t])),
            ),
            "You put in the words of the other sequences, which may be the same ones. Try all words, 0 to V - 1.",
        ),
        "no such word": (
            (_try(words=lambda x, t, V: [x[:, t] + 1]), _try(words=lambda x, t, V: range(V + 1))),
            "You put in a word V, and there is none: the words are 0 to V - 1.",
        ),
        "rounding": (
            _try(moved=lambda old, new: (old != new).any()),
            "You take rounding for a leak: two ways to add the same numbers differ in the last digits. Allow 1e-6.",
        ),
        "first choice only": (
            _try(moved=lambda old, new: (old.argmax(-1) != new.argmax(-1)).any()),
            "You compared the words with the highest score. Scores may change and leave that word the same.",
        ),
        "differences added": (
            _try(moved=lambda old, new: abs((new - old).sum()) > ROUNDING),
            "You added the differences, and those of opposite sign cancel. Take the largest absolute value.",
        ),
        "upwards only": (
            _try(moved=lambda old, new: (new - old).max() > ROUNDING),
            "You looked for larger scores only. A change may be downwards: take the absolute value.",
        ),
        "every entry": (
            _try(moved=lambda old, new: (abs(new - old) > ROUNDING).all()),
            "You asked whether all answers change. One that changes is a leak: any, not all.",
        ),
    },
    prompt="Return True or False and run the cell again.",
)
