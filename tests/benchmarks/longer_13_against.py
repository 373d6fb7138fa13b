"""A Transformer against chapter 12's recurrent networks with attention, after as much CPU time.

    python tests/benchmarks/longer_training.py 13_against

Steps are given to each arm by how long one takes: `steps` is for the slowest arm, and each arm has its own multiple,
measured beforehand on the machine of the stored values; the CPU time that each run took is among its scores. Runs of
different arms follow each other, seed by seed. The rate of an arm is tuned for the smaller number of steps.
"""

import runpy
import time
from pathlib import Path

import numpy as np
import torch

from seqlib.decoding import greedy
from seqlib.evidence import rounded
from seqlib.nn import GRU, LSTM, Attention, EncoderDecoder, TransformerTranslator
from seqlib.tasks import Copying, Translation
from seqlib.text import BOS, EOS
from seqlib.training import Cosine, evaluate, fit

tuned = runpy.run_path(str(Path(__file__).with_name("longer_rates.py")))["tuned"]
CHAPTER = "13"
B, SYMBOLS, LONGEST = 64, 8, 20
TESTED = [5, 10, 15, 20, 21, 22, 24, 26, 28, 30]
CASES = 200  # sequences of each length that a network is tested on
WINDOWS = 12  # a curve is the mean loss of so many parts of the training
DATES = {part: Translation("dates", part) for part in ("train", "valid", "test")}
TASKS = {"copying": Copying((1, LONGEST), SYMBOLS), "dates": DATES["train"]}


def network(task, kind, size):
    """A Transformer of 2 + 2 layers, or a recurrent network that reads in both directions and attends (dot)."""
    task = TASKS[task]
    if kind == "Transformer":
        return TransformerTranslator(task.vocab_size, task.n_out, size, 4, 2)
    cell, E = (LSTM if kind == "LSTM" else GRU), 24
    reads = cell(E, size // 2, batch_first=True, bidirectional=True)
    writes = cell(E, size, batch_first=True)
    return EncoderDecoder(reads, writes, task.vocab_size, task.n_out, attention=Attention("dot", size))


def trained(task, kind, size, steps, rate, seed):
    """A network after training, and its curve: the CPU seconds at the end of each part, and the mean loss in it."""
    at = [0.0]

    def data(step):
        return TASKS[task].sample(B, np.random.default_rng([seed, step]))

    schedule = Cosine(steps, warmup=steps // 10)
    how = {"lr": rate, "schedule": schedule, "clip_norm": 1.0, "batch_size": B, "seed": seed, "loss": "cross_entropy"}
    began = time.process_time()
    run = fit(
        lambda: network(task, kind, size),
        data,
        steps=steps,
        on_step=lambda step: at.append(time.process_time() - began),
        **how,
    )
    parts = [part for part in np.array_split(np.arange(steps), WINDOWS) if len(part)]
    curve = [[rounded(at[part[-1] + 1]), rounded(float(np.mean(np.array(run.loss)[part])))] for part in parts]
    return run.model.eval(), curve


def right(model, batch):
    """Which targets of a batch greedy search writes without a mistake  (B,)."""
    source, lengths, _ = batch.inputs
    T = batch.y.shape[1]
    ids = greedy(model, [[BOS]] * len(source), max_length=T, eos=EOS, state=model.encode(source, lengths)).ids
    ids = np.pad(ids, ((0, 0), (0, T - ids.shape[1])))
    return (np.where(batch.mask, ids, 0) == np.where(batch.mask, batch.y, 0)).all(1)


def loss(model, task, seed):
    """The loss per token: on fresh sequences of the trained lengths, or on all dates for validation."""
    if task == "copying":
        test = TASKS[task].sample(1000, np.random.default_rng([seed, 10**6]))
        return rounded(evaluate(model, [test], loss="cross_entropy"))
    return expected_loss(model, "valid")


def expected_loss(model, part):
    """The expected loss per token over all dates of a part."""
    batch, P = DATES[part].every_case()
    source, lengths, previous = batch.inputs
    with torch.no_grad():
        logits = model(torch.tensor(source), lengths, torch.tensor(previous))[0]
    losses = batch.losses(torch.log_softmax(logits.double(), -1).numpy())
    return rounded(P @ losses / (P @ batch.mask.sum(1)))


def scores(model, task, seed):
    """The loss, and the share without a mistake: by length, or expected over all dates of the test."""
    if task == "dates":
        batch, P = DATES["test"].every_case()
        return {"loss": expected_loss(model, "test"), "exact": rounded(P @ right(model, batch), 4)}
    exact = []
    for n in TESTED:
        batch = Copying(n, SYMBOLS).sample(CASES, np.random.default_rng([seed, 10**6, n]))
        exact.append(rounded(right(model, batch).mean()))
    return {"loss": loss(model, task, seed), "exact": exact}


def against(steps, seeds, tuning, tried, longer, arms):
    """Task -> arm -> scores, one per seed, after each number of steps; the tuning, rates, parameters and levels.

    longer: by how much `steps` are multiplied; arms: task -> name -> kind, size, steps in a step of the slowest.
    """
    values = {}
    for task, named in arms.items():

        def run(arm, rate, seed, times=1, named=named, task=task):
            kind, size, speed = named[arm]
            return trained(task, kind, size, round(times * steps * speed), rate, seed)

        def tried_loss(arm, rate, seed, run=run, task=task):
            return loss(run(arm, rate, seed)[0], task, seed)

        found, chosen = tuned(named, tried, tuning, tried_loss)
        of_arm = {arm: {f"{times}": [] for times in longer} for arm in named}
        for seed in seeds:
            for times in longer:
                for arm in named:
                    model, curve = run(arm, chosen[arm], seed, times)
                    told = scores(model, task, seed) | {"seconds": curve[-1][0], "curve": curve}
                    of_arm[arm][f"{times}"].append(told)
        size = {arm: sum(p.numel() for p in network(task, *named[arm][:2]).parameters()) for arm in named}
        values[task] = {"tuning": found, "chosen": chosen, "parameters": size}
        values[task]["arms"] = {
            arm: {times: {name: [one[name] for one in runs] for name in runs[0]} for times, runs in of.items()}
            for arm, of in of_arm.items()
        }
    values["levels"] = {
        "floor, dates": rounded(DATES["test"].floor),
        "ceiling, dates": rounded(DATES["test"].ceiling, 4),
        "chance, copying": rounded(TASKS["copying"].chance),
    }
    return values | {"tested": TESTED}


MEASUREMENTS = {
    "against": {
        "what": "copying and dates after equal CPU time: a Transformer and recurrent networks with attention; loss per "
        "token, share without a mistake, CPU seconds, curve of the training",
        "unit": "nats, share, seconds",
        "measure": against,
        "settings": {
            "steps": 90,
            "seeds": list(range(150, 155)),
            "tuning": [140, 141],
            "tried": [0.005, 0.01, 0.02],
            "longer": [1, 3],
            "arms": {
                "copying": {"Transformer": ["Transformer", 32, 1.0], "LSTM": ["LSTM", 64, 1.6]},
                "dates": {"Transformer": ["Transformer", 32, 1.0], "GRU": ["GRU", 64, 1.6]},
            },
        },
    }
}
