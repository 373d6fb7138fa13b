"""Which test caught which mutant when they last ran: it is tried first. That decides the order, never the result."""

import json
from pathlib import Path

from planted import Mutant

RECORD = Path(__file__).with_name("caught_by.json")


def read() -> dict[str, str]:
    """Return the place of each mutant with the test that caught it."""
    if not RECORD.exists():
        return {}
    by_file = json.loads(RECORD.read_text(encoding="utf8"))
    return {f"{file}:{name}": test for file, tests in by_file.items() for name, test in tests.items()}


def write(caught_by: dict[str, str]) -> None:
    """Keep them, in the order of their names: each change is a line."""
    by_file: dict[str, dict[str, str]] = {}
    for place in sorted(caught_by):
        file, name = place.split(":", 1)
        by_file.setdefault(file, {})[name] = caught_by[place]
    RECORD.write_text(json.dumps(by_file, indent=1, ensure_ascii=False) + "\n", encoding="utf8")


def is_file(argument: str) -> bool:
    """Whether an argument of pytest is a file with tests, and not an option or what belongs to one."""
    return not argument.startswith("-") and argument.endswith(".py")


def known(mutant: Mutant, caught_by: dict[str, str]) -> str:
    """Return the test that caught the mutant, if it is in a file that the mutant names still; or nothing."""
    test = caught_by.get(mutant.place, "")
    return test if test.split("::")[0] in filter(is_file, mutant.tests) else ""


def options(tests: list[str]) -> tuple[str, ...]:
    """Return those of pytest's arguments that change how tests run: neither their files, nor which of them."""
    named = [argument for argument in tests if not is_file(argument) and not argument.startswith("--deselect=")]
    return tuple(
        argument for before, argument in zip(["", *named], named, strict=False) if "-k" not in (before, argument)
    )


def only(test: str, tests: list[str]) -> list[str]:
    """Return pytest's arguments for the one test; what kept a test out keeps it out still."""
    return [test, *(argument for argument in tests if not is_file(argument))]
