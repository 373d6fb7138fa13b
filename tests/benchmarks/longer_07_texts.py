"""What chapter 7 says of bidirectional networks that write: trained on whole texts, with the leak, or on prefixes.

    python tests/benchmarks/longer_training.py 07_goes_on

Both are asked for the next word of a text that ends there. The control differs in what it was trained on, and so in the
number of words that a step asks for: all next words of a whole text, one of a prefix. So both are trained longer, too.
"""

from functools import partial

import numpy as np

from seqlib.batching import Batch, continuations
from seqlib.evidence import rounded
from seqlib.nn import GRU, SequenceModel
from seqlib.tasks import Pizza
from seqlib.training import Cosine, evaluate, fit

CHAPTER = "07"
ARMS = {  # and how many times the steps
    "one direction, prefixes": [1, 6],
    "both directions, prefixes": [1, 6],
    "one direction, whole texts": [1, 6],
    "both directions, whole texts": [1, 6],
}


def whole_texts(sample, rng):
    """At each word but the last, the next: for a model that reads both ways it stands there."""
    x, n = sample.y[:, :-1], sample.inputs[1] - 1
    return Batch((x, n), sample.y[:, 1:], np.arange(x.shape[1]) < n[:, None])


def prefixes(sample, rng):
    """The next word after the first `read` words of each text, a number that is drawn; nothing else is seen."""
    rows, read = np.arange(len(sample.y)), rng.integers(1, sample.inputs[1])
    T = read.max()
    x = np.where(np.arange(T) < read[:, None], sample.y[:, :T], 0)
    mask = np.arange(T) == read[:, None] - 1
    return Batch((x, read), np.where(mask, sample.y[rows, read][:, None], 0), mask)


TRAINED_ON = {"whole texts": whole_texts, "prefixes": prefixes}


def continuing(model, task, seed, texts):
    """Loss per word when each word is predicted from a text that ends before it."""
    sample = task.sample(texts, np.random.default_rng([seed, 6]))
    return evaluate(model, continuations(sample.y, sample.inputs[1]), loss="cross_entropy")


def network(ways, task, embedding, units):
    """A language model that reads in "one direction" or in "both directions"."""
    core = GRU(
        embedding, units, batch_first=True, bidirectional={"one direction": False, "both directions": True}[ways]
    )
    return SequenceModel(core, task.n_out, vocab_size=task.vocab_size)


def goes_on(seeds, arms, steps, gap, embedding, units, batch, rate, texts):
    """The loss of each arm, by steps."""
    task, found = Pizza(gap), {}

    def loss(arm, steps, seed):
        ways, trained_on = arm.split(", ")

        def drawn(step):
            rng = np.random.default_rng([seed, step])
            return TRAINED_ON[trained_on](task.sample(batch, rng), rng)

        how = {"lr": rate, "schedule": Cosine(steps), "loss": "cross_entropy", "seed": seed}
        model = fit(partial(network, ways, task, embedding, units), drawn, steps=steps, **how).model.eval()
        return rounded(continuing(model, task, seed, texts))

    for arm, times in arms.items():
        found[arm] = {f"{steps * more}": [loss(arm, steps * more, seed) for seed in seeds] for more in times}
    return found


SETTINGS = {"steps": 200, "seeds": list(range(10, 15)), "arms": ARMS, "texts": 200}
SETTINGS |= {"gap": [0, 4], "embedding": 16, "units": 32, "batch": 64, "rate": 0.02}
MEASUREMENTS = {
    "goes_on": {
        "what": "loss per word of language models that go on with a text, by what they were trained on and steps",
        "unit": "nats per word, on fresh texts",
        "measure": goes_on,
        "settings": SETTINGS,
    }
}
