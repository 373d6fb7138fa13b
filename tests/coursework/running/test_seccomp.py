"""The calls of the kernel that a student's code may not make. Each is tried from within a sandbox."""

import errno
import json
import os
import struct

import pytest

from coursework.running import seccomp
from coursework.running.sandbox import Limits, run

# Each of these would succeed without the filter (and for the first three, without a sandbox).
TRIED = {
    "user namespace": "libc.unshare(0x10000000)",
    "user namespace by clone": "libc.syscall({clone}, 0x10000000 | 17, 0, 0, 0, 0)",
    "clone3": "libc.syscall({clone3}, 0, 0)",
    "ptrace": "libc.ptrace(0, 0, 0, 0)",
    "System V memory": "libc.shmget(0, 4096, 0o1600)",
    "System V semaphores": "libc.semget(0, 1, 0o1600)",
    "System V messages": "libc.msgget(0, 0o1600)",
    "memory without a file": "libc.memfd_create(b'x', 0)",
    "keys": "libc.syscall({keyctl}, 0, -3, 1, 0, 0)",
    "shared map without a file": "-1 if libc.mmap(0, 4096, 3, 0x21, -1, 0) == -1 else 0",
    "another core": "libc.sched_setaffinity(0, 8, (ctypes.c_uint64 * 1)(1))",
    "netlink": "libc.socket(16, 3, 0)",
    "vsock": "libc.socket(40, 1, 0)",
    "internet": "libc.socket(2, 1, 0)",
    "internet 6": "libc.socket(10, 2, 0)",
    "a larger buffer": "libc.setsockopt(libc.socket(1, 1, 0), 1, 7, (ctypes.c_int * 1)(1 << 22), 4)",
    "a larger buffer to read": "libc.setsockopt(libc.socket(1, 1, 0), 1, 8, (ctypes.c_int * 1)(1 << 22), 4)",
    "locks": "libc.fcntl(os.open('/tmp/x', os.O_RDWR | os.O_CREAT), 6, (ctypes.c_short * 16)(1))",
    "locks of a file": "libc.fcntl(os.open('/tmp/x', os.O_RDWR | os.O_CREAT), 37, (ctypes.c_short * 16)(1))",
    "watches over files": "libc.inotify_init1(0)",
    "disks of everybody": "libc.syncfs(os.open('/tmp/y', os.O_RDWR | os.O_CREAT))",
    "io_uring": "libc.syscall(425, 1, (ctypes.c_char * 120)())",
    "bpf": "libc.syscall({bpf}, 0, (ctypes.c_char * 128)(), 128)",
    "userfaultfd": "libc.syscall({userfaultfd}, 1)",
    "a session of its own": "libc.setsid() if os.fork() else os._exit(0)",
}


@pytest.fixture(scope="module")
def denied():
    """The result and the error of each try."""
    intel, arm = (
        {"clone": 56, "clone3": 435, "keyctl": 250, "bpf": 321, "userfaultfd": 323},
        {"clone": 220, "clone3": 435, "keyctl": 219, "bpf": 280, "userfaultfd": 282},
    )
    numbers = {"x86_64": intel, "aarch64": arm}[os.uname().machine]
    body = "import ctypes, os\nlibc, got = ctypes.CDLL(None, use_errno=True), {}\n"
    for name, call in TRIED.items():
        body += f"ctypes.set_errno(0)\ngot[{name!r}] = [{call.format(**numbers)}, ctypes.get_errno()]\n"
    source = "import json\ndef f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    outcome = run([source + "    return json.dumps(got)"], [{"name": "f", "calls": [[1.0]]}], Limits(seconds=20))
    return json.loads(outcome.answers["f", 0][0])


@pytest.mark.skipif(seccomp.program() is None, reason="no filter for this machine")
@pytest.mark.parametrize("name", TRIED)
def test_the_kernel_is_not_asked(denied, name):
    assert denied[name] == [-1, errno.ENOSYS if name == "clone3" else errno.EPERM]


def test_what_the_filter_does_not_know_is_not_guessed(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    assert seccomp.program() is None


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)])
def test_every_jump_ends_in_the_program_and_other_machines_calls_are_the_end(monkeypatch, machine, number):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: machine)
    lines = list(struct.iter_unpack("=HBBI", seccomp.program()))
    ends = [k + 1 + max(yes, no) for k, (code, yes, no, _) in enumerate(lines) if code != seccomp.RETURN]
    assert max(ends) < len(lines)
    assert lines[1:3] == [(seccomp.EQUAL, 1, 0, number), (seccomp.RETURN, 0, 0, seccomp.KILL)]
    assert lines[-1] == (seccomp.RETURN, 0, 0, seccomp.ALLOW)
    checked = {value for code, _, _, value in lines if code == seccomp.EQUAL}
    column = seccomp.MACHINES[machine][0]
    assert {numbers[column] for numbers in (seccomp.DENIED | seccomp.LOOKED_AT).values()} <= checked


@pytest.mark.skipif(seccomp.program() is None, reason="no filter for this machine")
def test_what_asyncio_and_pipes_need_is_there():
    source = "import asyncio, fcntl, os, socket\nasync def g(): return 3\ndef f(x):\n    a, b = socket.socketpair()\n"
    source += "    b.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)\n    a.send(b'x')\n"
    source += "    fcntl.fcntl(b, fcntl.F_SETFD, 1)\n    return [len(b.recv(9)), asyncio.run(g())]\n"
    assert run([source], [{"name": "f", "calls": [[1.0]]}], Limits(seconds=20)).answers["f", 0] == ([1, 3], None)
