"""The decoder of chapter 12 that reads what it attended to: step by step, forward and backward.

Where the context, or what was made of it, is an input of the recurrence, no step can be taken before the one before it:
one walk over the steps, and one walk back.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_finite, check_shape, real_array
from seqlib.reference import attention, stacked
from seqlib.reference.bidirectional import Directions, checked_lengths
from seqlib.reference.recurrence import outer

__all__ = ["Cache", "Grads", "Params", "backward", "forward"]


class Params(NamedTuple):
    """Weights of the decoder, and in the same shape their gradients.

    `layers` as in seqlib.reference.stacked; the first one reads a word and, behind it, the context or s̃ of the step
    before. `score` is one of seqlib.reference.attention_scores.

    Shapes:  W_c (A, K + H), K the width of what is attended to
    """

    layers: Sequence[Any]
    score: Any
    W_c: np.ndarray


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), `y` (B, T, D), `h` (B, S, K), `initial`, a list over the layers."""

    params: Params
    y: np.ndarray
    h: np.ndarray
    initial: list[Any]


class Cache(NamedTuple):
    """What `backward` needs: of all steps, as if what is read had been known before.

    Shapes:  W_c (A, K + H); layers and attention, their own caches; both (B, T, K + H): [context_t; s_t];
             out (B, T, A): s̃_t; mask (B, T); D, the width of a word
    """

    W_c: np.ndarray
    attend: str
    D: int
    layers: stacked.Cache
    attention: attention.Cache
    both: np.ndarray
    out: np.ndarray
    mask: np.ndarray


def forward(
    cell: ModuleType,
    params: Params,
    y: np.ndarray,
    h: np.ndarray,
    initial: Sequence[Any] | None = None,
    *,
    attend: str,
    lengths: Sequence[int] | np.ndarray | None = None,
    source_lengths: Sequence[int] | np.ndarray | None = None,
    **options: Any,
) -> tuple[np.ndarray, Cache]:
    """The attentional vectors s̃_1 … s̃_T of a decoder that hears at each step what it attended to.

        attend="before"   context_t = attention(query s_{t-1}; keys and values h_1 … h_S)
                          s_t       = decoder([y_t; context_t], s_{t-1})

        attend="after"    s_t       = decoder([y_t; s̃_{t-1}], s_{t-1}),  s̃_0 = 0     input feeding
                          context_t = attention(query s_t; keys and values h_1 … h_S)

        both              s̃_t       = tanh(W_c [context_t; s_t])

    y_t is the vector of the word that step t reads; the query s_{t-1} is the state h of the top layer, at the first
    step its initial one. Behind the end of a target the states are carried on and s̃_t is 0; behind that of a source
    nothing is attended to. What stands there is never read.

    `cell` and `options` are those of seqlib.reference.stacked.forward.

    Shapes:  y (B, T, D); h (B, S, K); initial, the states by layer, zeros by default; lengths of the targets and
             source_lengths (B,), all T and all S by default -> s̃ (B, T, A), cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Bahdanau, Cho & Bengio 2015 ("before"); Luong, Pham & Manning 2015 (input feeding)
    Differs: Bahdanau et al. have a maxout layer of s_{t-1}, y_{t-1} and context_t where this has s̃_t. Luong et al. with
             "after" and without input feeding: all steps at once, in seqlib.reference.encoder_decoder
    Book:    chapters/12_attention
    """
    params, y, h, mask, may_attend = _checked(params, y, h, attend, lengths, source_lengths)
    steps = [_start(cell, params, y, h, initial, attend, options)]
    for t in range(y.shape[1]):
        steps.append(_step(params, steps[-1], y[:, t], h, attend, mask[:, t], may_attend[:, [t]]))
    layers = stacked.joined([step.layers for step in steps])
    looks = _joined([step.attention for step in steps])
    both, out = (np.stack(parts, 1)[:, 1:] for parts in zip(*((step.both, step.out) for step in steps), strict=True))
    return out.copy(), Cache(params.W_c, attend, y.shape[2], layers, looks, both, out, mask)


