"""What padding does to translations of dates where it may be attended to.

longer_12_dates.py stores what comes of it as 12_mask, for networks with the dot product, with one change each:

    masked               the mask of the library
    mask off, afterwards trained with the mask, which is taken away when translating
    no mask              attention without a mask in training and in translation; the encoder still knows the lengths
    lengths unknown      nobody is told the lengths: the encoder reads the padding, too, and the decoder attends to it

Each sentence of the test is translated in batches of three widths: alone, which is without padding; beside the longest
date; beside a sentence of 40 words. Said before these runs: with the mask no answer changes; without, more than one in
a hundred does.
"""

import numpy as np

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.nn import Attention, EncoderDecoder
from seqlib.tasks import Translation
from seqlib.text import BOS, EOS

TEST = Translation("dates", "test")
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
        ids = written(model, width) if width else alone
        found[f"exact, {name}"] = P @ (ids == np.where(batch.mask, batch.y, 0)).all(1)
        found[f"changed, {name}"] = P @ (ids != alone).any(1)
    return {name: rounded(value, 4) for name, value in found.items()}
