"""How time and memory are measured: in one process, in turn, as medians; memory in processes of their own."""

import math
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path


def medians(runs, seconds, least=5, clock=time.perf_counter):
    """The median time of each function in milliseconds by that clock, all of them in turn."""
    times = {name: [] for name in runs}
    for run in [*runs.values()] * 2:  # warm up
        run()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[next(iter(times))]) < least:
        for name, run in runs.items():
            start = clock()
            run()
            times[name].append(clock() - start)
    return {name: 1000 * statistics.median(values) for name, values in times.items()}


def cpu():
    """The processor, as Linux names it; elsewhere its kind."""
    found = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", found.read_text()) if found.is_file() else []
    return " ".join(names[0].split()) if names else platform.machine()


def mean(ratios):
    """The geometric mean."""
    return math.exp(statistics.mean(map(math.log, ratios)))


def peak(cell, size, options, who):
    """How much a training step adds to the memory of a process that has done a tiny one, in bytes, on Linux."""
    code = f"""
import re, torch
from pathlib import Path
from seqlib import nn
torch.set_num_threads(1)
T, B, D, H = {size}
layer = ({"torch.nn" if who == "torch" else "nn"}).{cell}(D, H, **{options})
def step(T):
    x = torch.randn(T, B, D)
    out = layer(x)[0]
    out.backward(torch.ones_like(out))
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
first = step(1)
print(1024 * (step(T) - first))
"""
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
