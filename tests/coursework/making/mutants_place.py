"""Bugs planted in what `make` may write into, and in who can read it."""

FILE = "coursework/making/place.py"
TESTS = ["tests/coursework/making/test_place.py"]
MUTANTS = {
    "any-folder": ('known.get("made_by") != "coursework"', "False"),
    "any-secret": (" != secret:", " == '':"),
    "another-name": ('(known["name"], known["each"]) != (name, each)', 'known["each"] != each'),
    "another-kind": ('(known["name"], known["each"]) != (name, each)', 'known["name"] != name'),
    "work-forgotten": ('"submitted", "autograded", "grades", "feedback")', '"submitted", "feedback")'),
    "downloads-open-to-all": ('WORK = ("downloaded", ', "WORK = ("),
    "links-followed": ("if folder.is_symlink() or (", "if ("),
    "work-by-a-link": ("if os.path.lexists(folder / work)", "if os.path.exists(folder / work)"),
    "all-may-read": ("os.umask(0o007 if group else 0o077)", "os.umask(0o022)"),
    "no-group": ("0o007 if group else 0o077", "0o077"),
    "always-a-group": ("0o007 if group else 0o077", "0o007"),
    "gradebook-replaced": ('if _same(made / "release", folder / "release")', 'if False and (folder / "release")'),
    "changes-lost": ("else text\n", "else None\n"),
    "half-made-is-somebody-s": ("if all(name.startswith(MAKING) for name in there):", "if not there:"),
    "folder-open": ("| 0o711", "| 0o755"),
}
