"""Attention: what is looked for, where it may be, and a weighted mean of what is found there."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from seqlib.arguments import check_choice, check_integer, check_shape
from seqlib.nn.masks import check_attention_mask

__all__ = ["Attention", "masked_softmax"]

SCORES = ("additive", "dot", "scaled dot", "general", "concat", "location")


class Attention(nn.Module):
    """Each query attends to the keys that score highest with it, and gets the mean of their values.

        weights_ts = softmax_s score(q_t, k_s)      context_t = Σ_s weights_ts v_s

        "additive"      score = vᵀ tanh(W_q q_t + W_k k_s)
        "dot"           score = q_t · k_s
        "scaled dot"    score = q_t · k_s / √d_k
        "general"       score = q_tᵀ W k_s
        "concat"        score = vᵀ tanh(W [q_t; k_s])
        "location"      score = (W q_t)_s                        of the position alone: the key is not read

    The softmax is over the s that the mask lets query t attend to. Where it lets it nowhere, weights and context are 0,
    and so are their gradients. Keys and values behind the mask change nothing as long as they are finite.

    `query_size`, `key_size`: d_q and d_k, equal unless given. `hidden_size`: the width of v, d_q unless given, for
    "additive" and "concat" alone, which are the same function of parameters that are drawn differently. `longest`: how
    many positions "location" knows; those behind them get no weight.

    Shapes:  query (B, T, d_q); keys (B, S, d_k); values (B, S, d_v), the keys unless given; mask (B, S) or (B, T, S),
             True = may attend -> context (B, T, d_v), weights (B, T, S)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Bahdanau, Cho & Bengio 2015 (additive); Luong, Pham & Manning 2015 (dot, general, concat, location);
             Vaswani et al. 2017 (scaled dot)
    Differs: no biases, as in the sources. For a sentence shorter than `longest` Luong et al. use the top part of the
             weights; here the scores of that part go through the softmax, so that the weights sum to 1. tanh a is
             taken as 2σ(2a) - 1, which is faster: scores are off by up to one rounding of Σ|v|
    Book:    chapters/12_attention
    """

    weight: nn.Parameter
    weight_q: nn.Parameter
    weight_k: nn.Parameter
    v: nn.Parameter

    def __init__(
        self,
        score: str,
        query_size: int,
        key_size: int | None = None,
        *,
        hidden_size: int | None = None,
        longest: int | None = None,
        device: Any = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.score = check_choice("score", score, SCORES)
        self.query_size = check_integer("query_size", query_size, low=1)
        self.key_size = self.query_size if key_size is None else check_integer("key_size", key_size, low=1)
        if score in ("dot", "scaled dot") and self.key_size != self.query_size:
            raise ValueError(f"key_size must be query_size={query_size} for a {score} product, got {key_size}")
        if hidden_size is not None and score not in ("additive", "concat"):
            raise ValueError(f"hidden_size must be None for score={score!r}, which has no tanh, got {hidden_size}")
        if (longest is None) != (score != "location"):
            raise ValueError(f"longest must be given for score='location' and for no other, got {longest}")
        self.hidden_size = None if hidden_size is None else check_integer("hidden_size", hidden_size, low=1)
        self.longest = None if longest is None else check_integer("longest", longest, low=1)
        hidden = self.hidden_size or self.query_size
        shapes: dict[str, dict[str, tuple[int, ...]]] = {
            "additive": {"weight_q": (hidden, self.query_size), "weight_k": (hidden, self.key_size), "v": (hidden,)},
            "general": {"weight": (self.query_size, self.key_size)},
            "concat": {"weight": (hidden, self.query_size + self.key_size), "v": (hidden,)},
            "location": {"weight": (self.longest or 0, self.query_size)},
        }
        for name, shape in shapes.get(score, {}).items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape, device=device, dtype=dtype)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every parameter from U(-1/√n, 1/√n), n the number of what it is multiplied with, as torch.nn.Linear."""
        for parameter in self.parameters():
            bound = 1 / math.sqrt(parameter.shape[-1])
            nn.init.uniform_(parameter, -bound, bound)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Shapes:  query (B, T, d_q), keys (B, S, d_k), values (B, S, d_v), mask (B, S) or (B, T, S), where B and T may
                 be 1 -> context (B, T, d_v), weights (B, T, S)
        Raises:  TypeError or ValueError naming the argument
        """
        values = keys if values is None else values
        B, T = self._checked("query", query, ("B", "T", self.query_size))[:2]
        S = self._checked("keys", keys, (B, "S", self.key_size), query)[1]
        self._checked("values", values, (B, S, "d_v"), query)
        mask = None if mask is None else check_attention_mask("mask", mask, B, T, S)
        return self.attend(query, self.project(keys), values, mask)

    def attend(self, query: Tensor, projected: Tensor, values: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Attend to keys that are projected already, where that is done once for many queries; nothing is checked.

        Shapes:  query (B, T, d_q), projected as from `project`, values (B, S, d_v), mask (B, T, S), where B and T may
                 be 1 -> context (B, T, d_v), weights (B, T, S)
        """
        scores = self.scores(query, projected)
        if self.longest is not None and self.longest < scores.shape[2]:
            known = (torch.arange(scores.shape[2], device=scores.device) < self.longest).view(1, 1, -1)
            mask = known if mask is None else mask & known
        weights = masked_softmax(scores, mask)
        return weights @ values, weights

    def project(self, keys: Tensor) -> Tensor:
        """What the score needs of the keys, whatever the query: W_k k, W k, or the keys themselves.

        Shapes:  (B, S, d_k) -> (B, S, d)
        """
        if self.score == "additive":
            return linear(keys, self.weight_k)
        if self.score == "concat":
            return linear(keys, self.weight[:, self.query_size :])
        if self.score == "general":
            return linear(keys, self.weight)
        return keys

    def scores(self, query: Tensor, projected: Tensor) -> Tensor:
        """The score of each query with each key, which is projected already.

        Shapes:  (B, T, d_q), (B, S, d) -> (B, T, S)
        """
        if self.score == "additive":
            return _additive(linear(query, self.weight_q), projected, self.v)
        if self.score == "concat":
            return _additive(linear(query, self.weight[:, : self.query_size]), projected, self.v)
        if self.score == "location":
            S = projected.shape[1]
            of_known = linear(query, self.weight[:S])
            return nn.functional.pad(of_known, (0, S - of_known.shape[2]))
        if self.score == "scaled dot":
            query = query / math.sqrt(self.key_size)
        return query @ projected.mT

    def extra_repr(self) -> str:
        """The constructor's arguments."""
        more = [f"{name}={getattr(self, name)}" for name in ("hidden_size", "longest") if getattr(self, name)]
        return ", ".join([repr(self.score), str(self.query_size), str(self.key_size), *more])

    def _checked(self, name: str, value: Any, shape: tuple[int | str, ...], like: Tensor | None = None) -> torch.Size:
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a tensor, got {type(value).__name__}")
        check_shape(name, value, shape)
        like = next(self.parameters(), like) if like is None else like
        if not value.is_floating_point():
            raise TypeError(f"{name} must be real-valued, got dtype {value.dtype}")
        if like is not None and value.dtype != like.dtype and not torch.is_autocast_enabled(value.device.type):
            whose = "the weights" if name == "query" else "query"
            raise TypeError(f"{name} must have the dtype of {whose}, {like.dtype}, got {value.dtype}")
        return value.shape


