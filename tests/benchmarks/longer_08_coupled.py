"""Why does a GRU learn the latch at rates at which an LSTM fails? One difference at a time, in an LSTM.

    python tests/benchmarks/longer_training.py 08_coupled

A GRU weighs old and new by z and 1 - z, which add up to 1; an LSTM's f and i are free. Hypothesis, set before the first
recording (a trial with other seeds had been seen): at the rates 0.03 and 0.1 an LSTM with forget bias 1 whose input
gate is 1 - f ends below 0.01 of chance on the latch. Controls: the same LSTM as it is, and with an input gate that
starts near 1 - f and is free to move.
"""

import runpy
from pathlib import Path

import torch
from torch import nn

from seqlib.nn import LSTM, SequenceModel, open_gate
from seqlib.training import Cosine, fit

COMPARED = runpy.run_path(str(Path(__file__).with_name("longer_08.py")))
E, H, B, TASKS, collected, layer, scores = (
    COMPARED[name] for name in ("E", "H", "B", "TASKS", "collected", "layer", "scores")
)

CHAPTER = "08"
ARMS = {"i free": (False, None), "i starts at 1 - f": (False, -1.0), "i = 1 - f": (True, None)}  # coupled; bias of i


class Coupled(nn.Module):
    """An LSTM with forget bias 1, step by step by autograd, whose input gate is free or, coupled, 1 - f.

    c' = f c + i g,   i = σ(…) or 1 - f        h' = o tanh(c')
    """

    batch_first = True

    def __init__(self, D, units, coupled, input_bias):
        super().__init__()
        self.cell, self.coupled = layer("LSTM, forget bias 1", D, units), coupled
        self.input_size, self.hidden_size = D, units
        if input_bias is not None:
            open_gate(self.cell, "i", input_bias)

    def forward(self, x, state=None):
        """The states h after every step, and the last pair of states."""
        weights: LSTM = self.cell
        given = x @ weights.weight_ih_l0.T + weights.bias_ih_l0 + weights.bias_hh_l0
        h, c = (x.new_zeros(len(x), self.hidden_size),) * 2 if state is None else state
        out = []
        for a in given.unbind(1):
            i, f, g, o = (a + h @ weights.weight_hh_l0.T).chunk(4, -1)
            f = f.sigmoid()
            c = f * c + (1 - f if self.coupled else i.sigmoid()) * g.tanh()
            h = o.sigmoid() * c.tanh()
            out.append(h)
        return torch.stack(out, 1), (h, c)


def trained(arm, rate, steps, seed):
    """Scores after training as in the comparison of cells."""
    task = TASKS["latch"]
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}

    def build():
        return SequenceModel(Coupled(E, H, *ARMS[arm]), task.n_out, vocab_size=task.vocab_size)

    return scores(fit(build, task, steps=steps, on_nonfinite="stop", **how).model.eval(), task, seed)


def coupled(steps, seeds, arms, rates):
    """arm -> rate -> scores."""
    return {
        arm: {f"{rate}": collected([trained(arm, rate, steps, seed) for seed in seeds]) for rate in rates}
        for arm in arms
    }


MEASUREMENTS = {
    "coupled": {
        "what": "latch: loss over chance and share of right answers of LSTMs with a free or a coupled input gate",
        "unit": "chance; share",
        "measure": coupled,
        "settings": {"steps": 400, "seeds": list(range(110, 121)), "arms": list(ARMS), "rates": [0.03, 0.1]},
    },
}
