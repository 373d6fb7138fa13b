"""The LSTM of chapter 5: gates, the memory cell, its backward pass, its Jacobians; peepholes and coupled gates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number, real_array
from seqlib.reference import recurrence
from seqlib.reference.recurrence import Arrays, Cache, outer, sigmoid

__all__ = ["Cell", "Gates", "Grads", "Jacobians", "Params", "backward", "forward", "gates", "init", "jacobians", "step"]


class Params(NamedTuple):
    """Weights of the network, and in the same shape their gradients.

    Blocks of H rows belong to the gates i, f, g, o, in this order; with coupled gates to f, g, o (n = 3 instead of 4).
    The peepholes `w_c` have a row for each gate that sees the cell: i, f, o; with coupled gates f, o. None: there are
    none.

    Shapes:  W_xh (n·H, D); W_hh (n·H, H); b_h (n·H,); w_c (n - 1, H) or None
    Differs: one bias; torch.nn.LSTM has two (`bias_ih`, `bias_hh`), and only their sum matters
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    w_c: np.ndarray | None = None


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `x` (B, T, D), `h0` and `c0` (B, H)."""

    params: Params
    x: np.ndarray
    h0: np.ndarray
    c0: np.ndarray


class Gates(NamedTuple):
    """Input, forget and output gate, and the candidate g; of one step (B, H), of a sequence (B, T, H)."""

    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray


class Cell(NamedTuple):
    """The network as a cell of `seqlib.reference.recurrence`: its formulas, and nothing else."""

    coupled: bool = False

    def step(self, params: Params, x: np.ndarray, state: Arrays) -> tuple[Arrays, Arrays]:
        """i, f, o = σ(W_xh x + W_hh h + b_h), g = tanh(likewise); c' = f c + i g; h' = o tanh(c')."""
        h, c = state
        w_i, w_f, w_o = self.peepholes(params)
        *a_i, a_f, a_g, a_o = self.blocks(x @ params.W_xh.T + h @ params.W_hh.T + params.b_h)
        f, g = sigmoid(_seeing(a_f, w_f, c)), np.tanh(a_g)
        i = 1 - f if self.coupled else sigmoid(_seeing(a_i[0], w_i, c))
        c = f * c + i * g
        o = sigmoid(_seeing(a_o, w_o, c))
        return (o * np.tanh(c), c), (i, f, g, o)

    def step_backward(
        self, params: Params, state: Arrays, new: Arrays, kept: Arrays, dnew: Arrays
    ) -> tuple[np.ndarray, Arrays]:
        """do = dh' tanh c'; dc' += dh' o (1 - tanh² c'); di = dc' g, df = dc' c, dg = dc' i; da: times its slope."""
        (_, c), (_, c_new), (i, f, g, o), (dh, dc) = state, new, kept, dnew
        w_i, w_f, w_o = self.peepholes(params)
        tanh_c = np.tanh(c_new)
        da_o = dh * tanh_c * o * (1 - o)
        dc = _seeing(dc + dh * o * (1 - tanh_c**2), w_o, da_o)
        di, df, dg = dc * g, dc * c, dc * i
        da_i, da_f, da_g = di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2)
        if self.coupled:  # i = 1 - f: what opens f closes i
            da_f = (df - di) * f * (1 - f)
            da = np.concatenate([da_f, da_g, da_o], -1)
        else:
            da = np.concatenate([da_i, da_f, da_g, da_o], -1)
        return da, (da @ params.W_hh, _seeing(_seeing(dc * f, w_i, da_i), w_f, da_f))

    def gradients(
        self, params: Params, x: np.ndarray, states: Arrays, new: Arrays, kept: Arrays, da: np.ndarray
    ) -> tuple[Params, np.ndarray]:
        """dW_xh = Σ_t da_t x_tᵀ, dW_hh = Σ_t da_t h_{t-1}ᵀ, db_h = Σ_t da_t; dw_c = Σ_t da_t c_{t-1}, for o c_t."""
        (h, c), (_, c_new) = states, new
        dw_c = None
        if params.w_c is not None:
            *da_if, _, da_o = self.blocks(da)
            dw_c = np.stack([(da_k * c).sum((0, 1)) for da_k in da_if] + [(da_o * c_new).sum((0, 1))])
        return Params(outer(da, x), outer(da, h), da.sum((0, 1)), dw_c), da @ params.W_xh

    def blocks(self, a: np.ndarray) -> list[np.ndarray]:
        """The part of each gate in what the weights make: i, f, g, o, or without i where it is coupled."""
        return np.split(a, 3 if self.coupled else 4, -1)

    def peepholes(self, params: Params) -> tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]:
        """The weights with which i, f and o see the cell, each (H,); None where there are none."""
        if params.w_c is None:
            return None, None, None
        return (None, *params.w_c) if self.coupled else tuple(params.w_c)


