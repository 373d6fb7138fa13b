"""Bugs planted in the records on disk: half a record is none, and what came to an end is begun no more."""

FILE = "coursework/marking/records.py"
TESTS = ["tests/coursework/marking/test_records.py"]
MUTANTS = {
    "half-a-record-is-believed": ("except (FileNotFoundError, ValueError):", "except FileNotFoundError:"),
    "tries-are-kept": (
        'self._path(student).with_suffix(".tries").unlink(missing_ok=True)',
        'self._path(student).with_suffix(".tries").exists()',
    ),
    "an-earlier-hand-in-is-lost": (
        "            write_json(self._earlier(student) / f\"{before['submission']}.json\", before)\n",
        "            pass\n",
    ),
    "what-came-back-stays-aside": (
        "(self._earlier(student) / f\"{record['submission']}.json\").unlink(missing_ok=True)",
        "pass",
    ),
    "what-counts-is-the-last": ("next(iter(same or found), None)", "next(iter(found), None)"),
    "half-a-file-is-left": ("        Path(fresh).unlink(missing_ok=True)\n", ""),
    "words-run-together": ('"\\0".join(words)', '"".join(words)'),
}
