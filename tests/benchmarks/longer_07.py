"""What chapter 7 says of models that its page has no time to train: summaries, padding, other cells, waiting.

    python tests/benchmarks/longer_training.py 07

makes all that the page reads, with longer_07_depth.py and longer_07_texts.py. Here all read the sentences of the pizza
blank, and are judged by their expected loss, a sum over every sentence.
"""

from functools import cache, partial

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.nn import GRU, LSTM, RNN, open_gate
from seqlib.tasks import Pizza
from seqlib.tasks.pizza import PLACE
from seqlib.training import Cosine, fit

CHAPTER = "07"
UNSEEN = list(range(10, 15))  # no rate or size was chosen on these


@cache
def grammar(*gap):
    """The task, every sentence of it as one batch, and their probabilities."""
    task = Pizza(gap)
    return task, *task.every_sentence()


class Reader(nn.Module):
    """Layers of a cell in one or both directions, and a read-out of what `view` takes from their outputs.

    Of the kind "residual" every layer but the first adds its input to its output. Of the kind "apart" the layers of
    each direction read those of the same direction only: two stacks. Without `sees_lengths` padding is read.
    """

    def __init__(
        self, n_ids, n_out, view, *, embedding, units, cell=GRU, both=True, layers=1, kind="", sees_lengths=True
    ):
        super().__init__()
        self.view, self.kind, self.sees_lengths = view, kind, sees_lengths
        width = 2 * units if both else units
        apart = kind == "apart"
        below = units if apart else width
        self.embedding = nn.Embedding(n_ids, embedding)
        self.layers = nn.ModuleList(  # of two stacks by turns
            cell(below if k else embedding, units, batch_first=True, bidirectional=both and not apart)
            for k in range(layers)
            for _ in range(1 + apart)
        )
        self.readout = nn.Linear(width, n_out)

    def forward(self, x, lengths):
        n = torch.as_tensor(lengths)
        reads = n if self.sees_lengths else torch.full_like(n, x.shape[1])
        x = self.embedding(x)
        if self.kind == "apart":
            behind = turned(self.up(turned(x, reads), reads, self.layers[1::2]), reads)
            h = torch.cat([self.up(x, reads, self.layers[::2]), behind], -1)
        else:
            h = self.up(x, reads, self.layers)
        return self.readout(self.view(h, n))

    def up(self, x, reads, layers):
        """The outputs of the layers on top of each other; behind the end of a sequence they are 0."""
        h = pack_padded_sequence(x, reads, batch_first=True, enforce_sorted=False)
        for k, layer in enumerate(layers):
            out = layer(h)[0]
            h = out._replace(data=out.data + h.data) if self.kind == "residual" and k else out
        return pad_packed_sequence(h, batch_first=True, total_length=x.shape[1])[0]


def turned(x, n):
    """Each sequence from its last step to its first, its padding where it was."""
    t = torch.arange(x.shape[1])
    places = torch.where(t < n[:, None], n[:, None] - 1 - t, t)
    return x.gather(1, places[..., None].expand_as(x))


def halves(h):
    return h.chunk(2, -1)


def at(h, places):
    return h[torch.arange(len(h)), places]


def states(h, n):
    """The outputs as they are."""
    return h


def shifted(h, n):
    """For each word what was read before it and what was read after it, not the word itself."""
    ahead, behind = halves(h)
    return torch.cat(
        [nn.functional.pad(ahead[:, :-1], (0, 0, 1, 0)), nn.functional.pad(behind[:, 1:], (0, 0, 0, 1))], -1
    )


SUMMARIES = {  # one vector for each sentence, from outputs (B, T, 2H)
    "h→_n, h←_1": lambda h, n: torch.cat([at(halves(h)[0], n - 1), halves(h)[1][:, 0]], -1),
    "out[:, -1]": lambda h, n: h[:, -1],
    "h→_n, h←_n": lambda h, n: at(h, n - 1),
    "h←_1": lambda h, n: torch.cat([torch.zeros_like(halves(h)[0][:, 0]), halves(h)[1][:, 0]], -1),
    "h←_n": lambda h, n: torch.cat([torch.zeros_like(halves(h)[0][:, 0]), at(halves(h)[1], n - 1)], -1),
}