def backward(dout: np.ndarray, cache: Cache) -> Grads:
    """Backpropagation through time, where s_{t-1} is heard of on three ways.

        da_t = (ds̃_t + what step t + 1 was fed of it) (1 - s̃_t²)      dW_c = Σ_t da_t [context_t; s_t]ᵀ
        [dcontext_t; ds_t] = W_cᵀ da_t

        attend="before"   dx_t, ds_{t-1} from ds_t, by the layers       [dy_t; dcontext'_t] = dx_t
                          ds_{t-1} += query of the attention's way back from dcontext_t + dcontext'_t

        attend="after"    ds_t += query of the attention's way back from dcontext_t
                          dx_t, ds_{t-1} from ds_t, by the layers       [dy_t; fed, of s̃_{t-1}] = dx_t

    So the state before a step gets its gradient from the recurrence and from W_c, as the state of its own step; and
    "before" as the query of the step, with input feeding as a part of s̃_{t-1}, which the step reads. Every h_s gets a
    share from each step, as key and as value.

    Shapes:  dout (B, T, A), the cotangent of s̃; what stands behind the end of a target does not count -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived from the equations of `forward`, with the steps back of layers and attention
    Book:    chapters/12_attention
    """
    dout = np.where(cache.mask[..., None], real_array("dout", dout, cache.out.shape, finite=False), 0)
    check_finite("dout", dout)
    D, K = cache.D, cache.attention.values.shape[2]
    kind = np.result_type(dout, cache.out)
    da, dy = np.zeros(dout.shape, kind), np.zeros((*dout.shape[:2], D), kind)
    dstates = [tuple(np.zeros_like(state) for state in states) for states in cache.layers.final]
    score: Any = cache.attention.score
    dscore = type(score)(*(np.zeros_like(weight) for weight in score))
    dh, dfed, dlayers = np.zeros_like(cache.attention.values), np.zeros((len(dout), dout.shape[2])), []
    for t in reversed(range(dout.shape[1])):
        da[:, t] = (dout[:, t] + dfed) * (1 - cache.out[:, t] ** 2)
        dcontext, ds = np.split(da[:, t] @ cache.W_c, [K], -1)
        if cache.attend == "before":
            dx, dstates, dlayer = stacked.step_backward(cache.layers, t, ds, dstates)
            dy[:, t], through_step = np.split(dx, [D], -1)
            asked = attention.backward((dcontext + through_step)[:, None], _query(cache.attention, t))
            ds, *others = dstates[-1]
            dstates[-1] = (ds + asked.query[:, 0], *others)
        else:
            asked = attention.backward(dcontext[:, None], _query(cache.attention, t))
            dx, dstates, dlayer = stacked.step_backward(cache.layers, t, ds + asked.query[:, 0], dstates)
            dy[:, t], dfed = np.split(dx, [D], -1)
        dscore = type(score)(*(d + more for d, more in zip(dscore, asked.score, strict=True)))
        dh = dh + asked.keys
        dlayers.append(dlayer)
    dparams = Params(stacked.gradients(cache.layers, dlayers[::-1]), dscore, outer(da, cache.both))
    return Grads(dparams, dy, dh, dstates)


class Step(NamedTuple):
    """One step: what layers and attention kept; both (B, K + H), [context_t; s_t]; out (B, A), s̃_t."""

    layers: stacked.Cache
    attention: attention.Cache
    both: np.ndarray
    out: np.ndarray


