"""Make the small trained models that pages can draw live: weights, an input, and all that the network does with it.

    python tools/live_models.py                         all, about a minute
    python tools/live_models.py 05_latch                some, by chapter and name

The files live_NN.py beside this one hold the models of chapter NN: MODELS, name -> a function that trains one and
returns what is to be stored. Each becomes a JSON file of at most 200 kB, book/_static/live/NN_name.json. Its numbers
are rounded, and what the network does is computed with the rounded weights by seqlib.reference, so that a page can
compute it again, from the formulas alone, and compare.
"""

import argparse
import json
import runpy
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "book/_static/live"


def read():
    """Chapter and name -> the function that makes the model, and its file."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("live_[0-9]*.py")):
        models = runpy.run_path(str(path))["MODELS"]
        chapter, made_by = path.stem.removeprefix("live_"), str(path.relative_to(ROOT))
        found |= {f"{chapter}_{name}": (make, made_by) for name, make in models.items()}
    return found


def main():
    """Train them, and write the files that the pages read."""
    models = read()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help=f"some of {', '.join(models)} (all)")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    unknown = set(arguments.which) - set(models)
    if unknown:
        parser.error(f"no such model: {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.which or models:
        make, made_by = models[name]
        text = json.dumps(make() | {"made_by": made_by}, separators=(",", ":")) + "\n"
        (arguments.folder / f"{name}.json").write_text(text, encoding="utf8")
        print(f"{name}: {len(text) / 1000:.1f} kB", flush=True)


if __name__ == "__main__":
    main()
