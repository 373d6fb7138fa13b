"""Sequences out of a model that is asked for one symbol at a time: greedy, sampled, or searched for.

`greedy` takes the most probable symbol, `sample` draws (temperature, top-k, top-p), `beam` keeps several hypotheses at
a time, and `exhaustive` finds the best of all.

Nothing here knows a model. What is asked of one is a method

    step(tokens, state) -> logits, state        tokens (N,) ids, logits (N, V); state None at the beginning

which reads one more symbol of each of N sequences and scores what may come next. The state is the model's own affair;
it goes back into the next step as it came. More methods are used where a model has them:

    select(state, rows) -> state                row i of the new state is row rows[i] of the old one
    prefill(ids, state) -> logits, state        ids (N, T): as T steps, of which only the last logits are kept

    attention(state) -> weights (N, S)          what the symbols to come attend to; or weights and a mask (N, S), where
                                                sources are padded. Only the coverage penalty of `beam` asks for it

Without `select` the function of that name below takes the rows, which stand for the first axis of every array in the
state. Arrays may be tensors of torch: they are taken off their graph and their device, and torch is not imported.
"""

from seqlib.decoding.beam import beam
from seqlib.decoding.decoders import Decoded, greedy, sample
from seqlib.decoding.distribution import distribution
from seqlib.decoding.exhaustive import exhaustive
from seqlib.decoding.hypotheses import Hypotheses, Tree
from seqlib.decoding.ranking import coverage_penalty, length_normalisation
from seqlib.decoding.step_model import StepModel, select

__all__ = [
    "Decoded",
    "Hypotheses",
    "StepModel",
    "Tree",
    "beam",
    "coverage_penalty",
    "distribution",
    "exhaustive",
    "greedy",
    "length_normalisation",
    "sample",
    "select",
]
