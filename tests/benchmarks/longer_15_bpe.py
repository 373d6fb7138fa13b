"""What chapter 15 says of byte-level BPE: what it finds in chapter 10's text, how much it shortens it, and its speed.

    python tests/benchmarks/longer_training.py 15_bpe$ 15_bpe_speed$

"bpe": learnt from the training text of each split of longer_10.py, and applied to that and to its test text, by the
number of tokens, the 256 bytes included. Of the first split the merges are kept as well: the first, and the longest.

"bpe_speed": seqlib.bpe against Hugging Face's tokenizers, with the same text and the same number of tokens, in CPU time
of the process, which counts all threads. In a round, one for each split, they take turns, and make everything anew.
Lines are encoded one by one, then the whole text at once, then its ids are decoded. Both remember the pieces that they
have seen; tokenizers also finds where in the text each token stands, which is not asked for here. What is told is the
ratio of the two in a round: other work on the machine slows both of them.
"""

import os
import time

from seqlib.bpe import ByteLevelBPE
from seqlib.evidence import rounded
from seqlib.tasks import topics

CHAPTER = "15"
OURS, THEIRS = "seqlib", "tokenizers"


def prefix(bpe, size):
    """The vocabulary that would have been learnt had the training ended at so many tokens."""
    return ByteLevelBPE(bpe.tokens[:size], bpe.merges[: size - 256])


def shown(token):
    """A token as text; what is not UTF-8 by itself as U+FFFD."""
    return token.decode(errors="replace")


def compression(seeds, sizes, first, longest):
    """Size -> tokens per byte of training and test text, and tokens that the training text does not use, by split."""
    found = {f"{size}": {"train": [], "test": [], "unused": []} for size in sizes}
    merges = []
    for seed in seeds:
        texts = topics.split(seed)
        largest = ByteLevelBPE.train([texts.train], max(sizes))
        merges.append(largest.merges)
        for size in sizes:
            bpe, of = prefix(largest, size), found[f"{size}"]
            ids = {part: bpe.encode(getattr(texts, part)) for part in ("train", "test")}
            for part, its in ids.items():
                of[part].append(rounded(len(its) / len(getattr(texts, part).encode()), 4))
            of["unused"].append(len(bpe) - len(set(ids["train"].tolist())))
    made = sorted((a + b for a, b in merges[0]), key=len, reverse=True)
    return {
        "sizes": found,
        "first merges": [[shown(a), shown(b)] for a, b in merges[0][:first]],
        "longest": [shown(token) for token in made[:longest]],
        "shared": [len({a + b for a, b in merges[0][:first]} & {a + b for a, b in of[:first]}) for of in merges],
    }


class Ours:
    """seqlib.bpe."""

    def train(self, text, size):
        self.bpe = ByteLevelBPE.train([text], size)

    def encode(self, text):
        return self.bpe.encode(text).tolist()

    def decode(self, ids):
        return self.bpe.decode(ids)


class Theirs:
    """Hugging Face's tokenizers with GPT-2's settings."""

    def train(self, text, size):
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        self.bpe = Tokenizer(models.BPE())
        self.bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        self.bpe.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        how = {"vocab_size": size, "min_frequency": 2, "initial_alphabet": alphabet, "show_progress": False}
        self.bpe.train_from_iterator([text], trainers.BpeTrainer(**how))

    def encode(self, text):
        return self.bpe.encode(text).ids

    def decode(self, ids):
        return self.bpe.decode(ids)


def speeds(who, text, size):
    """Megabytes a second of training, encoding line by line and at once, and decoding; and the ids."""
    lines, megabytes, found = text.splitlines(keepends=True), len(text.encode()) / 1e6, {}

    def timed(what, run):
        began = time.process_time()
        out = run()
        found[what] = megabytes / (time.process_time() - began)
        return out

    timed("train", lambda: who.train(text, size))
    timed("encode lines", lambda: [who.encode(line) for line in lines])
    ids = timed("encode text", lambda: who.encode(text))
    if timed("decode", lambda: who.decode(ids)) != text:
        raise ValueError(f"{type(who).__name__} does not give back the text")
    return found, ids


def speed(seeds, size):
    """What is done -> MB/s of both, round by round, and the ratio of ours to theirs; and whether all ids are equal."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    found, equal = {}, []
    for seed in seeds:
        text = topics.split(seed).train
        (ours, ids), (theirs, others) = (speeds(who(), text, size) for who in (Ours, Theirs))
        equal.append(ids == others)
        for what, of in ours.items():
            here = found.setdefault(what, {OURS: [], THEIRS: [], "ratio": []})
            for name, value in ((OURS, of), (THEIRS, theirs[what]), ("ratio", of / theirs[what])):
                here[name].append(rounded(value))
    return found | {"equal": equal}


SEEDS = list(range(10, 15))
MEASUREMENTS = {
    "bpe": {
        "what": "byte-level BPE of chapter 10's training texts: tokens per byte by number of tokens, and the merges",
        "unit": "tokens per byte, tokens",
        "measure": compression,
        "settings": {"seeds": SEEDS, "sizes": [256, 512, 1000, 2000, 4000], "first": 40, "longest": 20},
    },
    "bpe_speed": {
        "what": "training, encoding and decoding chapter 10's training texts, taking turns with tokenizers",
        "unit": "MB/s of CPU",
        "measure": speed,
        "settings": {"seeds": SEEDS, "size": 1000},
    },
}
