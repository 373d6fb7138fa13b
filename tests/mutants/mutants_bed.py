"""Planted bugs of tests/mutants/bed.py."""

FILE = "tests/mutants/bed.py"
TESTS = ["tests/mutants/test_bed.py"]
MUTANTS = {
    "bug-stays": ("                shutil.copy2(file, copied)\n", ""),
    "compiled-bug-stays": (
        "            for file in (path, *compiled(path)):\n                file.unlink()",
        "            path.unlink()",
    ),
    "compiled-is-read": (
        "        for file in (path, *compiled(path)):\n            file.unlink()",
        "        path.unlink()",
    ),
    "compiled-by-python-alone": ('f"__pycache__/{path.stem}.*"', 'f"__pycache__/{path.stem}.*-311.*"'),
    "not-compiled-again": ("[original, *compiled(original)]", "[original]"),
    "younger-than-compiled": ("shutil.copy2(file, copied)", "shutil.copy(file, copied)"),
    "always-anew": ("state(self.tree) == self._clean", "False"),
    "never-anew": ("state(self.tree) == self._clean", "True"),
    "anew-each-time-after-the-first": ("self._clean[str(copied)] = seen(copied.stat())", "pass"),
    "same-files-as-others": (
        "shutil.copytree(self.base, self.tree)",
        "shutil.copytree(self.base, self.tree, copy_function=os.link)",
    ),
    "left-stays": (
        "shutil.rmtree(self.tree, ignore_errors=True)",
        "self.tree.exists() or self.tree.mkdir(parents=True)",
    ),
    "what-was-clean-is-not-seen-again": (
        "        self._clean = state(self.tree)",
        '        self._clean = getattr(self, "_clean", None) or state(self.tree)',
    ),
    "no-folder-is-no-matter": ("            self._make()\n            return\n", "            return\n"),
    "by-age-and-size": ("status.st_mtime_ns, status.st_ctime_ns", "status.st_mtime_ns"),
    "only-what-lies-above": ("                found |= state(entry.path)\n", ""),
    "folders-do-not-count": ("found[entry.path] = (entry.stat(follow_symlinks=False).st_mode,)", "pass"),
    "all-of-it-goes": ("text.replace(mutant.old, mutant.new)", "mutant.new"),
    "no-tree-is-tidy": ("except OSError:  # it is gone", "except OverflowError:  # it is gone"),
    "planted-in-the-base": (
        "        path = self.tree / mutant.file\n        text",
        "        path = self.base / mutant.file\n        text",
    ),
}
