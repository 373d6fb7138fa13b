"""Forks of this process: each is at one thing, with a file for what it says, and is ended when it takes too long."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator

NOT_STARTED = 70  # beside pytest's own exit codes


def fork(folder: str, task: Callable[[], int]) -> int:
    """Fork, and do the task there, whose result is the exit code; its output goes to a file. Return the process."""
    pid = os.fork()
    if pid:
        return pid
    code = NOT_STARTED
    try:
        os.setsid()
        output = os.open(f"{folder}/output", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = task()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def kill(pid: int) -> None:
    """End the fork and all that it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # all have ended
        return


def ended(begun: dict[int, float], limit: float) -> Iterator[tuple[int, int | None, float]]:
    """Yield each process that has ended, with its exit code, or is late and is ended now, with None; and CPU seconds.

    `begun` says when each did begin, and `limit` how many seconds it has on a quiet machine.
    """
    for pid, since in begun.items():
        done, status, usage = os.wait4(pid, os.WNOHANG)
        busy = max(1, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use this machine too
        late = not done and time.monotonic() - since > limit * busy
        if not done and not late:
            continue
        kill(pid)
        if late:
            _, _, usage = os.wait4(pid, 0)
        yield pid, None if late else os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime
