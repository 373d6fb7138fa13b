"""The minLSTM, of chapter 16: an LSTM without output gate, whose gates and candidate do not read the state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice
from seqlib.reference import input_gates
from seqlib.reference.input_gates import CANDIDATES, Cache, Grads, Params, softplus
from seqlib.reference.recurrence import Arrays, sigmoid

__all__ = ["Cell", "backward", "forward", "init", "step"]


class Cell(NamedTuple):
    """The layer as a cell of `seqlib.reference.input_gates`: its formulas, and nothing else. Blocks: i, f, g."""

    candidate: str = "linear"
    blocks: int = 3

    def coefficients(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, Arrays]:
        """a = f / (f + i), b = (1 - a) g; the quotient as σ(log f - log i), which is never 0 / 0."""
        a_i, a_f, a_g = np.split(sums, 3, -1)
        a = sigmoid(softplus(-a_i) - softplus(-a_f))
        g = input_gates.candidate(a_g, self.candidate)
        return a, (1 - a) * g, (a_i, a_f, a, g)

    def coefficients_backward(self, kept: Arrays, da: np.ndarray, db: np.ndarray) -> np.ndarray:
        """Through a to log f and log i, whose slopes are 1 - f = σ(-a_f) and 1 - i = σ(-a_i)."""
        a_i, a_f, a, g = kept
        du, dg = (da - db * g) * a * (1 - a), db * (1 - a)
        slope = input_gates.candidate_slope(g, self.candidate)
        return np.concatenate([-du * sigmoid(-a_i), du * sigmoid(-a_f), dg * slope], -1)


def init(D: int, H: int, rng: np.random.Generator, *, scale: float | None = None) -> Params:
    """Draw parameters as torch.nn.Linear does: every entry ~ U(-scale, scale), scale = 1/√D unless given.

    Shapes:  -> W_xh (3H, D), b_h (3H,), in blocks i, f, g
    Raises:  TypeError or ValueError naming the argument
    """
    return input_gates.init(D, H, Cell().blocks, rng, scale)


def step(params: Params, x: np.ndarray, h: np.ndarray, *, candidate: str = "linear") -> np.ndarray:
    """One step of the minLSTM.

        i, f = σ(W_x x + b)        g = W_xg x + b_g        h' = f/(f + i)·h + i/(f + i)·g

    Shapes:  x (B, D); h (B, H) -> h' (B, H). `candidate`: g as it is ("linear"), or made positive ("positive")
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024
    Differs: of the LSTM the cell is left, as h; the gates share out 1, so that the state is a mean of candidates
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.step(_cell(candidate), params, x, h)


def forward(
    params: Params, x: np.ndarray, h0: np.ndarray | None = None, *, candidate: str = "linear", method: str = "tree"
) -> tuple[np.ndarray, Cache]:
    """The whole sequence: h_t = f'_t ⊙ h_{t-1} + i'_t ⊙ g_t, a linear recurrence, with f' = f/(f + i), i' = i/(f + i).

    Shapes:  x (B, T, D); h0 (B, H), zeros by default -> hs (B, T, H), cache; cache.h_T (B, H). `method` as in
             `seqlib.reference.linear_recurrence.forward`
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024
    Differs: h₀ is the state, as it is: see `seqlib.reference.mingru.forward`
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.forward(_cell(candidate), params, x, h0, method)


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        df' = g_t ⊙ (h_{t-1} - g)        da_f = df' f' i' (1 - f)        da_i = -df' f' i' (1 - i)        dg = g_t ⊙ i'

    where g_t = ∂L/∂h_t, by the recurrence run backwards, and g is the candidate.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.backward(dhs, cache, dh_T)


def _cell(candidate: str) -> Cell:
    return Cell(check_choice("candidate", candidate, CANDIDATES))
