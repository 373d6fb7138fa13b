"""Bugs planted in the records on disk: half a record is none, and what came to an end is begun no more."""

FILE = "coursework/records.py"
TESTS = ["tests/coursework/test_grader.py", "tests/coursework/test_gradebook.py"]
MUTANTS = {
    "half-a-record-is-believed": (
        "except (FileNotFoundError, ValueError):",
        "except FileNotFoundError:",
        "entered_later",
    ),
    "tries-are-kept": (
        'self._path(student).with_suffix(".tries").unlink(missing_ok=True)',
        'self._path(student).with_suffix(".tries").exists()',
        "ends_the_grader",
    ),
    "an-earlier-hand-in-is-lost": (
        "            write_json(self._earlier(student) / f\"{before['submission']}.json\", before)\n",
        "            pass\n",
        "by_choice",
    ),
    "what-counts-is-the-last": (
        "return next(iter(same or found), None)",
        "return next(iter(found), None)",
        "by_choice",
    ),
}
