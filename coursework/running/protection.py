"""What protects this machine from students' code, and the refusal to run it where nothing does."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from coursework.running import groups, seccomp
from coursework.running.isolation import OURS, bubblewrap, environment, unshare

__all__ = ["allowed", "described", "filtered", "isolation"]

WARNINGS = {
    "namespaces": "can read and write the files that this user can",
    "limits only": "can reach the network, and the files and processes of this user",
}
_told_otherwise = False


def isolation(*, unsafe: bool = False) -> str:
    """What students' code runs in: "bubblewrap", or, if one says unsafe=True, "namespaces" or "limits only".

    What was said last holds for the runs of this process.

    Raises:  PermissionError without bubblewrap, and unsafe=True not said; or for root without bubblewrap, if another
             user could not read this Python
    """
    global _told_otherwise
    _told_otherwise = unsafe
    found, why = _best()
    if found == "bubblewrap":
        return found
    can = f"students' code {WARNINGS[found]}"
    if not unsafe:
        raise PermissionError(
            f"students' code has no sandbox here: {why}. Install bubblewrap (Debian, Ubuntu: apt install bubblewrap; "
            f"Fedora: dnf install bubblewrap), or say --without-sandbox each time, which means that {can}"
        )
    if os.getuid() == 0 and not all(_open_to_all(path) for path in (Path(sys.base_prefix), Path(sys.prefix), *OURS)):
        raise PermissionError(
            "without bubblewrap, root would have to run students' code as a user who cannot read this Python: install "
            "bubblewrap (Debian: apt install bubblewrap), or grade as an ordinary user"
        )
    warnings.warn(
        f"{can}: install bubblewrap (Debian: apt install bubblewrap), and grade only what you trust until then",
        stacklevel=2,
    )
    return found


def described() -> str:
    """One line: what protects this machine from students' code, and what bounds a submission as a whole."""
    place = groups.home()
    bounds = f"{place.name} and a watching parent" if place else "a watching parent (no cgroup may be made here)"
    core = "one core each" if hasattr(os, "sched_getaffinity") else "no core of their own"
    filtered = "" if seccomp.program() else ", without a filter of system calls on this machine"
    found = _best()[0]
    return f"isolation: {found}{filtered if found == 'bubblewrap' else ''}; limits of a submission: {bounds}, {core}"


@functools.cache
def _best() -> tuple[str, str]:
    """The best isolation that works here, and why it is no better."""
    if not shutil.which("bwrap"):
        why = "bubblewrap is not installed"
    else:
        with filtered() as (command, files):
            tried = subprocess.run(
                [*command, sys.executable, "-P", "-c", "import json, numpy"],
                capture_output=True,
                pass_fds=files,
                env=environment(),
                text=True,
                errors="replace",
            )
        if not tried.returncode:
            return "bubblewrap", ""
        why = f"bubblewrap is installed, but does not work ({(tried.stderr.splitlines() or ['no message'])[-1][:200]})"
        with contextlib.suppress(OSError, ValueError):
            restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
            if int(restricted.read_text()):
                why += "; this system forbids it to ordinary users: its administrator can allow it by a profile of "
                why += f"AppArmor for bwrap, or by writing 0 to {restricted}"
    return ("namespaces" if _works(unshare()) else "limits only"), why


def _works(command: list[str]) -> bool:
    """Whether a command before the command is there, and may do here what it does."""
    return bool(shutil.which(command[0])) and not subprocess.run([*command, "true"], capture_output=True).returncode


def allowed() -> str:
    """The isolation for a run: what was said with isolation() holds."""
    with warnings.catch_warnings():
        if _told_otherwise:
            warnings.simplefilter("ignore")
        return isolation(unsafe=_told_otherwise)


@contextlib.contextmanager
def filtered() -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """The command of bubblewrap with the filter of system calls, and the open file that it reads it from."""
    program = seccomp.program()
    if program is None:
        yield list(bubblewrap()), ()
        return
    with tempfile.TemporaryFile() as file:
        file.write(program)
        file.seek(0)
        yield [*bubblewrap(), "--seccomp", str(file.fileno())], (file.fileno(),)


def _open_to_all(path: Path) -> bool:
    """Whether everybody may go down to a folder."""
    place = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))
