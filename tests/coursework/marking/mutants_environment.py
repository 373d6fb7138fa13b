"""Bugs planted in what a mark depends on."""

FILE = "coursework/marking/environment.py"
TESTS = ["tests/coursework/marking/test_environment.py"]
MUTANTS = {
    "families-are-no-matter": ('_sources(course.folder / "families")', '""'),
    "packages-are-no-matter": ("{name: _version(name) for name in PACKAGES}", "{}"),
}
