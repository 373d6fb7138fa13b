"""What chapter 7 says of models that its page has no time to train: summaries, padding, other cells, waiting, depth.

All read the sentences of the pizza blank, and are judged by their expected loss, a sum over every sentence.
"""

from functools import partial

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqlib.batching import Batch
from seqlib.nn import GRU, LSTM, RNN
from seqlib.tasks import Pizza
from seqlib.training import Cosine, fit

CHAPTER = "07"
TASK = Pizza((0, 2))
EVERY, P = TASK.every_sentence()
PLACE = int(EVERY.mask[0].argmax())  # of the blank
E, H, B, RATE, STEPS = 16, 32, 64, 0.02, 400
UNSEEN = list(range(10, 15))  # nothing was tried on these


class Reader(nn.Module):
    """Layers of a cell in one or both directions, and a read-out of what `view` takes from their outputs.

    With `residual` every layer but the first adds its input to its output. Without `sees_lengths` padding is read.
    """

    def __init__(self, view, cell=GRU, H=H, both=True, layers=1, residual=False, sees_lengths=True):
        super().__init__()
        self.view, self.residual, self.sees_lengths = view, residual, sees_lengths
        width = 2 * H if both else H
        self.embedding = nn.Embedding(TASK.vocab_size, E)
        self.layers = nn.ModuleList(
            cell(width if layer else E, H, batch_first=True, bidirectional=both) for layer in range(layers)
        )
        self.readout = nn.Linear(width, TASK.n_out)

    def forward(self, x, lengths):
        n = torch.as_tensor(lengths)
        reads = n if self.sees_lengths else torch.full_like(n, x.shape[1])
        h = pack_padded_sequence(self.embedding(x), reads, batch_first=True, enforce_sorted=False)
        for k, layer in enumerate(self.layers):
            out = layer(h)[0]
            h = out._replace(data=out.data + h.data) if self.residual and k else out
        return self.readout(self.view(pad_packed_sequence(h, batch_first=True, total_length=x.shape[1])[0], n))


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
    """The word of the blank, at its place."""
    return batch


def whole(batch):
    """Every word of the sentence, from the sentence: what a model that fills blanks is asked, blank by blank."""
    return Batch((batch.y, batch.inputs[1]), batch.y, np.arange(batch.y.shape[1]) < batch.inputs[1][:, None])


def one_answer(batch):
    """The word of the blank, for the sentence as a whole."""
    return Batch(batch.inputs, batch.y[:, [PLACE]], np.ones((len(batch.y), 1), dtype=bool))


def expected(net, asked, columns=0):
    """Σ_s P(s) · the loss on sentence s, over the number of words asked; with more columns of padding."""
    batch = asked(EVERY)
    x = np.pad(batch.inputs[0], ((0, 0), (0, columns)))
    with torch.no_grad():
        out = net(torch.as_tensor(x), batch.inputs[1])[:, : batch.y.shape[1]]
    log_p = out.double().log_softmax(-1).gather(-1, torch.as_tensor(batch.y)[..., None])[..., 0].numpy()
    return float(-(P @ (log_p * batch.mask).sum(1)) / (P @ batch.mask.sum(1)))


def trained(build, asked, *, seed, steps=STEPS, rate=RATE, clip=None):
    """A network after training on fresh sentences."""

    def drawn(step):
        return asked(TASK.sample(B, np.random.default_rng([seed, step])))

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": clip, "seed": seed, "loss": "cross_entropy"}
    return fit(build, drawn, steps=steps, **how).model.eval()


def rounded(value):
    return float(f"{value:.3g}")


def losses(seeds, build, asked=blank, **how):
    """The expected loss for each seed."""
    return [rounded(expected(trained(build, asked, seed=seed, **how), asked)) for seed in seeds]


def cloze(steps, seeds, layers):
    """Loss per word of models that see both sides of every word, by the number of layers."""
    return {f"{n}": losses(seeds, partial(Reader, shifted, layers=n), whole, steps=steps) for n in layers}


def summaries(steps, seeds, kinds):
    """Loss of models that answer from one vector per sentence."""
    views = {kind: lambda h, n, kind=kind: SUMMARIES[kind](h, n)[:, None] for kind in kinds}
    return {kind: losses(seeds, partial(Reader, view), one_answer, steps=steps) for kind, view in views.items()}


