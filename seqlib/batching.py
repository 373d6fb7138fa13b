"""Sequences of different lengths side by side: padding, masks, batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_lengths
from seqlib.text import PAD

__all__ = ["Batch", "bucketed", "continuations", "mask_from_lengths", "pad"]


class Batch(NamedTuple):
    """One batch: what the model is called with, the target, and which positions count in the loss.

        model(*batch.inputs) is compared with batch.y where batch.mask is True

    Shapes:  inputs, a tuple: (x,), or (x, lengths) where sequences of different lengths are padded; x (B, T) ids or
             (B, T, D), lengths (B,); y (B, T) ids or (B, T, K); mask (B, T) boolean, True = counts
    """

    inputs: tuple[Any, ...]
    y: Any
    mask: Any

    def losses(self, log_p: np.ndarray) -> np.ndarray:
        """The loss in nats of each sequence, when a model gives these logarithms of probabilities.

            -Σ_t log_p[b, t, y_bt],   t the positions that count

        With P(s) of every sentence s, `P @ batch.losses(log_p)` is the expected loss, and nothing is drawn.

        Shapes:  log_p (B, T, V), y (B, T) ids -> (B,)
        Raises:  ValueError if log_p is not (B, T, V)
        """
        if np.ndim(log_p) != 3 or np.shape(log_p)[:2] != np.shape(self.y):
            raise ValueError(f"log_p must be {np.shape(self.y)} and words, got shape {np.shape(log_p)}")
        asked: np.ndarray = np.take_along_axis(log_p, self.y[..., None], 2)[..., 0]
        return -np.where(self.mask, asked, 0.0).sum(1)


def pad(sequences: Sequence[Any], value: float = PAD) -> tuple[np.ndarray, np.ndarray]:
    """Put sequences into one array, shorter ones filled up at the end with `value`.

    Shapes:  B sequences, each (T_i, …) -> (B, max T_i, …), lengths (B,)
    Raises:  ValueError if there is no sequence, if they differ in more than their length, or if `value` does not fit
             among their numbers, as 0.5 among integers
    """
    try:
        arrays = [np.asarray(sequence) for sequence in sequences]
    except TypeError as error:
        raise TypeError(f"sequences must be a list of sequences, got {type(sequences).__name__}") from error
    except ValueError as error:
        raise ValueError("sequences must be regular: all entries of one sequence need the same shape") from error
    if not arrays:
        raise ValueError("sequences must hold at least one sequence, got none")
    if any(array.ndim == 0 or array.shape[1:] != arrays[0].shape[1:] for array in arrays):
        shapes = ", ".join(str(array.shape) for array in arrays[:4])
        raise ValueError(f"sequences must differ in their first axis only, got shapes {shapes}")
    if any(array.dtype.kind not in "biufc" for array in arrays if array.size):
        raise TypeError("sequences must hold numbers: encode tokens first")
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    dtype = np.result_type(*(array for array in arrays if array.size)) if lengths.any() else np.dtype(np.int64)
    padded = np.full((len(arrays), int(lengths.max()), *arrays[0].shape[1:]), _filler(value, dtype), dtype=dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded, lengths


def continuations(ids: np.ndarray, lengths: Sequence[int] | np.ndarray) -> list[Batch]:
    """Every text cut off after 1, 2, … words, and asked for the next word alone, of which nothing can be seen.

    The t-th batch has the first t words of all texts that go on after them. So a model of any kind is judged as one
    that writes: `evaluate(model, continuations(ids, lengths), loss="cross_entropy")` is its loss per word.

    Shapes:  ids (B, T), lengths (B,) -> Batches of x (B_t, t), y (B_t, t) and mask, True at the last of t words
    Raises:  ValueError naming the argument
    """
    ids = np.asarray(ids)
    if ids.ndim != 2:
        raise ValueError(f"ids must be (B, T), got shape {ids.shape}")
    n = check_lengths("lengths", lengths, ids.shape[1])
    if len(n) != len(ids):
        raise ValueError(f"lengths must hold one length for each of {len(ids)} texts, got {len(n)}")
    texts = [(t, ids[n > t]) for t in range(1, int(n.max(initial=0)))]
    return [Batch((x[:, :t],), x[:, 1 : t + 1], np.tile(np.arange(t) == t - 1, (len(x), 1))) for t, x in texts]


def mask_from_lengths(lengths: Sequence[int] | np.ndarray, T: int | None = None) -> np.ndarray:
    """Which positions of padded sequences are real.

        mask[b, t] = t < lengths[b]

    Shapes:  lengths (B,) -> (B, T) boolean; T is the greatest length unless given
    Raises:  TypeError or ValueError naming the argument, also for a length greater than T
    """
    if T is not None:
        T = check_integer("T", T, low=0)
    checked = check_lengths("lengths", lengths, T)
    longest = int(checked.max(initial=0)) if T is None else T
    return np.arange(longest) < checked[:, None]


def bucketed(
    sequences: Sequence[Any], batch_size: int, rng: np.random.Generator | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Padded batches of sequences of similar length, so that little of a batch is padding.

    With `rng` the order among equal lengths and the order of the batches are drawn; every sequence comes once.

    Shapes:  yields the indices (B,), the padded sequences (B, T, …) and their lengths (B,)
    Raises:  TypeError or ValueError naming the argument
    """
    batch_size = check_integer("batch_size", batch_size, low=1)
    if not hasattr(sequences, "__len__"):
        raise TypeError(f"sequences must be a list of sequences, got {type(sequences).__name__}")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    order = np.arange(len(sequences)) if rng is None else rng.permutation(len(sequences))
    lengths = np.array([len(sequences[i]) for i in order], dtype=np.int64)
    order = order[np.argsort(lengths, kind="stable")]
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    for k in range(len(batches)) if rng is None else rng.permutation(len(batches)):
        padded, real = pad([sequences[i] for i in batches[k]])
        yield batches[k], padded, real


def _filler(value: float, dtype: np.dtype) -> np.ndarray:
    """`value` in the given dtype, unless that would change it: NumPy would make 0 of 0.5 among integers, in silence."""
    given = np.asarray(value)
    if given.ndim or given.dtype.kind not in "biuf":
        raise TypeError(f"value must be one number, got {value!r}")
    with np.errstate(invalid="ignore"):
        stored = given.astype(dtype)
    if dtype.kind in "biu" and stored != given:  # floats may round
        raise ValueError(f"value must fit among numbers of type {dtype}, got {value!r}")
    return stored