def blank(batch):
    """The word of the blank, at its place: the question of the task."""
    return batch


def whole(batch):
    """Every word of the sentence, from the sentence: what a model that fills blanks is asked, blank by blank."""
    return Batch((batch.y, batch.inputs[1]), batch.y, np.arange(batch.y.shape[1]) < batch.inputs[1][:, None])


def one_answer(batch):
    """The word of the blank, for the sentence as a whole."""
    return Batch(batch.inputs, batch.y[:, [PLACE]], np.ones((len(batch.y), 1), dtype=bool))


def answers(net, batch, columns=0):
    """log Q of every word at every step of a batch, with more columns of padding."""
    x = np.pad(batch.inputs[0], ((0, 0), (0, columns)))
    with torch.no_grad():
        out = net(torch.as_tensor(x), batch.inputs[1])[:, : batch.y.shape[1]]
    return out.double().log_softmax(-1).numpy()


def expected(net, asked, gap, columns=0, of=None):
    """Σ_s P(s) · the loss on sentence s, over the number of words asked; of sentences with `of` words, if it is given.

    With more columns of padding.
    """
    _, every, p = grammar(*gap)
    batch = asked(every)
    p = p if of is None else p * (batch.inputs[1] == of)
    return float(p @ batch.losses(answers(net, batch, columns)) / (p @ batch.mask.sum(1)))


def trained(net, asked, *, seed, gap, embedding, units, batch, steps, rate, clip):
    """A network after training on fresh sentences. `net` is what makes it another Reader than a plain one."""
    task = grammar(*gap)[0]

    def drawn(step):
        return asked(task.sample(batch, np.random.default_rng([seed, step])))

    build = partial(Reader, task.vocab_size, task.n_out, embedding=embedding, **{"units": units} | net)
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": clip, "seed": seed, "loss": "cross_entropy"}
    return fit(build, drawn, steps=steps, **how).model.eval()


def losses(seeds, net, asked=blank, **how):
    """The expected loss for each seed."""
    return [rounded(expected(trained(net, asked, seed=seed, **how), asked, how["gap"])) for seed in seeds]


def parsed(arm):
    """What the name of an arm says of a Reader: "2" or "2, apart" is a number of layers and a kind."""
    layers, _, kind = arm.partition(", ")
    return {"layers": int(layers), "kind": kind}


def cloze(seeds, arms, **how):
    """Loss per word of models that see both sides of every word: "2" layers mix the directions, "2, apart" do not."""
    return {arm: losses(seeds, {"view": shifted} | parsed(arm), whole, **how) for arm in arms}


def one_vector(kind):
    """What makes a Reader answer once, from the summary of that name."""
    return {"view": lambda h, n: SUMMARIES[kind](h, n)[:, None]}


def summaries(seeds, kinds, **how):
    """Loss of models that answer from one vector per sentence."""
    return {kind: losses(seeds, one_vector(kind), one_answer, **how) for kind in kinds}


def by_length(seeds, kinds, steps, times, **how):
    """The same after more steps too, for sentences of each length, or all.

    And the probability that a network gives, on the shortest sentences, to words that never stand in the blank.
    """
    found = {}
    task, every, p = grammar(*how["gap"])
    never = np.setdiff1d(np.arange(task.n_out), every.y[:, PLACE])
    by_words = {n: p * (every.inputs[1] == n) for n in np.unique(every.inputs[1]).tolist()}
    shortest = min(by_words.items())[1]
    for kind in kinds:
        for more in times:
            runs = found.setdefault(kind, {})[f"{steps * more}"] = {}
            for seed in seeds:
                net = trained(one_vector(kind), one_answer, seed=seed, steps=steps * more, **how)
                scores = {f"{n}": expected(net, one_answer, how["gap"], of=n) for n in by_words}
                scores["all"] = expected(net, one_answer, how["gap"])
                given = np.exp(answers(net, one_answer(every)))[:, 0, never].sum(1)
                scores["never in the blank"] = shortest @ given / shortest.sum()
                for name, value in scores.items():
                    runs.setdefault(name, []).append(rounded(value))
    return found


