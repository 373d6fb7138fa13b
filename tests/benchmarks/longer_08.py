"""What chapter 8 says of RNN, LSTM and GRU: three tasks, five ways of being fair, times and memory.

Each cell of the comparison (a task, a way of being fair, a network) is tuned by itself over the same rates, on seeds
that are not shown. The errors of all rates are stored, and those of the best one on the seeds that are shown.
The start of a cell is chosen with equal units. On the latch there is a third one for LSTM and GRU: it was added after a
first recording, as a bias of 1 is not what chapter 5's rule asks for.

What the chapter asks, with bounds set before the first recording. The best of its starts, by the seeds of the
tuning, stands for each of RNN, LSTM and GRU; an error is a loss over chance; ratios are taken seed by seed.

    lstm-more-accurate   task by task and way by way: the error of the LSTM over that of the GRU; below 0.8 supports,
                         above 1 refutes
    gru-faster           time, memory or number of products of the GRU over those of the LSTM; below 0.9 supports,
                         above 1 refutes
    hypotheses           with equal units the error of the better gated network is below half of the RNN's, task by
                         task; an RNN ends below 0.01 on the latch
"""

import re
import sys
import time
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

import seqlib.nn
from seqlib.evidence import rounded
from seqlib.nn import SequenceModel, open_gate
from seqlib.tasks import Counting, Latch, Product
from seqlib.training import Cosine, fit

sys.path.append(str(Path(__file__).parent))  # for `timing`, when this file is read and not run
from timing import peak

CHAPTER = "08"
TASKS = {"counting": Counting(20, 3), "latch": Latch(20), "product": Product(20, 2)}
E, H, B = 16, 32, 32
CELLS = ("RNN", "LSTM", "GRU")
MAKERS = {"seqlib.nn": seqlib.nn, "torch.nn": nn}
STARTS = {  # of each cell PyTorch's own, and one that keeps more
    "RNN": ("RNN", "RNN, orthogonal"),
    "LSTM": ("LSTM", "LSTM, forget bias 1"),
    "GRU": ("GRU", "GRU, update bias 1"),
}
WIDER = {  # and where it is known for how many steps, chapter 5's rule: of 19 steps σ(1) leaves 0.003, and σ(3) 0.4
    "latch": {"LSTM": ("LSTM, forget bias 3",), "GRU": ("GRU, update bias 3",)},
}
KEEPS = {"LSTM": "f", "GRU": "z"}  # the gate that keeps
MORE_STEPS = {  # times as many as the LSTM has; in equal time what the stored times say, and a test compares them
    "products": {"RNN": 4, "GRU": 4 / 3},
    "time, seqlib.nn": {"RNN": 1.5, "GRU": 1.07},
    "time, torch.nn": {"RNN": 0.95, "GRU": 0.54},
}
WAYS = {  # way -> the cells to be trained anew; the others are as with equal units: H of them, the same steps
    "units": ("RNN", "LSTM", "GRU"),
    "parameters": ("RNN", "GRU"),
    "products": ("RNN", "GRU"),
    "time, seqlib.nn": ("RNN", "GRU"),
    "time, torch.nn": ("RNN", "GRU"),
}


def cell_of(arm):
    return arm.partition(",")[0]


def layer(arm, D, units, who="seqlib.nn"):
    """A recurrent layer of one of the MAKERS, with the start of an arm."""
    core = getattr(MAKERS[who], cell_of(arm))(D, units, batch_first=True)
    if arm == "RNN, orthogonal":
        nn.init.orthogonal_(core.weight_hh_l0)
    elif bias := re.fullmatch(r"(LSTM, forget|GRU, update) bias (\d)", arm):
        open_gate(core, KEEPS[cell_of(arm)], float(bias[2]))
    elif arm not in CELLS:
        raise ValueError(f"no arm is called {arm!r}")
    return core


def build(task, arm, units=H, who="seqlib.nn"):
    """The network: an embedding of symbols, the layer, a read-out."""
    ids = {"vocab_size": task.vocab_size} if hasattr(task, "vocab_size") else {}
    return SequenceModel(layer(arm, E if ids else task.n_in, units, who), task.n_out, **ids)


