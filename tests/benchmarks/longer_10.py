"""What chapter 10 says of characters: LSTMs, frozen and adaptive, against Kneser–Ney and compressors, on five splits.

    python tests/benchmarks/longer_training.py 10_characters$

A seed draws the split of the text, and the weights. Whatever is chosen (the weights of the mixtures, the rate of the
dynamic evaluation) is chosen on the validation text, and the test text is read once.
"""

import bz2
import copy
import lzma
import time
from functools import partial

import numpy as np

from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.reference import kneser_ney
from seqlib.tasks import topics
from seqlib.text import Vocabulary
from seqlib.training import Cosine, fit

CHAPTER = "10"
MIXED = [k / 10 for k in range(11)]  # weights of the LSTM in a mixture


def encoded(seed):
    """The split, the vocabulary of its training characters, and the ids of the three texts."""
    texts = topics.split(seed)
    vocabulary = Vocabulary.build([list(texts.train)])
    return texts, vocabulary, {part: vocabulary.encode(list(text)) for part, text in texts._asdict().items()}


def network(V, embedding, units, dropout):
    """An LSTM between an embedding of V symbols and a read-out for as many."""
    return SequenceModel(LSTM(embedding, units, batch_first=True), V, vocab_size=V, dropout=dropout)


def mixture(weight, one, other):
    """Bits of each character, if its probability is the weighted mean of two, given by their bits."""
    return -np.log2(weight * 2.0**-one + (1 - weight) * 2.0**-other)


def best_weight(one, other):
    """The weight of the first in the mixture that needs the fewest bits for a validation text."""
    return min(MIXED, key=lambda weight: mixture(weight, one, other).mean())


def compressed(compress, before, text):
    """Bits per character that a compressor adds for a text after what it has read before."""
    sizes = [len(compress(whole.encode())) for whole in (before + text, before)]
    return 8 * (sizes[0] - sizes[1]) / len(text)
