"""BERT: an encoder that is trained to fill in words, and then told what else to do with what it has read."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, dropout, gelu

from seqlib.arguments import check_integer, check_lengths, check_number, check_shape
from seqlib.nn.masks import check_attention_mask, padding_mask
from seqlib.nn.sequence_model import look_up
from seqlib.nn.transformer import TransformerEncoder

__all__ = ["Bert", "BertForClassification", "BertForPretraining", "pretraining_loss"]


class Bert(nn.Module):
    """Token, position and segment embeddings, and an encoder in which every position attends to all.

        x_t = norm(E[id_t] + P[t] + S[segment_t])        h = encoder(x)        pooled = tanh(W h_1 + b)

    The encoder is that of 2017, post-norm, with gelu for relu. `longest`: how many positions there are. `hidden_size`:
    the width of the feed-forward network, 4 d_model unless given. `start`: all matrices are drawn from N(0, start²),
    biases begin at 0 and gains at 1. `dropout`: in training mode, on what goes into the encoder, and in its blocks.

    Shapes:  x (B, T) ids; lengths (B,), of padded sequences; segments (B, T) ids below n_segments, by default all 0;
             mask (B, T) or (B, T, T) boolean, True = may be attended to -> h (B, T, d_model), weights (n_layers, B,
             n_heads, T, T) or None
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Devlin, Chang, Lee & Toutanova 2019
    Differs: starts are normal, not cut off at two standard deviations; dropout also after gelu, as in TransformerBlock
    Book:    chapters/14_bert
    """

    def __init__(
        self,
        vocab_size: int,
        d_model: int,
        n_heads: int,
        n_layers: int,
        hidden_size: int | None = None,
        *,
        longest: int = 512,
        n_segments: int = 2,
        dropout: float = 0.0,
        eps: float = 1e-12,
        start: float = 0.02,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        d_model = check_integer("d_model", d_model, low=1)
        self.dropout = check_number("dropout", dropout, low=0, high=1)
        self.start = check_number("start", start, above=0)
        self.words = nn.Embedding(check_integer("vocab_size", vocab_size, low=1), d_model, **kind)
        self.places = nn.Embedding(check_integer("longest", longest, low=1), d_model, **kind)
        self.segments = nn.Embedding(check_integer("n_segments", n_segments, low=1), d_model, **kind)
        self.norm = nn.LayerNorm(d_model, check_number("eps", eps, low=0), **kind)
        options: dict[str, Any] = {"norm_first": False, "activation": "gelu", "dropout": dropout, "eps": eps, **kind}
        self.core = TransformerEncoder(n_layers, d_model, n_heads, hidden_size, **options)
        self.pooler = nn.Linear(d_model, d_model, **kind)
        _start(self, start)

    def forward(
        self,
        x: Tensor,
        lengths: Any = None,
        segments: Tensor | None = None,
        *,
        mask: Tensor | None = None,
        need_weights: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Read.

        With `lengths`, sequence b is x[b, :lengths[b]] and the rest is padding, which never changes a result: what
        stands there is not read, so it may be anything, and h is 0 there.

        Shapes:  x (B, T) -> h (B, T, d_model); with need_weights, how much each head of each layer attends to what,
                 (n_layers, B, n_heads, T, T)
        Raises:  TypeError or ValueError naming the argument
        """
        B, T = _check_read("x", x)
        longest = self.places.num_embeddings
        if longest < T:
            raise ValueError(f"x must have at most longest={longest} positions, got {T}")
        if segments is None:
            segments = torch.zeros_like(x)
        _check_read("segments", segments)
        check_shape("segments", segments, (B, T))
        attended = None if mask is None else check_attention_mask("mask", mask, B, T, T)
        real = None
        if lengths is not None:
            lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, T, least=1)
            check_shape("lengths", lengths, (B,))
            if (lengths < T).any():
                real = padding_mask(lengths, T, device=x.device)
                x, segments = torch.where(real, x, 0), torch.where(real, segments, 0)
                attended = real[:, None] if attended is None else attended & real[:, None]
        vectors = look_up("x", self.words, x) + look_up("segments", self.segments, segments) + self.places.weight[:T]
        vectors = dropout(self.norm(vectors), self.dropout, self.training)
        h, read = self.core.read(vectors, None, attended, need_weights=need_weights)
        if real is not None:
            h = h.masked_fill(~real[..., None], 0)
        if not need_weights:
            return h, None
        weights = torch.stack([part.weights for part in read if part.weights is not None])
        return h, weights if real is None else weights.masked_fill(~real[:, None, :, None], 0)

    def pooled(self, h: Tensor) -> Tensor:
        """tanh(W h_1 + b) of what stands first, which is <cls>: (B, T, d_model) -> (B, d_model).

        Raises:  TypeError or ValueError naming h
        """
        _check_put_out(h, self.pooler)
        if h.ndim != 3 or h.shape[1] == 0:
            raise ValueError(f"h must have at least one position, (B, T, d_model), got shape {tuple(h.shape)}")
        return torch.tanh(self.pooler(h[:, 0]))


