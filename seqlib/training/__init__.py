"""Training: `fit` is the only training loop of the book, `evaluate` measures on fresh data, `repeat` runs over seeds.

fit           the loop
evaluate      the mean loss of a model, whatever the batches
repeat        an experiment once a seed, with the interval of its median
history       what a run leaves
optimisers    those known by name, with weight decay
schedules     of the learning rate: warm-up, cosine, step
gradient      over one batch or several, in one precision or two; its norm; clipping
validation    the loss on other data while a model trains: the best model, early stopping
callback      what a run tells at every step
data          what can be trained on: a task, a list of batches, a DataLoader, a function of the step
loader        the batches of a DataLoader by their number
objective     losses over the positions that count, with label smoothing
carry         the state of a model from batch to batch, and truncated backpropagation through time
scheduled_sampling  a model that reads some of its own symbols
identity      what makes two runs the same run
checkpoint    a run in a file, written whole or not at all
random_state  the global generators of torch, NumPy and Python, borrowed and given back
progress      a bar where somebody watches
"""

from seqlib.training.callback import Step
from seqlib.training.evaluate import evaluate
from seqlib.training.fit import fit
from seqlib.training.history import History
from seqlib.training.objective import CrossEntropy
from seqlib.training.repeat import Repeats, repeat
from seqlib.training.scheduled_sampling import ScheduledSampling
from seqlib.training.schedules import Cosine, StepDecay, Warmup
from seqlib.training.validation import Best

__all__ = [
    "Best",
    "Cosine",
    "CrossEntropy",
    "History",
    "Repeats",
    "ScheduledSampling",
    "Step",
    "StepDecay",
    "Warmup",
    "evaluate",
    "fit",
    "repeat",
]
