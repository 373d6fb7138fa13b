"""Beam search: all beams of all sentences in one call of the model per step."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.arguments import check_integer
from seqlib.decoding.distribution import log_softmax
from seqlib.decoding.hypotheses import Hypotheses, Nodes
from seqlib.decoding.ranking import Ranking
from seqlib.decoding.step_model import StepModel, attention, check_model, check_prompts, read, selected, step

__all__ = ["beam"]


def beam(
    model: StepModel,
    prompt: Any,
    *,
    width: int,
    max_length: int,
    eos: int | None = None,
    state: Any = None,
    length_penalty: float = 0.0,
    norm: str = "gnmt",
    coverage: float = 0.0,
    n_best: int = 1,
    tree: bool = False,
) -> Hypotheses:
    """The best hypotheses that a search with `width` partial ones at a time finds.

        at each step, of all continuations of the partial hypotheses by one symbol, the `width` most probable are kept;
        of these, the ones that end with `eos` leave the beam and are finished, the others are partial hypotheses

        finished ones are ranked by   s(Y) = log P(Y | prompt) / lp(Y) + cp(X, Y)

    with lp = `length_normalisation(|Y|, length_penalty, norm)` and cp = `coverage_penalty(…, coverage)`. Continuations
    that compete at a step are equally long, so no normalisation would change their order; what they have not covered,
    they may cover yet: both count only at the end. Hypotheses that are cut at max_length compete with those that ended,
    by the same score (`ended` tells them apart): the probabilities of all together sum to 1.

    A sentence is done when no partial hypothesis can get among the best n_best any more: even if all that followed had
    probability 1, covered everything, and went on to max_length, where lp is largest. So with a length penalty the
    search goes on for longer. Stopping early changes no answer. `width` = 1 is `greedy`, to the last bit.
    Of equally probable continuations, those whose last symbol is more probable come first (log P is a rounded sum),
    then those of the better partial hypothesis, then those with the lower id; of equal scores, what was finished first.

    `prompt`, `max_length`, `eos` and `state` are those of `sample`. `coverage` > 0 asks the model for a method

        attention(state) -> weights (N, S), or weights and a mask (N, S), True for what is not padding

    of what the symbol that is scored beside this state attends to. `tree` keeps every hypothesis that was looked at.

    Shapes:  a prompt (T,), or N of them -> Hypotheses, n_best for each prompt; n_best at most width
    Raises:  TypeError or ValueError naming the argument, or what the model answered; ValueError for a coverage > 0
             without attention
    Source:  Sutskever, Vinyals & Le 2014 (the search); Wu et al. 2016 (the score); Huang, Zhao & Ma 2017 (when to stop)
    Book:    chapters/11_encoder_decoder
    """
    prompts = check_prompts(prompt)
    ranking = Ranking.checked(length_penalty, norm, coverage, max_length)
    width = check_integer("width", width, low=1)
    n_best = check_integer("n_best", n_best, low=1, high=width)
    eos = None if eos is None else check_integer("eos", eos, low=0)
    check_model(model)
    N, common = len(prompts), min(map(len, prompts))
    left = np.array([len(p) - common for p in prompts])  # of the prompt, to be read on the way
    nodes, asked, t = Nodes(), np.zeros(N, dtype=np.int64), 0
    best = np.full((N, n_best), -np.inf)  # the scores of the best finished ones
    if max_length == 0:
        return _nothing(N, n_best, nodes.answer(N, n_best, asked, bool(tree)))
    # a partial hypothesis: the sentence, its node, its log-probability, what it has attended to
    owner, node, total = np.arange(N), np.full(N, -1), np.zeros(N)
    seen: tuple[np.ndarray, np.ndarray] | None = None
    logits, state = read(model, np.stack([p[:common] for p in prompts]), state)
    while True:
        free = t >= left[owner]
        if ranking.beta:
            weights, real = attention(model, state, len(owner))
            seen = np.where(free[:, None], weights, 0.0) + (0.0 if seen is None else seen[0]), real
        asked += np.bincount(owner[free], minlength=N)
        row, token, log_prob, kept = _choose(logits, np.flatnonzero(free), owner, total, width, bool(tree))
        length, sums = t - left[owner[row]] + 1, total[row] + log_prob
        ended, cut = token == eos, length >= max_length
        finished = kept & (ended | cut)
        score = np.full(len(row), np.nan)
        which = row[finished]
        score[finished] = ranking.score(
            sums[finished], length[finished], None if seen is None else (seen[0][which], seen[1][which])
        )
        fate = np.select([~kept, ended, cut], ["dropped", "ended", "cut"], "kept")
        numbers = nodes.add(owner[row], node[row], length, token, log_prob, sums, score, fate)
        _enter(best, owner[which], score[finished])
        goes_on = kept & ~finished
        hope = np.full(N, -np.inf)
        np.maximum.at(hope, owner[row[goes_on]], ranking.hope(sums[goes_on], length[goes_on]))
        goes_on &= (hope > best[:, -1])[owner[row]]
        # on to the next step: partial hypotheses, and sentences whose prompt is not read yet, by sentences
        waiting = np.flatnonzero(~free)
        forced = np.array([prompts[owner[i]][common + t] for i in waiting], dtype=np.int64)
        rows = np.concatenate([waiting, row[goes_on]])
        order = np.argsort(owner[rows], kind="stable")
        rows, size = rows[order], len(owner)
        if not len(rows):
            return nodes.answer(N, n_best, asked, bool(tree))
        node = np.concatenate([node[waiting], numbers[goes_on]])[order]
        total = np.concatenate([total[waiting], sums[goes_on]])[order]
        owner, t = owner[rows], t + 1
        seen = None if seen is None else (seen[0][rows], seen[1][rows])
        tokens = np.concatenate([forced, token[goes_on]])[order]
        logits, state = step(model, tokens, selected(model, state, rows, size))


def _choose(
    logits: np.ndarray, free: np.ndarray, owner: np.ndarray, total: np.ndarray, width: int, every: bool
) -> tuple[np.ndarray, ...]:
    """The continuations of the partial hypotheses in rows `free`: row, symbol, its log-probability, whether it is kept.

    By sentences, and of each the best `width` first; those that are not kept follow only if `every` one is wanted.
    """
    if not len(free):
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0), np.zeros(0, dtype=bool)
    scored = log_softmax("logits", logits[free])
    sentences, first, which = np.unique(owner[free], return_index=True, return_inverse=True)
    place = np.arange(len(free)) - first[which]
    n, K, V = len(sentences), int(place.max()) + 1, scored.shape[1]
    sums = np.full((n, K, V), -np.inf)
    sums[which, place] = total[free, None] + scored
    flat = sums.reshape(n, K * V)
    possible = flat > -np.inf
    if not every and width < K * V:
        least = np.partition(flat, K * V - width, axis=1)[:, K * V - width]
        possible &= flat >= least[:, None]
    group, at = np.nonzero(possible)
    row = np.zeros((n, K), dtype=np.int64)
    row[which, place] = np.arange(len(free))
    row, token = row[group, at // V], at % V
    log_prob = scored[row, token]
    order = np.lexsort((at, -log_prob, -flat[group, at], group))
    group = group[order]
    kept = np.arange(len(group)) - np.searchsorted(group, group) < width
    if every:
        order, kept = (np.concatenate([x[kept], x[~kept]]) for x in (order, kept))
    else:
        order, kept = order[kept], kept[kept]
    return free[row[order]], token[order], log_prob[order], kept


def _enter(best: np.ndarray, sentence: np.ndarray, score: np.ndarray) -> None:
    """The scores of hypotheses that have just been finished, sorted by sentences, enter those of the best, in place."""
    if not len(score):
        return
    place = np.arange(len(score)) - np.searchsorted(sentence, sentence)
    pool = np.full((len(best), best.shape[1] + int(place.max()) + 1), -np.inf)
    pool[:, : best.shape[1]] = best
    pool[sentence, best.shape[1] + place] = score
    best[:] = -np.sort(-pool, axis=1)[:, : best.shape[1]]


def _nothing(N: int, n_best: int, empty: Hypotheses) -> Hypotheses:
    """The one hypothesis of each prompt where max_length is 0: no symbol, log-probability 0."""
    empty.normalised[np.arange(N) * n_best] = 0.0
    return empty
