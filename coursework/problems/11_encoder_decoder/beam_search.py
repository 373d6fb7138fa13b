"""Beam search in a table of probabilities, and the best of what has ended, by a score of one's own."""

import itertools

import numpy as np

from coursework.problem import Mistake, Part, Problem, number

from ..hypotheses import COUNTS, NORMS

RIGHT = """\
def beam_search(first, then):
    ### BEGIN SOLUTION
    beam, done = [((), 0.0)], []
    for t in range(len(then) + 1):
        found = []
        for ids, total in beam:
            row = then[t - 1, ids[-1]] if t else first
            found += [((*ids, v), total + p) for v, p in enumerate(row)]
        found = sorted(found, key=lambda pair: -pair[1])
        best = found[:«width»]
        done += [pair for pair in best if pair[0][-1] == «eos»]
        beam = [pair for pair in best if pair[0][-1] != «eos»]
    scored = []
    for ids, total in done:
        n = «count.code»
        scored.append((«norm.code», ids))
    scored = sorted(scored, reverse=True)
    return np.array(scored[0][1]), np.array([score for score, _ in scored])
    ### END SOLUTION
"""
BY_ARRAYS = """\
def beam_search(first, then):
    scores, answers = [], []
    words, totals = np.zeros((1, 0), int), np.zeros(1)
    for t in range(len(then) + 1):
        step = then[t - 1][words[:, -1]] if t else first[None]
        flat = (totals[:, None] + step).ravel()
        top = np.argsort(flat)[::-1][:«width»]
        words, totals = np.column_stack([words[top // len(first)], top % len(first)]), flat[top]
        ended = words[:, -1] == «eos»
        for ids, total in zip(words[ended], totals[ended]):
            n = «count.code»
            scores, answers = [*scores, «norm.code»], [*answers, ids]
        words, totals = words[~ended], totals[~ended]
    order = np.argsort(scores)[::-1]
    return answers[order[0]], np.array(scores)[order]
"""
DONE = "done += [pair for pair in best if pair[0][-1] == «eos»]"
BEAM = "beam = [pair for pair in best if pair[0][-1] != «eos»]"
SCORE = "The score is another one. Read how it is made of L and n."
KEPT = "«width» continuations are kept at each step, of all together, those that end among them."
GREEDY = "You go on with the best continuation alone. «width» are kept at each step."
FREE = "You let every hypothesis end. Only an end that is among the «width» best continuations is kept."
CUT, STOP = "What has not ended after T symbols does not count.", "\n        if done: break"
MOST = "max(done, key=lambda pair: pair[1])[0]"
TURNED = "Rows of then[t] are the symbols before, columns the next ones."


