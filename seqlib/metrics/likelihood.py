"""How good a language model is: perplexity, and bits for each symbol, character or byte.

All begin with losses in nats, -log p of what came, and are weighted by symbols. A loss may be that of one symbol, or
the mean over a batch or chunk of several; in that case `counts` says of how many, and the result is the same however
the text was cut.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.arguments import check_mask, check_shape, real_array

__all__ = ["bits_per_byte", "bits_per_character", "bits_per_symbol", "mean_loss", "perplexity"]

ROUNDING = 1e-6  # so far below 0 a loss may lie that float32 has rounded


def mean_loss(losses: Any, *, mask: Any = None, counts: Any = None) -> float:
    """The mean loss for each symbol, in nats.

        L = Σ_i n_i l_i / Σ_i n_i

    `mask`: which losses are those of real symbols (True = counts), n_i = 1; `counts`: of how many symbols each loss is
    the mean, n_i. Without either all n_i are 1. What stands where n_i = 0 need not even be a number.

    Shapes:  losses (…), mask or counts the same -> a number
    Raises:  TypeError or ValueError naming the argument; ValueError if no symbol counts
    Book:    chapters/10_language_models
    """
    nats, n = _total(losses, mask, counts)
    return nats / n


def perplexity(losses: Any, *, mask: Any = None, counts: Any = None) -> float:
    """The number of equally likely symbols among which it is as hard to guess.

        PPL = exp(Σ_i n_i l_i / Σ_i n_i)

    The mean comes first. The mean of exp(l_i) is larger (Jensen's inequality), and depends on the size of the batches.
    Perplexities can be compared only where the symbols are the same: a text cut into more symbols has the lower
    perplexity, if it costs as many bits.

    Shapes:  as `mean_loss`
    Raises:  as `mean_loss`
    Source:  Jelinek et al. 1977
    Book:    chapters/10_language_models
    """
    with np.errstate(over="ignore"):
        return float(np.exp(mean_loss(losses, mask=mask, counts=counts)))


def bits_per_symbol(losses: Any, *, mask: Any = None, counts: Any = None) -> float:
    """The mean loss in bits: L / log 2, the logarithm of the perplexity to base 2.

    Shapes:  as `mean_loss`
    Raises:  as `mean_loss`
    Book:    chapters/10_language_models
    """
    return mean_loss(losses, mask=mask, counts=counts) / float(np.log(2))


def bits_per_character(losses: Any, text: str, *, mask: Any = None, counts: Any = None) -> float:
    """The bits that a text costs, for each of its characters (Unicode code points).

        Σ_i n_i l_i / (log 2 · len(text))

    It does not depend on what the symbols are, so that models with different tokenisers can be compared, as long as the
    text can be made from the symbols again. Words in lower case without the blanks between them are not the text.

    Shapes:  as `mean_loss`; text: what all the losses together are the loss of
    Raises:  as `mean_loss`; ValueError for an empty text
    Book:    chapters/10_language_models
    """
    return _bits(losses, mask, counts) / len(_text(text))


def bits_per_byte(losses: Any, text: str, *, mask: Any = None, counts: Any = None) -> float:
    """The bits that a text costs, for each byte of its UTF-8 form, to compare with a compressor.

        Σ_i n_i l_i / (log 2 · len(text.encode("utf8")))

    Shapes:  as `bits_per_character`
    Raises:  as `bits_per_character`
    Book:    chapters/10_language_models
    """
    return _bits(losses, mask, counts) / len(_text(text).encode("utf8"))


def _bits(losses: Any, mask: Any, counts: Any) -> float:
    return _total(losses, mask, counts)[0] / float(np.log(2))


def _total(losses: Any, mask: Any, counts: Any) -> tuple[float, int]:
    """The sum of all losses in nats, and the number of symbols they are the losses of."""
    losses = real_array("losses", losses, finite=False)
    if losses.dtype.kind == "c":
        raise TypeError("losses must hold real numbers, got complex ones")
    if mask is not None and counts is not None:
        raise ValueError("mask and counts must not be given both: a mask says that each loss is that of one symbol")
    if counts is not None:
        n = np.asarray(counts)
        if n.dtype.kind not in "iu":
            raise TypeError(f"counts must hold integers, got dtype {n.dtype}")
        check_shape("counts", n, losses.shape)
        if (n < 0).any():
            raise ValueError(f"counts must not be negative, but one is {n.min()}")
    else:
        n = np.ones(losses.shape, dtype=bool) if mask is None else check_mask("mask", mask, losses.shape)
    if not n.any():
        raise ValueError(
            f"{'losses' if mask is None and counts is None else 'mask or counts'} must keep a symbol, got none"
        )
    kept = np.where(n > 0, losses, 0.0)
    if np.isnan(kept).any() or (kept < -ROUNDING).any():
        wrong = "one is NaN" if np.isnan(kept).any() else f"one is {kept.min()}"
        raise ValueError(f"losses must be -log p of what came, at least 0, but {wrong}")
    return float((kept * n).sum()), int(n.sum())


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be a string, got {type(text).__name__}")
    if not text:
        raise ValueError("text must have at least one character")
    return text
