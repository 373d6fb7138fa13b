"""The small GRU of characters of chapter 10 that a page can let write: help topics of Python, split 0, seed 0.

The file has all that another program needs to go on writing from any beginning, character by character; and one
beginning with the states and the probabilities of the next character, computed from the weights as they are written.
"""

import numpy as np

from seqlib.batching import chunks
from seqlib.nn import GRU, SequenceModel
from seqlib.reference import gru, gru_conversion, losses
from seqlib.tasks import topics
from seqlib.text import Vocabulary
from seqlib.training import Cosine, fit

E, H, SEED, STEPS = 8, 32, 0, 1500
ROWS, LENGTH = 16, 32
TEXTS = topics.split(SEED)
VOCABULARY = Vocabulary.build([list(TEXTS.train)])
BEGINNING = "The value of the "
DIGITS = 3  # after the point, of weights
SHOWN = 4  # of what comes out


def train(steps=STEPS):
    """The weights by torch's names, rounded; the state is carried from chunk to chunk."""
    V = len(VOCABULARY)
    options = {"steps": steps, "schedule": Cosine(steps), "lr": 0.02, "clip_norm": 1.0, "seed": SEED}
    data = chunks(VOCABULARY.encode(list(TEXTS.train)), ROWS, LENGTH)
    model = fit(
        lambda: SequenceModel(GRU(E, H, batch_first=True), V, vocab_size=V), data, loss="cross_entropy", **options
    ).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in model.state_dict().items()}


def run(weights, ids):
    """The states, and the logarithms of the probabilities of the next character.

    Shapes:  ids (T,) -> h (T, H), log_p (T, V)
    """
    state = {name.removeprefix("core."): w for name, w in weights.items()}
    x = np.asarray(weights["embedding.weight"])[ids][None]
    hs, _ = gru.forward(gru_conversion.from_torch(state), x)
    return hs[0], losses.log_softmax(hs[0] @ weights["readout.weight"].T + weights["readout.bias"])


def bits(weights, text):
    """Bits per character of a text, but for its first."""
    ids = VOCABULARY.encode(list(text))
    _, log_p = run(weights, ids[:-1])
    return float(-log_p[np.arange(len(ids) - 1), ids[1:]].mean() / np.log(2))


def live(weights):
    """All that stands in the file."""
    ids = VOCABULARY.encode(list(BEGINNING))
    hs, log_p = run(weights, ids)
    return {
        "what": "a GRU that gives the probabilities of the next character of a help topic of Python",
        "vocabulary": VOCABULARY.decode(range(len(VOCABULARY))),
        "convention": gru.PYTORCH._asdict() | {"blocks": ["r", "z", "n"]},
        "weights": {name: w.tolist() for name, w in weights.items()},
        "training": {"steps": STEPS, "rows": ROWS, "length": LENGTH, "lr": 0.02, "seed": SEED},
        "bits_per_character": {"of": "the test text of split 0", "value": round(bits(weights, TEXTS.test), 3)},
        "examples": {
            "ids": ids.tolist(),
            "h": np.round(hs, SHOWN).tolist(),
            "p": np.round(np.exp(log_p[-1]), SHOWN).tolist(),
        },
    }


def characters(steps=STEPS):
    """A GRU of 32 units that writes, character by character."""
    return live(train(steps))


MODELS = {"characters": characters}
