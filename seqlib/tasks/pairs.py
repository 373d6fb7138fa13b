"""A sequence in, another one out: batches of pairs for a decoder that is taught with the true symbol before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqlib.arguments import check_ids, check_lengths, check_shape
from seqlib.batching import Batch, mask_from_lengths, pad
from seqlib.text import BOS, EOS, PAD

__all__ = ["check_pairs", "paired"]


def paired(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> Batch:
    """Sources and their targets as a Batch for teacher forcing.

        previous = BOS y_1 … y_n        y = y_1 … y_n EOS        mask True on these n + 1 positions

    Everything after them is PAD. A source stands as it is given: who wants EOS behind it gives it.

    Shapes:  B lists of ids, B lists of ids -> Batch of inputs (source (B, S), lengths (B,), previous (B, T)); y (B, T);
             mask (B, T). S is the greatest length of a source, T the greatest of a target and one more
    Raises:  ValueError if there are not as many targets as sources, or none; TypeError for what is not ids
    Source:  Williams & Zipser 1989 (teacher forcing); Sutskever, Vinyals & Le 2014 (EOS ends the target)
    """
    if len(sources) != len(targets):
        raise ValueError(f"targets must be as many as sources, {len(sources)}, got {len(targets)}")
    source, lengths = pad(sources)
    y, n = pad([[*target, EOS] for target in targets])
    previous, _ = pad([[BOS, *target] for target in targets])
    return Batch((source, lengths, previous), y, mask_from_lengths(n))


def check_pairs(
    name: str, inputs: tuple[Any, ...], shape: tuple[int, int], *, vocab_size: int, n_out: int
) -> np.ndarray:
    """Check inputs (source, lengths, previous) of a batch; return which positions of `previous` are real.

    Shapes:  source (B, S) ids below vocab_size, lengths (B,), previous (B, T) ids below n_out; shape (B, T) -> (B, T)
    Raises:  TypeError or ValueError naming the input and `name`, also where `previous` does not begin with BOS
    """
    if not isinstance(inputs, tuple) or len(inputs) != 3:
        given = f"{len(inputs)} of them" if isinstance(inputs, tuple) else type(inputs).__name__
        raise TypeError(f"inputs of {name} must be a tuple (source, lengths, previous), got {given}")
    source = check_ids(f"source of {name}", inputs[0], vocab_size, (shape[0], "S"))
    lengths = check_lengths(f"lengths of {name}", inputs[1], source.shape[1], least=1)
    check_shape(f"lengths of {name}", lengths, shape[:1])
    if (source[~mask_from_lengths(lengths, source.shape[1])] != PAD).any():
        raise ValueError(f"source of {name} must be PAD behind its length")
    previous = check_ids(f"previous of {name}", inputs[2], n_out, shape)
    if (previous[:, 0] != BOS).any():
        raise ValueError(
            f"previous of {name} must begin with BOS, which row {int((previous[:, 0] != BOS).argmax())} does not"
        )
    real: np.ndarray = previous != PAD
    return real
