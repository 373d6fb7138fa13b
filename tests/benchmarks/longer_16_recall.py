"""Associative recall with every mixer in one stack: what a step back and the size of the state are worth.

    python tests/benchmarks/longer_training.py '16_recall$'
    python tests/benchmarks/longer_training.py 16_recall_            the size of the state; the rule of B

The task, its exact levels and the measures are those of chapter 15, longer_15_recall.py; B is half of what it is there.
All networks are one stack without feed-forward networks, D_MODEL wide: embedding, one or two mixers, read-out. To tell
what a key was, a value has to be stored beside the key of the step before. Of two layers of attention the first can
do that; one alone cannot, nor can a mixer that stores one step at a time. So each has an arm with a causal convolution
of 4 steps before the mixer ("conv"), and one without; of Mamba the convolution is a part, and is left out in the arm
"Mamba, no conv" (its convolution has one step). One change, one cause: all else is equal.

All at the rate 0.003, at which the networks of chapter 15 fall; the loss is that at repeated keys. Written down before
the recording, after trials with the seed 900, each for 5 seeds of 5:

1. With the convolution one layer is enough for softmax attention and for linear attention: a loss below 0.1 within
   STEPS. One layer of attention without it stays above 1.5, two layers fall.
2. Mamba with its convolution is below 1 after STEPS (0.4 in the trial), and stays above 1.5 without.
3. The convolution is not enough where the state is a vector that keeps no product of key and value: minGRU and GRU
   with it stay above 1.5 within STEPS.
4. The state size, "16_recall_state". Linear attention with more heads has as many weights and a smaller state: 4160
   numbers with one head, 1088 with 4, 320 with 16; softmax attention keeps all keys and values with any number of
   heads. With 16 heads, linear attention is above 0.1 after STEPS, softmax below (trial: 0.23, 0.05). And its loss at
   places that come after all 8 keys is larger than at those that come after 2, by more than 0.1; that of softmax
   attention by less than 0.1. (The latter was not tried.)
5. The rule for B, "16_recall_rule": zero-order hold, as in the paper, against Δ B, as in the code. The losses after
   STEPS / 2, while they still fall, differ by less than 0.3 in the median of the seeds. (More than 0.6 would refute.)
"""

import itertools
import runpy
from pathlib import Path

import numpy as np

from seqlib.nn import GRU, LinearAttention, Mamba, MinGRU, MultiHeadAttention, RecurrentModel
from seqlib.training import Warmup, fit

RECALL = runpy.run_path(str(Path(__file__).with_name("longer_15_recall.py")))
CHAPTER = "16"
TASK, answers, scores, text, times = (RECALL[name] for name in ("TASK", "answers", "scores", "text", "times"))
D_MODEL, B, RATE, WARM_UP, WIDTH, N = 64, 32, 0.003, 100, 4, 4
STEPS, EVERY = 400, 20
HEADS = (4, 16)


def network(mixer, layers=1, convolution=None):
    """The stack with this mixer."""
    return RecurrentModel(TASK.vocab_size, TASK.n_out, D_MODEL, layers, mixer, 0, convolution=convolution)


def attention(layers=1, convolution=None, heads=1):
    """The stack with softmax attention."""
    return network(lambda d: MultiHeadAttention(d, heads, rotary=10_000.0), layers, convolution)


def linear(convolution=None, heads=1):
    """The stack with linear attention."""
    return network(lambda d: LinearAttention(d, heads), 1, convolution)


def mamba(convolution, rule="mixed"):
    """The stack with Mamba, whose convolution is its own."""
    return network(lambda d: Mamba(d, N, convolution=convolution, rule=rule))


ARMS = {
    "attention": attention,
    "attention, 2 layers": lambda: attention(2),
    "attention, conv": lambda: attention(1, WIDTH),
    "linear attention": linear,
    "linear attention, conv": lambda: linear(WIDTH),
    "GRU, conv": lambda: network(lambda d: GRU(d, d, batch_first=True), 1, WIDTH),
    "minGRU, conv": lambda: network(lambda d: MinGRU(d, d), 1, WIDTH),
}
WITH_MAMBA = {"Mamba": lambda: mamba(WIDTH), "Mamba, no conv": lambda: mamba(1)}
WITH_RULE = {"Mamba, zero-order hold": lambda: mamba(WIDTH, "zero-order hold")}
WITH_HEADS = {f"linear attention, conv, {n} heads": lambda n=n: linear(WIDTH, n) for n in HEADS}
WITH_HEADS |= {"attention, conv, 16 heads": lambda: attention(1, WIDTH, 16)}
ALL = ARMS | WITH_MAMBA | WITH_RULE | WITH_HEADS