class BertForPretraining(nn.Module):
    """BERT with what it is trained by: words that were masked, and whether two sentences belong together.

        words   E norm(gelu(W h_t + b)) + b_V      E is that of the embedding
        pair    W' pooled + b'

    `options` are those of Bert, which is made of them; or the first argument is a Bert, which is then taken as it is.

    Shapes:  what Bert reads -> scores of the words (B, T, vocab_size), of the pair (B, 2), 1 = they belong together
    Raises:  TypeError or ValueError naming the argument
    Source:  Devlin, Chang, Lee & Toutanova 2019 (masked LM, next sentence prediction)
    Differs: in transformers 0 stands for two sentences that belong together
    Book:    chapters/14_bert
    """

    def __init__(self, vocab_size: int | Bert, *sizes: Any, **options: Any) -> None:
        super().__init__()
        self.bert = _bert(vocab_size, sizes, options)
        weight = self.bert.words.weight
        V, d_model = weight.shape
        kind: dict[str, Any] = {"device": weight.device, "dtype": weight.dtype}
        self.transform = nn.Linear(d_model, d_model, **kind)
        self.norm = nn.LayerNorm(d_model, self.bert.norm.eps, **kind)
        self.bias = nn.Parameter(torch.zeros(V, **kind))
        self.pair = nn.Linear(d_model, 2, **kind)
        for part in (self.transform, self.pair):
            _start(part, self.bert.start)

    def forward(
        self, x: Tensor, lengths: Any = None, segments: Tensor | None = None, *, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Score every word at every position, and both answers about the pair.

        Shapes:  as those of Bert -> (B, T, vocab_size), (B, 2)
        Raises:  TypeError or ValueError naming the argument
        """
        h, _ = self.bert(x, lengths, segments, mask=mask)
        return self.scores(h), self.pair(self.bert.pooled(h))

    def scores(self, h: Tensor) -> Tensor:
        """The score of every word where the encoder has put out h: (…, d_model) -> (…, vocab_size).

        Raises:  TypeError or ValueError naming h
        """
        _check_put_out(h, self.transform)
        return nn.functional.linear(self.norm(gelu(self.transform(h))), self.bert.words.weight, self.bias)


class BertForClassification(nn.Module):
    """BERT with one linear map on what it has pooled: what it is fine-tuned with.

        o = W pooled + b

    Made as BertForPretraining is: of options, or of a Bert that has been trained. `dropout`: in training mode, on what
    is pooled; as in the Bert unless given. The answer stands at every position, so that the loss of a task may ask for
    it at any.

    Shapes:  what Bert reads -> scores (B, T, n_classes), the same at every t
    Raises:  TypeError or ValueError naming the argument
    Source:  Devlin, Chang, Lee & Toutanova 2019; transformers' BertForSequenceClassification (pooler and dropout)
    Book:    chapters/14_bert
    """

    def __init__(
        self, vocab_size: int | Bert, *sizes: Any, n_classes: int, head_dropout: float | None = None, **options: Any
    ) -> None:
        super().__init__()
        n_classes = check_integer("n_classes", n_classes, low=1)
        self.bert = _bert(vocab_size, sizes, options)
        given = self.bert.dropout if head_dropout is None else head_dropout
        self.head_dropout = check_number("head_dropout", given, low=0, high=1)
        weight = self.bert.pooler.weight
        self.readout = nn.Linear(weight.shape[0], n_classes, device=weight.device, dtype=weight.dtype)
        _start(self.readout, self.bert.start)

    def forward(
        self, x: Tensor, lengths: Any = None, segments: Tensor | None = None, *, mask: Tensor | None = None
    ) -> Tensor:
        """Score every class.

        Shapes:  as those of Bert -> (B, T, n_classes)
        Raises:  TypeError or ValueError naming the argument
        """
        h, _ = self.bert(x, lengths, segments, mask=mask)
        pooled = dropout(self.bert.pooled(h), self.head_dropout, self.training)
        scores: Tensor = self.readout(pooled)[:, None].expand(-1, x.shape[1], -1)
        return scores


def pretraining_loss(model: BertForPretraining, batch: Any) -> Tensor:
    """What BERT is trained by, to be given to `fit` as its loss: the sum of two means.

        L = mean of -log p(word) over the chosen words + mean of -log p(answer) over the pairs

    Where batch.mask is True at the first position, which is <cls>, the answer about the pair is asked for; where it is
    elsewhere, a word is. Without one of the two there is the other alone, and then this is the cross-entropy; scores
    are computed for no position but those that are asked for.

    Shapes:  a Batch of inputs for the model, y (B, T) ids and mask (B, T), as those of MaskedWords and SentencePairs
    Raises:  TypeError or ValueError naming the model, batch.y or batch.mask, which is boolean and asks for something
    Source:  Devlin, Chang, Lee & Toutanova 2019 (the sum of both losses)
    Book:    chapters/14_bert
    """
    if not isinstance(model, BertForPretraining):
        raise TypeError(f"model must be a BertForPretraining, got {type(model).__name__}")
    h, _ = model.bert(*batch.inputs)
    check_shape("batch.y", batch.y, h.shape[:2])
    check_shape("batch.mask", batch.mask, h.shape[:2])
    if batch.mask.dtype != torch.bool:  # 0 and 1 would be taken for the numbers of rows
        raise TypeError(f"batch.mask must be boolean (True = asked for), got dtype {batch.mask.dtype}")
    if not batch.mask.any():
        raise ValueError("batch.mask must be True somewhere: nothing is asked for")
    pairs, words = batch.mask[:, 0], batch.mask.clone()
    words[:, 0] = False
    loss = h.new_zeros(())
    if words.any():
        loss = loss + cross_entropy(model.scores(h[words]), batch.y[words])
    if pairs.any():
        loss = loss + cross_entropy(model.pair(model.bert.pooled(h[pairs])), batch.y[pairs, 0])
    return loss


def _bert(first: Any, sizes: tuple[Any, ...], options: dict[str, Any]) -> Bert:
    if not isinstance(first, Bert):
        return Bert(first, *sizes, **options)
    if sizes or options:
        raise TypeError(f"options must not be given beside a Bert, got {[*sizes, *options]}")
    return first


def _start(module: nn.Module, start: float) -> None:
    """Draw the matrices from N(0, start²), and set the biases to 0."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, start)
            elif name.endswith("bias"):
                parameter.zero_()


def _check_put_out(h: Any, linear: nn.Linear) -> None:
    """TypeError or ValueError naming h unless it is (…, d_model), of the dtype of the weights."""
    if not isinstance(h, Tensor):
        raise TypeError(f"h must be a tensor, got {type(h).__name__}")
    if h.shape[-1:] != (linear.in_features,):
        raise ValueError(f"h must have shape (…, {linear.in_features}), got {tuple(h.shape)}")
    if h.dtype != linear.weight.dtype and not torch.is_autocast_enabled(h.device.type):
        raise TypeError(f"h must have the dtype of the weights, {linear.weight.dtype}, got {h.dtype}")


def _check_read(name: str, x: Any) -> tuple[int, int]:
    """The sizes B and T of ids."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(x).__name__}")
    if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
        raise TypeError(f"{name} must hold integer ids, got dtype {x.dtype}")
    check_shape(name, x, ("B", "T"))
    if x.shape[1] == 0:
        raise ValueError(f"{name} must have at least one position, got shape {tuple(x.shape)}")
    return x.shape[0], x.shape[1]
