"""Bugs planted in the records on disk: half a record is none, and what came to an end is begun no more."""

FILE = "coursework/records.py"
TESTS = ["tests/coursework/test_grader.py", "-k", "no_text or entered_later or ends_the_grader"]
MUTANTS = {
    "half-a-record-is-believed": ("except (FileNotFoundError, ValueError):", "except FileNotFoundError:"),
    "tries-are-kept": ('path.with_suffix(".tries").unlink(missing_ok=True)', 'path.with_suffix(".tries").exists()'),
}
