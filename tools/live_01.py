"""The small RNN of chapter 1 that a page can ask: it fills the blank after "i like tea … my favourite is", seed 0.

The file has all that another program needs to run it, and three sentences with what comes out: the states and the
probabilities of the answers at the blank, computed from the weights as they are written.
"""

import numpy as np

from seqlib.nn import RNN, SequenceModel
from seqlib.reference import losses, rnn
from seqlib.tasks import Blanks
from seqlib.training import Cosine, fit

TASK, E, H, SEED, STEPS = Blanks((1, 8)), 8, 24, 0, 2000
OPTIONS = {"optimiser": "adam", "batch_size": 64, "lr": 0.01, "clip_norm": 1.0, "seed": SEED}
SENTENCES = (
    "i like ice-cream so very my favourite is",
    "i like tea still always truly so my favourite is",
    "i like jam",
)
DIGITS = 4  # after the point, of weights and of what comes out


def train(steps=STEPS):
    """The weights by torch's names, rounded."""
    model = fit(
        lambda: SequenceModel(RNN(E, H, batch_first=True), TASK.n_out, vocab_size=TASK.vocab_size),
        TASK,
        steps=steps,
        schedule=Cosine(steps),
        **OPTIONS,
    ).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in model.state_dict().items()}


def run(weights, ids):
    """The states, and the logarithms of the probabilities of the next word.

    Shapes:  ids (B, T) -> h (B, T, H), log_p (B, T, V)
    """
    b_h = np.asarray(weights["core.bias_ih_l0"]) + np.asarray(weights["core.bias_hh_l0"])
    params = rnn.Params(np.asarray(weights["core.weight_ih_l0"]), np.asarray(weights["core.weight_hh_l0"]), b_h)
    hs, _ = rnn.forward(params, np.asarray(weights["embedding.weight"])[ids])
    return hs, losses.log_softmax(hs @ np.asarray(weights["readout.weight"]).T + np.asarray(weights["readout.bias"]))


def expected_loss(weights):
    """The sum over all sentences of their probability times the loss at the blank; by distance too."""
    by_distance = {}
    for distance in TASK.distances:
        every = list(Blanks(distance).enumerate())
        ids = np.array([TASK.vocabulary.encode(words) for words, _ in every])
        _, log_p = run(weights, ids[:, :-1])
        p = np.array([p for _, p in every])
        by_distance[distance] = float(-p @ log_p[np.arange(len(ids)), -1, ids[:, -1]])
    return float(np.mean(list(by_distance.values()))), by_distance


def live(weights):
    """All that stands in the file."""
    loss, by_distance = expected_loss(weights)
    answers = TASK.vocabulary.encode(TASK.answers).tolist()
    examples = []
    for sentence in SENTENCES:
        h, log_p = run(weights, TASK.vocabulary.encode(sentence.split())[None])
        p = np.exp(log_p[0, -1, answers])
        examples.append({"words": sentence, "h": h[0].round(DIGITS).tolist(), "p": p.round(DIGITS).tolist()})
    return {
        "what": "an RNN that gives the probabilities of the word in the blank behind a sentence",
        "task": {"name": TASK.name, "distance": list(TASK.distance)},
        "vocabulary": TASK.vocabulary.tokens,
        "answers": list(TASK.answers),
        "truth": {cue: list(TASK.answer_distribution(cue).values()) for cue in TASK.cues},
        "convention": {"nonlinearity": "tanh", "biases": 2, "blocks": ["h"]},
        "weights": {name: w.tolist() for name, w in weights.items()},
        "training": OPTIONS | {"steps": STEPS, "schedule": "cosine"},
        "expected_loss": {
            "over": "all sentences, exact",
            "value": round(loss, 4),
            "worst distance": round(max(by_distance.values()), 4),
            "floor": round(TASK.floor, 4),
            "chance": round(TASK.chance, 4),
        },
        "examples": examples,
    }


def blanks(steps=STEPS):
    """An RNN of 24 units that fills the blank of chapter 1, over distances of 1 to 8 words."""
    return live(train(steps))


MODELS = {"blanks": blanks}
