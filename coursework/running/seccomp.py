"""The system calls that a student's code may not make, as the program for seccomp that bubblewrap installs.

Python, NumPy and torch need none of them. They are of five kinds: new namespaces and mounts, from which most ways out
of a sandbox begin; large, seldom used parts of the kernel in which such ways were found (bpf, io_uring, perf, keys);
memory that belongs to no process, so that nobody could count it (memfd, System V, shared maps without a file); what
lets a process take more than its core (sched_setaffinity, and setsid, which makes a new group for the scheduler), or
what is everybody's (sync of all disks, watches over files, locks without number); and sockets, but those within the
sandbox with buffers of the usual size. All fail with EPERM, clone3 with ENOSYS, for glibc then uses clone, whose flags
can be read.
"""

from __future__ import annotations

import errno
import platform
import struct

__all__ = ["program"]

# name: its number on x86_64 and on aarch64
DENIED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "inotify_init": (253, 26),  # arm has only the other one
    "inotify_init1": (294, 26),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "semget": (64, 190),
    "setns": (308, 268),
    "setsid": (112, 157),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "sync": (162, 81),
    "syncfs": (306, 267),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
LOOKED_AT = {"clone": (56, 220), "clone3": (435, 435), "mmap": (9, 222), "socket": (41, 198)}
LOOKED_AT |= {"fcntl": (72, 25), "setsockopt": (54, 208)}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
SHARED_WITHOUT_FILE = 0x21  # MAP_SHARED | MAP_ANONYMOUS
FAMILIES = (1,)  # AF_UNIX, which asyncio wants; there is no network for the others
LOCKS = (6, 7, 37, 38)  # F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW: the kernel's memory, which nobody counts
BUFFERS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and their FORCE: the memory of a socket belongs to no process
OTHER_ABI = 0x40000000  # x32: the same calls by other numbers

LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, MACHINE, ARGUMENTS = 0, 4, 16  # where the kernel's struct seccomp_data has them


def program() -> bytes | None:
    """The program, as struct sock_filter; None for a machine whose numbers are not listed here."""
    if platform.machine() not in MACHINES:
        return None
    column, machine = MACHINES[platform.machine()]
    number = {name: numbers[column] for name, numbers in LOOKED_AT.items()}
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, machine), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    lines += _then(AT_LEAST, OTHER_ABI, [_error(errno.EPERM)])
    lines += _then(EQUAL, number["clone3"], [_error(errno.ENOSYS)])
    for numbers in DENIED.values():
        lines += _then(EQUAL, numbers[column], [_error(errno.EPERM)])
    flags = [(LOAD, 0, 0, ARGUMENTS), *_then(ANY_BIT, NEW_NAMESPACES, [_error(errno.EPERM)]), (RETURN, 0, 0, ALLOW)]
    lines += _then(EQUAL, number["clone"], flags)
    kind = [(LOAD, 0, 0, ARGUMENTS + 8 * 3), (AND, 0, 0, SHARED_WITHOUT_FILE)]
    kind += [*_then(EQUAL, SHARED_WITHOUT_FILE, [_error(errno.EPERM)]), (RETURN, 0, 0, ALLOW)]
    lines += _then(EQUAL, number["mmap"], kind)
    family = [(LOAD, 0, 0, ARGUMENTS)]
    for known in FAMILIES:
        family += _then(EQUAL, known, [(RETURN, 0, 0, ALLOW)])
    lines += _then(EQUAL, number["socket"], [*family, _error(errno.EPERM)])
    for name, place, values in (("fcntl", 1, LOCKS), ("setsockopt", 2, BUFFERS)):
        asked = [(LOAD, 0, 0, ARGUMENTS + 8 * place)]
        for value in values:
            asked += _then(EQUAL, value, [_error(errno.EPERM)])
        lines += _then(EQUAL, number[name], [*asked, (RETURN, 0, 0, ALLOW)])
    lines.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _error(number: int) -> tuple[int, int, int, int]:
    return RETURN, 0, 0, ERROR | number


def _then(test: int, value: int, lines: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """If what was loaded passes the test these lines, else what follows them."""
    return [(test, 0, len(lines), value), *lines]
