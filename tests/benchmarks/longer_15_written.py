"""What chapter 15 shows of a GPT's writing: samples, how much of them it copies, and what Kneser-Ney thinks of them.

    python tests/benchmarks/longer_training.py 15_text_written$

The network, its training and its budget are those of longer_15_text.py, on the first of its splits. A text is no longer
than the windows of the training, for behind their length the network has never been. Every setting writes equally many,
all after the same prompt.

Copied is the share of the runs of n characters, prompt included, that stand word for word in the training text. What
that share would be of a text nobody copied is told by pieces of the held-out text, which begin with the prompt too or
else anywhere; Kneser-Ney's own samples are the other control. The bits that Kneser-Ney needs for a text tell how usual
it is, not how good: a text that goes round in circles is cheap.
"""

import runpy
from pathlib import Path

import numpy as np

from seqlib.decoding import greedy, sample
from seqlib.evidence import rounded
from seqlib.reference import kneser_ney

CHAPTER = "15"
S = runpy.run_path(str(Path(__file__).with_name("longer_15_text.py")))
SETTINGS = {
    "temperature 0.5": {"temperature": 0.5},
    "temperature 1": {},
    "temperature 1.5": {"temperature": 1.5},
    "top-k 5": {"top_k": 5},
    "top-p 0.9": {"top_p": 0.9},
}
HELD = "held-out text"


def copied(texts, whole, n):
    """The share of the runs of n symbols in the texts that stand in the whole."""
    known = {whole[i : i + n] for i in range(len(whole) - n + 1)}
    runs = [text[i : i + n] for text in texts for i in range(len(text) - n + 1)]
    return rounded(float(np.mean([run in known for run in runs])), 3)


def pieces(text, prompt, length, count, rng):
    """Pieces of a text that long, those after the prompt first, in random order."""
    last = len(text) - length
    begun = [i for i in rng.permutation(last + 1) if text.startswith(prompt, i)]
    return [text[i : i + length] for i in [*begun, *rng.permutation(last + 1)][:count]]


def bits_under(kn, vocabulary, texts, prompt):
    """Bits per byte of what follows the prompt in the texts."""
    bits = byte = 0.0
    for text in texts:
        bits -= kn.score(vocabulary.encode(list(text)))[len(prompt) :].sum() / np.log(2)
        byte += len(text[len(prompt) :].encode())
    return rounded(bits / byte)


def written(steps, seeds, order, prompt, settings, count, kept, runs, earlier):
    """Texts by setting, some of them; the share copied, by length of the run; and bits per byte under Kneser-Ney."""
    (seed,) = seeds
    ratio, (name, rate, dropout) = earlier[0]["ratio"], earlier[1]["chosen"][S["GPT"]]
    whole, vocabulary, ids = S["BEFORE"]["encoded"](seed)
    model = S["trained"](name, rate, dropout, round(steps / ratio[name]), seed)[0].model
    kn = kneser_ney.fit(ids["train"], order, len(vocabulary))
    length = S["NETWORKS"][name]["T"]
    first, more = vocabulary.encode(list(prompt)), length - len(prompt)

    def drawn(source, how):
        made = sample(source, first, rng=np.random.default_rng([seed, 15]), max_length=more, n=count, **how)
        return [prompt + "".join(vocabulary.decode(row)) for row in made.ids]

    texts = {setting: drawn(model, how) for setting, how in settings.items()}
    texts["greedy"] = [prompt + "".join(vocabulary.decode(greedy(model, first, max_length=more).ids[0]))]
    texts[f"KN-{order}, temperature 1"] = drawn(kn, {})
    texts[HELD] = pieces(whole.test, prompt, length, count, np.random.default_rng([seed, 16]))
    return {
        "samples": {setting: of[:kept] for setting, of in texts.items()},
        "copied": {setting: {f"{n}": copied(of, whole.train, n) for n in runs} for setting, of in texts.items()},
        f"bits under KN-{order}": {setting: bits_under(kn, vocabulary, of, prompt) for setting, of in texts.items()},
    }


MEASUREMENTS = {
    "text_written": {
        "what": "samples of the GPT of characters, the share of them that it copies, and their bits under Kneser-Ney",
        "unit": "share; bits per byte",
        "measure": written,
        "reads": [S["CLOCK"], S["CHOSEN"]],
        "settings": {"steps": S["STEPS"], "seeds": S["SEEDS"][:1], "order": 6, "prompt": "The ", "settings": SETTINGS}
        | {"count": 20, "kept": 3, "runs": [10, 20, 30, 40]},
    }
}
