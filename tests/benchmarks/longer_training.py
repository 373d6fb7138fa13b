"""What a chapter says of longer training than fits on its page, measured once, and stored for the page to read.

    python tests/benchmarks/longer_training.py                  all, about two hours of CPU
    python tests/benchmarks/longer_training.py 04_ten_times     some, by chapter and name
    python tests/benchmarks/longer_training.py --steps 20 --folder /tmp/tried
    python tests/benchmarks/longer_training.py --offset 1000 --folder /tmp/again 08_latch

With other seeds in a folder of its own, tools/reseed.py --measured says whether the verdicts of a page stay.

The files longer_NN.py beside this one say what chapter NN needs: MEASUREMENTS, name -> what it is, its unit, its
settings, and the function that measures with them. Each is written to a file chapters/measured/NN_name.json; the page
reads it with seqlib.evidence.stored.
"""

import argparse
import json
import platform
import runpy
import subprocess
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "chapters/measured"


def read():
    """Chapter and name -> what longer_NN.py says of it."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("longer_[0-9]*.py")):
        data = runpy.run_path(str(path))
        made_by = {"made_by": str(path.relative_to(ROOT))}
        found |= {f"{data['CHAPTER']}_{name}": measured | made_by for name, measured in data["MEASUREMENTS"].items()}
    return found


def record(what, unit, settings, measure, made_by):
    """Measure; return all that a reader needs to judge the values, and to get them again."""
    began = time.process_time()
    values = measure(**settings)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "what": what,
        "unit": unit,
        **settings,
        "values": values,
        "machine": f"{platform.machine()}, 1 thread, torch {torch.__version__.partition('+')[0]}",
        "cpu_seconds": round(time.process_time() - began),
        "commit": commit.stdout.strip(),
        "made_by": made_by,
    }


def changed(settings, steps, offset):
    """The settings with other seeds, and with other steps if they are given."""
    seeds = {name: [seed + offset for seed in settings[name]] for name in ("seeds", "tuning") if name in settings}
    return settings | seeds | ({"steps": steps} if steps else {})


def main():
    """Measure, and write the files that the pages read."""
    measurements = read()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help=f"some of {', '.join(measurements)} (all)")
    parser.add_argument("--steps", type=int, help="fewer steps, to try the script")
    parser.add_argument("--offset", type=int, default=0, help="to be added to all seeds, with a --folder of its own")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    unknown = set(arguments.which) - set(measurements)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    if (arguments.offset or arguments.steps) and arguments.folder == FOLDER:
        parser.error("pages read what was measured with the seeds and steps of the scripts: say another --folder")
    torch.set_num_threads(1)
    arguments.folder.mkdir(exist_ok=True)
    for which in arguments.which or measurements:
        wanted = measurements[which]
        measured = record(**wanted | {"settings": changed(wanted["settings"], arguments.steps, arguments.offset)})
        (arguments.folder / f"{which}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf8")
        print(f"{which}: {measured['cpu_seconds']} s of CPU, {measured['values']}", flush=True)


if __name__ == "__main__":
    main()
