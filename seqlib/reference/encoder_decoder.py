"""The encoder–decoder of chapters 11 and 12, with or without attention: forward, the loss, and the whole way back.

Nothing new is derived here: embeddings, `stacked`, `bridge`, `attention` and `losses` follow on each other, and the way
back goes through them in the opposite order. Where the decoder is told what it attended to, `attending_decoder` stands
for the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_choice, check_finite, check_ids, check_mask, check_shape, real_array
from seqlib.reference import attending_decoder, attention, bridge, losses, stacked
from seqlib.reference.bidirectional import Directions, checked_lengths, naming
from seqlib.reference.recurrence import outer

__all__ = ["Cache", "Grads", "LossCache", "Params", "backward", "forward", "loss", "loss_backward"]


class Params(NamedTuple):
    """Weights of the model, and in the same shape their gradients.

    `encoder` and `decoder` are lists over the layers, as in seqlib.reference.stacked: the encoder's layers may be
    Directions, the decoder's may not. `bridge` as in seqlib.reference.bridge. `score`, one of
    seqlib.reference.attention_scores, and W_c are there with attention, and None without.

    Shapes:  E_x (source vocabulary, D), E_y (V, D'): a row for each word; W_c (A, K + H), K the width of what the
             encoder gives; W_o (V, A), without attention (V, H); b_o (V,). The first layer of the decoder reads D'
             features, with input feeding D' + A, and with attend="before" D' + K
    """

    E_x: np.ndarray
    encoder: Sequence[Any]
    bridge: Sequence[Sequence[bridge.Affine]] | None
    E_y: np.ndarray
    decoder: Sequence[Any]
    W_o: np.ndarray
    b_o: np.ndarray
    score: Any = None
    W_c: np.ndarray | None = None


class Grads(NamedTuple):
    """Gradients of the loss: `params` (a Params), and `initial`, those of the encoder's initial states, by layer."""

    params: Params
    initial: list[Any]


class Cache(NamedTuple):
    """What `backward` needs, part by part. `weights` is the attention, (B, T, S), or None.

    Shapes:  source (B, S), previous (B, T): the ids, 0 in the padding; both (B, T, K + H): [context_t; s_t];
             out (B, T, A or H): what the read-out reads; mask (B, T)
    """

    params: Params
    source: np.ndarray
    previous: np.ndarray
    encoder: stacked.Cache
    bridge: bridge.Cache
    decoder: stacked.Cache | attending_decoder.Cache
    attention: attention.Cache | None
    both: np.ndarray | None
    out: np.ndarray
    mask: np.ndarray

    @property
    def weights(self) -> np.ndarray | None:
        """Row t says how much of each h_i was in the context when word t was written."""
        return None if self.attention is None else self.attention.weights


class LossCache(NamedTuple):
    """What `loss_backward` needs."""

    model: Cache
    cross_entropy: losses.CrossEntropyCache


def forward(
    cell: ModuleType,
    params: Params,
    source: np.ndarray,
    lengths: Sequence[int] | np.ndarray | None,
    previous: np.ndarray,
    *,
    mask: np.ndarray | None = None,
    initial: Sequence[Any] | None = None,
    attend: str = "after",
    input_feeding: bool = False,
    **options: Any,
) -> tuple[np.ndarray, Cache]:
    """Read x_1 … x_n, then score each word of the target after the true words before it (teacher forcing).

        h_1 … h_n = encoder(E_x[x_1] … E_x[x_n])
        s_0       = bridge(the last states of each layer)
        s_t       = decoder(E_y[y_{t-1}], s_{t-1}),  t = 1 … T          y_0 = BOS
        context_t = attention(query s_t; keys and values h_1 … h_n)     with a score
        s̃_t       = tanh(W_c [context_t; s_t])                          without: s̃_t = s_t
        z_t       = W_o s̃_t + b_o                                       the logits of y_t

    With input_feeding s_t = decoder([E_y[y_{t-1}]; s̃_{t-1}], s_{t-1}), s̃_0 = 0. With attend="before" the query is
    s_{t-1}, and s_t = decoder([E_y[y_{t-1}]; context_t], s_{t-1}). Both go step by step, see `attending_decoder`.

    n is the length of each source, and s_0 comes from step n, not from the padding behind it; what stands there is
    never read, nor are the words of `previous` under the mask. s_t and h_i are the states of the top layers.

    `cell` is a module, seqlib.reference.rnn, lstm or gru; `options` are those of seqlib.reference.stacked.forward, for
    the encoder and the decoder alike.

    Shapes:  source (B, S) ids; lengths (B,), or None if all are S; previous (B, T) ids, y_0 … y_{T-1}; mask (B, T)
             boolean, True on the first positions of each row, all by default; initial, the encoder's initial states by
             layer, zeros by default -> logits (B, T, V), cache; cache.weights (B, T, S)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Sutskever, Vinyals & Le 2014 (without attention); Luong, Pham & Manning 2015 (attention after the
             recurrence, s̃_t, input feeding); Bahdanau, Cho & Bengio 2015 (both directions, attention before it)
    Differs: source words are in the order in which they are given: Sutskever et al. reverse them
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """
    params = _checked(params, attend, input_feeding)
    source, previous, lengths, mask = _checked_words(params, source, lengths, previous, mask)
    with naming("in the encoder"):
        h, encoded = stacked.forward(cell, params.encoder, params.E_x[source], initial, lengths=lengths, **options)
    start, bridged = bridge.forward(params.bridge, encoded.final)
    y, n = params.E_y[previous], mask.sum(1)
    decoded: stacked.Cache | attending_decoder.Cache
    if params.W_c is not None and (input_feeding or attend == "before"):
        told = attending_decoder.Params(params.decoder, params.score, params.W_c)
        given: dict[str, Any] = {"attend": attend, "lengths": n, "source_lengths": lengths}
        with naming("in the decoder"):
            out, decoded = attending_decoder.forward(cell, told, y, h, start, **given, **options)
        attended, both = decoded.attention, decoded.both
    else:
        with naming("in the decoder"):
            s, decoded = stacked.forward(cell, params.decoder, y, start, lengths=n, **options)
        attended, both, out = None, None, s
        if params.W_c is not None:
            may_attend = mask[:, :, None] & (np.arange(source.shape[1]) < lengths[:, None, None])
            context, attended = attention.forward(params.score, s, h, mask=may_attend)
            both = np.concatenate([context, s], -1)
            check_shape("params.W_c", params.W_c, ("A", both.shape[-1]))
            out = np.tanh(both @ params.W_c.T)
    check_shape("params.W_o", params.W_o, (len(params.b_o), out.shape[-1]))
    logits = out @ params.W_o.T + params.b_o
    return logits, Cache(params, source, previous, encoded, bridged, decoded, attended, both, out, mask)


def backward(dlogits: np.ndarray, cache: Cache) -> Grads:
    """From the logits back to both embeddings, part by part; each gives the cotangent of the one before it.

        ds̃_t = W_oᵀ dz_t           dW_o = Σ dz_t s̃_tᵀ       db_o = Σ dz_t
        da_t = ds̃_t (1 - s̃_t²)     dW_c = Σ da_t [context_t; s_t]ᵀ
        [dcontext_t; ds_t] = W_cᵀ da_t
        ds_t += query, dh_i = keys of the attention's way back
        decoder's way back from ds_t: dE_y[y_{t-1}] += dx_t, and ds_0
        bridge's way back from ds_0: the cotangent of the encoder's last states
        encoder's way back from it and from dh_i: dE_x[x_i] += dx_i

    Where the decoder is told what it attended to, lines 2 to 5 are those of `attending_decoder.backward`, step by step.
    So the encoder hears of the loss on two ways: through its last states, and with attention through every h_i.

    Shapes:  dlogits (B, T, V); what stands under the mask does not count -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapters
    Book:    chapters/11_encoder_decoder, chapters/12_attention
    """
    params, mask = cache.params, cache.mask[..., None]
    dlogits = real_array("dlogits", dlogits, (*cache.mask.shape, len(params.b_o)), finite=False)
    dlogits = np.where(mask, dlogits, 0)
    check_finite("dlogits", dlogits)
    dW_o, db_o, ds = outer(dlogits, cache.out), dlogits.sum((0, 1)), dlogits @ params.W_o
    dh, dscore, dW_c = np.zeros(cache.encoder.shape), None, None
    if isinstance(cache.decoder, attending_decoder.Cache):
        (ddecoder, dscore, dW_c), dy, dh, dstart = attending_decoder.backward(ds, cache.decoder)
    else:
        if cache.attention is not None and cache.both is not None and params.W_c is not None:
            da = ds * (1 - cache.out**2)
            dW_c = outer(da, cache.both)
            dcontext, ds = np.split(da @ params.W_c, [cache.both.shape[-1] - cache.decoder.shape[-1]], -1)
            attended = attention.backward(dcontext, cache.attention)
            dscore, ds, dh = attended.score, ds + attended.query, attended.keys
        ddecoder, dy, dstart = stacked.backward(ds, cache.decoder)

    bridged = bridge.backward(dstart, cache.bridge)
    encoded = stacked.backward(dh, cache.encoder, bridged.finals)
    dE_x = _gathered(encoded.x, cache.source, len(params.E_x))
    dE_y = _gathered(dy, cache.previous, len(params.E_y))
    dparams = Params(dE_x, encoded.params, bridged.params, dE_y, ddecoder, dW_o, db_o, dscore, dW_c)
    return Grads(dparams, encoded.initial)


def loss(
    cell: ModuleType,
    params: Params,
    inputs: tuple[np.ndarray, np.ndarray | None, np.ndarray],
    y: np.ndarray,
    mask: np.ndarray | None = None,
    *,
    initial: Sequence[Any] | None = None,
    **options: Any,
) -> tuple[np.ndarray, LossCache]:
    """The mean cross-entropy in nats of a word of the targets, EOS among them: it has to be learned when to end.

        L = -(1/N) Σ_b Σ_{t ≤ n_b + 1} log softmax(z_bt)_{y_bt},   N = Σ_b (n_b + 1)

    The arguments behind `params` are the three of a `seqlib.batching.Batch`: loss(cell, params, *batch). `initial` and
    the options are those of `forward`.

    Shapes:  inputs (source, lengths, previous), as `forward` takes them; y (B, T) ids, y_1 … y_n EOS; mask (B, T)
             boolean, True on these n + 1 positions -> L (), cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Sutskever, Vinyals & Le 2014
    Differs: Sutskever et al. divide by the number of sentences
    Book:    chapters/11_encoder_decoder
    """
    if not isinstance(inputs, tuple | list) or len(inputs) != 3:
        raise TypeError(f"inputs must be (source, lengths, previous), got {type(inputs).__name__}")
    logits, model = forward(cell, params, *inputs, mask=mask, initial=initial, **options)
    with naming("in the loss"):
        value, scored = losses.cross_entropy(logits, y, model.mask)
    return value, LossCache(model, scored)


def loss_backward(cache: LossCache, dloss: float = 1.0) -> Grads:
    """The gradient of the loss with respect to everything: softmax minus one-hot, and from there `backward`.

        dz_t = (1/N) (softmax(z_t) - onehot(y_t)),   0 where the mask is False

    Shapes:  dloss () -> Grads
    Book:    chapters/11_encoder_decoder
    """
    return backward(losses.cross_entropy_backward(cache.cross_entropy, dloss), cache.model)


def _gathered(dx: np.ndarray, ids: np.ndarray, V: int) -> np.ndarray:
    """The gradient of an embedding: dE[v] = Σ dx_t over all steps t at which the word v was looked up."""
    dE = np.zeros((V, dx.shape[-1]), dx.dtype)
    np.add.at(dE, ids, dx)
    return dE


def _checked(params: Params, attend: str, input_feeding: bool) -> Params:
    """The params with float64 copies of what is not checked where it is used."""
    if not isinstance(params, Params):
        raise TypeError(f"params must be an encoder_decoder.Params, got {type(params).__name__}")
    if (params.score is None) != (params.W_c is None):
        missing = "score" if params.score is None else "W_c"
        raise ValueError(f"params must have both score and W_c, or neither, but {missing} is None")
    check_choice("attend", attend, ("after", "before"))
    if not isinstance(input_feeding, bool):
        raise TypeError(f"input_feeding must be True or False, got {input_feeding!r}")
    if input_feeding and attend == "before":
        raise ValueError("input_feeding must be False with attend='before', where the context is fed in already")
    if (input_feeding or attend == "before") and params.score is None:
        raise ValueError(
            "params must have a score with input_feeding or attend='before', got None: there is no context"
        )
    for number, layer in enumerate(params.decoder):
        if isinstance(layer, Directions):
            raise TypeError(f"params.decoder must read in one direction, got Directions in layer {number + 1}")

    def array(name: str, *shape: str) -> np.ndarray:
        return np.array(real_array(f"params.{name}", getattr(params, name), shape))

    E_x, E_y, W_o, b_o = array("E_x", "V", "D"), array("E_y", "V", "D"), array("W_o", "V", "A"), array("b_o", "V")
    W_c = None if params.W_c is None else array("W_c", "A", "K + H")
    return params._replace(E_x=E_x, E_y=E_y, W_o=W_o, b_o=b_o, W_c=W_c)


def _checked_words(
    params: Params, source: np.ndarray, lengths: Any, previous: np.ndarray, mask: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """source, previous, lengths and mask: ids, 0 where padding stands, and what says where that is."""
    source, previous = np.asarray(source), np.asarray(previous)
    B, S = check_shape("source", source, ("B", "S")).values()
    (T,) = check_shape("previous", previous, (B, "T")).values()
    lengths = checked_lengths(lengths, B, S)
    mask = np.ones((B, T), dtype=bool) if mask is None else check_mask("mask", mask, (B, T)).copy()
    if not np.array_equal(mask, np.arange(T) < mask.sum(1)[:, None]):
        raise ValueError("mask must be True on the first positions of each row, and False on those behind them")
    source = check_ids("source", source, len(params.E_x), mask=np.arange(S) < lengths[:, None])
    return source, check_ids("previous", previous, len(params.E_y), mask=mask), lengths, mask
