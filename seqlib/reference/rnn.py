"""The recurrent network of chapters 2 to 4: one step, the whole sequence, and backpropagation through time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_mask, check_number, real_array

__all__ = ["Cache", "Grads", "Params", "backward", "forward", "init", "jacobian", "step"]


class Params(NamedTuple):
    """Weights of the network, and in the same shape their gradients.

    Shapes:  W_xh (H, D); W_hh (H, H); b_h (H,)
    Differs: one bias; torch.nn.RNN has two (`bias_ih`, `bias_hh`), and only their sum matters
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass; `h_T` is the final state, (B, H)."""

    params: Params
    x: np.ndarray  # (B, T, D)
    states: np.ndarray  # (B, T + 1, H): h_0, h_1, …, h_T, carried over masked steps
    mask: np.ndarray  # (B, T)
    nonlinearity: str
    h_T: np.ndarray  # (B, H)


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, H)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


def init(D: int, H: int, rng: np.random.Generator, *, scale: float | None = None) -> Params:
    """Draw parameters as torch.nn.RNN does.

        every entry ~ U(-scale, scale),  scale = 1/√H unless given

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
    return _phi(x @ params.W_xh.T + h @ params.W_hh.T + params.b_h, check_nonlinearity(nonlinearity))


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
    params = _checked(params)
    nonlinearity = check_nonlinearity(nonlinearity)
    H, D = params.W_xh.shape
    x = real_array("x", x, ("B", "T", D))
    B, T, _ = x.shape
    h = np.zeros((B, H)) if h0 is None else real_array("h0", h0, (B, H))
    real = np.ones((B, T), dtype=bool) if mask is None else check_mask("mask", mask, (B, T))

    states = np.empty((B, T + 1, H), dtype=np.result_type(x, h, *params))
    states[:, 0] = h
    for t in range(T):
        new = _phi(x[:, t] @ params.W_xh.T + states[:, t] @ params.W_hh.T + params.b_h, nonlinearity)
        states[:, t + 1] = np.where(real[:, t, None], new, states[:, t])
    hs = np.where(real[:, :, None], states[:, 1:], 0)
    return hs, Cache(params, x, states, real, nonlinearity, states[:, -1])


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None, truncate: int | None = None) -> Grads:
    """Backpropagation through time: the gradient of the loss by every parameter, input and the initial state.

        dh_t  = dhs_t + W_hhᵀ da_{t+1}           from the output at t, and from the future
        da_t  = dh_t · φ'(a_t)                   tanh' = 1 - h²;  relu' = [h > 0]
        dW_xh = Σ_t da_t x_tᵀ    dW_hh = Σ_t da_t h_{t-1}ᵀ    db_h = Σ_t da_t
        dx_t  = W_xhᵀ da_t       dh_0  = W_hhᵀ da_1

    `truncate=k` lets the gradient of the output at t reach the k steps t, t-1, …, t-k+1 and nothing earlier, as if
    the state before them were given; k ≥ T changes nothing but the speed. h_0 then gets a gradient only from the
    outputs h_1, …, h_k. Steps are counted in positions, masked ones included.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Werbos 1990, section II; Williams & Peng 1990 (truncation)
    Differs: truncation here is exact, for every output apart; training in chunks (Williams & Peng's BPTT(h; h'))
             only approximates it
    Book:    chapters/03_bptt
    """
    B, T, _ = cache.x.shape
    H = cache.params.W_hh.shape[0]
    dhs = real_array("dhs", dhs, (B, T, H))
    dh_T = np.zeros((B, H)) if dh_T is None else real_array("dh_T", dh_T, (B, H))
    if truncate is not None and check_integer("truncate", truncate, low=1) < T:
        return _truncated(dhs, dh_T, cache, truncate)
    return _through_time(np.where(cache.mask[:, :, None], dhs, 0), dh_T, cache)


def jacobian(params: Params, h_next: np.ndarray, *, nonlinearity: str = "tanh") -> np.ndarray:
    """The derivative of one state by the state before it.

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


def _through_time(dhs: np.ndarray, dh: np.ndarray, cache: Cache) -> Grads:
    W_xh, W_hh, _ = cache.params
    x, states, real = cache.x, cache.states, cache.mask
    da = np.zeros(dhs.shape, dtype=np.result_type(dhs, states))
    for t in reversed(range(dhs.shape[1])):
        dh = dh + dhs[:, t]
        da[:, t] = np.where(real[:, t, None], dh * _slope(states[:, t + 1], cache.nonlinearity), 0)
        # a masked step hands the gradient on as it handed the state on
        dh = np.where(real[:, t, None], da[:, t] @ W_hh, dh)
    grads = Params(np.einsum("bth,btd->hd", da, x), np.einsum("bth,btk->hk", da, states[:, :-1]), da.sum((0, 1)))
    return Grads(grads, da @ W_xh, dh)


def _truncated(dhs: np.ndarray, dh_T: np.ndarray, cache: Cache, k: int) -> Grads:
    # One backward pass a lag: at lag j the cotangents of all outputs have travelled j steps back, so each
    # row of `dh` is still the gradient from one output alone. k steps of (B, T, H) work instead of one sweep.
    W_xh, W_hh, _ = cache.params
    x, states, real = cache.x, cache.states, cache.mask
    T = x.shape[1]
    dh = np.where(real[:, :, None], dhs, 0)
    dh[:, -1] = dh[:, -1] + dh_T
    slope = _slope(states[:, 1:], cache.nonlinearity)
    total = np.zeros(dh.shape, dtype=np.result_type(dh, states))
    dh0 = np.zeros_like(states[:, 0])
    for lag in range(k):
        arrived = T - lag  # dh[:, t] has come from the output at t + lag to the step t
        mask = real[:, :arrived, None]
        da = np.where(mask, dh * slope[:, :arrived], 0)
        total[:, :arrived] += da
        dh = np.where(mask, da @ W_hh, dh)
        dh0 = dh0 + dh[:, 0]
        dh = dh[:, 1:]
    grads = Params(
        np.einsum("bth,btd->hd", total, x), np.einsum("bth,btk->hk", total, states[:, :-1]), total.sum((0, 1))
    )
    return Grads(grads, total @ W_xh, dh0)


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
