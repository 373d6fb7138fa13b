"""The small bidirectional GRU of chapter 7 that the page can draw: it fills the pizza blank, seed 0.

The file has all that another program needs to run it, and three sentences, padded, with what comes out: the states of
both directions and the probabilities of the words at the blank, computed from the weights as they are written.
"""

import numpy as np

from seqlib.nn import GRU, SequenceModel
from seqlib.reference import bidirectional, gru, gru_conversion
from seqlib.reference.bidirectional import Directions
from seqlib.tasks import Pizza
from seqlib.training import Cosine, fit

TASK, E, H, SEED, STEPS = Pizza((0, 2)), 6, 8, 0, 1500
DIGITS = 5  # after the point, of weights and of what comes out


def train(steps=STEPS):
    """The weights by torch's names, rounded."""
    network = fit(
        lambda: SequenceModel(GRU(E, H, batch_first=True, bidirectional=True), TASK.n_out, vocab_size=TASK.vocab_size),
        TASK,
        steps=steps,
        lr=0.03,
        batch_size=64,
        schedule=Cosine(steps),
        seed=SEED,
    ).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in network.state_dict().items()}


def run(weights, ids, lengths):
    """The outputs of both directions, and the logarithms of the probabilities at every step.

    Shapes:  ids (B, T), lengths (B,) -> out (B, T, 2H), log_p (B, T, V)
    """
    state = {name.removeprefix("core."): w for name, w in weights.items()}
    params = Directions(*(gru_conversion.from_torch(state, suffix) for suffix in ("l0", "l0_reverse")))
    out, _ = bidirectional.forward(gru, params, np.asarray(weights["embedding.weight"])[ids], lengths=lengths)
    scores = out @ np.asarray(weights["readout.weight"]).T + np.asarray(weights["readout.bias"])
    return out, scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def expected_loss(weights):
    """The sum over all sentences of their probability times the loss at the blank."""
    every, p = TASK.every_sentence()
    return float(p @ every.losses(run(weights, *every.inputs)[1]))


def live(weights):
    """All that stands in the file."""
    batch = TASK.sample(3, np.random.default_rng(SEED + 1))
    ids, lengths = batch.inputs
    out, log_p = run(weights, ids, lengths)
    answers = [TASK.vocabulary.ids[word] for word in TASK.answers]
    return {
        "what": "a bidirectional GRU that fills the blank; out is forward, then backward, and 0 at padding",
        "task": {"name": TASK.name} | TASK.settings,
        "vocabulary": TASK.vocabulary.decode(range(TASK.vocab_size)),
        "convention": gru.PYTORCH._asdict() | {"blocks": ["r", "z", "n"]},
        "weights": {name: w.tolist() for name, w in weights.items()},
        "training": {
            "steps": STEPS,
            "lr": 0.03,
            "batch_size": 64,
            "seed": SEED,
            "loss": round(expected_loss(weights), 4),
            "floor": round(TASK.floor, 4),
        },
        "examples": {
            "ids": ids.tolist(),
            "lengths": lengths.tolist(),
            "words": batch.y[batch.mask].tolist(),
            "out": np.round(out, DIGITS).tolist(),
            "answers": answers,
            "p": np.round(np.exp(log_p[batch.mask][:, answers]), DIGITS).tolist(),
        },
    }


def pizza(steps=STEPS):
    """A bidirectional GRU of eight units per direction that fills the pizza blank."""
    return live(train(steps))


MODELS = {"pizza": pizza}
