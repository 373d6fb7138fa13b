"""The small GRU of chapter 6 that the page can draw: it follows a swing, seed 0.

The file has all that another program needs to run it, and four sequences with what comes out: answers, states and
gates, computed from the weights as they are written.
"""

import numpy as np

from seqlib.nn import GRU, SequenceModel
from seqlib.reference import gru, gru_conversion
from seqlib.tasks import Swing
from seqlib.training import fit

TASK, H, SEED, STEPS = Swing(20, restart=0.2), 8, 0, 1500
DIGITS = 5  # after the point, of weights and of what comes out


def train(steps=STEPS):
    """The weights by torch's names, rounded."""
    network = fit(
        lambda: SequenceModel(GRU(2, H, batch_first=True), 1), TASK, steps=steps, lr=0.01, clip_norm=1.0, seed=SEED
    ).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in network.state_dict().items()}


def run(weights, x):
    """Answers, states and gates of the network with these weights.

    Shapes:  x (B, T, 2) -> answers (B, T), and h, r, z (B, T, H)
    """
    params = gru_conversion.from_torch({name.removeprefix("core."): w for name, w in weights.items()})
    hs, cache = gru.forward(params, x)
    r, z, *_ = cache.kept
    answers = hs @ np.asarray(weights["readout.weight"])[0] + np.asarray(weights["readout.bias"])
    return answers, hs, r, z


def live(weights):
    """All that stands in the file."""
    batch = TASK.sample(500, np.random.default_rng(SEED))
    (x,) = batch.inputs
    error = ((run(weights, x)[0] - batch.y[:, :, 0]) ** 2).mean() / TASK.chance
    x = np.round(x[:4], 3)
    answers, hs, r, z = (np.round(a, DIGITS).tolist() for a in run(weights, x))
    return {
        "what": "a GRU that follows a swing; input at each step (place, 1) where it is let go, (0, 0) elsewhere",
        "task": {"name": TASK.name} | TASK.settings,
        "convention": gru.PYTORCH._asdict() | {"blocks": ["r", "z", "n"]},
        "weights": {name: w.tolist() for name, w in weights.items()},
        "training": {"steps": STEPS, "lr": 0.01, "clip_norm": 1.0, "seed": SEED, "error_over_chance": round(error, 5)},
        "examples": {"x": x.tolist(), "answers": answers, "h": hs, "r": r, "z": z},
    }


def swing(steps=STEPS):
    """A GRU of eight units that follows a swing, caught and let go at random."""
    return live(train(steps))


MODELS = {"swing": swing}
