"""Plant every bug of mutants.py in a copy of seqlib, one at a time, and run the tests that must catch it.

python tests/mutants/run.py            all of them, two side by side
python tests/mutants/run.py rnn-sign   some, by name

A mutant is caught when its tests run and fail. It is not caught when they pass, and it is no mutant when its text is
not found exactly once or when it cannot even be imported.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
TESTS_FAILED = 1  # pytest's exit code; others mean that nothing could be tested


def run(mutant: Mutant) -> str:
    """Return "caught", or a sentence that says why not."""
    source = (ROOT / mutant.file).read_text(encoding="utf8")
    if source.count(mutant.old) != 1:
        return f"its text stands {source.count(mutant.old)} times in {mutant.file}, not once"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        skip = shutil.ignore_patterns("__pycache__")
        for name in ("seqlib", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=skip)
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / mutant.file).write_text(source.replace(mutant.old, mutant.new), encoding="utf8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mutant.tests]
        environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return "its tests did not end within 300 s"
    if done.returncode == TESTS_FAILED:
        return "caught"
    if done.returncode == 0:
        return f"NOT CAUGHT by {' '.join(mutant.tests)}"
    return f"pytest ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"


def main() -> int:
    """Run the named mutants, or all; the exit code is the number that got away (at most 1)."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {m.name for m in MUTANTS}
    if unknown:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    chosen = [m for m in MUTANTS if not arguments.names or m.name in arguments.names]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(run, chosen))
    for mutant, result in zip(chosen, results, strict=True):
        print(f"{mutant.name:28} {result}")
    away = sum(result != "caught" for result in results)
    print(f"planted bugs: {len(chosen) - away} of {len(chosen)} caught")
    return int(away > 0)


if __name__ == "__main__":
    sys.exit(main())
