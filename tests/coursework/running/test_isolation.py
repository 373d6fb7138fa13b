"""What a student's code can see, write and ask of the kernel: a spy that looks everywhere, ten CPU seconds at most."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from coursework.running import isolation, sandbox
from coursework.running.sandbox import Limits, run

LIMITS = Limits(seconds=60)
ROOT = Path(__file__).resolve().parents[3]


def f(body, limits=LIMITS):
    source = "def f(x):\n" + "\n".join("    " + line for line in body.split("\n"))
    outcome = run([source], [{"name": "f", "calls": [[1.0]]}], limits)
    value, error = outcome.answers.get(("f", 0), (None, outcome.ended))
    assert error is None, error
    return value


SPY = """
import json, os, stat, time
end, found, writable, setuid, devices = time.process_time() + 10, [], [], [], []
waiting = ["/"]
for folder in waiting:
    assert time.process_time() < end, "not everything was seen"
    if os.access(folder, os.W_OK):
        writable.append(folder)
    try:
        entries = list(os.scandir(folder))
    except OSError:
        continue
    for entry in entries:
        if MARK in entry.name:
            found.append(entry.path)
        if entry.is_dir(follow_symlinks=False):
            waiting += [entry.path] if entry.path != "/proc" else []
        elif not entry.is_symlink() and not entry.name.endswith((".py", ".pyc", ".h", ".pyi")):
            mode = entry.stat(follow_symlinks=False).st_mode
            setuid += [entry.path] if mode & stat.S_ISUID else []
            devices += [entry.path] if stat.S_ISBLK(mode) or stat.S_ISCHR(mode) else []
