"""Training: `fit` is the only training loop of the book, `evaluate` measures on fresh data, `repeat` runs over seeds.

fit           the loop
evaluate      the mean loss of a model, whatever the batches
repeat        an experiment once a seed, with the interval of its median
data          what can be trained on: a task, a list of batches, a function of the step
objective     losses over the positions that count
identity      what makes two runs the same run
checkpoint    a run in a file, written whole or not at all
random_state  the global generators of torch, NumPy and Python, borrowed and given back
progress      a bar where somebody watches
"""

from seqlib.training.evaluate import evaluate
from seqlib.training.fit import History, fit
from seqlib.training.repeat import Repeats, repeat

__all__ = ["History", "Repeats", "evaluate", "fit", "repeat"]
