"""Do attention weights tell which inputs mattered? Dates are translated, and what was attended to is interfered with.

longer_12_dates.py stores what comes of it as 12_causal, for networks with the dot product that read in both directions
or in one, and for some with the additive score, which were added when their alignment error rates had been seen.

Some dates of the test are taken, none of May, and each word and digit of the true Somali is asked for after the true
ones before it; marks and EOS are left out. The states of a decoder that attends after each step, as these do, do not
depend on what was attended to, so each step can be interfered with by itself.

    erased     one position is masked for the attention, the rest sums to 1 again: the direct path alone
    permuted   the weights of a step are dealt to the positions of the sentence at random (Jain & Wallace 2019)
    uniform    all positions get the same weight (Wiegreffe & Pinter 2019)
    swapped    a word of the source is replaced by another of its kind (digit, day, month), and all is read again: every
               path. A word follows if it becomes the translation of the word that was put in; of this only words are
               asked for which any other makes a date: day of the week, name of the month, last digit of the year. What
               the step loses in log-probability of the word that it wrote is the effect of that word

Bounds for `claim`, per seed, written down when nothing but alignment error rates of other networks had been seen:
    alignment error rate of words                                             below 0.05 supports, above 0.1 refutes
    erased: share of words that change, attended - another                    above 0.5 supports, below 0.25 refutes
    permuted: median total variation of the next-word distribution            above 0.5 supports, below 0.25 refutes
    swapped: share of words that change, attended - another                   above 0.5 supports, below 0.25 refutes
    swapped: the attended word has the largest effect, share of words         above 0.9 supports, below 0.75 refutes
    swapped: Spearman's correlation of weights and effects                    above 0.7 supports, below 0.4 refutes
"""

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.tasks import Translation
from seqlib.text import PAD

TEST = Translation("dates", "test")


def kinds(sentences):
    """Source token -> the others of its kind: digits, days of the week, months in full, and in short; May is none."""
    found = {}
    for one in sentences:
        for token, role in zip(one.source, one.roles[0], strict=True):
            if role and token != "May":
                kind = "digit" if token.isdigit() else role + one.form.partition(" ")[0].replace("long", "full")
                found.setdefault(kind, set()).add(token)
    return {token: sorted(kind - {token}) for kind in found.values() for token in kind}


def meanings(sentences):
    """Source token -> the target token that it is linked with, where it is not May."""
    return {one.source[s]: one.target[t] for one in sentences for s, t in one.sure if one.source[s] != "May"}


def chosen(cases, rng):
    """Some sentences of the test without May."""
    fit = [one for one in TEST.sentences if "May" not in one.source and "Maayo" not in one.target]
    return [fit[i] for i in rng.choice(len(fit), cases, replace=False)]


class Asked:
    """A network that is asked for each word of some sentences, which may be interfered with.

    log_p (N, T, V) and weights (N, T, S) are those of nobody interfering.
    """

    def __init__(self, model, batch):
        self.model, (source, lengths, previous) = model, batch.inputs
        with torch.no_grad():
            _, self.state = model(torch.tensor(source), lengths, torch.tensor(previous))
            start = model.encode(source, lengths)
            words = model.target_embedding(torch.tensor(previous))
            self.out, _ = model.decoder(words, start.s[0].transpose(0, 1).contiguous())
        self.weights = self.state.weights
        self.log_p = self.answers(self.weights)

    def answers(self, weights):
        """log p of every word, if these are the weights  (N, T, V)."""
        with torch.no_grad():
            a = torch.tanh(self.model.combine(torch.cat([weights @ self.state.keys, self.out], 2)))
            return torch.log_softmax(self.model.readout(a).double(), -1).numpy()

    def erased(self, place):
        """log p of every word, if one position (N, T) is masked for it."""
        seen = self.state.mask[:, None].expand(self.weights.shape).clone()
        seen.scatter_(2, torch.tensor(place)[..., None], False)
        with torch.no_grad():
            weights = self.model.alignment.attend(self.out, self.state.projected, self.state.keys, seen)[1]
        return self.answers(weights)


def real(sentences, batch):
    """Which steps are asked for, and which of them are free to be any of their kind (N, T); and of the source (N, S)
    which tokens are words.
    """
    steps, free = np.zeros((2, *batch.y.shape), dtype=bool)
    words = np.zeros(batch.inputs[0].shape, dtype=bool)
    for i, one in enumerate(sentences):
        words[i, : len(one.source)] = [bool(role) for role in one.roles[0]]
        steps[i, : len(one.target)] = [bool(role) for role in one.roles[1]]
        last = len(one.target) - 1  # a date ends with the last digit of its year
        free[i, : last + 1] = [
            role == "weekday" or (role == "month" and not token.isdigit()) or t == last
            for t, (token, role) in enumerate(zip(one.target, one.roles[1], strict=True))
        ]
    return steps, free, words


