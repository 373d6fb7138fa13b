"""What finished hypotheses of different lengths are ranked by: their log-probability, normalised."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_lengths, check_number, real_array

__all__ = ["NORMS", "Ranking", "coverage_penalty", "length_normalisation"]

NORMS = ("gnmt", "length")
STEEPEST = 10.0  # an α beyond this one would only leave float64


def length_normalisation(lengths: Any, alpha: float, norm: str = "gnmt") -> np.ndarray:
    """What the log-probability of a hypothesis with |Y| symbols, that of the end included, is divided by.

        "gnmt":    lp(Y) = ((5 + |Y|) / (5 + 1))^α
        "length":  lp(Y) = |Y|^α                      (1 where |Y| = 0)

    Log-probabilities are negative and fall with every symbol. Divided by what grows, long hypotheses lose less: α = 0
    leaves the log-probability as it is, and "length" with α = 1 makes it that of the mean symbol.

    Shapes:  lengths (M,) integers, at least 0 -> (M,)
    Raises:  TypeError or ValueError naming the argument; alpha from 0 to 10
    Source:  Wu et al. 2016 ("gnmt"); Murray & Chiang 2018, section 1, say who divided by the length
    Book:    chapters/11_encoder_decoder
    """
    n = check_lengths("lengths", lengths)
    alpha = check_number("alpha", alpha, low=0, high=STEEPEST)
    return _divisor(n, alpha, check_choice("norm", norm, NORMS))


def coverage_penalty(attention: Any, beta: float, mask: Any = None) -> np.ndarray:
    """What is added to the score of a hypothesis for the positions of the source that it has not looked at: at most 0.

        cp(X, Y) = β Σ_i log min(Σ_j p_ij, 1)

    p_ij is the attention of the j-th symbol of the hypothesis to position i of the source, and `attention` the sum over
    j. A real position that got nothing at all makes it -∞.

    Shapes:  attention (M, S), at least 0; mask the same, True for what is real -> (M,)
    Raises:  TypeError or ValueError naming the argument; beta at least 0
    Source:  Wu et al. 2016
    Book:    chapters/11_encoder_decoder
    """
    beta = check_number("beta", beta, low=0)
    sums = real_array("attention", attention, ("M", "S"))
    if (sums < 0).any():
        raise ValueError(f"attention must be at least 0, but one is {sums.min()}")
    real = np.ones(sums.shape, dtype=bool) if mask is None else np.asarray(mask)
    if real.dtype.kind != "b" or real.shape != sums.shape:
        raise ValueError(f"mask must be boolean with shape {sums.shape}, got {real.dtype} with {real.shape}")
    return _uncovered(sums, real, beta)


class Ranking(NamedTuple):
    """The score of a finished hypothesis, and the best that one may still get that is not finished.

    s(Y) = log P(Y) / lp(Y) + cp(X, Y)
    """

    alpha: float
    norm: str
    beta: float
    max_length: int

    @classmethod
    def checked(cls, length_penalty: Any, norm: Any, coverage: Any, max_length: Any) -> Ranking:
        """The ranking that these arguments of a decoder ask for."""
        return cls(
            check_number("length_penalty", length_penalty, low=0, high=STEEPEST),
            check_choice("norm", norm, NORMS),
            check_number("coverage", coverage, low=0),
            check_integer("max_length", max_length, low=0),
        )

    def score(self, totals: np.ndarray, lengths: np.ndarray, seen: tuple[np.ndarray, np.ndarray] | None) -> np.ndarray:
        """Of hypotheses that are finished: log-probabilities, lengths, and what they have attended to (sums, mask)."""
        scores = totals / _divisor(lengths, self.alpha, self.norm)
        return np.asarray(scores + _uncovered(*seen, self.beta) if seen is not None else scores)

    def hope(self, totals: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """No continuation of these hypotheses gets a better score.

        Log-probabilities only fall, the divisor is largest at max_length, and a coverage penalty is at most 0.
        """
        largest = np.maximum(
            _divisor(lengths + 1, self.alpha, self.norm), _divisor(np.array(self.max_length), self.alpha, self.norm)
        )
        return np.asarray(totals / largest)


def _divisor(lengths: np.ndarray, alpha: float, norm: str) -> np.ndarray:
    n = lengths.astype(np.float64)
    return np.asarray(((5 + n) / 6 if norm == "gnmt" else np.maximum(n, 1)) ** alpha)


def _uncovered(sums: np.ndarray, real: np.ndarray, beta: float) -> np.ndarray:
    if beta == 0:
        return np.zeros(len(sums))
    with np.errstate(divide="ignore"):
        return np.asarray(beta * np.log(np.minimum(np.where(real, sums, 1.0), 1.0)).sum(1))
