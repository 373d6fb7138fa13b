"""Sequences out of a model that is asked for one symbol at a time: greedy, or sampled with temperature, top-k, top-p.

Nothing here knows a model. What is asked of one is a method

    step(tokens, state) -> logits, state        tokens (N,) ids, logits (N, V); state None at the beginning

which reads one more symbol of each of N sequences and scores what may come next. The state is the model's own affair;
it goes back into the next step as it came. Two more methods are used where a model has them:

    select(state, rows) -> state                row i of the new state is row rows[i] of the old one
    prefill(ids, state) -> logits, state        ids (N, T): as T steps, of which only the last logits are kept

Without `select` the function of that name below takes the rows, which stand for the first axis of every array in the
state. Arrays may be tensors of torch: they are taken off their graph and their device, and torch is not imported.
"""

from seqlib.decoding.decoders import Decoded, greedy, sample
from seqlib.decoding.distribution import distribution
from seqlib.decoding.step_model import StepModel, select

__all__ = ["Decoded", "StepModel", "distribution", "greedy", "sample", "select"]