def another(place, allowed, rng):
    """For every step a position that is drawn from those allowed (N, S), and is not `place` (N, T)."""
    drawn = rng.random((*place.shape, allowed.shape[1]))
    drawn[~np.broadcast_to(allowed[:, None], drawn.shape)] = -1
    np.put_along_axis(drawn, place[..., None], -1, 2)
    return drawn.argmax(2)


def dealt(weights, lengths, rng):
    """Weights with those of each step dealt to the positions of the sentence at random, that of EOS among them."""
    keys = rng.random(weights.shape)
    keys[np.broadcast_to(np.arange(weights.shape[2]) >= lengths[:, None, None], keys.shape)] = 2  # padding stays last
    return np.take_along_axis(weights, keys.argsort(2), 2)


def swapped(model, sentences, rng):
    """If source token s is swapped: log p of every word (N, S, T, V), and what the new token means (N, S)."""
    others, means, altered = kinds(TEST.sentences), meanings(TEST.sentences), []
    S = max(len(one.source) for one in sentences)
    wanted = np.full((len(sentences), S), PAD)
    for i, one in enumerate(sentences):
        for s in range(S):
            source = list(one.source)
            if s < len(source) and source[s] in others:
                source[s] = others[source[s]][rng.integers(len(others[source[s]]))]
                wanted[i, s] = TEST.target.ids[means[source[s]]]
            altered.append(one._replace(source=tuple(source)))
    log_p = Asked(model, TEST.batch(altered)).log_p
    return log_p.reshape(len(sentences), S, *log_p.shape[1:]), wanted


def spearman(a, b):
    """The correlation of ranks of two vectors without ties."""
    ranks = [v.argsort().argsort() for v in (a, b)]
    return np.corrcoef(ranks)[0, 1]


def effects(model, seed, cases):
    """What every interference does to one network."""
    rng = np.random.default_rng([seed, 1])
    sentences = chosen(cases, rng)
    batch = TEST.batch(sentences)
    steps, free, words = real(sentences, batch)
    asked = Asked(model, batch)
    weights, said = asked.weights.numpy(), asked.log_p.argmax(2)
    lengths = batch.inputs[1]
    inside = np.where(words[:, None], weights, -1)
    place, rank = inside.argmax(2), np.where(words[:, None], weights, 2).argmin(2)
    other = another(place, words, rng)

    def changed(log_p):
        return (log_p.argmax(2) != said)[steps].mean()

    found = {"right": (said == batch.y)[steps].mean(), "weight": np.median(inside.max(2)[steps])}
    for name, where in {"attended": place, "another": other, "least attended": rank}.items():
        found[f"erased, {name}"] = changed(asked.erased(where))
    for name, new in {
        "permuted": dealt(weights, lengths, rng),
        "uniform": np.broadcast_to(asked.state.mask.numpy()[:, None] / lengths[:, None, None], weights.shape).astype(
            "float32"
        ),
    }.items():
        log_p = asked.answers(torch.tensor(new))
        found[name] = changed(log_p)
        found[f"{name}, variation"] = np.median(np.abs(np.exp(log_p) - np.exp(asked.log_p)).sum(2)[steps]) / 2
    after, wanted = swapped(model, sentences, rng)
    row = np.arange(cases)[:, None]
    for name, where in {"attended": place, "another": other}.items():
        new = after[row, where, np.arange(said.shape[1])]
        found[f"swapped, {name}"] = changed(new)
        found[f"followed, {name}"] = (new.argmax(2) == wanted[row, where])[free].mean()
    kept = np.take_along_axis(after, said[:, None, :, None], 3)[..., 0].swapaxes(1, 2)
    effect = np.take_along_axis(asked.log_p, said[..., None], 2) - kept  # (N, T, S)
    swaps = words[:, : effect.shape[2]]
    found["largest effect"] = (np.where(swaps[:, None], effect, -np.inf).argmax(2) == place)[steps].mean()
    pairs = [(inside[i, t, :][words[i]], effect[i, t][swaps[i]]) for i, t in np.argwhere(steps)]
    found["correlation"] = np.median([spearman(*pair) for pair in pairs])
    return {name: rounded(value, 3) for name, value in found.items()}