def init(
    D: int,
    H: int,
    rng: np.random.Generator,
    *,
    scale: float | None = None,
    forget_bias: float | None = None,
    peephole: bool = False,
    coupled: bool = False,
) -> Params:
    """Draw parameters as torch.nn.LSTM does.

        every entry ~ U(-scale, scale),  scale = 1/√H unless given;  then b_f = `forget_bias` if given

    Raises:  TypeError or ValueError naming the argument
    Source:  Gers, Schmidhuber & Cummins 2000 (a forget gate that starts open); Jozefowicz et al. 2015 (a bias of 1)
    Differs: one bias; the sum of torch's two has twice its variance
    """
    D, H = check_integer("D", D, low=1), check_integer("H", H, low=1)
    scale = 1 / np.sqrt(H) if scale is None else check_number("scale", scale, low=0)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    n = 3 if _flag("coupled", coupled) else 4
    shapes = [(n * H, D), (n * H, H), (n * H,)] + ([(n - 1, H)] if _flag("peephole", peephole) else [])
    params = Params(*(rng.uniform(-scale, scale, shape) for shape in shapes))
    if forget_bias is not None:
        params.b_h[(n - 3) * H : (n - 2) * H] = check_number("forget_bias", forget_bias)
    return params


def step(params: Params, x: np.ndarray, h: np.ndarray, c: np.ndarray, *, coupled: bool = False) -> tuple[Arrays, Gates]:
    """One step of the LSTM.

        i = σ(W_xi x + W_hi h + b_i)        f = σ(W_xf x + W_hf h + b_f)
        g = tanh(W_xg x + W_hg h + b_g)     o = σ(W_xo x + W_ho h + b_o)
        c' = f c + i g                      h' = o tanh(c')

    With peepholes the sums of i and f also have w_i c and w_f c, that of o has w_o c', the cell after the step. With
    `coupled` i = 1 - f: what is written is what was forgotten.

    Shapes:  x (B, D); h, c (B, H) -> (h', c'), gates
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000 (forget gate); Gers & Schmidhuber 2000
             (peepholes); Greff et al. 2017 (coupled gates)
    Differs: order of gates as in torch.nn.LSTM. Greff et al. couple f = 1 - i: the same functions, as σ(-a) = 1 - σ(a)
    Book:    chapters/05_lstm, eq-lstm-cell
    """
    params = _checked(params, _flag("coupled", coupled))
    H, D = params.W_hh.shape[1], params.W_xh.shape[1]
    x = real_array("x", x, ("B", D))
    h, c = real_array("h", h, (len(x), H)), real_array("c", c, (len(x), H))
    state, kept = Cell(coupled).step(params, x, (h, c))
    return state, Gates(*kept)


def forward(
    params: Params,
    x: np.ndarray,
    h0: np.ndarray | None = None,
    c0: np.ndarray | None = None,
    *,
    coupled: bool = False,
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, Cache]:
    """The whole sequence: `step` for t = 1 … T.

        c_t = f_t c_{t-1} + i_t g_t     h_t = o_t tanh(c_t)

    Where `mask` is False there is no input: both states are carried on unchanged and the output is 0, as with
    torch's `pad_packed_sequence`.

    Shapes:  x (B, T, D); h0, c0 (B, H), zeros by default; mask (B, T) boolean -> hs (B, T, H), cache;
             cache.states: h and c, each (B, T + 1, H), at 0 the initial ones; `gates(cache)`
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000
    Book:    chapters/05_lstm
    """
    params = _checked(params, _flag("coupled", coupled))
    return recurrence.forward(Cell(coupled), params, x, {"h0": h0, "c0": c0}, mask)


def gates(cache: Cache) -> Gates:
    """The gates of every step of a forward pass, each (B, T, H); what stands where the mask is False means nothing."""
    return Gates(*cache.kept)


def backward(
    dhs: np.ndarray,
    cache: Cache,
    *,
    dh_T: np.ndarray | None = None,
    dc_T: np.ndarray | None = None,
    truncate: int | None = None,
) -> Grads:
    """Backpropagation through time: the gradient of the loss with respect to all that went in.

        dh_t = dhs_t + W_hhᵀ da_{t+1}                        from the output at t, and from the future
        do_t = dh_t tanh(c_t)
        dc_t = f_{t+1} dc_{t+1} + dh_t o_t (1 - tanh² c_t)   from the cell after it, and through the output
        di_t = dc_t g_t     df_t = dc_t c_{t-1}     dg_t = dc_t i_t
        da   = d · σ'  for i, f, o: σ' = σ (1 - σ);  d · tanh' for g: tanh' = 1 - g²
        dW_xh = Σ_t da_t x_tᵀ    dW_hh = Σ_t da_t h_{t-1}ᵀ    db_h = Σ_t da_t    dx_t = W_xhᵀ da_t

    Peepholes add w_o da_o to dc_t, w_i da_i + w_f da_f to dc_{t-1}, and have the gradients dw_i = Σ_t da_i c_{t-1},
    dw_f likewise, dw_o = Σ_t da_o c_t. With coupled gates df_t = dc_t (c_{t-1} - g_t). `truncate` as for the RNN: the
    gradient of the output at t reaches k steps back, through h and through c alike.

    Shapes:  dhs (B, T, H), cotangent of every output; dh_T, dc_T (B, H), those of the final states -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Gers & Schmidhuber 2000; Greff et al. 2017, appendix; Williams & Peng 1990 (truncation)
    Differs: Hochreiter & Schmidhuber 1997 cut the gradient at the gates and let it pass through c alone
    Book:    chapters/05_lstm
    """
    grads, dx, (dh0, dc0) = recurrence.backward(cache, dhs, {"dh_T": dh_T, "dc_T": dc_T}, truncate)
    return Grads(grads, dx, dh0, dc0)