def _start(
    cell: ModuleType,
    params: Params,
    y: np.ndarray,
    h: np.ndarray,
    initial: Sequence[Any] | None,
    attend: str,
    options: dict[str, Any],
) -> Step:
    """What the first step finds: the initial states and s̃_0 = 0."""
    A, (B, _, K) = len(params.W_c), h.shape
    nothing = np.zeros((B, 0, y.shape[2] + (K if attend == "before" else A)))
    s, layers = stacked.forward(cell, params.layers, nothing, initial, **options)
    check_shape("params.W_c", params.W_c, ("A", K + s.shape[2]))
    _, looks = attention.forward(params.score, s, h, mask=np.ones((B, 0, h.shape[1]), dtype=bool))
    return Step(layers, looks._replace(keys=h, values=h), np.zeros((B, K + s.shape[2])), np.zeros((B, A)))


def _step(
    params: Params, before: Step, y: np.ndarray, h: np.ndarray, attend: str, mask: np.ndarray, may_attend: np.ndarray
) -> Step:
    """One step, after the one before. The keys are those of all steps: none keeps a copy of its own."""
    if attend == "before":
        query = before.layers.final[-1][0][:, None]  # s_{t-1}
        context, look = attention.forward(params.score, query, h, mask=may_attend)
        s, layers = stacked.step(before.layers, np.concatenate([y, context[:, 0]], -1), mask)
    else:
        s, layers = stacked.step(before.layers, np.concatenate([y, before.out], -1), mask)
        context, look = attention.forward(params.score, s[:, None], h, mask=may_attend)
    both = np.concatenate([context[:, 0], s], -1)
    return Step(layers, look._replace(keys=h, values=h), both, np.tanh(both @ params.W_c.T))


def _joined(looks: Sequence[attention.Cache]) -> attention.Cache:
    """The attention of all steps, as if all queries had been there at once."""
    query, weights, mask = (
        np.concatenate(parts, 1) for parts in zip(*((one.query, one.weights, one.mask) for one in looks), strict=True)
    )
    kept = tuple(np.concatenate(parts, 1) for parts in zip(*(one.kept for one in looks), strict=True))
    return looks[0]._replace(query=query, weights=weights, kept=kept, mask=mask)


def _query(looks: attention.Cache, t: int) -> attention.Cache:
    """The attention of one step among all."""
    kept = tuple(array[:, [t]] for array in looks.kept)
    return looks._replace(query=looks.query[:, [t]], weights=looks.weights[:, [t]], kept=kept, mask=looks.mask[:, [t]])


def _checked(
    params: Params, y: np.ndarray, h: np.ndarray, attend: str, lengths: Any, source_lengths: Any
) -> tuple[Params, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """params, y and h, 0 behind the ends; the mask (B, T) of the steps; which h they may attend to, (B, T, S)."""
    check_choice("attend", attend, ("after", "before"))
    if not isinstance(params, Params):
        raise TypeError(f"params must be an attending_decoder.Params, got {type(params).__name__}")
    W_c = np.array(real_array("params.W_c", params.W_c, ("A", "K + H")))
    y = real_array("y", y, ("B", "T", "D"), finite=False)
    B, T, D = y.shape
    h = real_array("h", h, (B, "S", "K"), finite=False)
    S, K = h.shape[1:]
    told, what = (K, "the context") if attend == "before" else (len(W_c), "s̃")
    layers = params.layers if isinstance(params.layers, list | tuple) else []
    for number, layer in enumerate(layers):
        if isinstance(layer, Directions):
            raise TypeError(f"params.layers must read in one direction, got Directions in layer {number + 1}")
    columns = np.shape(getattr(layers[0], "W_xh", ()))[1:] if layers else ()
    if columns and columns != (D + told,):
        raise ValueError(
            f"params.layers[0].W_xh must have {D + told} columns, {D} for a word and {told} for {what}, "
            f"got {columns[0]}"
        )
    mask = np.arange(T) < checked_lengths(lengths, B, T)[:, None]
    real = np.arange(S) < checked_lengths(source_lengths, B, S, name="source_lengths")[:, None]
    y, h = np.where(mask[..., None], y, 0), np.where(real[..., None], h, 0)
    check_finite("y", y)
    check_finite("h", h)
    return params._replace(W_c=W_c), y, h, mask, mask[:, :, None] & real[:, None]
