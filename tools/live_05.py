"""The small LSTM of chapter 5 that the page can draw: it says at every step which symbol came last."""

import numpy as np
import torch

from seqlib.nn import SequenceModel, open_gate
from seqlib.reference import losses, lstm
from seqlib.tasks import Latch
from seqlib.training import fit

DIGITS = 4  # after the point, of weights and of what comes out


def latch_batch(step):
    """Sequences of 5 to 24 steps, with one to four symbols in them."""
    rng = np.random.default_rng([5, step])
    return Latch(int(rng.integers(5, 25)), distractors=4, writes=int(rng.integers(1, 5))).sample(64, rng)


def latch(steps=1500):
    """An LSTM of eight units that says at every step which of four symbols came last."""

    def build():
        return SequenceModel(open_gate(torch.nn.LSTM(4, 8, batch_first=True), "f", 3.0), 4, vocab_size=8)

    options = {"steps": steps, "lr": 0.01, "clip_norm": 1.0, "seed": 5, "loss": "cross_entropy"}
    w = {
        name: value.detach().double().numpy()
        for name, value in fit(build, latch_batch, **options).model.named_parameters()
    }
    weights = {
        "embedding": w["embedding.weight"],
        "W_xh": w["core.weight_ih_l0"],
        "W_hh": w["core.weight_hh_l0"],
        "b_h": w["core.bias_ih_l0"] + w["core.bias_hh_l0"],
        "W_ho": w["readout.weight"],
        "b_o": w["readout.bias"],
    }
    weights = {name: value.round(DIGITS) for name, value in weights.items()}
    read = "A x w z B w y y x z w C z x y"
    return {
        "what": "an LSTM that says which of the symbols A, B, C, D came last; w, x, y, z are distractors",
        "alphabet": list("ABCDwxyz"),
        "gates": list("ifgo"),
        "weights": {name: value.tolist() for name, value in weights.items()},
        "input": read.split(),
        **{
            name: value.round(DIGITS).tolist()
            for name, value in run(weights, ["ABCDwxyz".index(s) for s in read.split()]).items()
        },
    }


def run(weights, ids):
    """All that the network does: gates, cell and hidden state of every step, and the probabilities of its answer."""
    params = lstm.Params(*(np.array(weights[name]) for name in ("W_xh", "W_hh", "b_h")))
    hs, cache = lstm.forward(params, np.array(weights["embedding"])[None, ids])
    answer = hs[0] @ np.array(weights["W_ho"]).T + np.array(weights["b_o"])
    seen = {name: gate[0] for name, gate in lstm.gates(cache)._asdict().items()}
    return seen | {"c": cache.states[1][0, 1:], "h": hs[0], "probabilities": np.exp(losses.log_softmax(answer))}


MODELS = {"latch": latch}
