"""The recurrent network of chapters 2 to 4: one step, the whole sequence, and backpropagation through time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_number, real_array
from seqlib.reference import recurrence
from seqlib.reference.recurrence import Arrays, Cache, outer

__all__ = ["Cell", "Grads", "Params", "backward", "forward", "init", "jacobian", "step"]


class Params(NamedTuple):
    """Weights of the network, and in the same shape their gradients.

    Shapes:  W_xh (H, D); W_hh (H, H); b_h (H,)
    Differs: one bias; torch.nn.RNN has two (`bias_ih`, `bias_hh`), and only their sum matters
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, H)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


class Cell(NamedTuple):
    """The network as a cell of `seqlib.reference.recurrence`: its formulas, and nothing else."""

    nonlinearity: str = "tanh"

    def step(self, params: Params, x: np.ndarray, state: Arrays) -> tuple[Arrays, Arrays]:
        """h' = φ(W_xh x + W_hh h + b_h)."""
        (h,) = state
        h = _phi(x @ params.W_xh.T + h @ params.W_hh.T + params.b_h, self.nonlinearity)
        return (h,), ()

    def step_backward(
        self, params: Params, state: Arrays, new: Arrays, kept: Arrays, dnew: Arrays
    ) -> tuple[np.ndarray, Arrays]:
        """da = dh' · φ'(a), and dh = W_hhᵀ da; tanh' = 1 - h'², relu' = [h' > 0]."""
        (h,), (dh,) = new, dnew
        da = dh * _slope(h, self.nonlinearity)
        return da, (da @ params.W_hh,)

    def gradients(
        self, params: Params, x: np.ndarray, states: Arrays, new: Arrays, kept: Arrays, da: np.ndarray
    ) -> tuple[Params, np.ndarray]:
        """dW_xh = Σ_t da_t x_tᵀ, dW_hh = Σ_t da_t h_{t-1}ᵀ, db_h = Σ_t da_t, and dx_t = W_xhᵀ da_t."""
        (h,) = states
        return Params(outer(da, x), outer(da, h), da.sum((0, 1))), da @ params.W_xh


def init(D: int, H: int, rng: np.random.Generator, *, scale: float | None = None) -> Params:
    """Draw parameters as torch.nn.RNN does.

        every entry ~ U(-scale, scale),  scale = 1/√H unless given

    Differs: one bias; the sum of torch's two has twice its variance
    Raises:  TypeError or ValueError naming the argument
    """
    D, H = check_integer("D", D, low=1), check_integer("H", H, low=1)
    scale = 1 / np.sqrt(H) if scale is None else check_number("scale", scale, low=0)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    return Params(*(rng.uniform(-scale, scale, shape) for shape in [(H, D), (H, H), (H,)]))


def step(params: Params, x: np.ndarray, h: np.ndarray, *, nonlinearity: str = "tanh") -> np.ndarray:
    """One step of the recurrent network.

        h' = φ(W_xh x + W_hh h + b_h),  φ = tanh or relu

    Shapes:  x (B, D); h (B, H) -> h' (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990, section "Networks with memory"
    Book:    chapters/02_rnn, eq-rnn-step
    """
    params = _checked(params)
    H, D = params.W_xh.shape
    x = real_array("x", x, ("B", D))
    h = real_array("h", h, (len(x), H))
    (h,), _ = Cell(check_nonlinearity(nonlinearity)).step(params, x, (h,))
    return h


def forward(
    params: Params,
    x: np.ndarray,
    h0: np.ndarray | None = None,
    *,
    nonlinearity: str = "tanh",
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, Cache]:
    """The whole sequence.

        h_t = φ(W_xh x_t + W_hh h_{t-1} + b_h),  t = 1 … T

    Where `mask` is False there is no input: the state is carried on unchanged and the output is 0, as with
    torch's `pad_packed_sequence`.

    Shapes:  x (B, T, D); h0 (B, H), zeros by default; mask (B, T) boolean -> hs (B, T, H), cache; cache.h_T (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Elman 1990; Rumelhart, Hinton & Williams 1986 (the unrolled network)
    Book:    chapters/02_rnn
    """
    cell = Cell(check_nonlinearity(nonlinearity))
    return recurrence.forward(cell, _checked(params), x, {"h0": h0}, mask)


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None, truncate: int | None = None) -> Grads:
    """Backpropagation through time: the gradient of the loss with respect to all that went in.

        dh_t  = dhs_t + W_hhᵀ da_{t+1}           from the output at t, and from the future
        da_t  = dh_t · φ'(a_t)                   tanh' = 1 - h²;  relu' = [h > 0]
        dW_xh = Σ_t da_t x_tᵀ    dW_hh = Σ_t da_t h_{t-1}ᵀ    db_h = Σ_t da_t
        dx_t  = W_xhᵀ da_t       dh_0  = W_hhᵀ da_1

    `truncate=k` lets the gradient of the output at t reach the k steps t, t-1, …, t-k+1 and nothing earlier, as if
    the state before them were given; k ≥ T changes nothing. h_0 then gets a gradient only from the
    outputs h_1, …, h_k. Steps are counted in positions, masked ones included.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Werbos 1990, section III; Williams & Peng 1990 (truncation)
    Differs: truncation here is exact, for every output apart; training in chunks (Williams & Peng's BPTT(h; h'))
             only approximates it
    Book:    chapters/03_bptt
    """
    grads, dx, (dh0,) = recurrence.backward(cache, dhs, {"dh_T": dh_T}, truncate)
    return Grads(grads, dx, dh0)


def jacobian(params: Params, h_next: np.ndarray, *, nonlinearity: str = "tanh") -> np.ndarray:
    """The derivative of one state with respect to the state before it.

        ∂h_{t+1}/∂h_t = diag(φ'(a_{t+1})) W_hh

    Shapes:  h_next (B, H), the state h_{t+1} -> (B, H, H), entry [b, i, j] = ∂h_{t+1,i}/∂h_{t,j}
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Pascanu, Mikolov & Bengio 2013, eq. 5
    Book:    chapters/04_gradients
    """
    params = _checked(params)
    h_next = real_array("h_next", h_next, ("B", params.W_hh.shape[0]))
    return _slope(h_next, check_nonlinearity(nonlinearity))[:, :, None] * params.W_hh


def check_nonlinearity(value: str) -> str:
    """Return `value` if it names an activation function of this module; a ValueError otherwise."""
    return check_choice("nonlinearity", value, ("tanh", "relu"))


def _phi(a: np.ndarray, nonlinearity: str) -> np.ndarray:
    return np.tanh(a) if nonlinearity == "tanh" else np.where(a.real > 0, a, 0)


def _slope(h: np.ndarray, nonlinearity: str) -> np.ndarray:
    return 1 - h**2 if nonlinearity == "tanh" else (h.real > 0).astype(np.float64)


def _checked(params: Params) -> Params:
    if not isinstance(params, tuple) or len(params) != 3:
        raise TypeError(f"params must be a Params (W_xh, W_hh, b_h), got {type(params).__name__}")
    W_hh = real_array("params.W_hh", params[1], ("H", "H"))
    H = len(W_hh)
    return Params(real_array("params.W_xh", params[0], (H, "D")), W_hh, real_array("params.b_h", params[2], (H,)))
