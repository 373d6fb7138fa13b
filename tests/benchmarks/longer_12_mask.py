"""What padding does to translations of dates where it may be attended to.

    python tests/benchmarks/longer_training.py 12_mask

Networks with the dot product of 12_dates, and their batches; one change each:

    masked               the mask of the library
    mask off, afterwards trained with the mask, which is taken away when translating
    no mask              attention without a mask in training and in translation; the encoder still knows the lengths
    lengths unknown      nobody is told the lengths: the encoder reads the padding, too, and the decoder attends to it

Each sentence of the test is translated in batches of three widths: alone, which is without padding; beside the longest
date; beside a sentence of 40 words. Said before these runs: with the mask no answer changes; without, more than one in
a hundred does.
"""

import runpy
from pathlib import Path

import numpy as np

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.nn import Attention, EncoderDecoder
from seqlib.text import BOS, EOS

DATES = runpy.run_path(str(Path(__file__).with_name("longer_12_dates.py")))
TEST = DATES["TEST"]
CHAPTER = "12"
LONGEST, LONG = int(TEST.every_case()[0].inputs[1].max()), 40


class Unmasked(Attention):
    """Attention to everything that lies in the array."""

    def attend(self, query, projected, values, mask):
        """Attend, whatever the mask says."""
        return super().attend(query, projected, values, None)


class Untold(EncoderDecoder):
    """An encoder-decoder that takes padding for words."""

    def _read(self, source, lengths):
        return super()._read(source, None)


ARMS = {  # name -> what is trained, what translates
    "masked": [(Attention, EncoderDecoder), (Attention, EncoderDecoder)],
    "mask off, afterwards": [(Attention, EncoderDecoder), (Unmasked, EncoderDecoder)],
    "no mask": [(Unmasked, EncoderDecoder), (Unmasked, EncoderDecoder)],
    "lengths unknown": [(Attention, Untold), (Attention, Untold)],
}


def written(model, width=None):
    """What the model writes for each sentence of the test, padded to this width or not at all  (N, T) ids."""
    batch, _ = TEST.every_case()
    source, lengths, _ = batch.inputs
    N, T = batch.y.shape
    source = np.pad(source, ((0, 0), (0, max(0, (width or 0) - source.shape[1]))))
    ids = np.zeros((N, T), dtype=int)
    for rows, S in [(np.arange(N), width)] if width else [(np.flatnonzero(lengths == n), n) for n in set(lengths)]:
        state = model.encode(source[rows, :S], lengths[rows])
        found = greedy(model, [[BOS]] * len(rows), max_length=T, eos=EOS, state=state).ids
        ids[rows, : found.shape[1]] = found
    return ids


def scores(model):
    """The expected share right in each width, and the expected share of sentences that change from that alone."""
    batch, P = TEST.every_case()
    alone = written(model)
    found = {}
    for name, width in {"alone": None, "longest": LONGEST, "long": LONG}.items():
        ids = written(model, width)
        found[f"exact, {name}"] = P @ (ids == np.where(batch.mask, batch.y, 0)).all(1)
        found[f"changed, {name}"] = P @ (ids != alone).any(1)
    return {name: rounded(value, 4) for name, value in found.items()}


def mask(steps, seeds, rate):
    """Arm -> score -> one value per seed."""
    found, nets = {}, {}
    for name, (taught, used) in ARMS.items():
        runs = []
        for seed in seeds:
            if (taught, seed) not in nets:
                make = DATES["network"], DATES["ARMS"]["dot"], taught
                nets[taught, seed] = DATES["trained"](lambda make=make: make[0](*make[1], *make[2]), steps, rate, seed)[
                    0
                ]
            model = DATES["network"](*DATES["ARMS"]["dot"], *used)
            model.load_state_dict(nets[taught, seed].state_dict())
            runs.append(scores(model))
        found[name] = {score: [run[score] for run in runs] for score in runs[0]}
    return found


MEASUREMENTS = {
    "mask": {
        "what": "dates translated alone and beside longer ones, with the mask and without: share right, share changed",
        "unit": "share",
        "measure": mask,
        "settings": {"steps": 400, "seeds": list(range(50, 55)), "rate": 0.02},
    },
}
