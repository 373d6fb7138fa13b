"""Bugs planted in the filter of system calls."""

FILE = "coursework/running/seccomp.py"
TESTS = ["tests/coursework/running/test_seccomp.py"]
MUTANTS = {
    "nothing-denied": ("for numbers in DENIED.values():", "for numbers in []:"),
    "namespaces-by-clone": ("NEW_NAMESPACES = 0x7E020000", "NEW_NAMESPACES = 0x00020000"),
    "clone3-unread": ('lines += _then(EQUAL, number["clone3"]', "lines += _then(EQUAL, 10**6"),
    "shared-maps": ("SHARED_WITHOUT_FILE = 0x21", "SHARED_WITHOUT_FILE = 0x41"),
    "any-locks": ("LOCKS = (6, 7, 37, 38)", "LOCKS = (7, 38)"),
    "any-buffer": ("BUFFERS = (7, 8, 32, 33)", "BUFFERS = (32, 33)"),
    "the-internet": ("FAMILIES = (1,)", "FAMILIES = (1, 2, 10)"),
    "no-sockets": ("FAMILIES = (1,)", "FAMILIES = (2,)"),
    "any-watch": ('"inotify_init1": (294, 26)', '"inotify_init1": (253, 26)'),
    "any-socket": ('lines += _then(EQUAL, number["socket"]', "lines += _then(EQUAL, 10**6"),
    "wrong-argument": ("ARGUMENTS + 8 * 3", "ARGUMENTS + 8 * 2"),
    "keys": ('"keyctl": (250, 219)', '"keyctl": (251, 219)'),
    "other-machines-pass": ("(RETURN, 0, 0, KILL), (LOAD", "(RETURN, 0, 0, ALLOW), (LOAD"),
}
