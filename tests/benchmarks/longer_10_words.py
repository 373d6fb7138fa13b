"""What chapter 10 says of words: a next-word model of the topics, its blanks, and the vectors of its words.

    python tests/benchmarks/longer_training.py 10_words

Words that come less than `least` times in the training text are <unk>. A seed draws the split of the text, and the
weights. The lists of words are those of the first seed.
"""

import numpy as np

from seqlib.batching import chunks
from seqlib.evidence import rounded
from seqlib.nn import LSTM, SequenceModel
from seqlib.reference import kneser_ney
from seqlib.tasks import topics
from seqlib.text import UNK, Vocabulary, words
from seqlib.training import Cosine, evaluate, fit

CHAPTER = "10"


def ranking(model, vocabulary, sentence, most):
    """The most probable next words after a sentence, and which of its words are not in the vocabulary."""
    asked = words(sentence)
    logits, _ = model.prefill(vocabulary.encode(asked)[None])
    p = logits[0].double().softmax(-1).numpy()
    best = np.argsort(-p, kind="stable")[:most]
    return {
        "unknown": [word for word in asked if word not in vocabulary],
        "next": [[vocabulary.tokens[i], rounded(float(p[i]))] for i in best],
    }


def neighbours(vectors, vocabulary, word, most):
    """The words whose vectors have the largest cosine with that of a word."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = unit @ unit[vocabulary.ids[word]]
    order = [i for i in np.argsort(-cosine, kind="stable") if i != vocabulary.ids[word]]
    return [[vocabulary.tokens[i], rounded(float(cosine[i]), 2)] for i in order[:most]]


def plane(vectors):
    """The two directions in which vectors differ most, from their mean on: principal components  (n, 2)."""
    centred = vectors - vectors.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    return centred @ directions[:2].T


def next_words(
    seeds, steps, least, order, batch, length, embedding, units, dropout, rate, sentences, asked, shown, most
):
    """Losses per word of LSTM and Kneser-Ney, split by split; rankings and vectors of the first."""
    found = {name: [] for name in ("LSTM", "Kneser-Ney", "unknown share of the test", "vocabulary")}
    for seed in seeds:
        texts = topics.split(seed)
        train, test = words(texts.train), words(texts.test)
        vocabulary = Vocabulary.build([train], min_count=least)
        V, ids, held_out = len(vocabulary), vocabulary.encode(train), vocabulary.encode(test)

        def network(V=V):
            return SequenceModel(LSTM(embedding, units, batch_first=True), V, vocab_size=V, dropout=dropout)

        how = {"steps": steps, "schedule": Cosine(steps), "lr": rate, "clip_norm": 1.0, "loss": "cross_entropy"}
        model = fit(network, chunks(ids, batch, length), seed=seed, **how).model.eval()
        found["LSTM"].append(rounded(evaluate(model, chunks(held_out, 1, 512), loss="cross_entropy"), 4))
        kn = kneser_ney.fit(ids, order, V)
        found["Kneser-Ney"].append(rounded(float(-kn.score(held_out)[1:].mean()), 4))
        found["unknown share of the test"].append(rounded(float((held_out == UNK).mean())))
        found["vocabulary"].append(V)
        if seed != seeds[0]:
            continue
        found["blanks"] = {sentence: ranking(model, vocabulary, sentence, most) for sentence in sentences}
        vectors = model.embedding.weight.detach().double().numpy()
        found["neighbours"] = {word: neighbours(vectors, vocabulary, word, 5) for word in asked}
        kept = [word for word in vocabulary.tokens[4:] if word.isalpha() and len(word) > 1][:shown]
        at = plane(vectors[[vocabulary.ids[word] for word in kept]])
        found["plane"] = [[word, rounded(float(x)), rounded(float(y))] for word, (x, y) in zip(kept, at, strict=True)]
        found["characters per word of the test"] = rounded(len(texts.test) / len(test), 4)
    return found


SENTENCES = [
    "I like ice-cream, my favourite is chocolate",
    "The value of the",
    "If the object is not",
    "This method is called when the",
]
MEASUREMENTS = {
    "words": {
        "what": "loss of next-word models on held-out topics; how one fills blanks, and its embedding",
        "unit": "nats per word",
        "measure": next_words,
        "settings": {"seeds": list(range(10, 15)), "steps": 900, "least": 3, "order": 3, "batch": 16, "length": 32}
        | {"embedding": 48, "units": 128, "dropout": 0.25, "rate": 0.01, "sentences": SENTENCES, "shown": 40, "most": 8}
        | {"asked": ["class", "is", "list", "if", "the", "method"]},
    }
}