def lengths(seeds, columns, **how):
    """Loss at the blank of networks that were trained with and without lengths, by columns of more padding."""
    found = {}
    for name, told in {"with": True, "without": False}.items():
        for seed in seeds:
            net = trained({"view": states, "sees_lengths": told}, blank, seed=seed, **how)
            for sees in (True, False):
                net.sees_lengths = sees
                by_columns = found.setdefault(f"trained {name}, read {'with' if sees else 'without'}", {})
                for more in columns:
                    by_columns.setdefault(f"{more}", []).append(rounded(expected(net, blank, how["gap"], more)))
    return found


def forgetful(*sizes, **options):
    """An LSTM whose forget gates start open: bias 1, as in chapter 5."""
    return open_gate(LSTM(*sizes, **options), "f")


CELLS = {"RNN": RNN, "LSTM": LSTM, "LSTM, forget bias 1": forgetful, "GRU": GRU}


def cells(seeds, rates, **how):
    """Loss at the blank of bidirectional networks of each cell, by rate."""
    return {
        name: {f"{rate}": losses(seeds, {"view": states, "cell": cell}, rate=rate, **how) for rate in rates}
        for name, cell in CELLS.items()
    }


def waits(k, h, n):
    """What was read k words after the blank, or at the end of the sentence."""
    return at(h, torch.clamp(n - 1, max=PLACE + k))[:, None]


def waiting(seeds, words, **how):
    """Loss of one-directional networks that answer so many words after the blank, or at the end of the sentence."""
    nets = {f"{k}": {"view": partial(waits, k), "both": False} for k in words}
    return {k: losses(seeds, net, one_answer, **how) for k, net in nets.items()}


COMMON = {"gap": [0, 2], "embedding": 16, "units": 32, "batch": 64}
AT_02 = {"steps": 400, "seeds": UNSEEN} | COMMON | {"rate": 0.02, "clip": None}
CLIPPED = AT_02 | {"clip": 1.0}
del CLIPPED["rate"]
UNIT = "nats, expected over every sentence"
MEASUREMENTS = {
    "cloze": {
        "what": "loss per word from both sides of it, by number of layers",
        "measure": cloze,
        "settings": AT_02 | {"steps": 800, "arms": ["1", "2", "2, apart"]},
    },
    "summary": {
        "what": "loss from one vector per sentence",
        "measure": summaries,
        "settings": AT_02 | {"kinds": list(SUMMARIES)},
    },
    "summary_by_length": {
        "what": "loss from one vector, by steps and by words of the sentence; P(words that are never in the blank)",
        "measure": by_length,
        "settings": AT_02 | {"kinds": ["out[:, -1]"], "times": [1, 3]},
    },
    "lengths": {
        "what": "loss with and without lengths",
        "measure": lengths,
        "settings": AT_02 | {"columns": [0, 1, 4, 16, 64]},
    },
    "cells": {
        "what": "loss of bidirectional cells by rate, clipped",
        "measure": cells,
        "settings": CLIPPED | {"rates": [0.005, 0.01, 0.02]},
    },
    "waiting": {
        "what": "loss of a one-directional GRU that waits",
        "measure": waiting,
        "settings": AT_02 | {"words": [0, 3, 6, 7, 8, 9, 10]},
    },
}
MEASUREMENTS = {name: {"unit": UNIT} | measurement for name, measurement in MEASUREMENTS.items()}