def masked_softmax(scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """The softmax over those entries of the last axis that the mask leaves; the others are 0, and so is an empty row.

        p_s = mask_s exp(z_s) / Σ_r mask_r exp(z_r)

    Shapes:  scores (…, S), mask boolean of a shape that fits, or None -> (…, S)
    Raises:  TypeError naming mask
    Differs: a row without an entry that may be attended to is NaN in torch.softmax; here it and its gradient are 0
    Book:    chapters/12_attention
    """
    if mask is None:
        return scores.softmax(-1)
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
        got = mask.dtype if isinstance(mask, Tensor) else type(mask).__name__
        raise TypeError(f"mask must be boolean (True = may attend), got {got}")
    # An empty row is taken as full until the last step, so that nothing on the way there and back is NaN.
    left = mask | ~mask.any(-1, keepdim=True)
    return scores.masked_fill(~left, -math.inf).softmax(-1).masked_fill(~mask, 0.0)


def _additive(query: Tensor, keys: Tensor, v: Tensor) -> Tensor:
    """vᵀ tanh(q + k) for each pair: tanh a = 2σ(2a) - 1, computed in place, in the one large array that there is."""
    sums = (2 * query).unsqueeze(2) + (2 * keys).unsqueeze(1)  # (B, T, S, width)
    return sums.sigmoid_() @ (2 * v) - v.sum()
