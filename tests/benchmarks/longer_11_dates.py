"""English dates into Somali through one context vector, read from the beginning and from the end.

python tests/benchmarks/longer_training.py 11_dates
"""

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.metrics import bleu, chrf
from seqlib.nn import LSTM, EncoderDecoder
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, fit

CHAPTER = "11"
B, E, H = 64, 24, 64
TRAIN, TEST = Translation("dates", "train"), Translation("dates", "test")
DIGITS = [i for i, word in enumerate(TEST.target.tokens) if word.isdigit()]


def network():
    """An LSTM that reads, and one that writes."""
    one, other = (LSTM(E, H, batch_first=True) for _ in range(2))
    return EncoderDecoder(one, other, TRAIN.vocab_size, TRAIN.n_out)


def reading(batch, backwards):
    """The same batch, each source read from its end, but for EOS, which stays there; or as it was."""
    source, lengths, previous = batch.inputs
    source = source.copy()
    if backwards:
        for row, n in zip(source, lengths, strict=True):
            row[: n - 1] = row[: n - 1][::-1].copy()
    return batch._replace(inputs=(source, lengths, previous))


def trained(backwards, steps, rate, seed):
    """A network after training on dates of the training part."""

    def data(step):
        return reading(TRAIN.sample(B, np.random.default_rng([seed, step])), backwards)

    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    return fit(network, data, loss="cross_entropy", steps=steps, **how).model


def text(ids):
    """The tokens of a sentence without its end, with blanks between them."""
    return " ".join(TEST.target.tokens[i] for i in ids if i != EOS)


def scores(model, backwards):
    """On all dates of the test part: expected loss per token, and the expected share of exact matches, also by form.

    Of what is wrong, the share in which all but digits are right. BLEU and chrF of all, which are equally probable.
    """
    batch, P = TEST.every_case()
    source, lengths, previous = reading(batch, backwards).inputs
    with torch.no_grad():
        logits = model(torch.tensor(source), lengths, torch.tensor(previous))[0]
    losses = batch.losses(torch.log_softmax(logits.double(), -1).numpy())
    T = batch.y.shape[1]
    state = model.encode(source, lengths)
    found = greedy(model, [[BOS]] * len(P), max_length=T, eos=EOS, state=state)
    said, meant = [text(row) for row in found.sequences], [" ".join(one.target) for one in TEST.sentences]
    ids = np.pad(found.ids, ((0, 0), (0, T - found.ids.shape[1])))
    true = np.where(batch.mask, batch.y, 0)
    right = (ids == true).all(1)
    forms = np.array([one.form for one in TEST.sentences])
    found = {"loss": P @ losses / (P @ batch.mask.sum(1)), "exact": P @ right}
    found |= {"BLEU": bleu(said, meant), "chrF": chrf(said, meant)}
    written, wanted = (np.where(np.isin(rows, DIGITS), DIGITS[0], rows) for rows in (ids, true))
    found["digits alone"] = P @ (~right & (written == wanted).all(1)) / max(P @ ~right, 1e-12)
    found |= {form: P[forms == form] @ right[forms == form] / P[forms == form].sum() for form in np.unique(forms)}
    return {name: rounded(value, 3) for name, value in found.items()}


def dates(steps, seeds, rate):
    """Way of reading -> score -> one value per seed."""
    found = {}
    for name, backwards in {"in order": False, "reversed": True}.items():
        runs = [scores(trained(backwards, steps, rate, seed), backwards) for seed in seeds]
        found[name] = {score: [run[score] for run in runs] for score in runs[0]}
    return found


MEASUREMENTS = {
    "dates": {
        "what": "English dates into Somali through one context vector: expected loss per token, share of exact "
        "matches, BLEU and chrF",
        "unit": "nats, share, points of 100",
        "measure": dates,
        "settings": {"steps": 400, "seeds": list(range(45, 50)), "rate": 0.02},
    },
}
