"""Bugs planted in the choice of the file that is marked."""

FILE = "coursework/reading/files.py"
TESTS = ["tests/coursework/reading/test_files.py"]
MUTANTS = {
    "resource-forks-taken": ('and not name.startswith(".")]', "]"),
    "capitals-not-taken": ('name.lower().endswith(".ipynb")', 'name.endswith(".ipynb")'),
    "links-followed": ("os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK", "os.O_RDONLY | os.O_NONBLOCK"),
    "linked-folders-entered": ("place.is_dir(follow_symlinks=False)", "place.is_dir()"),
    "oldest-first": ("-_changed(path)", "_changed(path)"),
    "named-one-not-first": ("path.name != name, ", ""),
    "checkpoints-with-the-rest": ("for hidden in (False, True):", "for hidden in (True, False):"),
    "any-size": ("if state.st_size > LARGEST:", "if False:"),
    "pipes-read": ("if not stat.S_ISREG(state.st_mode):", "if False:"),
    "all-tried": ("[:TRIED]", ""),
}
