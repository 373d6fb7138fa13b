"""Sequences of different lengths side by side: padding, masks, batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_ids, check_integer, check_lengths, check_mask
from seqlib.text import PAD

__all__ = ["Batch", "Chunks", "bucketed", "chunks", "continuations", "mask_from_lengths", "pad"]


MANY = 2**31  # ids are below it: the vocabulary is the model's affair


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


class Chunks(Sequence[Batch]):
    """Batches that continue each other: row b of one goes on where row b of the batch before it stopped.

    `starts[i, b]` says that row b of batch i begins a sequence instead. `fit` and `evaluate` hand the state of a model
    from each batch of `Chunks` to the next, except to rows that begin. As a plain list, `list(chunks)`, the same
    batches are strangers to one another, and each begins without a state. A part, `chunks[i:j]`, begins at batch i.

    Shapes:  batches of B rows; starts (number of batches, B) boolean
    Raises:  TypeError or ValueError naming the argument
    """

    def __init__(self, batches: Sequence[Batch], starts: np.ndarray) -> None:
        self.batches = list(batches)
        if not self.batches or not all(isinstance(batch, Batch) for batch in self.batches):
            raise TypeError("batches must be a list of at least one seqlib.batching.Batch")
        rows = {len(batch.y) for batch in self.batches}
        if len(rows) != 1:
            raise ValueError(f"batches must have the same number of rows to continue each other, got {sorted(rows)}")
        self.starts = check_mask("starts", starts, (len(self.batches), *rows))
        if not self.starts[0].all():
            raise ValueError("starts must be True for every row of the first batch: there is nothing it could continue")

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice):
            return self.batches[index]
        if index.step not in (None, 1):
            raise ValueError(f"index must take one batch after the other, got a step of {index.step}")
        starts = self.starts[index].copy()
        starts[:1] = True
        return Chunks(self.batches[index], starts)


def chunks(sequences: Any, batch_size: int, length: int) -> Chunks:
    """Ids to be read in chunks, and after each id the next one asked for.

        x = s_k … s_{k+length-1},   y = s_{k+1} … s_{k+length},   then k ← k + length

    Every row goes through one sequence after the other, and takes the next one where it has come to an end. So every id
    but the first of a sequence is asked for once, whatever `batch_size` and `length`; what is left over of a batch is
    padding, and does not count. A single long text is first cut into `batch_size` sequences as equal as can be, which
    overlap by one id: all but the first of them begin without what came before, and that changes the loss a little.

    Shapes:  a text (T,), or sequences (T_i,) of at least two ids -> Chunks of x, y, mask (batch_size, length or fewer)
    Raises:  TypeError or ValueError naming the argument
    Source:  Williams & Peng 1990, BPTT(h; h') with h = h' = length, where a model is trained on them
    Book:    chapters/10_language_models
    """
    B, length = check_integer("batch_size", batch_size, low=1), check_integer("length", length, low=1)
    waiting = iter(_texts(sequences, B))
    batches: list[Batch] = []
    starts: list[np.ndarray] = []
    rows = [np.empty(0, dtype=np.int64)] * B  # what is left of the sequence of each row
    while True:
        done = np.array([len(row) < 2 for row in rows])
        rows = [next(waiting, row[:0]) if over else row for row, over in zip(rows, done, strict=True)]
        real = np.array([min(length, max(len(row) - 1, 0)) for row in rows])
        if not real.any():
            return Chunks(batches, np.array(starts))
        x, _ = pad([row[:n] for row, n in zip(rows, real, strict=True)])
        y, _ = pad([row[1 : n + 1] for row, n in zip(rows, real, strict=True)])
        starts.append(done & (real > 0) if batches else done)
        batches.append(Batch((x,), y, mask_from_lengths(real)))
        rows = [row[n:] for row, n in zip(rows, real, strict=True)]


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


def _texts(sequences: Any, pieces: int) -> list[np.ndarray]:
    """Sequences of ids, or a single text in so many pieces that overlap by one id."""
    if not hasattr(sequences, "__len__"):
        raise TypeError(f"sequences must be ids, or a list of sequences of ids, got {type(sequences).__name__}")
    if len(sequences) and np.ndim(sequences[0]) == 0:
        text = check_ids("sequences", sequences, MANY, ("T",))
        if len(text) <= pieces:
            raise ValueError(f"sequences must be longer than batch_size={pieces} to fill its rows, got {len(text)} ids")
        return [text[part[0] : part[-1] + 2] for part in np.array_split(np.arange(len(text) - 1), pieces)]
    texts = [check_ids(f"sequences[{i}]", ids, MANY, ("T",)) for i, ids in enumerate(sequences)]
    short = next((i for i, ids in enumerate(texts) if len(ids) < 2), None)
    if short is not None:
        raise ValueError(f"sequences[{short}] must have at least two ids, one to read and one to ask for")
    if not texts:
        raise ValueError("sequences must hold at least one sequence, got none")
    return texts


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
