"""What a student's code can see: Python, its libraries and the packages used, and 64 MB of memory to write in.

The list says what is shown, not what is hidden: the interpreter, the standard library, the folders of the system in
which the dynamic loader finds libraries, the folders of installed packages, seqlib, and the grader without the
families of problems. Everything lies where it lies outside, links included, so that a virtual environment, pyenv, uv,
conda and a system's Python all work alike; no other folder of the machine is there.
"""

from __future__ import annotations

import functools
import json
import os
import site
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import seqlib

__all__ = ["GRADER", "OURS", "bubblewrap", "environment", "real", "shown", "unshare"]

GRADER = Path(__file__).resolve().parents[1]
OURS = [GRADER, Path(seqlib.__file__).resolve().parent]
MEGABYTE = 1 << 20
DEVICES = ["/dev/null", "/dev/full", "/dev/random", "/dev/urandom"]  # /dev/zero can be mapped as shared memory
SYSTEM = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"]
ALSO = ["/etc/ld.so.cache", "/etc/alternatives", "/usr/share/zoneinfo"]  # alternatives: links of Debian's BLAS


@functools.cache
def paths() -> dict[str, Any]:
    """Where this Python looks for modules when nobody's working directory is among them, and its user's packages."""
    ask = "import json, site, sys; print(json.dumps([sys.path, site.ENABLE_USER_SITE and site.getuserbase()]))"
    said = subprocess.run([sys.executable, "-P", "-c", ask], cwd="/", capture_output=True, check=True, text=True)
    found, user = json.loads(said.stdout.splitlines()[-1])
    return {"path": [Path(p) for p in found if p], "user": user}


@functools.cache
def shown() -> list[Path]:
    """What is shown, by the names that Python knows it by."""
    places = [Path(sys.executable), Path(sys.prefix) / "pyvenv.cfg"]
    places += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")][: 1 if _virtual() else 2]
    if (Path(sys.base_prefix) / "conda-meta").is_dir():  # libraries that packages share lie beside the packages
        places.append(Path(sys.base_prefix) / "lib")
    places += [entry for entry in paths()["path"] if _holds_packages(entry)]
    places += [link for entry in list(places) if _holds_packages(entry) for link in _links(entry)]
    places += [*OURS, *_libraries(), *map(Path, ALSO)]
    return [place for place in dict.fromkeys(places) if place.exists()]


def _virtual() -> bool:
    return sys.prefix != sys.base_prefix


def _holds_packages(entry: Path) -> bool:
    """Whether a folder of sys.path is one of installed packages, or of the interpreter; a project's folder is not."""
    if not entry.is_dir():
        return entry.is_file()  # a zip
    home = Path(os.path.expanduser("~"))
    if entry in (home, *home.parents):
        return False
    if entry.name in ("site-packages", "dist-packages", "lib-dynload") or str(entry) in site.getsitepackages():
        return True
    return entry.is_relative_to(sysconfig.get_path("stdlib")) or any(entry.glob("*.dist-info"))


def _links(folder: Path) -> Iterable[Path]:
    """Packages that an installer has put elsewhere, and linked."""
    with os.scandir(folder) if folder.is_dir() else os.scandir("/proc/self/task") as entries:
        return [Path(entry.path) for entry in entries if entry.is_symlink()]


def _libraries() -> Iterable[Path]:
    """The folder of the system's C library, in which its other libraries are too; single libraries elsewhere."""
    with open("/proc/self/maps", encoding="utf8", errors="surrogateescape") as maps:
        mapped = {Path(line.split(maxsplit=5)[5].rstrip("\n")) for line in maps if "/" in line and ".so" in line}
    names = {folder: _names(folder) for folder in {library.parent for library in mapped}}
    for library in sorted(mapped):
        if library.name.startswith(("libc.so", "libc-", "ld-")):  # by each name: /usr/lib64 and /lib64, for instance
            for start in SYSTEM:
                for place in (Path(start), Path(start) / library.parent.name):
                    if place.is_dir() and place.resolve() == library.parent:
                        yield place
        elif library.exists():
            yield from names[library.parent][library]
    for start in ("/lib", "/lib64"):
        yield from Path(start).glob("ld-*.so*")


