"""The choices of longer_15_text.py that did best with a part of the budget, tried with the whole of it.

    python tests/benchmarks/longer_training.py 15_text_finals$

A part of the budget favours what learns fast at first. So the best two choices of each kind are trained again on the
seed of the tuning, now as long as they will be in the end, and the validation text decides. This was added when the
tuning had been seen, and before any test text was.
"""

import runpy
from pathlib import Path

CHAPTER = "15"
S = runpy.run_path(str(Path(__file__).with_name("longer_15_text.py")))


def finals(steps, seeds, choices, best, earlier):
    """Bits per byte of the validation text by choice, the best of each kind with the whole budget; and the chosen."""
    (seed,) = seeds
    ratio, tuning = earlier[0]["ratio"], earlier[1]
    found, chosen = {}, {"size": tuning["chosen"]["size"]}
    for kind, tried in choices.items():
        of = dict(zip(tuning[kind], tried, strict=True))
        found[kind] = {}
        for what in sorted(of, key=tuning[kind].get)[:best]:
            name, rate, dropout = of[what]
            found[kind][what] = S["scores"](name, rate, dropout, round(steps / ratio[name]), seed)[1]["valid"]
        chosen[kind] = of[min(found[kind], key=found[kind].get)]
    return found | {"chosen": chosen}


MEASUREMENTS = {
    "text_finals": {
        "what": "the best two choices of each kind, tried for the whole budget, judged by the validation text",
        "unit": "bits per byte",
        "measure": finals,
        "reads": [S["CLOCK"], S["TUNING"]],
        "settings": {"steps": S["STEPS"], "seeds": [20], "choices": S["CHOICES"], "best": 2},
    }
}
