"""Lighthouse over every page of the built site, as a phone and as a desktop computer: `make lighthouse`.

    python tools/lighthouse.py                                  every page, three runs; stored for the page on speed
    python tools/lighthouse.py --runs 1 chapters/03_bptt.html    some pages, printed, with what is wrong with them

A page is loaded from a server that compresses. Lighthouse then says how long it would have taken on a middling phone
with a slow connection. That depends on the processor it runs on, and on what else that does: a run waits until the
other processes leave it alone, and of pages for which they did not, no speeds are stored.
"""

import argparse
import datetime
import functools
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
from compressing_server import serving

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build/html"
PROGRAM = ROOT / "_build/lighthouse/node_modules/lighthouse/cli/index.js"
STORED = ROOT / "book/measured/lighthouse.json"
DEVICES = {"phone": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
AIMS = {"phone": 95, "desktop": 99}
SPEEDS = ("performance", "first paint, s", "largest paint, s", "blocked, ms", "benchmark")  # what load changes
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
QUIET = 10.0  # per cent of all cores that others may use when a run begins


def pages(site):
    """The pages of a site in the order of its tree, without the first one, which only leads on to book/index.html."""
    found = (path.relative_to(site) for path in site.rglob("*.html") if path != site / "index.html")
    return sorted(path.as_posix() for path in found if "_static" not in path.parts)


def browser():
    """Where Chromium or Chrome is."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("make lighthouse needs Chromium or Chrome: install it, or name it by CHROMIUM=/path/to/it")
    return found


def quiet(patience, busy=lambda: psutil.cpu_percent(1), clock=time.monotonic):
    """Wait until others leave the processor alone, or for so many seconds; per cent of it that they used at the end."""
    began = clock()
    while (used := busy()) > QUIET and clock() - began < patience:
        pass
    return used


def report(address, device):
    """What Lighthouse says of one load of a page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = ["node", str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={path}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--throttling-method=simulate"]
        command += ["--disable-full-page-screenshot", f"--chrome-flags={FLAGS}", *DEVICES[device]]
        environment = os.environ | {"CHROME_PATH": browser()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise SystemExit(f"Lighthouse could not look at {address}:\n{done.stderr[-2000:]}")
        found = json.loads(path.read_text(encoding="utf8"))
    if "runtimeError" in found:
        raise SystemExit(f"Lighthouse could not look at {address}: {found['runtimeError']['message']}")
    return found


def scores(found):
    """Of a report: the four scores out of 100, bytes and requests, and what the performance is made of."""
    rounded = {name.replace("-", " "): round(100 * found["categories"][name]["score"]) for name in CATEGORIES}
    audits = found["audits"]
    asked = [item for item in audits["network-requests"]["details"]["items"] if item["url"].startswith("http")]
    return rounded | {
        "bytes": sum(item["transferSize"] for item in asked),
        "requests": len(asked),
        "first paint, s": round(audits["first-contentful-paint"]["numericValue"] / 1000, 2),
        "largest paint, s": round(audits["largest-contentful-paint"]["numericValue"] / 1000, 2),
        "blocked, ms": round(audits["total-blocking-time"]["numericValue"]),
        "shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
        "benchmark": round(found["environment"]["benchmarkIndex"]),
    }


def middle(runs, busy):
    """The median of each number, and the performance of every run; no speeds if others were busy before one of them."""
    if len(runs) % 2 == 0:
        raise ValueError(f"runs must be odd in number, so that a median is one of them; there are {len(runs)}")
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    if max(busy) > QUIET:
        return {name: value for name, value in medians.items() if name not in SPEEDS}
    return medians | {"runs": [run["performance"] for run in runs]}


def faults(found):
    """What Lighthouse finds wrong, in its words: audits that failed, and what it would save."""
    named = {ref["id"] for name in CATEGORIES for ref in found["categories"][name]["auditRefs"]}
    for name in sorted(named):
        audit = found["audits"][name]
        saved = sum((audit.get("metricSavings") or {}).values())
        if audit["score"] is not None and audit["score"] < 0.9:
            said = f" ({audit['displayValue']})" if audit.get("displayValue") else ""
            yield f"{name}: {audit['title']}{said}{f', {saved} ms' if saved else ''}"


def measure(names, runs, wait, look=report, say=print, site=SITE):
    """page -> device -> its numbers."""
    found = {}
    with serving(site) as address:
        for name in names:
            rows = found[name.removesuffix(".html")] = {}
            for device in DEVICES:
                busy, reports = [], []
                for _ in range(runs):
                    busy.append(wait())
                    reports.append(look(f"{address}/{name}", device))
                seen = [scores(one) for one in reports]
                row = rows[device] = middle(seen, busy)
                speeds = [run["performance"] for run in seen]
                rest = " ".join(f"{row[kind.replace('-', ' ')]:3}" for kind in CATEGORIES[1:])
                weight = f"{row['bytes'] / 1024:.0f} KB, {row['requests']} requests"
                others = f"; others used {max(busy):.0f} % of the machine" if max(busy) > QUIET else ""
                say(f"{name} {device}: {speeds} {rest}, {weight}{others}")
                for fault in sorted({fault for one in reports for fault in faults(one)}):
                    say(f"    {fault}")
    return found


def store(found, runs, version, path=STORED):
    """Write down what was found, and under which conditions."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    record = {
        "what": "Lighthouse's scores of the built pages, bytes and requests of a first visit",
        "lighthouse": version,
        "runs": runs,
        "machine": f"{processor()}, {psutil.cpu_count()} cores",
        "load": f"a run began when other programs used no more than {QUIET:.0f} % of the machine",
        "date": datetime.date.today().isoformat(),
        "commit": commit.stdout.strip(),
        "made_by": "tools/lighthouse.py",
        "pages": found,
    }
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf8")


def processor():
    """What the processor is called."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf8").splitlines() if about.exists() else []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return " ".join(names[0].split()) if names else platform.machine()


def main():
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="as chapters/03_bptt.html; all of them if left out")
    parser.add_argument("--runs", type=int, default=3, help="of which the median is taken")
    parser.add_argument("--patience", type=float, default=60, help="seconds that a run waits for a quiet machine")
    arguments = parser.parse_args()
    known = pages(SITE)
    unknown = [name for name in arguments.pages if name not in known]
    if unknown:
        parser.error(f"the built site has no page {', '.join(unknown)}")
    version = json.loads((PROGRAM.parents[1] / "package.json").read_text(encoding="utf8"))["version"]
    found = measure(arguments.pages or known, arguments.runs, functools.partial(quiet, arguments.patience))
    if not arguments.pages:
        store(found, arguments.runs, version)
    for device, aim in AIMS.items():
        speeds = {name: row[device]["performance"] for name, row in found.items() if "performance" in row[device]}
        below = [name for name, speed in speeds.items() if speed < aim]
        print(f"{device}: {len(speeds) - len(below)} of {len(speeds)} pages reach {aim}", *below)


if __name__ == "__main__":
    main()
