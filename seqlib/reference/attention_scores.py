"""The scores of attention, of chapter 12: how well each key answers each query, forward and backward.

    Additive   v_aᵀ tanh(W_a q + U_a k)     Bahdanau, Cho & Bengio 2015
    Dot        qᵀ k                         Luong, Pham & Manning 2015, as the three below it
    General    qᵀ W_a k
    Concat     v_aᵀ tanh(W_a [q; k])
    Location   (W_a q)_s                    the query alone: which place s, whatever stands there
    ScaledDot  qᵀ k / √D                    Vaswani et al. 2017

Each is a NamedTuple of its parameters, which is also the type of their gradients. `seqlib.reference.attention` takes
any of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference.recurrence import Arrays, outer

__all__ = ["Additive", "Concat", "Dot", "General", "Location", "ScaledDot", "Score", "checked_score"]


class Score(Protocol):
    """A score with its parameters: every query of a sequence against every key, and the gradients of that.

    All arrays are float64 with the batch first. Nothing is masked here: what the softmax leaves out comes back as a
    cotangent of 0.
    """

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """The score of each pair, and what else the way back needs.

        Shapes:  query (B, T, Dq); keys (B, S, Dk) -> scores (B, T, S); kept, a tuple of arrays
        """

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[Any, np.ndarray, np.ndarray]:
        """The gradients with respect to the parameters, as the same NamedTuple, to the queries and to the keys.

        Shapes:  kept as `score` gave it; dscores (B, T, S) -> parameters, dquery (B, T, Dq), dkeys (B, S, Dk)
        """

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """The shape that each parameter needs, for queries and keys of these widths."""


class Additive(NamedTuple):
    """A small network with one hidden layer of A units for each pair, where the dot score has one product.

        e_ts = v_aᵀ tanh(W_a q_t + U_a k_s)

    Shapes:  W_a (A, Dq); U_a (A, Dk); v_a (A,)
    Source:  Bahdanau, Cho & Bengio 2015, whose query is the state before the step, s_{t-1}
    Book:    chapters/12_attention
    """

    W_a: np.ndarray
    U_a: np.ndarray
    v_a: np.ndarray

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """u_ts = tanh(W_a q_t + U_a k_s), and e_ts = v_aᵀ u_ts: a hidden layer for each of the T·S pairs."""
        u = np.tanh((query @ self.W_a.T)[:, :, None] + (keys @ self.U_a.T)[:, None])  # (B, T, S, A)
        return u @ self.v_a, (u,)

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[Additive, np.ndarray, np.ndarray]:
        """da_ts = de_ts v_a (1 - u_ts²); dq_t = W_aᵀ Σ_s da_ts; dk_s = U_aᵀ Σ_t da_ts; dv_a = Σ_ts de_ts u_ts."""
        (u,) = kept
        da = dscores[..., None] * self.v_a * (1 - u**2)
        of_query, of_key = da.sum(2), da.sum(1)
        dv_a = outer(dscores[..., None], u)[0]
        dparams = Additive(outer(of_query, query), outer(of_key, keys), dv_a)
        return dparams, of_query @ self.W_a, of_key @ self.U_a

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """W_a (A, Dq), U_a (A, Dk), v_a (A,)."""
        A = np.shape(self.v_a)[0] if np.ndim(self.v_a) else 1
        return (A, Dq), (A, Dk), (A,)


class Concat(NamedTuple):
    """Query and key as one vector: the additive score with its two matrices side by side, W_a = [W, U].

        e_ts = v_aᵀ tanh(W_a [q_t; k_s])

    Shapes:  W_a (A, Dq + Dk); v_a (A,)
    Source:  Luong, Pham & Manning 2015
    Book:    chapters/12_attention
    """

    W_a: np.ndarray
    v_a: np.ndarray

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """W_a [q_t; k_s] = W q_t + U k_s, so that neither product is made for each pair."""
        return self.additive(query).score(query, keys)

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[Concat, np.ndarray, np.ndarray]:
        """That of the additive score; dW_a = [dW, dU]."""
        (dW, dU, dv_a), dquery, dkeys = self.additive(query).score_backward(query, keys, kept, dscores)
        return Concat(np.concatenate([dW, dU], 1), dv_a), dquery, dkeys

    def additive(self, query: np.ndarray) -> Additive:
        """The additive score that it is: W has as many columns as the query has features, U the others."""
        W, U = np.split(self.W_a, [query.shape[-1]], 1)
        return Additive(W, U, self.v_a)

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """W_a (A, Dq + Dk), v_a (A,)."""
        A = np.shape(self.v_a)[0] if np.ndim(self.v_a) else 1
        return (A, Dq + Dk), (A,)


class Dot(NamedTuple):
    """No parameters: query and key have to learn one language, and must be of one width.

        e_ts = q_tᵀ k_s

    Shapes:  Dq = Dk
    Source:  Luong, Pham & Manning 2015
    Book:    chapters/12_attention
    """

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """e_ts = q_tᵀ k_s, all pairs in one matrix product."""
        return query @ keys.swapaxes(1, 2), ()

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[Dot, np.ndarray, np.ndarray]:
        """dq_t = Σ_s de_ts k_s; dk_s = Σ_t de_ts q_t."""
        return Dot(), dscores @ keys, dscores.swapaxes(1, 2) @ query

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """Nothing, if both are of one width."""
        return _of_one_width(Dq, Dk)


class ScaledDot(NamedTuple):
    """The dot score, divided so that its variance does not grow with the width D = Dq = Dk.

        e_ts = q_tᵀ k_s / √D

    Shapes:  Dq = Dk
    Source:  Vaswani et al. 2017
    Book:    chapters/12_attention
    """

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """e_ts = q_tᵀ k_s / √D."""
        return query @ keys.swapaxes(1, 2) / np.sqrt(keys.shape[-1]), ()

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[ScaledDot, np.ndarray, np.ndarray]:
        """dq_t = Σ_s de_ts k_s / √D; dk_s = Σ_t de_ts q_t / √D."""
        dscaled = dscores / np.sqrt(keys.shape[-1])
        return ScaledDot(), dscaled @ keys, dscaled.swapaxes(1, 2) @ query

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """Nothing, if both are of one width."""
        return _of_one_width(Dq, Dk)


class General(NamedTuple):
    """A matrix between the two: it translates the key into the language of the query.

        e_ts = q_tᵀ W_a k_s

    Shapes:  W_a (Dq, Dk)
    Source:  Luong, Pham & Manning 2015
    Book:    chapters/12_attention
    """

    W_a: np.ndarray

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """e_ts = q_tᵀ (W_a k_s)."""
        return query @ (keys @ self.W_a.T).swapaxes(1, 2), ()

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[General, np.ndarray, np.ndarray]:
        """dq_t = W_a Σ_s de_ts k_s; dk_s = W_aᵀ Σ_t de_ts q_t; dW_a = Σ_ts de_ts q_t k_sᵀ."""
        to_query, to_key = dscores @ keys, dscores.swapaxes(1, 2) @ query
        return General(outer(query, to_query)), to_query @ self.W_a.T, to_key @ self.W_a

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """W_a (Dq, Dk)."""
        return ((Dq, Dk),)


class Location(NamedTuple):
    """The query says which place to look at, without a look at what stands there.

        e_ts = (W_a q_t)_s,  s = 1 … S

    Of a sequence of more than N places those behind N get no weight; of a shorter one the first S rows are used.

    Shapes:  W_a (N, Dq), a row for each of N places
    Source:  Luong, Pham & Manning 2015
    Differs: Luong et al. take the first S of N weights, whose sum is less than 1; here the softmax goes over S scores
    Book:    chapters/12_attention
    """

    W_a: np.ndarray

    def score(self, query: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, Arrays]:
        """e_ts = (W_a q_t)_s for the first N places, and 0 behind them, which `attention` masks."""
        N, S = len(self.W_a), keys.shape[1]
        return np.pad(query @ self.W_a[:S].T, ((0, 0), (0, 0), (0, max(S - N, 0)))), ()

    def score_backward(
        self, query: np.ndarray, keys: np.ndarray, kept: Arrays, dscores: np.ndarray
    ) -> tuple[Location, np.ndarray, np.ndarray]:
        """dq_t = W_aᵀ de_t; dW_a = Σ_t de_t q_tᵀ; the keys have no part in it."""
        known = self.W_a[: keys.shape[1]]
        dscores = dscores[..., : len(known)]
        dW_a = np.zeros(self.W_a.shape, np.result_type(dscores, query))
        dW_a[: len(known)] = (dscores.swapaxes(1, 2) @ query).sum(0)
        return Location(dW_a), dscores @ known, np.zeros(keys.shape)

    def shapes(self, Dq: int, Dk: int) -> tuple[tuple[int, ...], ...]:
        """W_a (N, Dq)."""
        return ((np.shape(self.W_a)[0] if np.ndim(self.W_a) else 1, Dq),)


SCORES = (Additive, Concat, Dot, General, Location, ScaledDot)


def checked_score(score: Any, Dq: int, Dk: int) -> Any:
    """Return a copy of the score whose parameters are float64 arrays that fit; a TypeError or ValueError otherwise."""
    if not isinstance(score, SCORES):
        names = ", ".join(kind.__name__ for kind in SCORES)
        raise TypeError(f"score must be one of {names}, with its parameters, got {score!r:.60}")
    named = zip(score._fields, score, score.shapes(Dq, Dk), strict=True)
    return type(score)(*(np.array(real_array(f"score.{name}", value, shape)) for name, value, shape in named))


def _of_one_width(Dq: int, Dk: int) -> tuple[()]:
    if Dq != Dk:
        raise ValueError(f"keys must have as many features as query, {Dq}, got {Dk}: see General, which has a matrix")
    return ()