def parameters(task, cell, units=H):
    """The number of the network's parameters."""
    return sum(w.numel() for w in build(task, cell, units).parameters())


@cache
def equal_units(name, cell):
    """As many units as bring the number of parameters nearest to that of the LSTM with H."""
    task = TASKS[name]
    wanted = parameters(task, "LSTM")
    return min(range(1, 3 * H), key=lambda units: abs(parameters(task, cell, units) - wanted))


def scores(net, task, seed):
    """On 2048 fresh sequences: the loss over chance, and the share of right answers where one can be right."""
    batch = task.sample(2048, np.random.default_rng(10**6 + seed))
    mask, y = torch.as_tensor(batch.mask), torch.as_tensor(batch.y)[batch.mask]
    with torch.no_grad():
        x = torch.as_tensor(batch.inputs[0])
        out = net(x if x.dtype == torch.int64 else x.float())[0][mask].double()
    if task.loss == "squared_error":
        return {"error": float(((out - y) ** 2).mean()) / task.chance}
    loss = nn.functional.cross_entropy(out, y)
    return {"error": float(loss) / task.chance, "right": float((out.argmax(-1) == y).double().mean())}


def trained(name, way, arm, rate, steps, seed):
    """Its scores after training; a network whose training diverges is as bad as it was then."""
    task, units = TASKS[name], equal_units(name, cell_of(arm)) if way == "parameters" else H
    steps = max(1, round(steps * MORE_STEPS.get(way, {}).get(cell_of(arm), 1)))
    how = {"lr": rate, "schedule": Cosine(steps), "clip_norm": 1.0, "batch_size": B, "seed": seed}
    make = partial(build, task, arm, units)
    return scores(fit(make, task, steps=steps, on_nonfinite="stop", **how).model.eval(), task, seed)


def collected(runs):
    """score -> one value per seed."""
    return {score: [rounded(run[score]) for run in runs] for score in runs[0]}


def best(by_rate):
    """The rate with the smallest median error on the seeds of the tuning."""
    return min(by_rate, key=lambda rate: np.median(by_rate[rate]["error"]))


def starts_of(task):
    """cell -> the arms that are tried with equal units."""
    return {cell: arms + WIDER.get(task, {}).get(cell, ()) for cell, arms in STARTS.items()}


def better_start(grid, cell):
    """The arm of a cell with the smallest median error at its best rate, on the seeds of the tuning."""
    arms = [arm for arm in grid if cell_of(arm) == cell]
    return min(arms, key=lambda arm: np.median(grid[arm][best(grid[arm])]["error"]))


def compared(task, steps, tuning, seeds, rates):
    """grid: way -> arm -> rate -> scores on the seeds of the tuning; shown: the same at the best rate, other seeds.

    With equal units all starts of a cell are tried, and after that the one that was best in the tuning.
    """
    found, starts = {"grid": {}, "shown": {}}, starts_of(task)
    for way, cells in WAYS.items():
        for arm in (arm for cell in cells for arm in starts[cell]):
            run = partial(trained, task, way, arm)
            grid = {f"{rate}": collected([run(rate, steps, seed) for seed in tuning]) for rate in rates}
            rate = best(grid)
            found["grid"].setdefault(way, {})[arm] = grid
            found["shown"].setdefault(way, {})[arm] = {rate: collected([run(float(rate), steps, s) for s in seeds])}
        starts = {cell: [better_start(found["grid"]["units"], cell)] for cell in CELLS}
    return found


def times(steps, seeds, tries):
    """Milliseconds of a training step, the least of some tries that all networks make in turn, one per seed.

    task -> by seqlib.nn or torch.nn -> cell
    """
    found = {}
    for name, task in TASKS.items():
        for seed in seeds:
            fastest = {}
            for _ in range(tries):
                for who in MAKERS:
                    for cell in CELLS:
                        begun = time.process_time()
                        fit(partial(build, task, cell, H, who), task, steps=steps, clip_norm=1.0, seed=seed)
                        took = 1000 * (time.process_time() - begun) / steps
                        fastest[who, cell] = min(took, fastest.get((who, cell), np.inf))
            for (who, cell), took in fastest.items():
                by_cell = found.setdefault(name, {}).setdefault(who, {})
                by_cell.setdefault(cell, []).append(rounded(took))
    return found