def followed(build, seed, sequences, steps):
    """A training: the network, the steps `at`, and the loss at repeated keys there, on the test of the seed."""
    batch = TASK.sample(sequences, np.random.default_rng([seed, 10**6]))
    seen, at, losses, models = times(batch) > 0, [], [], []

    def watch(step):
        if step % EVERY == 0 or step == steps:
            at.append(step)
            losses.append(float(scores(answers(models[0], batch), batch, seen)["loss"]))

    def built():
        models.append(build())
        watch(0)
        return models[0]

    fit(
        built,
        lambda step: TASK.sample(B, np.random.default_rng([seed, step])),
        steps=steps,
        loss="cross_entropy",
        lr=RATE,
        schedule=Warmup(WARM_UP),
        clip_norm=1.0,
        seed=seed,
        on_step=lambda record: watch(record.step),
    )
    return models[0], at, losses


def numbers(state):
    """How many numbers a state has for one sequence; which steps were real, which attention keeps too, is none."""
    if isinstance(state, tuple):
        return sum(map(numbers, state))
    return 0 if state is None or not state.is_floating_point() else state.numel()


def kept(model, T):
    """How many numbers the states of the network have after T steps of one sequence."""
    return numbers(model.prefill(np.zeros((1, T), dtype=int))[1])


def by_keys(model, seed, sequences):
    """The loss at repeated keys by how many different keys have come before: 1, 2, … of them."""
    batch = TASK.sample(sequences, np.random.default_rng([seed, 10**6, 1]))
    keys, y, p = batch.inputs[0][:, ::2], batch.y[:, ::2], answers(model, batch)
    losses = -np.log(np.maximum(np.take_along_axis(p, y[..., None], 2)[..., 0], 1e-300))
    come = np.array([[len(set(row[:j])) for j in range(len(row))] for row in keys.tolist()])
    seen = times(batch) > 0
    return [losses[seen & (come == r)].mean() for r in range(1, TASK.keys + 1)]


def recall(seeds, sequences, steps, arms):
    """Arm -> parameters, state after a sequence; steps and losses at repeated keys there, and by keys, per seed."""
    found = {}
    for arm, seed in itertools.product(arms, seeds):
        model, at, losses = followed(ALL[arm], seed, sequences, steps)
        of = found.setdefault(arm, {"parameters": sum(p.numel() for p in model.parameters())})
        of |= {"state": kept(model, 2 * TASK.pairs - 1), "at": text(at)}
        of.setdefault("loss", []).append(text(losses))
        of.setdefault("by keys", []).append(text(by_keys(model, seed, 4 * sequences)))
    return found


SETTINGS = {"seeds": list(range(166, 171)), "sequences": 64, "steps": STEPS}
WHAT = "associative recall in one stack, the loss at repeated keys of a fixed test: "
MEASUREMENTS = {
    "recall": {
        "what": WHAT + "attention, linear attention, GRU and minGRU, with and without a causal convolution",
        "unit": "nats",
        "measure": recall,
        "settings": {**SETTINGS, "arms": list(ARMS)},
    },
    "recall_mamba": {
        "what": WHAT + "Mamba with and without its convolution",
        "unit": "nats",
        "measure": recall,
        "settings": {**SETTINGS, "arms": list(WITH_MAMBA)},
    },
    "recall_state": {
        "what": WHAT + "linear and softmax attention by the number of heads, with as many weights",
        "unit": "nats",
        "measure": recall,
        "settings": {**SETTINGS, "arms": list(WITH_HEADS)},
    },
    "recall_rule": {
        "what": WHAT + "Mamba with the rule of the paper for B, to be compared with that of the code in recall_mamba",
        "unit": "nats",
        "measure": recall,
        "settings": {**SETTINGS, "arms": list(WITH_RULE)},
    },
}
