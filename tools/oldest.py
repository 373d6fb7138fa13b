"""The oldest version of everything that pyproject.toml asks for, as constraints for pip.

    python tools/oldest.py > oldest.txt
    pip install -e ".[plot,test]" -c oldest.txt

A range with `>=` gives its lower end; what is pinned already stays as it is.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RANGE = re.compile(r"([\w.-]+)>=([\w.]+)")


def oldest(text: str) -> list[str]:
    """The constraints, sorted by name, for the text of a pyproject.toml.

    Raises:  ValueError for a requirement that has no lower end: nobody could say what its oldest version is
    """
    project = tomllib.loads(text)["project"]
    asked = set(project["dependencies"]).union(*project["optional-dependencies"].values())
    lines = []
    for requirement in sorted(asked):
        lower = RANGE.fullmatch(requirement)
        if lower:
            lines.append(f"{lower[1]}=={lower[2]}")
        elif "==" not in requirement and "[" not in requirement:
            raise ValueError(f"{requirement} has no oldest version: write {requirement}>=…")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(oldest((ROOT / "pyproject.toml").read_text(encoding="utf8"))) + "\n")
