"""What a chapter says of longer training than fits on its page, measured once, and stored for the page to read.

    python tests/benchmarks/longer_training.py                  all, about two hours of CPU
    python tests/benchmarks/longer_training.py 07               those of a chapter
    python tests/benchmarks/longer_training.py 07_depth         all whose names begin so; with 07_depth$ that one alone
    python tests/benchmarks/longer_training.py --steps 20 --folder /tmp/tried
    python tests/benchmarks/longer_training.py --offset 1000 --folder /tmp/again 08_latch

With other seeds in a folder of its own, tools/reseed.py --measured says whether the verdicts of a page stay.

The files longer_NN.py and longer_NN_topic.py beside this one say what chapter NN needs: MEASUREMENTS, name -> what it
is, its unit, its settings, and the function that measures with them; and in `reads`, if it says so, of which earlier
measurements that function is given the values. Each is written to a file chapters/measured/NN_name.json, with the
commit, so the scripts and seqlib have to be committed first; the page reads it with seqlib.evidence.stored.
"""

import argparse
import json
import os
import platform
import re
import runpy
import subprocess
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


def git(*arguments):
    """What git says in the folder of the book."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def uncommitted():
    """What values depend on and is not as in the commit that they would be stored with."""
    return git("status", "--porcelain", "--untracked-files=all", "--", "seqlib", "tests/benchmarks/longer_*.py")


def cpu_seconds():
    """CPU time of this process, and of those that it started and that have ended: memory is measured in such."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def record(what, unit, settings, measure, made_by, reads=(), folder=FOLDER):
    """Measure; return all that a reader needs to judge the values, and to get them again."""
    began, commit = cpu_seconds(), git("rev-parse", "HEAD")
    given = {"earlier": [earlier(name, folder) for name in reads]} if reads else {}
    values = measure(**settings, **given)
    return {
        "what": what,
        "unit": unit,
        **settings,
        **({"reads": reads} if reads else {}),
        "values": values,
        "machine": f"{platform.machine()}, 1 thread, torch {torch.__version__.partition('+')[0]}",
        "cpu_seconds": round(cpu_seconds() - began),
        "commit": commit,
        "made_by": made_by,
    }


def earlier(which, folder):
    """The values of an earlier measurement, from the folder or else from that of the pages."""
    path = next(path for at in (folder, FOLDER) if (path := at / f"{which}.json").exists())
    return json.loads(path.read_text(encoding="utf8"))["values"]


def changed(settings, steps, offset):
    """The settings with other seeds, and with other steps if they are given."""
    seeds = {name: [seed + offset for seed in settings[name]] for name in ("seeds", "tuning") if name in settings}
    return settings | seeds | ({"steps": steps} if steps and "steps" in settings else {})


def named(names, measurements):
    """All measurements that begin with one of the names, in their order; a ValueError says which name is none."""
    unknown = [name for name in names if not any(re.match(name, which) for which in measurements)]
    if unknown:
        raise ValueError(f"no such measurement: {', '.join(sorted(unknown))}")
    return [which for which in measurements if not names or any(re.match(name, which) for name in names)]


def main():
    """Measure, and write the files that the pages read."""
    measurements = read()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help=f"how some of {', '.join(measurements)} begin (all)")
    parser.add_argument("--steps", type=int, help="fewer steps, to try the script")
    parser.add_argument("--offset", type=int, default=0, help="to be added to all seeds, with a --folder of its own")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    try:
        chosen = named(arguments.which, measurements)
    except ValueError as error:
        parser.error(str(error))
    if (arguments.offset or arguments.steps) and arguments.folder == FOLDER:
        parser.error("pages read what was measured with the seeds and steps of the scripts: say another --folder")
    if arguments.folder == FOLDER and (others := uncommitted()):
        parser.error(f"what pages read is stored with the commit that made it: commit first\n{others}")
    torch.set_num_threads(1)
    arguments.folder.mkdir(exist_ok=True)
    for which in chosen:
        wanted = measurements[which]
        settings = changed(wanted["settings"], arguments.steps, arguments.offset)
        measured = record(**wanted | {"settings": settings, "folder": arguments.folder})
        (arguments.folder / f"{which}.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf8")
        print(f"{which}: {measured['cpu_seconds']} s of CPU, {measured['values']}", flush=True)


if __name__ == "__main__":
    main()