mounts = [line.split() for line in open("/proc/self/mounts")]
return json.dumps({"found": found, "writable": writable, "setuid": setuid, "devices": devices, "top": os.listdir("/"),
    "usr": os.listdir("/usr"), "setuid works": [m[1] for m in mounts if "nosuid" not in m[3].split(",")],
    "writable mounts": [m[1] for m in mounts if "rw" in m[3].split(",")]})
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the spy reports, with files of a certain name planted wherever this user may plant them."""
    mark = f"planted-{uuid.uuid4().hex}"
    course = tmp_path_factory.mktemp("course") / "submitted" / "somebody"
    course.mkdir(parents=True)
    wanted = ["/usr/local/share/nbgrader/exchange", "/usr/local/share", "/usr/local", "/usr/share", "/srv", "/mnt"]
    wanted += [
        "/opt",
        "/home",
        "/root",
        "/var/tmp",
        "/var/lib",
        "/tmp",
        "/etc",
        "/run",
        "/dev/shm",
        "/",
        os.path.expanduser("~"),
    ]
    wanted += [course, ROOT, ROOT / "chapters" / "assignments", Path(sys.prefix), Path(sys.base_prefix)]
    planted = []
    try:
        for folder in map(Path, wanted):
            if folder.is_dir() and os.access(folder, os.W_OK):
                planted.append(folder / mark)
                planted[-1].write_text("other people's work", encoding="utf8")
        yield json.loads(f(SPY.replace("MARK", repr(mark)))) | {"planted": planted}
    finally:
        for file in planted:
            file.unlink(missing_ok=True)


def test_no_file_of_others_is_to_be_found(seen):
    assert len(seen["planted"]) >= 5
    assert seen["found"] == []


def test_nothing_can_be_written_but_its_own_memory(seen):
    assert {place for place in seen["writable"] if not place.startswith("/tmp/")} == {"/tmp", "/dev/shm"}
    devices = {f"/dev/{name}" for name in ("null", "full", "random", "urandom")}
    assert set(seen["writable mounts"]) - devices == {"/tmp", "/dev/shm", "/proc"}


def test_no_programs_of_more_rights_and_no_devices(seen):
    assert seen["setuid works"] == []
    assert sorted(seen["devices"]) == ["/dev/full", "/dev/null", "/dev/random", "/dev/urandom"]
    assert not {"bin", "sbin", "local", "games", "src"} & set(seen["usr"]) or sys.base_prefix.startswith("/usr")


def test_who_it_is():
    body = "import os, re\nlines = open('/proc/self/status').read()\nfds = os.listdir('/proc/self/fd')\n"
    body += "caps = set(re.findall(r'Cap...:\\t(\\w+)', lines))\n"
    body += "new = re.search(r'NoNewPrivs:\\t(\\d)', lines)[1]\n"
    body += "open_ = [os.readlink('/proc/self/fd/' + n) for n in fds if os.path.lexists('/proc/self/fd/' + n)]\n"
    body += "return [os.getresuid(), os.getgroups(), sorted(caps), new, sorted(os.environ), open_, os.uname().nodename]"
    users, others, capabilities, new, names, files, host = f(body)
    assert len(set(users)) == 1
    assert users[0] not in (0, os.getuid())
    assert others in ([], [65534])
    assert capabilities == ["0" * 16]
    assert new == "1"
    assert set(names) - {"PWD", "SHLVL", "_", "OLDPWD"} <= set(isolation.environment()) | {"KMP_INIT_AT_FORK"}
    assert all(name == "/dev/null" or name.startswith(("pipe:", "/proc/")) for name in files), files
    assert host == "sandbox"


def test_what_honest_work_needs_is_there():
    body = "import asyncio, multiprocessing, os, sqlite3, ssl, tempfile, threading, zoneinfo, ctypes, socket, mmap\n"
    body += "from multiprocessing import shared_memory\nimport matplotlib.pyplot as plt, torch, seqlib.reference.rnn\n"
    body += "plt.plot([1, 2])\nplt.savefig(tempfile.mktemp(suffix='.png'))\n"
    body += "with multiprocessing.get_context('fork').Pool(2) as pool: several = pool.map(abs, [-1, -2])\n"
    body += "memory = shared_memory.SharedMemory(create=True, size=4096)\nmemory.close()\nmemory.unlink()\n"
    body += "threads = [threading.Thread(target=sum, args=([1],)) for _ in range(20)]\n"
    body += "[t.start() for t in threads]\n[t.join() for t in threads]\n"
    body += "torch.set_num_threads(8)\ntotal = float((torch.ones(500, 500) @ torch.ones(500, 500)).sum())\n"
    body += "async def one(): return 1\n"
    body += "return [several, total, asyncio.run(one()), str(zoneinfo.ZoneInfo('UTC')), os.path.expanduser('~')]"
    assert f(body, Limits(seconds=60)) == [[1, 2], 500.0**3, 1, "UTC", "/tmp"]


def test_packages_of_the_user_and_of_pythonpath_are_seen(tmp_path):
    """Python without a virtual environment: packages by PYTHONUSERBASE, PYTHONPATH and links; no project, no home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own, other, project = (tmp_path / name for name in (f"user/lib/{version}/site-packages", "other", "project"))
    for folder in (own, other / "y.dist-info", project):
        folder.mkdir(parents=True)
    (own / "of_the_user.py").write_text("A = 1")
    (other / "named.py").write_text("B = 2")
    (project / "private.py").write_text("C = 3")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "__init__.py").write_text("D = 4")
    (other / "linked").symlink_to(tmp_path / "elsewhere")
    for package in Path(sys.prefix, "lib", version, "site-packages").glob("numpy*"):
        (other / package.name).symlink_to(package)
    code = "def f(x):\n    import of_the_user, named, linked, numpy\n    try:\n        import private\n"
    code += "    except ImportError:\n"
    code += "        return of_the_user.A + named.B + linked.D\n"
    ask = "from coursework.running import sandbox\n"
    ask += f"print(sandbox.run([{code!r}], [{{'name': 'f', 'calls': [[1.0]]}}], sandbox.USUAL).answers['f', 0])"
    path = os.pathsep.join(map(str, (other, project, ROOT)))
    environment = {"PYTHONPATH": path, "PYTHONUSERBASE": str(tmp_path / "user"), "PATH": os.environ["PATH"]}
    python = Path(sys.base_prefix, "bin", version)
    said = subprocess.run([python, "-c", ask], env=environment, capture_output=True, text=True)
    assert said.stdout == "(7, None)\n", said.stderr


def test_links_on_the_way_are_kept(tmp_path):
    (tmp_path / "real" / "bin").mkdir(parents=True)
    (tmp_path / "real" / "bin" / "python").write_text("")
    (tmp_path / "up").symlink_to("real/../real")
    (tmp_path / "far").symlink_to(tmp_path / "up")
    links, end = isolation.real(tmp_path / "far" / "bin" / "python")
    assert links == {tmp_path / "far": str(tmp_path / "up"), tmp_path / "up": "real/../real"}
    assert end == tmp_path / "real" / "bin" / "python"


def test_only_folders_of_packages_are_shown_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    packages, project = tmp_path / "a" / "site-packages", tmp_path / "project"
    for folder in (packages, project, tmp_path / "x.dist-info"):
        folder.mkdir(parents=True)
    assert isolation._holds_packages(packages)
    assert not isolation._holds_packages(project)
    assert not isolation._holds_packages(tmp_path), "the home of a user, whatever is in it"
    (project / "y.dist-info").mkdir()
    assert isolation._holds_packages(project)


def test_the_problems_are_hidden_in_every_copy():
    assert "problems" in " ".join(isolation.bubblewrap())
    assert f(f"import os\nreturn os.listdir({str(sandbox.GRADER / 'problems')!r})") == []
