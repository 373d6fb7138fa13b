"""The process in which a student's code runs: python worker.py < request > answers. Nothing in it decides a mark.

The request is one JSON object: the notebook's code cells, the calls to make, the limits to keep. Each answer is one
JSON line. The worker takes the limits upon itself before it runs anything of the student's; the sandbox around it is
the parent's.
"""

import ast
import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any


class OutOfTime(BaseException):
    """A statement or a call took too long."""


def main() -> None:
    """Read the request, run the cells, make the calls."""
    request = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    limit(request["limits"], request["uid"])
    signal.signal(signal.SIGALRM, ring)
    home = str(Path(__file__).resolve().parents[1])
    if home not in sys.path:  # the grader that asks is the one that is imported, installed or not
        sys.path.insert(0, home)
    from coursework.values import decode, encode

    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *a, **k: None}
    for note in run_cells(request["cells"], space, request["definitions_only"], request["seconds"]):
        tell(answers, {"note": note})
    for problem in request["problems"]:
        for i, arguments in enumerate(problem["calls"]):
            answer = {"problem": problem["name"], "call": i, "value": None, "error": None}
            try:
                signal.setitimer(signal.ITIMER_REAL, request["seconds"])
                value = encode(space[problem["name"]](*decode(arguments)))
                answer["value"] = json.loads(json.dumps(value))  # fails here for a number that is too long to write
            except KeyError as error:
                missing = error.args == (problem["name"],) and problem["name"] not in space
                answer["error"] = f"{problem['name']} is not defined" if missing else line(error)
            except OutOfTime:
                answer["error"] = f"took more than {request['seconds']:g} s"
            except BaseException as error:
                answer["error"] = line(error)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            tell(answers, answer)


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


def ring(number: int, frame: object) -> None:
    """The alarm."""
    raise OutOfTime


def run_cells(cells: list, space: dict, definitions_only: bool, seconds: float) -> list:
    """Run the statements of all cells one by one, each in spite of the others; what lacked a name is tried again.

    After twice the seconds of a call only imports, definitions and constants are run.
    """
    notes, again, patience = [], [], time.monotonic() + 2 * seconds
    for k, source in enumerate(cells):
        try:
            statements = ast.parse(without_magic(source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            notes.append(f"code cell {k + 1} was left out: {line(error)}")
            continue
        for statement in statements:
            late = time.monotonic() > patience
            if is_check(statement) or ((definitions_only or late) and not defines(statement)):
                continue
            trouble = run(statement, space, seconds)
            if trouble and trouble.startswith("NameError"):
                again.append((k, statement))
            elif trouble:
                notes.append(f"code cell {k + 1}: {trouble}")
    for k, statement in again:
        trouble = run(statement, space, seconds)
        if trouble:
            notes.append(f"code cell {k + 1}: {trouble}")
    return notes[:10]


def run(statement: ast.stmt, space: dict, seconds: float) -> str | None:
    """Run one statement; return what went wrong."""
    most = seconds if isinstance(statement, ast.Import | ast.ImportFrom) else seconds / 4
    try:
        signal.setitimer(signal.ITIMER_REAL, most)
        exec(compile(ast.Module([statement], []), "<notebook>", "exec"), space)
    except OutOfTime:
        return f"line {statement.lineno} took more than {most:g} s and was left out"
    except BaseException as error:
        return line(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def without_magic(source: str) -> str:
    """Blank the lines that only IPython understands."""
    return "\n".join("" if text.lstrip()[:1] in ("%", "!", "?") else text for text in source.split("\n"))


def is_check(statement: ast.stmt) -> bool:
    """Whether this is a call of the visible check, which gives no mark."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"


def defines(statement: ast.stmt) -> bool:
    """Whether a statement only imports, defines, or names a constant."""
    if isinstance(statement, ast.Assign):
        try:
            ast.literal_eval(statement.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return False
        return True
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def line(error: BaseException) -> str:
    """An error in one short line."""
    try:
        text = " ".join(str(error).split())
    except BaseException:
        text = ""
    return f"{type(error).__name__}: {text}"[:160] if text else type(error).__name__


def tell(answers: io.TextIOBase, what: dict) -> None:
    """Write one line at once."""
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
