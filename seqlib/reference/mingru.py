"""The minGRU, of chapter 16: a GRU without reset gate, whose update gate and candidate do not read the state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice
from seqlib.reference import input_gates
from seqlib.reference.input_gates import CANDIDATES, Cache, Grads, Params
from seqlib.reference.recurrence import Arrays, sigmoid

__all__ = ["Cell", "backward", "forward", "init", "step"]


class Cell(NamedTuple):
    """The layer as a cell of `seqlib.reference.input_gates`: its formulas, and nothing else. Blocks: z, n."""

    candidate: str = "linear"
    blocks: int = 2

    def coefficients(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, Arrays]:
        """a = 1 - z, b = z n."""
        a_z, a_n = np.split(sums, 2, -1)
        z, n = sigmoid(a_z), input_gates.candidate(a_n, self.candidate)
        return 1 - z, z * n, (z, n)

    def coefficients_backward(self, kept: Arrays, da: np.ndarray, db: np.ndarray) -> np.ndarray:
        """dz = db n - da, dn = db z, and from them to the sums."""
        z, n = kept
        dz, dn = db * n - da, db * z
        return np.concatenate([dz * z * (1 - z), dn * input_gates.candidate_slope(n, self.candidate)], -1)


def init(D: int, H: int, rng: np.random.Generator, *, scale: float | None = None) -> Params:
    """Draw parameters as torch.nn.Linear does: every entry ~ U(-scale, scale), scale = 1/√D unless given.

    Shapes:  -> W_xh (2H, D), b_h (2H,), in blocks z, n
    Raises:  TypeError or ValueError naming the argument
    """
    return input_gates.init(D, H, Cell().blocks, rng, scale)


def step(params: Params, x: np.ndarray, h: np.ndarray, *, candidate: str = "linear") -> np.ndarray:
    """One step of the minGRU.

        z = σ(W_xz x + b_z)        n = W_xn x + b_n        h' = (1 - z)·h + z·n

    Shapes:  x (B, D); h (B, H) -> h' (B, H). `candidate`: n as it is ("linear"), or g(n) > 0 ("positive")
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024
    Differs: of the gated recurrent unit no product with the state is left; and z = 1 takes the new state, where
             torch.nn.GRU keeps the old one
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.step(_cell(candidate), params, x, h)


def forward(
    params: Params, x: np.ndarray, h0: np.ndarray | None = None, *, candidate: str = "linear", method: str = "tree"
) -> tuple[np.ndarray, Cache]:
    """The whole sequence: h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ n_t, a linear recurrence.

    Shapes:  x (B, T, D); h0 (B, H), zeros by default -> hs (B, T, H), cache; cache.h_T (B, H). `method` as in
             `seqlib.reference.linear_recurrence.forward`
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Feng et al. 2024
    Differs: h₀ is the state, as it is; code in logarithms, which needs h > 0, often sends it through g first, and a
             sequence that is cut in two then gives other states than the whole
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.forward(_cell(candidate), params, x, h0, method)


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in.

        dz_t = g_t ⊙ (n_t - h_{t-1})        dn_t = g_t ⊙ z_t        g_t = ∂L/∂h_t, by the recurrence run backwards

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    return input_gates.backward(dhs, cache, dh_T)


def _cell(candidate: str) -> Cell:
    return Cell(check_choice("candidate", candidate, CANDIDATES))
