"""Real text: the help topics of Python, as `help("for")` prints them, and a split of them that does not leak.

There is no `Task` here: nobody knows the entropy of real text, so it has no floor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqlib.arguments import check_integer, check_number

__all__ = ["Split", "components", "overlap", "split", "topics"]

FILE = Path(__file__).with_name("topics.txt")
HEADING = "##### "
WIDTH = 40  # what two topics share of fewer characters, they may share by chance
LARGE = 0.1  # a component with a larger share of the text is for training
SEEN = 0.1  # a paragraph of which a larger share of the windows stands in the training text is no test
RULE = re.compile(r"^ *[+|][-=+| ]*\n", flags=re.M)  # a line that rules a table


class Split(NamedTuple):
    """Three texts: from the first a model learns, on the second it is chosen, on the third it is judged."""

    train: str
    valid: str
    test: str


def topics() -> dict[str, str]:
    """The help topics of Python 3.11.7 by name: 79 topics, 464,970 characters, 103 of them different.

    Source:  `pydoc_data.topics` of Python 3.11.7, as it stands; its licence is beside it, in topics_licence.txt
    Differs: other versions of Python have other words in them; these are the same everywhere
    Book:    chapters/10_language_models
    """
    return dict(_read())


def components() -> list[list[str]]:
    """The names of the topics, put together where they share a paragraph: 54 components, the largest first.

    Two topics are joined if a paragraph of at least 40 characters stands in both, however its lines are broken, and so
    are all that are joined to either of them: the components of a graph. The topic of `try`, for example, stands word
    for word in the topic of all compound statements. The largest component has 17 topics, and two fifths of the text.

    Source:  Galler & Fischer 1964 (union-find)
    Book:    chapters/10_language_models
    """
    parent = {name: name for name in _read()}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    first: dict[str, str] = {}
    for name, text in _read().items():
        for paragraph in map(_flat, _paragraphs(text)):
            if len(paragraph) >= WIDTH:
                parent[root(name)] = root(first.setdefault(paragraph, name))
    found = defaultdict(list)
    for name in parent:
        found[root(name)].append(name)
    return sorted(found.values(), key=lambda names: -sum(len(_read()[name]) for name in names))


def split(seed: int = 0, *, test: float = 0.06, valid: float = 0.06) -> Split:
    """Draw a test text and a validation text from the topics, and leave the others for training.

    Components stay whole; those of more than a tenth of the text are for training. The others are drawn in random
    order, for the test text until it has its share, then for the validation text; one that would make a text more than
    twice as long as it should be is passed over. Three things would leak or flatter all the same, and are left out:

        paragraphs that have come before in their component (a topic quotes another)
        lines that rule a table, such as +-----+-----+ (of which any two are alike)
        paragraphs of the validation and test text of which more than a tenth of the windows of 40 characters stand in
        the training text, in the case of the test text also in the validation text (`break` and `continue` share
        sentences, not paragraphs)

    For 100 seeds the overlap of the test text with the training text is 0.1 % in the median and 0.5 % at most, and so
    is that of the validation text. With seed 0 the three have 316,891, 23,707 and 22,075 characters; as words of
    `seqlib.text.words`, which needs no other text, 71,053, 5,542 and 4,743.

    Shapes:  test, valid: shares of the text -> Split of three texts
    Raises:  TypeError or ValueError naming the argument
    Source:  Brown et al. 2020, who look for 13 words in a row
    Book:    chapters/10_language_models
    """
    rng = np.random.default_rng(check_integer("seed", seed, low=0))
    shares = {
        "test": check_number("test", test, low=0, high=0.2),
        "valid": check_number("valid", valid, low=0, high=0.2),
    }
    texts = [_distinct(names) for names in components()]
    sizes = [sum(map(len, text)) for text in texts]
    drawn: dict[str, list[int]] = {"train": [], "valid": [], "test": []}
    held = dict.fromkeys(drawn, 0)
    for i in map(int, rng.permutation(len(texts))):
        fits = [
            part
            for part, share in shares.items()
            if sizes[i] <= LARGE * sum(sizes)
            and held[part] < share * sum(sizes)
            and held[part] + sizes[i] <= 2 * share * sum(sizes)
        ]
        part = [*fits, "train"][0]
        drawn[part].append(i)
        held[part] += sizes[i]
    kept = {part: [paragraph for i in sorted(drawn[part]) for paragraph in texts[i]] for part in drawn}
    known = _windows(_joined(kept["train"]))
    for part in ("valid", "test"):
        kept[part] = [paragraph for paragraph in kept[part] if _seen(paragraph, known) <= SEEN]
        known |= _windows(_joined(kept[part]))
    return Split(*(_joined(kept[part]) for part in Split._fields))


def overlap(text: str, reference: str, width: int = WIDTH) -> float:
    """The share of the windows of `width` characters of a text that occur in a reference as well.

        |{t : text[t … t + width - 1] occurs in the reference}| / (T - width + 1)

    Blanks and line breaks count as one blank, however many they are: a copy with other margins is a copy.

    Shapes:  text, reference: strings -> a number from 0 to 1
    Raises:  TypeError or ValueError naming the argument; ValueError for a text without a window
    Book:    chapters/10_language_models
    """
    width = check_integer("width", width, low=1)
    for name, value in (("text", text), ("reference", reference)):
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a string, got {type(value).__name__}")
    if len(_flat(text)) < width:
        raise ValueError(f"text must have at least width = {width} characters, got {len(_flat(text))}")
    return _seen(text, _windows(reference, width), width)


@cache
def _read() -> dict[str, str]:
    found = re.split(f"^{HEADING}(.+)\n", FILE.read_text(encoding="utf8"), flags=re.M)
    return dict(zip(found[1::2], found[2::2], strict=True))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in re.split(r"\n(?: *\n)+", text.strip("\n")) if paragraph.strip()]


def _joined(paragraphs: list[str]) -> str:
    return "".join(f"{paragraph}\n\n" for paragraph in paragraphs)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _windows(text: str, width: int = WIDTH) -> set[str]:
    flat = _flat(text)
    return {flat[t : t + width] for t in range(len(flat) - width + 1)}


def _seen(text: str, known: set[str], width: int = WIDTH) -> float:
    """The share of the windows of a text that are known; 0 if it has none."""
    flat = _flat(text)
    windows = len(flat) - width + 1
    return sum(flat[t : t + width] in known for t in range(windows)) / windows if windows > 0 else 0.0


def _distinct(names: list[str]) -> list[str]:
    """The paragraphs of some topics, each once, without ruled lines."""
    kept: dict[str, str] = {}
    for name in names:
        for paragraph in _paragraphs(RULE.sub("", _read()[name])):
            kept.setdefault(_flat(paragraph), paragraph)
    return list(kept.values())
