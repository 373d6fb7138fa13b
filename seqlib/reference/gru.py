"""The gated recurrent unit of chapter 6, in every published convention: step, sequence, backward pass, Jacobian."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_integer, check_number, real_array
from seqlib.reference import recurrence
from seqlib.reference.recurrence import Arrays, Cache, outer, sigmoid

__all__ = [
    "CHO_2014_V1",
    "CHO_2014_V3",
    "CHUNG_2014",
    "KERAS",
    "KERAS_RESET_BEFORE",
    "PYTORCH",
    "Cell",
    "Convention",
    "Grads",
    "Params",
    "backward",
    "forward",
    "init",
    "jacobian",
    "step",
]


class Convention(NamedTuple):
    """What is called a GRU: three switches, which published definitions set differently.

        reset   "after"   n = tanh(W_xn x + b_xn + r·(W_hn h + b_hn))   r chooses among what the product made
                "before"  n = tanh(W_xn x + b_xn + W_hn (r·h) + b_hn)   r chooses what the product sees
        update  "keeps"   h' = z·h + (1 - z)·n                          z = 1 keeps the old state
                "takes"   h' = (1 - z)·h + z·n                          z = 1 takes the new one
        biases  2 or 1    with one, b_hh is not there (and counts as 0)

    `seqlib.reference.gru_conversion` has what carries weights from one to the other, where that is possible.
    """

    reset: str = "after"
    update: str = "keeps"
    biases: int = 2


PYTORCH = Convention("after", "keeps", 2)
"""torch.nn.GRU, by its documentation."""
KERAS = Convention("after", "keeps", 2)
"""keras.layers.GRU with reset_after=True, its default: PyTorch's functions, in another order of gates and axes."""
KERAS_RESET_BEFORE = Convention("before", "keeps", 1)
"""keras.layers.GRU with reset_after=False."""
CHO_2014_V3 = Convention("before", "keeps", 1)
"""Cho et al. 2014, arXiv:1406.1078v3, the version that was published: the unit of its main text, without biases."""
CHO_2014_V1 = Convention("after", "keeps", 1)
"""The first version of the same paper, arXiv:1406.1078v1, as keras-team/keras pull request 8307 shows its equations."""
CHUNG_2014 = Convention("before", "takes", 1)
"""Chung et al. 2014, arXiv:1412.3555; it leaves biases out."""


class Params(NamedTuple):
    """Weights of the network, and in the same shape their gradients; blocks of H rows in the order r, z, n.

    Shapes:  W_xh (3H, D); W_hh (3H, H); b_xh (3H,); b_hh (3H,), None in a convention with one bias
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_xh: np.ndarray
    b_hh: np.ndarray | None = None


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` (B, H)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray


class Cell(NamedTuple):
    """The unit as a cell of `seqlib.reference.recurrence`: its formulas, and nothing else."""

    convention: Convention = PYTORCH

    def step(self, params: Params, x: np.ndarray, state: Arrays) -> tuple[Arrays, Arrays]:
        """r, z = σ(W_x x + b_x + W_h h + b_h); n and h' as the convention has them."""
        (h,) = state
        W_rz, W_hn, b_rz, b_hn = _hidden(params)
        a_rz, a_n = _split(x @ params.W_xh.T + params.b_xh)
        r, z = np.split(sigmoid(a_rz + h @ W_rz.T + b_rz), 2, -1)
        if self.convention.reset == "after":
            q = h @ W_hn.T + b_hn
            n = np.tanh(a_n + r * q)
        else:
            q = h
            n = np.tanh(a_n + (r * q) @ W_hn.T + b_hn)
        h = z * h + (1 - z) * n if self.convention.update == "keeps" else (1 - z) * h + z * n
        return (h,), (r, z, n, q)

    def step_backward(
        self, params: Params, state: Arrays, new: Arrays, kept: Arrays, dnew: Arrays
    ) -> tuple[np.ndarray, Arrays]:
        """Through h', n, r and z to the sums a = W_x x + …, and to h by every way that leads there."""
        (h,), (dh_new,), (r, z, n, q) = state, dnew, kept
        W_rz, W_hn, _, _ = _hidden(params)
        if self.convention.update == "keeps":
            dh, dn, dz = dh_new * z, dh_new * (1 - z), dh_new * (h - n)
        else:
            dh, dn, dz = dh_new * (1 - z), dh_new * z, dh_new * (n - h)
        da_n = dn * (1 - n**2)
        if self.convention.reset == "after":  # n saw r·q, and q = W_hn h + b_hn
            dr = da_n * q
            dh = dh + (da_n * r) @ W_hn
        else:  # n saw W_hn (r·h)
            drh = da_n @ W_hn
            dr = drh * q
            dh = dh + drh * r
        da_rz = np.concatenate([dr * r * (1 - r), dz * z * (1 - z)], -1)
        return np.concatenate([da_rz, da_n], -1), (dh + da_rz @ W_rz,)

    def gradients(
        self, params: Params, x: np.ndarray, states: Arrays, new: Arrays, kept: Arrays, da: np.ndarray
    ) -> tuple[Params, np.ndarray]:
        """dW_xh = Σ_t da_t x_tᵀ, db_xh = Σ_t da_t, dx_t = W_xhᵀ da_t; of W_hh and b_hh the same for r and z, and for n

        after   dW_hn = Σ_t (r_t da_nt) h_{t-1}ᵀ, db_hn = Σ_t r_t da_nt
        before  dW_hn = Σ_t da_nt (r_t h_{t-1})ᵀ, db_hn = Σ_t da_nt
        """
        (h,), (r, *_), (da_rz, da_n) = states, kept, _split(da)
        dq, seen = (da_n * r, h) if self.convention.reset == "after" else (da_n, r * h)
        dW_hh = np.concatenate([outer(da_rz, h), outer(dq, seen)])
        db_hh = None if params.b_hh is None else np.concatenate([da_rz, dq], -1).sum((0, 1))
        return Params(outer(da, x), dW_hh, da.sum((0, 1)), db_hh), da @ params.W_xh


