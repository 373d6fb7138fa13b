"""The best of all sequences: exact search, which is what a beam is measured against."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import check_integer
from seqlib.decoding.distribution import log_softmax
from seqlib.decoding.hypotheses import Hypotheses
from seqlib.decoding.ranking import Ranking
from seqlib.decoding.step_model import StepModel, attention, check_model, check_prompts, read, selected, step
from seqlib.text import PAD

__all__ = ["exhaustive"]

TOGETHER = 64  # prefixes that are read in one call of the model


class _Found(NamedTuple):
    """A finished hypothesis: its score, and its symbols with their log-probabilities."""

    score: float
    ids: np.ndarray
    log_probs: np.ndarray
    ended: bool


class _Frame(NamedTuple):
    """Prefixes of one length that are still to be read, the most hopeful first.

    They extend, by a symbol each, prefixes that were read: ids and log_probs (R, t), with the model's state and what
    they have attended to. row, token, log_prob, total (M,) are their own.
    """

    ids: np.ndarray
    log_probs: np.ndarray
    state: Any
    seen: tuple[np.ndarray, np.ndarray] | None
    row: np.ndarray
    token: np.ndarray
    log_prob: np.ndarray
    total: np.ndarray


def exhaustive(
    model: StepModel,
    prompt: Any,
    *,
    max_length: int,
    eos: int | None = None,
    state: Any = None,
    length_penalty: float = 0.0,
    norm: str = "gnmt",
    coverage: float = 0.0,
    n_best: int = 1,
    limit: int = 1_000_000,
) -> Hypotheses:
    """The best n_best of all sequences of at most `max_length` symbols, by the score of `beam`. No beam finds better.

        argmax_Y  log P(Y | prompt) / lp(Y) + cp(X, Y)      Y ends with its first `eos`, or is cut at max_length

    Depth-first search with branch and bound: log-probabilities only fall, so a prefix that could not get a better score
    than the n_best-th of those that are finished is not extended. The most probable prefixes are extended first. Of
    equal scores, what was finished first. The number of prefixes may grow like V^max_length all the same, above all
    with a length penalty, which makes the bound weak: more than `limit` of them, for one prompt, are an error.

    The arguments are those of `beam`. Each prompt is searched alone; `read` says how many prefixes the model scored.

    Shapes:  a prompt (T,), or N of them -> Hypotheses, n_best for each prompt
    Raises:  as `beam`; ValueError naming limit when it is passed
    Source:  Stahlberg & Byrne 2019 (where a beam gives the first bound)
    Book:    chapters/11_encoder_decoder
    """
    prompts = check_prompts(prompt)
    ranking = Ranking.checked(length_penalty, norm, coverage, max_length)
    n_best, limit = check_integer("n_best", n_best, low=1), check_integer("limit", limit, low=1)
    eos = None if eos is None else check_integer("eos", eos, low=0)
    check_model(model)
    answers, asked = [], np.zeros(len(prompts), dtype=np.int64)
    for i, one in enumerate(prompts):
        own = None if state is None else selected(model, state, np.array([i]), len(prompts))
        search = _Search(model, ranking, eos, n_best, limit, i)
        answers.append(search.run(one, own))
        asked[i] = search.read
    rows = [found for best in answers for found in best]
    L = max((len(found.ids) for found in rows), default=0)
    there = np.array([[k < len(best) for k in range(n_best)] for best in answers]).ravel()
    ids, log_probs = np.full((len(there), L), PAD), np.zeros((len(there), L))
    lengths, ended, scores = np.zeros(len(there), np.int64), np.zeros(len(there), bool), np.full(len(there), -np.inf)
    for k, found in zip(np.flatnonzero(there), rows, strict=True):
        lengths[k], ended[k], scores[k] = len(found.ids), found.ended, found.score
        ids[k, : lengths[k]], log_probs[k, : lengths[k]] = found.ids, found.log_probs
    return Hypotheses(ids, log_probs, lengths, ended, scores, asked)


class _Search:
    """The search for one prompt."""

    def __init__(self, model: Any, ranking: Ranking, eos: int | None, n_best: int, limit: int, number: int) -> None:
        self.model, self.ranking, self.eos, self.n_best = model, ranking, eos, n_best
        self.limit, self.number, self.read = limit, number, 0
        self.best: list[_Found] = []

    def run(self, prompt: np.ndarray, state: Any) -> list[_Found]:
        """The best hypotheses, in order."""
        nothing = np.zeros((1, 0), np.int64), np.zeros((1, 0))
        if self.ranking.max_length == 0:
            return [_Found(0.0, nothing[0][0], nothing[1][0], False)]
        logits, state = read(self.model, prompt[None], state)
        frames = [self._extended(*nothing, np.zeros(1), logits, state, None)]
        while frames:
            frame = frames.pop()
            hopeful = np.flatnonzero(self._hopeful(frame.total, frame.ids.shape[1] + 1))
            if not len(hopeful):
                continue
            now, later = hopeful[:TOGETHER], hopeful[TOGETHER:]
            row, token = frame.row[now], frame.token[now]
            frames.append(
                frame._replace(**{x: getattr(frame, x)[later] for x in ("row", "token", "log_prob", "total")})
            )
            ids = np.concatenate([frame.ids[row], token[:, None]], 1)
            log_probs = np.concatenate([frame.log_probs[row], frame.log_prob[now, None]], 1)
            state = selected(self.model, frame.state, row, len(frame.ids))
            logits, state = step(self.model, token, state)
            seen = None if frame.seen is None else (frame.seen[0][row], frame.seen[1][row])
            frames.append(self._extended(ids, log_probs, frame.total[now], logits, state, seen))
        return self.best

    def _extended(
        self, ids: np.ndarray, log_probs: np.ndarray, total: np.ndarray, logits: np.ndarray, state: Any, seen: Any
    ) -> _Frame:
        """All continuations of these prefixes by one symbol: the finished ones are compared, the others returned."""
        self.read += len(ids)
        if self.read > self.limit:
            raise ValueError(
                f"limit must be larger, or max_length smaller: prompt {self.number} is not done after {self.limit} "
                "prefixes"
            )
        if self.ranking.beta:
            weights, real = attention(self.model, state, len(ids))
            seen = (weights if seen is None else seen[0] + weights), real
        scored = log_softmax("logits", logits)
        sums = total[:, None] + scored
        length = ids.shape[1] + 1
        row, token = np.nonzero(sums > -np.inf)
        order = np.argsort(-sums[row, token], kind="stable")
        row, token = row[order], token[order]
        ended = token == self.eos
        done = ended | (length >= self.ranking.max_length)
        self._finish(ids, log_probs, row[done], token[done], scored, sums, seen, ended[done])
        hopeful = ~done & self._hopeful(sums[row, token], length)
        row, token = row[hopeful], token[hopeful]
        return _Frame(ids, log_probs, state, seen, row, token, scored[row, token], sums[row, token])

    def _finish(
        self, ids: Any, log_probs: Any, row: Any, token: Any, scored: Any, sums: Any, seen: Any, e: Any
    ) -> None:
        """Finished hypotheses enter the list of the best, if they are among them."""
        lengths = np.full(len(row), ids.shape[1] + 1)
        seen = None if seen is None else (seen[0][row], seen[1][row])
        score = self.ranking.score(sums[row, token], lengths, seen)
        first = np.argsort(-score, kind="stable")[: self.n_best]
        new = [
            _Found(
                float(score[k]),
                np.append(ids[row[k]], token[k]),
                np.append(log_probs[row[k]], scored[row[k], token[k]]),
                bool(e[k]),
            )
            for k in first
        ]
        self.best = sorted(self.best + new, key=lambda found: -found.score)[: self.n_best]

    def _hopeful(self, total: np.ndarray, length: int) -> np.ndarray:
        """Which prefixes can still get a better score than the last of the best."""
        if len(self.best) < self.n_best:
            return np.ones(len(total), dtype=bool)
        return np.asarray(self.ranking.hope(total, np.full(len(total), length)) > self.best[-1].score)