class Jacobians(NamedTuple):
    """Derivatives of the state (h_{t+1}, c_{t+1}) with respect to (h_t, c_t): the whole is [[hh, hc], [ch, cc]].

    Each block (B, T, H, H), entry [b, t, i, j]: unit i after the step, unit j before it. In each the other state
    before the step is held fixed: hh = ∂h_{t+1}/∂h_t with c_t fixed, ch = ∂c_{t+1}/∂h_t with c_t fixed,
    hc = ∂h_{t+1}/∂c_t and cc = ∂c_{t+1}/∂c_t with h_t fixed.

    direct  diag(f): ∂c_{t+1}/∂c_t with all gates held fixed. Without peepholes it is cc
    total   dc_{t+1}/dc_t where h_t = o_t tanh(c_t) moves with c_t, and only o_t is held fixed:
            cc + ch diag(o_t (1 - tanh² c_t)). At the first step h_0 is given, it does not move, and total is cc
    """

    hh: np.ndarray
    hc: np.ndarray
    ch: np.ndarray
    cc: np.ndarray
    direct: np.ndarray
    total: np.ndarray

    @property
    def whole(self) -> np.ndarray:
        """The Jacobian of (h, c), (B, T, 2H, 2H): its product over t is the Jacobian over many steps."""
        return np.block([[self.hh, self.hc], [self.ch, self.cc]])


def jacobians(cache: Cache) -> Jacobians:
    """The Jacobian of every step of a forward pass, in blocks: row i is the step back of the unit cotangent e_i.

    Where the mask is False the states are carried on: `whole`, `direct` and `total` are identity matrices.

    Shapes:  cache as `forward` gave it -> Jacobians, each block (B, T, H, H)
    Book:    chapters/05_lstm
    """
    (_, c), kept, cell, mask = cache.states, gates(cache), cache.cell, cache.mask[:, :, None, None]
    B, T, H = kept.o.shape
    eye, zero = np.eye(H), np.zeros((H, H))
    before, after = (tuple(s[:, part, None] for s in cache.states) for part in (slice(-1), slice(1, None)))
    around = cache.params, before, after, tuple(gate[:, :, None] for gate in kept)
    _, (hh, hc) = cell.step_backward(*around, (eye, zero))
    _, (ch, cc) = cell.step_backward(*around, (zero, eye))
    # o of the step that made h_t, which is the last one that was not masked; 0 where there is none
    made = np.maximum.accumulate(np.where(cache.mask, np.arange(1, T + 1), 0), 1)
    made = np.concatenate([np.zeros((B, 1), int), made], 1)[:, :T, None]
    o = np.take_along_axis(np.concatenate([np.zeros((B, 1, H)), kept.o], 1), made, 1)
    follows = o * (1 - np.tanh(c[:, :-1]) ** 2)  # dh_t/dc_t
    total = cc + ch * follows[:, :, None]
    carried = {"hh": eye, "hc": zero, "ch": zero, "cc": eye, "direct": eye, "total": eye}
    blocks = {"hh": hh, "hc": hc, "ch": ch, "cc": cc, "direct": kept.f[..., None] * eye, "total": total}
    return Jacobians(**{name: np.where(mask, block, carried[name]) for name, block in blocks.items()})


def _seeing(a: np.ndarray, w: np.ndarray | None, c: np.ndarray) -> np.ndarray:
    """a + w·c, or a where there is no peephole."""
    return a if w is None else a + w * c


def _flag(name: str, value: bool) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return value


def _checked(params: Params, coupled: bool) -> Params:
    if not isinstance(params, tuple) or len(params) not in (3, 4):
        raise TypeError(f"params must be a Params (W_xh, W_hh, b_h, w_c), got {type(params).__name__}")
    W_hh = real_array("params.W_hh", params[1], ("n·H", "H"))
    n, H = 3 if coupled else 4, W_hh.shape[1]
    W_hh = real_array("params.W_hh", W_hh, (n * H, H))
    W_xh, b_h = real_array("params.W_xh", params[0], (n * H, "D")), real_array("params.b_h", params[2], (n * H,))
    w_c = None if len(params) == 3 or params[3] is None else real_array("params.w_c", params[3], (n - 1, H))
    return Params(W_xh, W_hh, b_h, w_c)