def init(
    D: int, H: int, rng: np.random.Generator, *, scale: float | None = None, convention: Convention = PYTORCH
) -> Params:
    """Draw parameters as torch.nn.GRU does.

        every entry ~ U(-scale, scale),  scale = 1/√H unless given

    Raises:  TypeError or ValueError naming the argument
    """
    D, H = check_integer("D", D, low=1), check_integer("H", H, low=1)
    scale = 1 / np.sqrt(H) if scale is None else check_number("scale", scale, low=0)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    shapes = [(3 * H, D), (3 * H, H), *[(3 * H,)] * check_convention(convention).biases]
    return Params(*(rng.uniform(-scale, scale, shape) for shape in shapes))


def step(params: Params, x: np.ndarray, h: np.ndarray, *, convention: Convention = PYTORCH) -> np.ndarray:
    """One step of the gated recurrent unit, by default torch's.

        r = σ(W_xr x + b_xr + W_hr h + b_hr)      z = σ(W_xz x + b_xz + W_hz h + b_hz)
        n = tanh(W_xn x + b_xn + r·(W_hn h + b_hn))             h' = (1 - z)·n + z·h

    Shapes:  x (B, D); h (B, H) -> h' (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Cho et al. 2014; see the named conventions
    Book:    chapters/06_gru
    """
    params = check_params(params, convention)
    x = real_array("x", x, ("B", params.W_xh.shape[1]))
    h = real_array("h", h, (len(x), params.W_hh.shape[1]))
    (h,), _ = Cell(convention).step(params, x, (h,))
    return h


def forward(
    params: Params,
    x: np.ndarray,
    h0: np.ndarray | None = None,
    *,
    convention: Convention = PYTORCH,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, Cache]:
    """The whole sequence: h_t = step(x_t, h_{t-1}), t = 1 … T.

    Where `mask` is False there is no input: the state is carried on unchanged and the output is 0, as with
    torch's `pad_packed_sequence`.

    Shapes:  x (B, T, D); h0 (B, H), zeros by default; mask (B, T) boolean -> hs (B, T, H), cache; cache.h_T (B, H)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Cho et al. 2014
    Book:    chapters/06_gru
    """
    return recurrence.forward(Cell(convention), check_params(params, convention), x, {"h0": h0}, mask)


def backward(dhs: np.ndarray, cache: Cache, *, dh_T: np.ndarray | None = None, truncate: int | None = None) -> Grads:
    """Backpropagation through time: the gradient of the loss with respect to all that went in.

        da_n = dh_t (1 - z)(1 - n²)    dq = da_n r    da_r = da_n q r(1 - r)    da_z = dh_t (h_{t-1} - n) z(1 - z)
        dh_{t-1} = dhs_{t-1} + z·dh_t + W_hrᵀ da_r + W_hzᵀ da_z + W_hnᵀ dq,  q = W_hn h_{t-1} + b_hn

    and with a = (a_r, a_z, a_n) the gradients of the weights as in `Cell.gradients`; `Cell.step_backward` has the
    other conventions. `truncate=k` as in `seqlib.reference.rnn.backward`.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T (B, H), cotangent of the final state -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter; Werbos 1990, section III (the method)
    Book:    chapters/06_gru
    """
    grads, dx, (dh0,) = recurrence.backward(cache, dhs, {"dh_T": dh_T}, truncate)
    return Grads(grads, dx, dh0)


