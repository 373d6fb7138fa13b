"""The practice of chapter 7, part three: does a language model look at the word that it is to predict?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from seqlib.exercises import leaky_models as models
from seqlib.exercises.checker import Exercise
from seqlib.exercises.leaky_models import Model, model

__all__ = ["leaks"]

ROUNDING = 1e-6  # smaller changes are rounding, says the page


def _case(model: Model, rows: list[list[int]], t: int) -> tuple[Model, np.ndarray, int]:
    return model, np.array(rows), t


_ROWS = [[0, 3, 1, 4, 2], [2, 4, 4, 0, 1], [1, 0, 3, 3, 4]]
_ENDS = [[1, 2, 4, 4, 3], [4, 0, 2, 1, 2]]  # at index 2 of one of them 4, the last of five words
_SAME = [[6, 1, 7, 5], [7, 2, 7, 1]]  # at index 2 the same word, and nowhere 0, 3, 23, 39, 103 or 223


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
    over: Callable[[Iterable[bool]], bool] = any,
) -> Any:
    """The right answer, or a mistake: which words are tried where, which answers are compared and how."""

    def answer(model: Model, x: np.ndarray, t: int) -> bool:
        before = model(x)
        tried = words(x, t, before.shape[-1])
        return over(bool(moved(seen(before, t), seen(model(put(x, t, word)), t))) for word in tried)

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


def _beside(steps: int, *, inside: bool = False) -> Any:
    """Changes the words at index t + steps; with `inside`, at the last index if there is none."""

    def put(x: np.ndarray, t: int, word: Any) -> np.ndarray:
        return _changed(x, min(t + steps, x.shape[1] - 1) if inside else t + steps, word)

    return _try(put=put)


def _larger(than: float) -> Any:
    return _try(moved=lambda old, new: (abs(new - old) > than).any())


def _word(choose: Callable[[np.ndarray, int], Any]) -> Any:
    """Tries one word at index t, made of the words there and of V."""
    return _try(words=lambda x, t, V: [choose(x[:, t], V)])


leaks = Exercise(
    "leaks",
    _right,
    [
        _case(model("sees_one_word_ahead", 5, models.at(1)), _ROWS, 3),
        _case(model("reads_forwards", 5, models.past), _ENDS, 2),
        _case(model("sees_one_word_ahead", 5, models.at(1)), _ROWS, 1),
        _case(model("sees_two_words_ahead", 5, models.at(2, slice(-1, None))), _ROWS, 4),
        _case(model("sees_the_word_before", 5, models.at(-1)), _ROWS, 3),
        _case(model("sees_no_word", 5, lambda table, x: np.zeros((*x.shape, len(table)))), _ROWS, 2),
        _case(model("notices_word_3", 40, models.when(3)), _SAME, 2),  # of 40, so that one at random will not do
        _case(model("notices_word_23", 40, models.when(23, by=-1.0)), _SAME, 2),
        _case(model("sees_a_little_ahead", 5, models.faint(0.006, sure=5.0)), [[0, 3, 1, 0], [2, 4, 1, 4]], 2),
        _case(model("reads_both_ways", 6, models.centred), _ROWS, 2),
        _case(model("sees_ahead_after_word_2", 5, models.one_row(2)), [*_ROWS, [3, 1, 0, 2, 2]], 1),
        _case(model("rounds", 5, models.rounded), _ROWS, 3),
        _case(model("sees_the_last_word_from_the_first", 5, models.at(4)), _ROWS, 3),
        _case(model("notices_word_0", 40, models.when(0)), _SAME, 2),
        _case(model("notices_word_39", 40, models.when(39)), _SAME, 2),
        _case(model("hardly_sees_ahead", 5, models.faint(0.0002)), _ROWS, 2),
        _case(model("rounds_to_float32", 5, models.single), _ROWS, 3),
        _case(model("sees_ahead_unless_last", 5, models.unless_last), _ROWS, 2),
        _case(model("notices_word_103", 300, models.when(103)), _SAME, 2),  # nor will 100 of 300
        _case(model("notices_word_223", 300, models.when(223, by=-1.0)), _SAME, 2),
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
        "cut off after t": (
            lambda model, x, t: _right(model, x[:, : t + 1], t),
            "You left out the words after t. A model may look at the word at t only if others follow it.",
        ),
        "word after t": (
            (_beside(1), _beside(1, inside=True)),
            "You changed the words at index t + 1. Change those at index t, x[:, t].",
        ),
        "word before t": (
            _beside(-1),
            "You changed the words at index t - 1. Change those at index t, x[:, t].",
        ),
        "first word left out": (
            _try(words=lambda x, t, V: range(1, V)),
            "You left out word 0. The words are 0 to V - 1, range(V).",
        ),
        "last word left out": (
            _try(words=lambda x, t, V: range(V - 1)),
            "You left out word V - 1. The words are 0 to V - 1, range(V).",
        ),
        "all words": (
            _try(over=all),
            "You asked whether all words change an answer. One that does is a leak: any, not all.",
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
            (_try(moved=lambda old, new: (old != new).any()), _larger(1e-9)),
            "You take rounding for a leak: two ways to add the same numbers differ in the last digits. Allow 1e-6.",
        ),
        "too coarse": (
            (_larger(1e-3), _larger(1e-2)),
            "You take a small change for none. Only one of less than 1e-6 is rounding.",
        ),
        "first choice only": (
            _try(moved=lambda old, new: (old.argmax(-1) != new.argmax(-1)).any()),
            "You compared the words with the highest score. Scores may change and leave that word the same.",
        ),
        "differences added": (
            _try(moved=lambda old, new: abs((new - old).sum()) > ROUNDING),
            "You added the differences, and those of opposite sign cancel. Take the largest absolute value.",
        ),
        "one sign only": (
            (
                _try(moved=lambda old, new: (new - old).max() > ROUNDING),
                _try(moved=lambda old, new: (old - new).max() > ROUNDING),
                _try(moved=lambda old, new: abs((new - old).max()) > ROUNDING),
                _try(moved=lambda old, new: abs((old - new).max()) > ROUNDING),
            ),
            "You looked for changes of one sign only. First take the absolute value of each, then the largest.",
        ),
        "largest scores": (
            _try(moved=lambda old, new: abs(new.max() - old.max()) > ROUNDING),
            "You compared the largest score of all. Compare score by score, then take the largest change.",
        ),
        "every entry": (
            _try(moved=lambda old, new: (abs(new - old) > ROUNDING).all()),
            "You asked whether all answers change. One that changes is a leak: any, not all.",
        ),
    },
    prompt="Return True or False and run the cell again.",
)
