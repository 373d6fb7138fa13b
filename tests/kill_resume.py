"""Kill a training at random moments and resume it: python tests/kill_resume.py [--kills 20] [--chunks]

Each training runs in a child process that is killed with SIGKILL, at moments drawn over its whole duration, until it
has been killed once; then another child resumes it to the end. Weights and history must be bit for bit those of a
training that nobody killed. Children are forked from a process that has trained itself, so a kill costs no import.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch

from seqlib.batching import chunks
from seqlib.nn import LSTM, RNN, SequenceModel
from seqlib.tasks import Oscillator
from seqlib.training import ScheduledSampling, fit

STEPS = 40
CHUNKS = "--chunks" in sys.argv  # a language model, whose state is part of the run


def network():
    """A model with dropout, so that torch's random state matters too."""
    return SequenceModel(RNN(1, 8, num_layers=2, dropout=0.3, batch_first=True), 1)


def language_model():
    """A model with dropout, whose state is carried on from batch to batch."""
    return SequenceModel(LSTM(4, 8, num_layers=2, dropout=0.3, batch_first=True), 5, vocab_size=5, dropout=0.3)


def train(checkpoint, result=None):
    """Train to the end, from the checkpoint if there is one; write what came out to `result`."""
    options = {"steps": STEPS, "clip_norm": 1.0, "checkpoint": checkpoint, "checkpoint_every": 1}
    if CHUNKS:
        texts = [[(i * i + n) % 5 for i in range(20 + 3 * n)] for n in range(7)]
        run = fit(language_model, chunks(texts, 3, 4), loss=ScheduledSampling(lambda step: step / STEPS), **options)
    else:
        run = fit(network, Oscillator(T=12), batch_size=8, **options)
    if result is not None:
        state = {"loss": torch.from_numpy(run.loss), "grad_norm": torch.from_numpy(run.grad_norm)}
        torch.save(state | run.model.state_dict(), result)


def child(*arguments):
    """Run train() in a forked child; return its process id."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking with idle threads about is what we want here
        pid = os.fork()
    if pid == 0:
        try:
            train(*arguments)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    return pid


def finish(pid):
    """Wait for a child; return whether it was killed, and fail if it failed."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the training failed"
    return False


def same(a, b):
    """Whether two results are equal bit for bit."""
    a, b = torch.load(a, weights_only=True), torch.load(b, weights_only=True)
    return a.keys() == b.keys() and all(torch.equal(a[key], b[key]) for key in a)


def main():
    """Kill and resume; the exit code is 0 if every result is the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="of the moments; another one each time by default")
    parser.add_argument("--chunks", action="store_true", help="a language model on batches that continue each other")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train(folder / "warm.pt", folder / "whole")
        started = time.perf_counter()
        finish(child(folder / "timing.pt", None))
        duration = time.perf_counter() - started
        good = killed = attempts = 0
        while killed < arguments.kills and attempts < 10 * arguments.kills:
            attempts += 1
            checkpoint, result = folder / f"{attempts}.pt", folder / f"{attempts}.result"
            pid = child(checkpoint, None)
            time.sleep(moments.uniform(0, duration))
            os.kill(pid, signal.SIGKILL)
            if not finish(pid):
                continue  # it was done before the kill
            killed += 1
            finish(child(checkpoint, result))
            good += same(folder / "whole", result)
            left = [path.name for path in folder.glob(f"{attempts}.pt.*")]
            assert not left, f"left behind: {left}"
    print(f"{good} of {killed} killed trainings resumed bit for bit (seed {seed})")
    return int(not (good == killed == arguments.kills))


if __name__ == "__main__":
    sys.exit(main())
