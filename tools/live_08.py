"""The small RNN, LSTM and GRU of chapter 8 that the page can draw beside each other: they count, seed 0.

They have about as many parameters: the LSTM has six units, the others as many as come nearest to its parameters. Each
has a learning rate that was chosen by hand, of 0.01, 0.03 and 0.1: no ranking can be read off the file. It has all
that another program needs to run them, and three sequences with what comes out of each network: states, gates and
probabilities, computed from the weights as they are written.
"""

import numpy as np

from seqlib import nn
from seqlib.nn import SequenceModel
from seqlib.reference import gru, gru_conversion, losses, lstm, rnn
from seqlib.tasks import Counting
from seqlib.training import Cosine, fit

TASK, E, SEED, STEPS = Counting(10, 3), 4, 0, 2000
UNITS = {"RNN": 12, "LSTM": 6, "GRU": 7}
RATES = {"RNN": 0.03, "LSTM": 0.1, "GRU": 0.03}
REFERENCE = {"RNN": rnn, "LSTM": lstm, "GRU": gru}
CONVENTION = {
    "RNN": {"nonlinearity": "tanh", "biases": 2, "blocks": ["h"]},
    "LSTM": {"biases": 2, "blocks": list(lstm.Gates._fields)},
    "GRU": gru.PYTORCH._asdict() | {"blocks": ["r", "z", "n"]},
}
OPTIONS = {"optimiser": "adam", "batch_size": 32, "clip_norm": 1.0, "seed": SEED}
DIGITS = 5  # after the point, of weights
SHOWN = 3  # after the point, of what comes out: with more the file would be too large


def network(cell, H):
    """The network before training, with H units."""
    core = getattr(nn, cell)(E, H, batch_first=True)
    return SequenceModel(core, TASK.n_out, vocab_size=TASK.vocab_size)


def train(cell, steps=STEPS):
    """The weights by torch's names, rounded."""
    options = OPTIONS | {"steps": steps, "lr": RATES[cell], "schedule": Cosine(steps)}
    model = fit(lambda: network(cell, UNITS[cell]), TASK, **options).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in model.state_dict().items()}


def params(cell, weights):
    """The weights of the recurrent layer as seqlib.reference takes them: RNN and LSTM need the sum of both biases."""
    state = {name.removeprefix("core."): w for name, w in weights.items()}
    if cell == "GRU":
        return gru_conversion.from_torch(state)
    b_ih, b_hh = (np.asarray(state[f"bias_{kind}_l0"]) for kind in ("ih", "hh"))
    return REFERENCE[cell].Params(state["weight_ih_l0"], state["weight_hh_l0"], b_ih + b_hh)


def log_p(weights, hs):
    """The logarithms of the probabilities of all counts, (…, H) -> (…, T + 1)."""
    return losses.log_softmax(hs @ np.asarray(weights["readout.weight"]).T + np.asarray(weights["readout.bias"]))


def run(cell, weights, ids):
    """All that the network does, by name: h, of an LSTM c, the gates, and p, the probabilities of its answers.

    Shapes:  ids (B, T) -> h, c and gates (B, T, H), p (B, T, T + 1)
    """
    hs, cache = REFERENCE[cell].forward(params(cell, weights), np.asarray(weights["embedding.weight"])[ids])
    # a cell may keep more than its gates: the GRU a product that is computed on the way
    gates = {} if cell == "RNN" else dict(zip(CONVENTION[cell]["blocks"], cache.kept, strict=False))
    c = {"c": cache.states[1][:, 1:]} if cell == "LSTM" else {}
    return {"h": hs} | c | gates | {"p": np.exp(log_p(weights, hs))}


def expected_loss(cell, weights):
    """The exact expected loss: the mean over all sequences and steps.

    Sequences that begin in the same way are computed once: after t steps there are symbols ** t states.
    """
    step, theta = REFERENCE[cell].Cell().step, params(cell, weights)
    states = (np.zeros((1, UNITS[cell])),) * (2 if cell == "LSTM" else 1)
    counts, loss = np.zeros(1, int), 0.0
    for _ in range(TASK.T):
        ids = np.tile(np.arange(TASK.symbols), len(counts))
        counts = np.repeat(counts, TASK.symbols) + (ids == 0)
        before = tuple(np.repeat(s, TASK.symbols, 0) for s in states)
        states, _ = step(theta, np.asarray(weights["embedding.weight"])[ids], before)
        loss -= log_p(weights, states[0])[np.arange(len(ids)), counts].mean()
    return loss / TASK.T


def one(cell, weights, ids):
    """What stands in the file of one network."""
    return {
        "units": UNITS[cell],
        "parameters": sum(np.size(w) for w in weights.values()),
        "convention": CONVENTION[cell],
        "lr": RATES[cell],
        "loss": round(float(expected_loss(cell, weights)), 5),
        "weights": {name: w.tolist() for name, w in weights.items()},
        "examples": {name: np.round(a, SHOWN).tolist() for name, a in run(cell, weights, ids).items()},
    }


def live(weights):
    """All that stands in the file, from the weights of each network."""
    batch = TASK.sample(3, np.random.default_rng(SEED + 1))
    (ids,) = batch.inputs
    return {
        "what": "an RNN, an LSTM and a GRU with about as many parameters; each says how often symbol 0 has come so far",
        "task": {"name": TASK.name} | TASK.settings,
        "training": OPTIONS | {"steps": STEPS, "schedule": "cosine"},
        "expected_loss": {"over": "all sequences, exact", "floor": TASK.floor, "chance": round(TASK.chance, 5)},
        "examples": {"ids": ids.tolist(), "counts": batch.y.tolist()},
        "networks": {cell: one(cell, w, ids) for cell, w in weights.items()},
    }


def counting(steps=STEPS):
    """An RNN, an LSTM and a GRU that count."""
    return live({cell: train(cell, steps) for cell in UNITS})


MODELS = {"counting": counting}
