"""The control of longer_15_text.py: the LSTM by BPE, for as much CPU time, so that the network alone differs.

    python tests/benchmarks/longer_training.py 15_text_bpe_lstm$

The vocabulary is the GPT's, the rate that of the LSTM by characters, as the GPT by BPE has its own by characters. The
clock of longer_15_text.py has no LSTM by BPE: here it takes turns with the network that gives the time, as there.

Asked, with the bounds of longer_15_text.py, set when the LSTM by characters had been seen to be ahead of the GPT, and
neither by BPE had: bits per byte of the LSTM less those of the GPT, both by BPE; above 0.02 supports, below 0 refutes.
"""

import runpy
from pathlib import Path

import numpy as np

from seqlib.evidence import rounded

CHAPTER = "15"
S = runpy.run_path(str(Path(__file__).with_name("longer_15_text.py")))


def control(steps, seeds, rounds, turn, timing, earlier):
    """The ratio of the LSTM's time by BPE to that of the first network; and its bits per byte, seed by seed."""
    chosen = earlier[0]["chosen"]
    choice, size, first = chosen[S["LSTM"]], chosen["size"], next(iter(S["NETWORKS"]))
    took = []
    for _ in range(rounds):
        usual = S["timed"](first, turn, timing, None)
        took.append(S["timed"](choice[0], turn, timing, size) / usual)
    ratio = rounded(float(np.median(took)), 3)
    runs = [S["scores"](*choice, max(1, round(steps / ratio)), seed, size)[1] for seed in seeds]
    return {"size": size, "ratio": ratio, "arms": {S["LSTM"]: S["gathered"](runs)}}


MEASUREMENTS = {
    "text_bpe_lstm": {
        "what": "held-out topics by BPE: the LSTM with as much CPU time as the GPT",
        "unit": "bits per byte; s of CPU",
        "measure": control,
        "reads": [S["CHOSEN"]],
        "settings": {"steps": S["STEPS"], "seeds": S["SEEDS"], "rounds": 7, "turn": 3, "timing": 20},
    }
}
