"""What chapter 4 says of longer training than fits on its page: the adding problem, T = 40."""

import numpy as np
import torch

from seqlib.nn import RNN, SequenceModel
from seqlib.tasks import Adding
from seqlib.training import fit

CHAPTER = "04"
LAST = 100  # a run is scored by the median of so many steps
T, H = 40, 32
WHAT = f"squared error on the adding problem, T = {T}: the median of the last {LAST} steps, Adam"
NETWORKS = {  # name -> activation function, and what W_hh starts as (None: as PyTorch draws it)
    "default + tanh": ("tanh", None),
    "orthogonal + tanh": ("tanh", lambda: torch.linalg.qr(torch.randn(H, H))[0]),
    "1.1 I + relu": ("relu", lambda: 1.1 * torch.eye(H)),
}


def build(name):
    """The page's network, by its name."""
    activation, start = NETWORKS[name]
    core = RNN(2, H, nonlinearity=activation, batch_first=True)
    if start is not None:
        with torch.no_grad():
            core.weight_hh_l0.copy_(start())
            core.bias_ih_l0.zero_()
            core.bias_hh_l0.zero_()
    return SequenceModel(core, 1)


def score(name, rate, seed, steps, clip_norm):
    """The error of the last steps over chance."""
    history = fit(lambda: build(name), Adding(T), steps=steps, lr=rate, clip_norm=clip_norm, seed=seed)
    return round(float(np.median(history.loss[-LAST:]) / Adding(T).chance), 3)


def by_network_and_rate(networks, rates, clip_norm, steps, seeds):
    """network -> rate -> one value per seed."""
    return {
        name: {f"{rate:g}": [score(name, rate, seed, steps, clip_norm) for seed in seeds] for rate in rates}
        for name in networks
    }


MEASUREMENTS = {
    # two networks that stayed at chance, for ten times the steps at each of three rates
    "ten_times": {
        "what": WHAT,
        "unit": "chance",
        "measure": by_network_and_rate,
        "settings": {
            "networks": ["default + tanh", "orthogonal + tanh"],
            "rates": [0.0005, 0.0015, 0.005],
            "clip_norm": 1.0,
            "steps": 8000,
            "seeds": [0, 1, 2, 3, 4],
        },
    },
    # the network whose gradient explodes, for three times the steps at a low rate and at the page's, not clipped
    "without_clipping": {
        "what": WHAT,
        "unit": "chance",
        "measure": by_network_and_rate,
        "settings": {
            "networks": ["1.1 I + relu"],
            "rates": [0.001, 0.005],
            "clip_norm": None,
            "steps": 2400,
            "seeds": [0, 1, 2, 3, 4, 5],
        },
    },
}
