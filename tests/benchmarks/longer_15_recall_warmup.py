"""Associative recall with and without a warm-up of the rate: how sudden is the fall, and by which clock?

    python tests/benchmarks/longer_training.py '15_recall_warmup$'

In longer_15_recall.py the rate rises for the first 100 of 200 steps, and the width of a passage, (t_90 - t_10) / t_50,
is relative to the wait: what delays the beginning makes every measure look sudden. So the two layers of attention learn
once more, with the same seeds and tests, with a warm-up of 0, 25 and 100 steps, where the last are the stored runs
again. Two numbers do not depend on the wait, or less: t_90 - t_10 in steps; and the width where time is not counted in
steps but by the rates of the steps, added up and divided by the full one, so that a step at half of it is half a step.
The passage of mere frequencies is no unit: without warm-up it is over within one or two readings of the test.

Written down before the recording, but not blind: with 100 steps of warm-up all is stored (seeds 250 to 254). Tried was
one more seed, 7990. Without warm-up it has widths of 1.08 for the loss, 0.69 for the probability of the right value,
1.09 for accuracy, 0.75 for Brier, 0.39 for the loss below what values alone tell, 0.23 for the last five; with a
warm-up of 25 they are 0.85, 0.60, 0.85, 0.57, 0.27, 0.20.

1. `icl-emerges`, for each measure with a warm-up of 0 and of 25: below 0.5 is sudden, above 1 is not, as before.
2. Without warm-up the loss has a width above 1 (below 0.5 would refute it), and the probability of the right value one
   that is larger by more than 0.15 than with 100 steps of it (smaller would refute it), 5 seeds of 5.
3. From 10 to 90 % that probability needs less than 1.5 times as many steps without warm-up as with 100 steps of it
   (more than 2 would refute it): what is longer with it is the wait.
4. By the rates added up, widths without and with 100 steps of warm-up differ by less than 0.2 (by more than 0.3 would
   refute it), for the loss and for that probability.
"""

import itertools
import math
import runpy
from pathlib import Path

import numpy as np

from seqlib.evidence import rounded
from seqlib.training import Warmup

RECALL = runpy.run_path(str(Path(__file__).with_name("longer_15_recall.py")))
CHAPTER = "15"
ARM = "2 layers"
TASK, FALLS, followed, passage, text = (RECALL[name] for name in ("TASK", "FALLS", "followed", "passage", "text"))
MEASURES = RECALL["PASSING"][ARM]


def clock(step, warm_up):
    """The rates of so many steps, added up and divided by the full rate."""
    return sum(Warmup(warm_up)(s) for s in range(step))


def passed(at, values, warm_up):
    """A passage: when 10, 50, 90 % are done, the width, the steps that it takes, and the width by the rates."""
    found = passage(at, values)
    t10, t50, t90 = (clock(found[q], warm_up) for q in ("10", "50", "90"))
    by_rates = rounded((t90 - t10) / t50) if math.isfinite(found["width"]) else math.inf
    return found | {"steps": found["90"] - found["10"], "width by rates": by_rates}


def warmup(seeds, sequences, steps, warm_ups):
    """Warm-up -> the steps `at`, the runs, and the passage of each measure, one value per seed."""
    found, level = {}, TASK.level("values alone", repeated=True)
    for warm_up, seed in itertools.product(warm_ups, seeds):
        _, at, of = followed(ARM, seed, sequences, steps, warm_up=warm_up)
        here = found.setdefault(f"{warm_up}", {"at": text(at), "runs": {}, "passage": {}})
        for name, values in (of | {"below values alone": np.minimum(of["loss"], level)}).items():
            if name in of and name != "seconds":
                here["runs"].setdefault(name, []).append(text(values))
            for q, value in passed(at, values, warm_up).items() if name in MEASURES else ():
                here["passage"].setdefault(name, {}).setdefault(q, []).append(value)
    return found


MEASUREMENTS = {
    "recall_warmup": {
        "what": "associative recall step by step, two layers of attention, by the steps in which the rate rises: "
        "losses and other measures on a fixed test, and how sudden each is by steps and by the rates added up",
        "unit": "nats, probability, share, steps",
        "measure": warmup,
        "settings": {"seeds": list(range(250, 255)), "sequences": 128, "steps": FALLS, "warm_ups": [0, 25, 100]},
    },
}
