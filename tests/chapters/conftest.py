"""Fixtures: every chapter as a notebook, and the parts of it that the tests talk about."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))


class Chapter:
    """One notebook, read once."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem
        self.topic = path.stem.partition("_")[2]
        self.notebook = json.loads(path.read_text(encoding="utf8"))
        self.cells = self.notebook["cells"]

    def source(self, cell):
        """The source of a cell as one string."""
        return "".join(cell["source"])

    @property
    def code_cells(self):
        """The code cells of the page, in order: all but the one for Colab."""
        return [cell for cell in self.cells if cell["cell_type"] == "code" and cell["id"] != "colab"]

    @property
    def code(self):
        """All code."""
        return "\n".join(self.source(cell) for cell in self.code_cells)

    @property
    def text(self):
        """All Markdown."""
        return "\n\n".join(self.source(cell) for cell in self.cells if cell["cell_type"] == "markdown")

    @property
    def printed(self):
        """Everything that was printed."""
        return "".join(
            "".join(output["text"])
            for cell in self.code_cells
            for output in cell["outputs"]
            if output.get("name") == "stdout"
        )

    @property
    def labels(self):
        """The labels of displayed equations."""
        return re.findall(r"```\{math\}\n:label: (\S+)\n", self.text)

    @property
    def solutions(self):
        """The Python of each solution behind a click."""
        blocks = re.findall(r"^:::\{dropdown\} Solution\n(.*?)^:::$", self.text, flags=re.S | re.M)
        return ["\n".join(re.findall(r"```python\n(.*?)```", block, flags=re.S)) for block in blocks]


CHAPTERS = [Chapter(path) for path in PATHS]


def pytest_generate_tests(metafunc):
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)


@pytest.fixture(scope="session")
def chapters():
    """All chapters."""
    return CHAPTERS


@pytest.fixture(scope="session")
def root():
    """The root of the repository."""
    return ROOT