def _names(folder: Path) -> dict[Path, list[Path]]:
    """By which names each library of a folder can be opened: its own, and those of the links to it."""
    found = defaultdict(list)
    for place in folder.glob("*.so*"):
        found[place.resolve() if place.is_symlink() else place].append(place)
    return found


def real(place: Path) -> tuple[dict[Path, str], Path]:
    """The links on the way to a place, and where it really is."""
    links: dict[Path, str] = {}
    at, rest = Path("/"), list(place.parts[1:])
    while rest:
        part = rest.pop(0)
        step = at.parent if part == ".." else at / part
        if part != ".." and step.is_symlink():
            links[step] = os.readlink(step)
            target = Path(links[step])
            rest = [*(target.parts[1:] if target.is_absolute() else target.parts), *rest]
            at = Path("/") if target.is_absolute() else at
        else:
            at = step
    return links, at


@functools.cache
def environment() -> dict[str, str]:
    """What the process finds in its environment: nothing of ours but where packages are."""
    own = {"HOME": "/tmp", "USER": "student", "LOGNAME": "student", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    own |= {"MPLBACKEND": "agg", "MPLCONFIGDIR": "/tmp/matplotlib", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    own |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    own["PYTHONPATH"] = os.pathsep.join(map(str, _extra()))
    return own | ({"PYTHONUSERBASE": paths()["user"]} if paths()["user"] else {"PYTHONNOUSERSITE": "1"})


def _extra() -> list[Path]:
    """Folders of packages that PYTHONPATH names."""
    named = {Path(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}
    return [entry for entry in paths()["path"] if entry in named and _holds_packages(entry)]


@functools.cache
def bubblewrap() -> tuple[str, ...]:
    """The command before the command."""
    links: dict[Path, str] = {}
    found: set[Path] = set()
    for place in shown():
        way, place = real(place)
        links |= way
        found.add(place)
    found = {place for place in found if not found & set(place.parents)}
    links = {link: target for link, target in links.items() if not found & set(link.parents)}
    command = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--hostname", "sandbox"]
    if os.getuid() == 0:  # the worker becomes another user, and loses these rights with it
        command += ["--cap-drop", "ALL"]
        command += [word for name in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{name}")]
    else:
        command += ["--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"]
        command += ["--disable-userns"] if _can_forbid_namespaces() else []
    command += ["--proc", "/proc", "--perms", "0755", "--dir", "/dev", "--symlink", "/proc/self/fd", "/dev/fd"]
    for device in DEVICES:
        command += ["--dev-bind", device, device]
    for writable, megabytes in (("/dev/shm", 16), ("/tmp", 64)):
        command += ["--size", str(megabytes * MEGABYTE), "--perms", "1777", "--tmpfs", writable]
    # after /tmp, for the project may lie in it
    above = {folder for path in (*found, *links) for folder in path.parents} - {Path("/"), Path("/tmp")}
    for folder in sorted(above):
        command += ["--perms", "0755", "--dir", str(folder)]
    for end in sorted(found):
        command += ["--ro-bind", str(end), str(end)]
    for link in sorted(links):
        command += ["--symlink", links[link], str(link)]
    for hidden in sorted({place.resolve() / "problems" for place in (GRADER, *_copies())}):
        if hidden.is_dir():
            command += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    return (*command, "--remount-ro", "/", "--chdir", "/tmp")


def _copies() -> list[Path]:
    """Other copies of the grader among the packages shown."""
    return [entry / "coursework" for entry in paths()["path"] if (entry / "coursework").is_dir() and entry in shown()]


def _can_forbid_namespaces() -> bool:
    """From 0.8 on, and not where bubblewrap is installed setuid."""
    command = ["bwrap", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "true"]
    return not subprocess.run(command, capture_output=True).returncode


def unshare() -> list[str]:
    """The same where there is no bubblewrap: other processes and the network cannot be reached, files can."""
    own = [] if os.getuid() == 0 else ["--user", "--map-current-user"]
    return ["unshare", *own, "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--ipc", "--uts", "--"]
