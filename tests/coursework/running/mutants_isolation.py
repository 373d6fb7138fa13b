"""Bugs planted in the isolation: what would be seen that must not be, or would be missing."""

FILE = "coursework/running/isolation.py"
TESTS = ["tests/coursework/running/test_isolation.py"]
SEEN = "nothing_can or file_of_others or programs"
MUTANTS = {
    "all-of-usr": ('ALSO = ["/etc/ld.so.cache",', 'ALSO = ["/usr", "/etc/ld.so.cache",', SEEN),
    "writable-root": (', "--remount-ro", "/", "--chdir"', ', "--chdir"', SEEN),
    "zero-is-shared-memory": ('DEVICES = ["/dev/null",', 'DEVICES = ["/dev/zero", "/dev/null",', "honest or programs"),
    "writable-packages": ('"--ro-bind", str(end)', '"--bind", str(end)', SEEN),
    "rights-kept": ('("SETUID", "SETGID", "SETPCAP")', '("SETUID", "SETGID")', "who_it_is"),
    "name-of-the-machine": ('"--hostname", "sandbox"', '"--hostname", "grader"', "who_it_is"),
    "projects-are-packages": ('any(entry.glob("*.dist-info"))', "True", "shown_whole"),
    "home-is-packages": ("if entry in (home, *home.parents):", "if False:", "shown_whole"),
    "packages-that-are-links": ("if entry.is_symlink()]", "if False]", "pythonpath"),
    "user-packages-forgotten": ('if paths()["user"] else', "if False else", "pythonpath"),
    "pythonpath-forgotten": ("if entry in named and", "if False and", "pythonpath"),
    "up-is-no-step": ('at.parent if part == ".." else at / part', "at / part", "links_on"),
    "problems-shown": ('"--tmpfs", str(hidden), "--remount-ro", str(hidden)', '"--dir", "/tmp/x"', "hidden"),
}
