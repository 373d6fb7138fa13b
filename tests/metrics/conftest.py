"""What the tests of text metrics share: pairs of sentences, random ones and real ones, from empty to long."""

import numpy as np
import pytest

from seqlib.tasks.topics import topics

WORDS = [
    "a",
    "b",
    "the",
    "cat",
    "sat",
    "Mat",
    "is",
    "it's",
    "3.14",
    "1,000",
    "end.",
    "(so)",
    "e.g.,",
    "well-known",
    "x",
]
JOINTS = [*[" "] * 30, "  ", "\t", "-", ",", ". ", "&quot;", "&amp;", "/", ""]


def random_pairs(n, seed):
    """Hypotheses and references: few words, so that much is shared; empty ones, equal ones, odd blanks and marks."""
    rng = np.random.default_rng(seed)
    hypotheses, references = [], []
    for _ in range(n):
        reference = _sentence(rng, int(rng.integers(0, 14)))
        kind = rng.integers(0, 6)
        words = reference.split(" ")
        if kind == 0:
            hypothesis = _sentence(rng, int(rng.integers(0, 14)))
        elif kind == 1:
            hypothesis = reference
        elif kind == 2:
            hypothesis = " ".join(words[: int(rng.integers(0, len(words) + 1))])
        elif kind == 3:
            hypothesis = " ".join(rng.permutation(words).tolist())
        else:
            hypothesis = " ".join(word if rng.random() < 0.7 else str(rng.choice(WORDS)) for word in words)
        hypotheses.append(hypothesis)
        references.append(reference)
    return hypotheses, references


def _sentence(rng, length):
    return "".join(str(rng.choice(WORDS)) + str(rng.choice(JOINTS)) for _ in range(length))


def real_pairs(seed):
    """Lines of a real text, against themselves with words lost, doubled, swapped or in lower case."""
    rng = np.random.default_rng(seed)
    lines = [line for text in topics().values() for line in text.split("\n") if line.strip()][::5]
    hypotheses = []
    for line in lines:
        words = line.split(" ")
        words = [word for word in words if rng.random() < 0.9]
        words = [again for word in words for again in [word] * (1 + (rng.random() < 0.1))]
        if len(words) > 3 and rng.random() < 0.5:
            i = int(rng.integers(0, len(words) - 1))
            words[i], words[i + 1] = words[i + 1], words[i]
        hypotheses.append(" ".join(word.lower() if rng.random() < 0.1 else word for word in words))
    return hypotheses, lines


@pytest.fixture(scope="session", params=["random", "real"])
def corpus(request):
    """Two thousand pairs and more: hypotheses, references."""
    found = random_pairs(2000, 0) if request.param == "random" else real_pairs(0)
    assert len(found[0]) > 1000
    return found


@pytest.fixture(scope="session")
def several():
    """Hypotheses, and three references each."""
    hypotheses, first = random_pairs(600, 1)
    return hypotheses, [
        list(three) for three in zip(first, random_pairs(600, 2)[1], random_pairs(600, 1)[0][::-1], strict=True)
    ]
