"""Planted bugs of the plugin that gives two threads to some chapters."""

FILE = "tools/two_threads.py"
TESTS = ["tests/tools/test_two_threads.py"]
MUTANTS = {
    "one-in-six": ("SHARE = 5", "SHARE = 6"),
    "rounded-down": ("math.ceil(len(names) / SHARE)", "len(names) // SHARE"),
    "as-they-come": ("sample(sorted(names)", "sample(list(names)"),
    "no-order": ("return sorted(random", "return list(random"),
    "drawn-for-ever": ("random.Random(seed)", "random.Random(0)"),
    "drawn-anew": ("random.Random(seed)", "random.Random()"),
    "of-the-commit": ("HEAD^{tree}", "HEAD"),
    "git-or-nothing": ("(OSError, subprocess.CalledProcessError)", "OSError"),
    "git-is-there": ("(OSError, subprocess.CalledProcessError)", "subprocess.CalledProcessError"),
    "of-the-names": ("path.read_bytes()", "path.name.encode()"),
    "notebooks-as-they-come": ("in sorted(notebooks)", "in notebooks"),
    "seed-not-asked": ('os.environ.get("SEED") or ', ""),
    "longest-last": ("item.path.stem not in self.drawn)", "item.path.stem in self.drawn)"),
    "all-in-a-row": ("key=lambda item: item.path.stem not in self.drawn", "key=lambda item: item.path.stem"),
    "too-late": ("tryfirst=True", "trylast=True"),
    "two-for-all": ('"2" if item.path.stem in self.drawn else "1"', '"2"'),
    "one-for-all": ('"2" if item.path.stem in self.drawn else "1"', '"1"'),
    "two-from-then-on": (
        '"2" if item.path.stem in self.drawn else "1"',
        '"2" if item.path.stem in self.drawn else os.environ["OMP_NUM_THREADS"]',
    ),
    "those-that-are-not": ('"2" if item.path.stem in', '"2" if item.path.stem not in'),
    "with-the-ending": ("path.stem for path", "path.name for path"),
    "seed-not-said": (" (SEED={self.seed})", ""),
}