class BeamSearch(Problem):
    """Drawn: the width, the symbol that ends, the score, and whether it counts the end."""

    name = "beam_search"
    parts = (Part("short", 2, "T is 5"), Part("long", 3, "T is 7"))
    forms = {"norm": NORMS, "count": COUNTS}
    says = {"width": "«width»", "eos": "«eos»", "norm": "«norm.tex»", "count": "«count.words»"}
    right = (RIGHT, BY_ARRAYS)
    known = (
        Mistake("greedy", GREEDY, width=1),
        Mistake("one more kept", KEPT, ("[:«width»]", "[:«width» + 1]")),
        Mistake("every end counts", FREE, (DONE, DONE.replace("best", "found"))),
        Mistake("another score", SCORE, norm="«norm.other»"),
        Mistake("a third score", SCORE, norm="«norm.other.other»"),
        Mistake("by probability", "You left L as it is.", ("(«norm.code», ids)", "(total, ids)")),
        Mistake("the end counted otherwise", "n is the number of symbols, «count.words».", count="«count.other»"),
        Mistake("cut ones too", CUT, ("scored = []", "scored, done = [], done + beam")),
        Mistake("first end", "You stopped at the first end. The others go on.", (BEAM, BEAM + STOP)),
        Mistake("last ends alone", "You forgot what ended at earlier steps.", ("done +=", "done =")),
        Mistake("ended ones go on", "A hypothesis that has ended leaves the beam.", (BEAM, "beam = best")),
        Mistake("worst kept", "You kept the least probable continuations.", ("-pair[1]", "pair[1]")),
        Mistake("worst first", "Yours begins with the worst.", ("sorted(scored, reverse=True)", "sorted(scored)")),
        Mistake("the end is free", "The end has a probability too.", ("total + p)", "total + p * (v != «eos»))")),
        Mistake("last symbol alone", "L is the sum over all symbols.", ("total + p)", "p)")),
        Mistake("columns", TURNED, ("then[t - 1, ids[-1]]", "then[t - 1, :, ids[-1]]")),
        Mistake("no end returned", "The end belongs to what is returned.", ("scored[0][1])", "scored[0][1][:-1])")),
        Mistake("probabilities", "The scores are made of logarithms, and stay so.", ("np.array([", "np.exp([")),
        Mistake(
            "most probable", "You returned the one with the largest L, not with the best score.", ("scored[0][1]", MOST)
        ),
        Mistake("best alone", "The scores of all that have ended are asked for.", ("in scored])", "in scored[:1]])")),
    )

    def constants(self, rng, variant):
        width, eos, shift = (int(number(rng, numbers)) for numbers in (range(3, 6), range(4), range(2, 9)))
        alpha, reward = number(rng, range(550, 950), per=1000), number(rng, range(400, 900), per=1000)
        return {"width": width, "eos": eos, "shift": shift, "alpha": alpha, "reward": reward}

    def case(self, variant, part, rng):
        T, V = 5 if part == "short" else 7, 4
        while True:
            logits = rng.normal(0, 1.3, (T * V, V)) + 0.6 * (np.arange(V) == variant.eos)
            log_p = (logits - np.log(np.exp(logits).sum(1, keepdims=True))).round(3)
            first, then = log_p[0], log_p[V:].reshape(T - 1, V, V)
            if self._tells(variant, first, then):
                return first, then

    def oracle(self, variant, first, then):
        """By counting: a continuation is kept if fewer than the width are more probable."""
        scores, ids = zip(*self._ended(variant, *self._kept(variant, first, then)[0]), strict=True)
        return np.array(ids[0]), np.array(scores)

    def _kept(self, variant, first, then, more=0, on=False, free=False):
        """Step by step what is kept, ids -> log P, and how far the edge is. `on`: ended ones go on; `free`: all end."""
        steps, alive, apart, width = [], {(): 0.0}, [], variant.width + more
        for t in range(len(then) + 1):
            rows = {ids: then[t - 1, ids[-1]] if t else first for ids in alive}
            found = {(*ids, v): alive[ids] + float(p) for ids, row in rows.items() for v, p in enumerate(row)}
            kept = {ids for ids, L in found.items() if sum(M > L for M in found.values()) < width}
            apart += [found[a] - found[b] for a in kept for b in found.keys() - kept] + [0.0] * (len(kept) > width)
            ends = {ids for ids in found if ids[-1] == variant.eos}
            alive = {ids: found[ids] for ids in (kept if on else kept - ends)}
            steps.append({ids: found[ids] for ids in (kept | ends if free else kept)})
        return steps, min(apart, default=1.0)

    def _ended(self, variant, *steps, cut=False):
        """The score and the ids of all that has ended, or also been cut, the best first."""
        found = {ids: L for step in steps for ids, L in step.items() if cut or ids[-1] == variant.eos}
        less, score = variant.count.less, variant.norm.of
        return sorted(((score(variant, L, len(ids) - less), ids) for ids, L in found.items()), reverse=True)

    def _tells(self, variant, first, then):
        """Whether no two are nearly as good, and each slip of a search finds something of its own."""
        steps, apart = self._kept(variant, first, then)
        right, ends = self._ended(variant, *steps), [step for step in steps if self._ended(variant, step)]
        if min([apart, *(one[0] - other[0] for one, other in itertools.pairwise(right))]) < 0.01 or len(ends) < 2:
            return False
        ended = {ids: L for step in ends for ids, L in step.items() if ids[-1] == variant.eos}
        if max(ended, key=lambda ids: ended[ids]) == right[0][1]:
            return False
        slips = [{"more": 1 - variant.width}, {"more": 1}, {"on": True}, {"free": True}]
        found = [self._ended(variant, *self._kept(variant, first, then, **slip)[0]) for slip in slips]
        found += [self._ended(variant, step) for step in (ends[0], steps[-1])]
        found += [right, right[:1], self._ended(variant, *steps, cut=True)]
        return all(one != other for one, other in itertools.combinations(found, 2))
