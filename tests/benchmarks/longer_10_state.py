"""What chapter 10 says of truncation: how long the chunks are, and whether the state is carried from one to the next.

    python tests/benchmarks/longer_training.py 10_truncation

A step reads as many characters in every arm, in more rows where the chunks are shorter. A seed draws the split of the
text, and the weights.
"""

import numpy as np

from seqlib.batching import chunks
from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.tasks import topics
from seqlib.text import Vocabulary
from seqlib.training import Cosine, evaluate, fit

CHAPTER = "10"


def handed(text, carried):
    """Chunks that continue each other, or the same ones as strangers."""
    return text if carried else list(text)


def truncation(seeds, lengths, steps, characters, embedding, units, rate):
    """Bits per character of the test text, trained and judged with the state carried, or reset."""
    found = {}
    for seed in seeds:
        texts = topics.split(seed)
        vocabulary = Vocabulary.build([list(texts.train)])
        train, test = (vocabulary.encode(list(text)) for text in (texts.train, texts.test))
        V = len(vocabulary)
        for length in lengths:
            text = chunks(train, characters // length, length)
            for carried in (True, False):

                def network(V=V):
                    return SequenceModel(LSTM(embedding, units, batch_first=True), V, vocab_size=V)

                how = {"steps": steps, "schedule": Cosine(steps), "lr": rate, "clip_norm": 1.0, "seed": seed}
                model = fit(network, handed(text, carried), loss="cross_entropy", **how).model
                # carried, the text is read in one row; without a state the rows are as good as one
                pieces = chunks(test, 1, 512) if carried else list(chunks(test, 64, length))
                bits = evaluate(model, pieces, loss="cross_entropy") / np.log(2)
                arm = found.setdefault("carried" if carried else "reset", {})
                arm.setdefault(f"{length}", []).append(rounded(bits, 4))
    return found


MEASUREMENTS = {
    "truncation": {
        "what": "loss of an LSTM on held-out topics, by the length of its chunks and what becomes of its state",
        "unit": "bits per character",
        "measure": truncation,
        "settings": {"seeds": list(range(10, 15)), "lengths": [4, 16, 64], "steps": 1000, "characters": 512}
        | {"embedding": 16, "units": 64, "rate": 0.01},
    }
}