def lengths(steps, seeds, columns):
    """Loss at the blank of networks that were trained with and without lengths, by columns of more padding."""
    found = {}
    for name, told in {"with": True, "without": False}.items():
        for seed in seeds:
            net = trained(partial(Reader, states, sees_lengths=told), blank, seed=seed, steps=steps)
            for sees in (True, False):
                net.sees_lengths = sees
                by_columns = found.setdefault(f"trained {name}, read {'with' if sees else 'without'}", {})
                for more in columns:
                    by_columns.setdefault(f"{more}", []).append(rounded(expected(net, blank, more)))
    return found


def forgetful(*sizes, **options):
    """An LSTM whose forget gates start open: bias 1, as in chapter 5."""
    layer = LSTM(*sizes, **options)
    with torch.no_grad():
        for name, bias in layer.named_parameters():
            if name.startswith("bias"):
                bias[layer.hidden_size : 2 * layer.hidden_size] = float(name.startswith("bias_ih"))
    return layer


CELLS = {"RNN": RNN, "LSTM": LSTM, "LSTM, forget bias 1": forgetful, "GRU": GRU}


def cells(steps, seeds, rates):
    """Loss at the blank of bidirectional networks of each cell, by rate; the norm clipped to 1."""
    return {
        name: {f"{r}": losses(seeds, partial(Reader, states, cell), steps=steps, rate=r, clip=1.0) for r in rates}
        for name, cell in CELLS.items()
    }


def waits(k, h, n):
    """What was read k words after the blank, or at the end of the sentence."""
    return at(h, torch.clamp(n - 1, max=PLACE + k))[:, None]


def waiting(steps, seeds, words):
    """Loss of one-directional networks that answer so many words after the blank, or at the end of the sentence."""
    return {
        f"{k}": losses(seeds, partial(Reader, partial(waits, k), both=False), one_answer, steps=steps) for k in words
    }


def width(layers):
    """Units per direction with which so many layers have about as many weights as one of 32."""

    def weights(h, layers):
        return sum(6 * h * ((2 * h if layer else E) + h + 2) for layer in range(layers))

    return min(range(1, H + 1), key=lambda h: abs(weights(h, layers) - weights(H, 1)))


def deep(arm):
    """A function that builds the network of an arm: "4", or "4, residual"."""
    n, _, residual = arm.partition(", ")
    return partial(Reader, states, H=width(int(n)), layers=int(n), residual=bool(residual))


def depth(steps, seeds, arms):
    """Loss at the blank of networks of several layers with about as many weights, by rate; the norm clipped to 1."""
    return {
        arm: {f"{r}": losses(seeds, deep(arm), steps=steps, rate=r, clip=1.0) for r in rates}
        for arm, rates in arms.items()
    }


ARMS = ["1", "2", "4", "4, residual", "8", "8, residual"]
GRID = [0.005, 0.01, 0.02, 0.04]
BEST = {
    "1": 0.08,
    "2": 0.04,
    "4": 0.04,
    "4, residual": 0.08,
    "8": 0.005,
    "8, residual": 0.02,
}  # by depth_grid and _edge
UNITS = "nats, expected over every sentence"
MEASUREMENTS = {
    name: {"what": what, "unit": UNITS, "measure": measure, "settings": {"steps": steps, "seeds": seeds} | settings}
    for name, what, measure, steps, seeds, settings in (
        ("cloze", "loss per word from both sides of it, by number of layers", cloze, 800, UNSEEN, {"layers": [1, 2]}),
        ("summary", "loss from one vector per sentence", summaries, STEPS, UNSEEN, {"kinds": list(SUMMARIES)}),
        ("lengths", "loss with and without lengths", lengths, STEPS, UNSEEN, {"columns": [0, 1, 4, 16, 64]}),
        ("cells", "loss of bidirectional cells by rate, clipped", cells, STEPS, UNSEEN, {"rates": GRID[:3]}),
        (
            "waiting",
            "loss of a one-directional GRU that waits",
            waiting,
            STEPS,
            UNSEEN,
            {"words": [0, 3, 6, 7, 8, 9, 10]},
        ),
        ("depth_grid", "loss by layers and rate", depth, STEPS, [0, 1, 2], {"arms": dict.fromkeys(ARMS, GRID)}),
        (
            "depth_edge",
            "loss by layers, beyond the grid",
            depth,
            STEPS,
            [0, 1, 2],
            {"arms": {arm: [0.08] for arm in ARMS}},
        ),
        (
            "depth",
            "loss by layers, at the best rate",
            depth,
            STEPS,
            UNSEEN,
            {"arms": {a: [r] for a, r in BEST.items()}},
        ),
    )
}