def about(size, seed):
    """T, B, D and H near those given, drawn by the seed: repeated timings of one size would not be seeds."""
    return [round(n * 2 ** np.random.default_rng([seed, *size, k]).uniform(-0.4, 0.4)) for k, n in enumerate(size)]


def passes(steps, seeds, sizes):
    """Milliseconds of both passes of one layer, the least of `steps` that all layers take in turn, one per seed.

    T, B, D, H, of which each seed draws some near by -> by seqlib.nn or torch.nn -> cell
    """
    found = {}
    for size in sizes:
        for seed in seeds:
            T, batch, D, units = about(size, seed)
            torch.manual_seed(seed)
            x = torch.randn(batch, T, D, requires_grad=True)
            layers = {(who, cell): layer(cell, D, units, who) for who in MAKERS for cell in CELLS}
            fastest = dict.fromkeys(layers, np.inf)
            for _ in range(steps):
                for key, each in layers.items():
                    begun = time.process_time()
                    each(x)[0].sum().backward()
                    fastest[key] = min(fastest[key], 1000 * (time.process_time() - begun))
            for (who, cell), took in fastest.items():
                by_cell = found.setdefault(", ".join(map(str, size)), {}).setdefault(who, {})
                by_cell.setdefault(cell, []).append(rounded(took))
    return found


def memory(steps, seeds, sizes):
    """MiB that a training step of a layer adds to its process at the peak, the median of `steps` processes.

    T, B, D, H, of which each seed draws some near by -> by seqlib.nn or torch.nn -> cell
    """

    def added(cell, size, who):
        return round(np.median([peak(cell, tuple(size), {}, who.partition(".")[0]) for _ in range(steps)]) / 2**20, 1)

    return {
        ", ".join(map(str, size)): {
            who: {cell: [added(cell, about(size, seed), who) for seed in seeds] for cell in CELLS} for who in MAKERS
        }
        for size in sizes
    }


def longer(task, way, steps, seeds, arms, rates):
    """arm -> rate -> scores, without a tuning."""
    return {
        arm: {f"{rate}": collected([trained(task, way, arm, rate, steps, seed) for seed in seeds]) for rate in rates}
        for arm in arms
    }


SHOWN = {  # seeds; on counting they differ most
    "counting": range(60, 101),
    "latch": range(30, 41),
    "product": range(30, 41),
}
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
SIZES = [[32, 32, 32, 32], [50, 64, 32, 128], [50, 128, 256, 512]]
MEASUREMENTS = {
    task: {
        "what": f"{task}: loss over chance and share of right answers, tuned over rates, by way of being fair",
        "unit": "chance; share",
        "measure": partial(compared, task),
        "settings": {"steps": 400, "tuning": list(range(5)), "seeds": list(SHOWN[task]), "rates": RATES},
    }
    for task in TASKS
} | {
    "times": {
        "what": "a training step of the whole network, by task",
        "unit": "ms of CPU",
        "measure": times,
        "settings": {"steps": 20, "seeds": list(range(5)), "tries": 5},
    },
    "passes": {
        "what": "both passes of one layer, by T, B, D, H, each within a factor of 1.32, drawn by the seed",
        "unit": "ms of CPU",
        "measure": passes,
        "settings": {"steps": 7, "seeds": list(range(5)), "sizes": SIZES},
    },
    "memory": {
        "what": "what a training step of one layer adds to its process at the peak, by T, B, D, H, drawn alike",
        "unit": "MiB",
        "measure": memory,
        "settings": {"steps": 3, "seeds": list(range(5)), "sizes": SIZES[1:]},
    },
    "latch_longer": {
        "what": "latch: loss over chance and share of right answers of the LSTM with ten times the steps, by rate",
        "unit": "chance; share",
        "measure": partial(longer, "latch", "units"),
        "settings": {"steps": 4000, "seeds": list(range(50, 55)), "arms": list(STARTS["LSTM"]), "rates": RATES[:4]},
    },
}