def jacobian(params: Params, x: np.ndarray, h: np.ndarray, *, convention: Convention = PYTORCH) -> np.ndarray:
    """The derivative of one state with respect to the state before it, at the input x_{t+1} and the state h_t.

        ∂h_{t+1}/∂h_t = diag(z) + diag((h - n) z(1 - z)) W_hz + diag((1 - z)(1 - n²)) N
        N = ∂a_n/∂h = diag(r) W_hn + diag(q r(1 - r)) W_hr             reset after, q = W_hn h + b_hn
                      W_hn (diag(r) + diag(h r(1 - r)) W_hr)           reset before

    and with 1 - z for z where z takes the new state.

    Shapes:  x (B, D); h (B, H) -> (B, H, H), entry [b, i, j] = ∂h_{t+1,i}/∂h_{t,j}
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Differs: the RNN's needs h_{t+1} alone; here the gates at work must be known
    Book:    chapters/06_gru
    """
    params = check_params(params, convention)
    x = real_array("x", x, ("B", params.W_xh.shape[1]))
    h = real_array("h", h, (len(x), params.W_hh.shape[1]))
    _, (r, z, n, q) = Cell(convention).step(params, x, (h,))
    W_hr, W_hz, W_hn = np.split(params.W_hh, 3)
    into_r = (q * r * (1 - r))[:, :, None] * W_hr  # diag(q r(1 - r)) W_hr
    N = r[:, :, None] * W_hn + into_r if convention.reset == "after" else W_hn @ (_diagonal(r) + into_r)
    keep, slope = (z, (h - n) * z * (1 - z)) if convention.update == "keeps" else (1 - z, (n - h) * z * (1 - z))
    return _diagonal(keep) + slope[:, :, None] * W_hz + ((1 - keep) * (1 - n**2))[:, :, None] * N


def check_convention(value: Convention) -> Convention:
    """Return `value` if it is a Convention whose switches exist; a TypeError or ValueError otherwise."""
    if not isinstance(value, Convention):
        raise TypeError(f"convention must be a Convention such as gru.PYTORCH, got {type(value).__name__}")
    check_choice("convention.reset", value.reset, ("after", "before"))
    check_choice("convention.update", value.update, ("keeps", "takes"))
    check_integer("convention.biases", value.biases, low=1, high=2)
    return value


def check_params(params: Params, convention: Convention) -> Params:
    """Return `params` as arrays whose shapes fit each other and the convention; a TypeError or ValueError otherwise."""
    biases = check_convention(convention).biases
    if not isinstance(params, tuple) or len(params) != 4:
        raise TypeError(f"params must be a Params (W_xh, W_hh, b_xh, b_hh), got {type(params).__name__}")
    if (params[3] is not None) != (biases == 2):
        is_there, needed = ("there", "one bias") if biases == 1 else ("None", "two biases")
        raise ValueError(f"params.b_hh is {is_there}, but the convention has {needed}: see gru_conversion.convert")
    W_hh = real_array("params.W_hh", params[1], ("3H", "H"))
    H = W_hh.shape[1]
    real_array("params.W_hh", W_hh, (3 * H, H))
    W_xh, b_xh = real_array("params.W_xh", params[0], (3 * H, "D")), real_array("params.b_xh", params[2], (3 * H,))
    return Params(W_xh, W_hh, b_xh, None if params[3] is None else real_array("params.b_hh", params[3], (3 * H,)))


def _split(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The blocks of r and z together, and that of n, along the last axis."""
    H = rows.shape[-1] // 3
    return rows[..., : 2 * H], rows[..., 2 * H :]


def _hidden(params: Params) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """W_hh and b_hh, each as that of r and z together, and that of n."""
    H = params.W_hh.shape[1]
    b_hh = np.zeros(3 * H) if params.b_hh is None else params.b_hh
    return params.W_hh[: 2 * H], params.W_hh[2 * H :], *_split(b_hh)


def _diagonal(d: np.ndarray) -> np.ndarray:
    """For each row of (B, H) the diagonal matrix with its entries, (B, H, H)."""
    return d[:, :, None] * np.eye(d.shape[-1])
