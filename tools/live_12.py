"""The small translator of chapter 12 that a page can follow word by word: English dates into Somali, seed 0.

An encoder of 24 units in each direction, a decoder of 48, and attention by dot products, which has no weights of its
own. The file has all that another program needs to translate dates; and one day of the test, in forms whose parts
change their places, with all that the network does with it, computed from the weights as they are written.
"""

import numpy as np

from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.reference import encoder_decoder, encoder_decoder_conversion, gru, losses
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

TASK, TEST = Translation("dates"), Translation("dates", "test")
E, H, SCORE, SEED, STEPS = 16, 24, "dot", 0, 1500
OPTIONS = {"optimiser": "adam", "batch_size": 64, "lr": 0.01, "clip_norm": 1.0, "seed": SEED}
DAY, FORMS = "2023-08-16", ("full en_GB", "long en_GB", "medium en", "short en")
LONGEST = 12  # tokens of a translation, EOS among them; where a network never ends, it is stopped
DIGITS = 2  # after the point, of weights
SHOWN = 3  # of what comes out


def network():
    """The network before training."""
    encoder = GRU(E, H, batch_first=True, bidirectional=True)
    decoder = GRU(E, 2 * H, batch_first=True)
    return EncoderDecoder(encoder, decoder, TASK.vocab_size, TASK.n_out, attention=Attention(SCORE, 2 * H))


def train(steps=STEPS):
    """The weights by torch's names, rounded."""
    model = fit(network, TASK, steps=steps, schedule=Cosine(steps), **OPTIONS).model
    return {name: np.round(w.double().numpy(), DIGITS) for name, w in model.state_dict().items()}


def run(weights, source, lengths, previous, mask=None):
    """The logits, and the cache of all that was computed on the way."""
    params = encoder_decoder_conversion.from_torch(gru, weights, SCORE)
    return encoder_decoder.forward(gru, params, source, lengths, previous, mask=mask)


def greedy(weights, source):
    """The ids that the network writes, the most probable word at each step, until EOS."""
    written = [BOS]
    while len(written) <= LONGEST and written[-1] != EOS:
        logits, _ = run(weights, np.array([source]), None, np.array([written]))
        written.append(int(logits[0, -1].argmax()))
    return written[1:]


def quality(weights):
    """On all dates of the test: the expected share that is right word for word, and the expected loss per token.

    What is written greedily is right if, and only if, each word is the most probable one after the true ones before it.
    And of the words with sure links: how much of their attention is, in the mean, on the words that they translate.
    """
    batch, p = TEST.every_case()
    logits, cache = run(weights, *batch.inputs, batch.mask)
    right = ((logits.argmax(-1) == batch.y) | ~batch.mask).all(1)
    sums = batch.losses(losses.log_softmax(logits))
    sure = np.zeros(cache.weights.shape)
    for b, sentence in enumerate(TEST.sentences):
        for s, t in sentence.sure:
            sure[b, t, s] = 1
    linked, on_links = sure.any(2).sum(1), (sure * cache.weights).sum((1, 2))
    found = {"exact": p @ right, "loss": p @ sums / (p @ batch.mask.sum(1)), "on links": p @ on_links / (p @ linked)}
    return {name: round(float(value), 4) for name, value in found.items()}


def example(weights, sentence):
    """All that the network does with a sentence, when each word is told the true ones before it."""
    batch = TEST.batch([sentence])
    source, _, previous = batch.inputs
    logits, cache = run(weights, *batch.inputs)
    out = {"h": cache.attention.keys, "s": cache.attention.query, "attention": cache.weights, "logits": logits}
    return {
        "english": sentence.english,
        "somali": sentence.somali,
        "form": sentence.form,
        "source": source[0].tolist(),
        "previous": previous[0].tolist(),
        "y": batch.y[0].tolist(),
        "sure": sorted(map(list, sentence.sure)),
        "possible": sorted(map(list, sentence.possible)),
        "greedy": " ".join(TEST.target.decode(greedy(weights, source[0]))),
    } | {name: np.round(a[0], SHOWN).tolist() for name, a in out.items()}


def live(weights):
    """All that stands in the file."""
    chosen = [one for form in FORMS for one in TEST.sentences if (one.concept, one.form) == (DAY, form)]
    best = {"ceiling": round(TEST.ceiling, 4), "floor": round(TEST.floor, 4)}
    return {
        "what": "a GRU that reads English dates in both directions, and one with attention that writes them in Somali",
        "task": {"name": TASK.name, "kinds": list(TASK.kinds), "seed": TASK.seed},
        "vocabulary": {"source": TASK.source.tokens, "target": TASK.target.tokens},
        "convention": gru.PYTORCH._asdict() | {"blocks": ["r", "z", "n"], "score": SCORE, "attend": "after"},
        "training": OPTIONS | {"steps": STEPS, "schedule": "cosine"},
        "quality": {"of": "the dates of the test, by their probabilities"} | best | quality(weights),
        "parameters": sum(w.size for w in weights.values()),
        "weights": {name: w.tolist() for name, w in weights.items()},
        "examples": [example(weights, one) for one in chosen],
    }


def dates(steps=STEPS):
    """A translator of dates."""
    return live(train(steps))


MODELS = {"dates": dates}
