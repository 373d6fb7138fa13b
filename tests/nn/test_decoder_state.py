"""DecoderState: rows of it are those that a decoder asks for, and what is large is shared where it can be."""

import numpy as np
import pytest
import torch
from translators import WAYS, batch, made

from seqlib.decoding import select as select_rows

EXACT = {"rtol": 1e-11, "atol": 1e-11}
every_way = pytest.mark.parametrize("way", WAYS)


@every_way
@pytest.mark.parametrize("score", ["dot", "additive"])  # keys and projected keys are one tensor, or two
@pytest.mark.parametrize("rows", [[3, 3, 0], [2, 0, 3, 1], [0, 1, 2, 3], [1, 1, 1, 1, 1, 1]])
def test_rows_are_selected_as_the_decoders_would(way, score, rows):
    model = made(way, score=score)
    source, lengths, previous = batch()
    _, state = model.prefill(previous[:, :3], model.encode(source, lengths))
    chosen, wanted = model.select(state, np.array(rows)), select_rows(state, rows, 4)
    for name, part in wanted._asdict().items():
        for a, b in zip(*([p] if name != "s" else p for p in (getattr(chosen, name), part)), strict=True):
            assert a is b is None or torch.equal(a, b), name
    logits, _ = model.step(previous[rows, 3], chosen)
    torch.testing.assert_close(logits, model(source, lengths, previous)[0][rows, 3], **EXACT)


def test_rows_of_the_same_source_share_what_was_read_of_it():
    """A beam reorders its hypotheses at every step, and their sources are the same: nothing large is copied."""
    model = made("after")
    source, lengths, previous = batch()
    _, state = model.prefill(previous[[0, 0, 2, 2]], model.select(model.encode(source, lengths), [0, 0, 2, 2]))
    chosen = model.select(state, [1, 0, 3, 3])
    assert chosen.keys is state.keys
    assert chosen.projected is state.projected
    assert torch.equal(chosen.s[0], state.s[0][[1, 0, 3, 3]])
    assert model.select(state, [0, 1, 2, 0]).keys is not state.keys
