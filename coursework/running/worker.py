"""The process in which a student's code runs: python worker.py < request > answers. Nothing in it decides a mark.

The request is one JSON object: the notebook's code cells, the calls to make, the limits to keep. Each answer is one
JSON line. The worker takes the limits upon itself before it runs anything of the student's; the sandbox around it is
the parent's.
"""

import contextlib
import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Read the request, run the cells, make the calls."""
    request = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    limit(request["limits"], request["uid"])
    home = str(Path(__file__).resolve().parents[2])
    if home not in sys.path:  # the grader that asks is the one that is imported, installed or not
        sys.path.insert(0, home)
    from coursework.running.kernel import Kernel
    from coursework.running.patience import Watch
    from coursework.trouble import Trouble

    def note(trouble: Trouble, starved: bool) -> None:
        tell(answers, {"note": said(trouble, starved)})

    watch = Watch(nothing)
    kernel = Kernel(watch, request["seconds"], note)
    kernel.run(request["cells"], request["definitions_only"])
    for problem in request["problems"]:
        call = Caller(kernel.space, watch, request["seconds"], problem, answers)
        for arguments in problem["calls"]:
            call(arguments)


class Caller:
    """Makes the calls of a problem, or of one part of it, and tells what came of each."""

    def __init__(self, space: dict, watch: Any, seconds: float, problem: dict, answers: io.TextIOBase) -> None:
        self.space, self.watch, self.seconds, self.problem, self.answers = space, watch, seconds, problem, answers
        self.number = problem.get("first", 0)
        self.spent: dict | None = None  # what is told of the calls that are left

    def __call__(self, arguments: list) -> None:
        """One call. After one that took too long, or gave far too much, the others are not made: the part is lost."""
        from coursework.running.kernel import described
        from coursework.running.patience import OutOfTime

        call = {"problem": self.problem["name"], "call": self.number}
        self.number += 1
        if self.spent:
            tell(self.answers, {**call, "value": None, "error": {**self.spent, "kind": "skipped"}})
            return
        tell(self.answers, call)
        self.watch.last_word = lambda: tell(self.answers, {**call, **self.slow()})
        error: dict | None = None
        value = "null"
        try:
            with self.watch(self.seconds):
                value = self.answer(arguments)
            if len(value) > self.problem.get("room", len(value)):
                value, error = "null", {"kind": "large"}
        except OutOfTime:
            error = self.slow()["error"]
        except Unsuitable as unsuitable:
            error = {"kind": unsuitable.args[0]}
        except BaseException as raised:
            error = said(described(raised), False)
        if error and error["kind"] in ("slow", "large"):
            self.spent = error
        self.write(call, value, error)

    def answer(self, arguments: list) -> str:
        """What the function returns, as JSON."""
        from coursework.running.patience import OutOfTime
        from coursework.values import decode, encode

        if self.problem["name"] not in self.space:
            raise Unsuitable("missing")
        returned = self.space[self.problem["name"]](*decode(arguments))
        try:
            return json.dumps(encode(returned))
        except OutOfTime:
            raise
        except BaseException:  # an object of the student's may raise anything, and numbers can be too long to write
            raise Unsuitable("unsuitable") from None

    def write(self, call: dict, value: str, error: dict | None) -> None:
        """Tell an answer; the value is JSON already."""
        self.answers.write(f'{json.dumps(call)[:-1]}, "value": {value}, "error": {json.dumps(error)}}}\n')
        self.answers.flush()

    def slow(self) -> dict:
        """What is told of a call that took too long."""
        return {"value": None, "error": {"kind": "slow", "starved": self.watch.starved()}}


class Unsuitable(Exception):
    """An answer that is none; the argument is the kind of trouble."""


def limit(limits: dict, uid: int | None) -> None:
    """Give up rights, and bound time, memory, files and processes for good."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")  # where the machine's memory comes to an end, this ends first
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(kind, (value, value))
    if uid is not None:  # root has no limit of processes, and may do anything
        import ctypes

        libc, nothing = ctypes.CDLL(None), (ctypes.c_uint32 * 6)()
        for capability in range(64):  # PR_CAPBSET_DROP: nor can any program that it starts have them
            libc.prctl(24, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), nothing)  # nor pass any on


def said(trouble: Any, starved: bool) -> dict:
    """A trouble as JSON."""
    return {"kind": trouble.kind, "cell": trouble.cell, "line": trouble.line, "starved": starved}


def tell(answers: io.TextIOBase, what: dict) -> None:
    """Write one line at once."""
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
