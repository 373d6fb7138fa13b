"""The selective state space of Mamba, of chapter 16: the input chooses the length of a step, what enters and leaves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, real_array
from seqlib.reference import state_space
from seqlib.reference.input_gates import softplus
from seqlib.reference.recurrence import outer, sigmoid
from seqlib.reference.state_space import MAMBA_CODE

__all__ = ["Cache", "Grads", "Params", "backward", "forward", "init"]


class Params(NamedTuple):
    """Weights, and in the same shape their gradients. A = -exp(A_log) is below 0.

    Shapes:  A_log (D, N); W_down (R, D), W_up (D, R), b_delta (D,): the step; W_B, W_C (N, D); skip (D,)
    """

    A_log: np.ndarray
    W_down: np.ndarray
    W_up: np.ndarray
    b_delta: np.ndarray
    W_B: np.ndarray
    W_C: np.ndarray
    skip: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, D, N)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass.

    Shapes:  x (B, T, D); down (B, T, R); sums (B, T, D), of which Δ is the softplus
    """

    params: Params
    x: np.ndarray
    down: np.ndarray
    sums: np.ndarray
    kept: state_space.Cache

    @property
    def h_T(self) -> np.ndarray:
        """The final state, (B, D, N)."""
        return self.kept.h_T


def init(D: int, N: int, R: int, rng: np.random.Generator, *, fastest: float = 0.1, slowest: float = 0.001) -> Params:
    """Draw parameters as Mamba does: A as in S4D-Real, and steps that begin between `slowest` and `fastest`.

        A = -(1, 2, …, N)        softplus(b_delta) log-uniform in [slowest, fastest]        skip = 1
        W_up ~ U(-1/√R, 1/√R)        the other weights ~ U(-1/√D, 1/√D)

    Raises:  TypeError or ValueError naming the argument
    Source:  Gu & Dao 2023, and its code
    Book:    chapters/16_linear_recurrence
    """
    D, N, R = (check_integer(name, size, low=1) for name, size in (("D", D), ("N", N), ("R", R)))
    slowest = check_number("slowest", slowest, above=0)
    fastest = check_number("fastest", fastest, low=slowest)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    delta = np.exp(rng.uniform(np.log(slowest), np.log(fastest), D))
    bound = 1 / np.sqrt(D)
    return Params(
        A_log=np.tile(np.log(np.arange(1.0, N + 1)), (D, 1)),
        W_down=rng.uniform(-bound, bound, (R, D)),
        W_up=rng.uniform(-1, 1, (D, R)) / np.sqrt(R),
        b_delta=delta + np.log(-np.expm1(-delta)),  # the inverse of softplus
        W_B=rng.uniform(-bound, bound, (N, D)),
        W_C=rng.uniform(-bound, bound, (N, D)),
        skip=np.ones(D),
    )


def forward(
    params: Params, x: np.ndarray, h0: np.ndarray | None = None, *, rule: str = MAMBA_CODE, method: str = "tree"
) -> tuple[np.ndarray, Cache]:
    """A state-space layer whose steps depend on the input.

        Δ_t = softplus(W_up W_down x_t + b_delta)        B_t = W_B x_t        C_t = W_C x_t
        h_t = Ā_t ⊙ h_{t-1} + B̄_t x_t        y_t = C_tᵀ h_t + skip · x_t        Ā_t, B̄_t = discretise(Δ_t, A, B_t)

    A long step writes the input into the state and forgets what was there; a short one passes it over.

    Shapes:  x (B, T, D); h0 (B, D, N), zeros by default -> y (B, T, D), cache; cache.h_T (B, D, N)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gu & Dao 2023, algorithm 2, with the step of rank R that the code has
    Differs: the rule is that of the published code; state_space.MAMBA_PAPER is that of the paper
    Book:    chapters/16_linear_recurrence
    """
    params = _checked(params)
    x = np.array(real_array("x", x, ("B", "T", params.A_log.shape[0])))
    down = x @ params.W_down.T
    sums = down @ params.W_up.T + params.b_delta
    B, C = x @ params.W_B.T, x @ params.W_C.T
    A = -np.exp(params.A_log)
    y, kept = state_space.forward(x, softplus(sums), A, B, C, params.skip, h0, rule=rule, method=method)
    return y, Cache(params, x, down, sums, kept)


def backward(dy: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None) -> Grads:
    """The gradient of the loss with respect to all that went in; x has four ways into the output.

        ds_t = σ(s_t) dΔ_t, s_t the sum in softplus        dA_log = A ⊙ dA
        dx_t = (by the state space) + W_Bᵀ dB_t + W_Cᵀ dC_t + W_downᵀ W_upᵀ ds_t

    Shapes:  dy (B, T, D), cotangent of every output; dh_T (B, D, N), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/16_linear_recurrence
    """
    if not isinstance(cache, Cache):
        raise TypeError(f"cache must be what selective_scan.forward gave, got {type(cache).__name__}")
    params, x = cache.params, cache.x
    grads = state_space.backward(dy, cache.kept, dh_T=dh_T)
    dsums = grads.delta * sigmoid(cache.sums)
    ddown = dsums @ params.W_up
    dparams = Params(
        A_log=cache.kept.A * grads.A,
        W_down=outer(ddown, x),
        W_up=outer(dsums, cache.down),
        b_delta=dsums.sum((0, 1)),
        W_B=outer(grads.B, x),
        W_C=outer(grads.C, x),
        skip=grads.skip,
    )
    dx = grads.x + grads.B @ params.W_B + grads.C @ params.W_C + ddown @ params.W_down
    return Grads(dparams, dx, grads.h0)


def _checked(params: Params) -> Params:
    """Copies of the parameters, whose shapes fit each other."""
    if not isinstance(params, tuple) or len(params) != len(Params._fields):
        raise TypeError(f"params must be a Params ({', '.join(Params._fields)}), got {type(params).__name__}")
    D, N = real_array("params.A_log", params[0], ("D", "N")).shape
    R = len(real_array("params.W_down", params[1], ("R", D)))
    shapes = [(D, N), (R, D), (D, R), (D,), (N, D), (N, D), (D,)]
    named = zip(Params._fields, params, shapes, strict=True)
    return Params(*(np.array(real_array(f"params.{name}", array, shape)) for name, array, shape in named))
