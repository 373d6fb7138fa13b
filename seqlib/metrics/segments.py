"""Hypotheses and references as they are given: strings, or sequences of tokens; one reference each, or several."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

__all__ = ["TOKENIZERS", "pairs", "sequence", "words"]

Tokens = list[Hashable]
# of ASCII, without the apostrophe, and without , . - that may be in a number
PUNCTUATION = re.escape('!"#$%&()*+/:;<=>?@[\\]^_`{|}~')


def _thirteen_a(text: str) -> list[str]:
    """The words as mteval-v13a cuts them: punctuation stands alone, but for what is inside a word or a number."""
    text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for name, character in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(name, character)
    text = re.sub(f"([{PUNCTUATION}])", r" \1 ", f" {text} ")
    text = re.sub(r"([^0-9])([.,])", r"\1 \2 ", text)  # not after a digit
    text = re.sub(r"([.,])([^0-9])", r" \1 \2", text)  # not before one
    return re.sub(r"([0-9])(-)", r"\1 \2 ", text).split()


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"none": str.split, "13a": _thirteen_a}


def words(name: str, given: Any, tokenize: str = "none") -> Tokens:
    """A segment as a list of tokens: a string is cut, a sequence of tokens taken as it is.

    Raises:  TypeError naming the argument, if it is neither
    """
    return [*TOKENIZERS[tokenize](given)] if isinstance(given, str) else sequence(name, given)


def sequence(name: str, given: Any) -> Tokens:
    """A sequence of tokens as a list; a string is one of characters. Tokens are strings, numbers or anything hashable.

    Raises:  TypeError naming the argument
    """
    if isinstance(given, np.ndarray) or hasattr(given, "detach"):  # of ids, also a tensor's
        given = given.tolist()
    if not isinstance(given, Sequence) or isinstance(given, bytes):
        raise TypeError(f"{name} must be a string or a sequence of tokens, got {type(given).__name__}")
    tokens = list(given)
    for token in tokens:
        if not isinstance(token, Hashable):
            raise TypeError(f"{name} must hold tokens, each a string or a number, got {type(token).__name__} in it")
    return tokens


def pairs(hypotheses: Any, references: Any) -> list[tuple[Any, list[Any], str]]:
    """For each hypothesis: it, its references, and its number as text, "[3]". A reference may be one or a list of them.

    Of a hypothesis that is a string, references are a string or a list of strings; of one that is a sequence of tokens,
    a sequence of tokens, or a list of such sequences.

    Raises:  TypeError or ValueError naming hypotheses or references
    """
    for name, given in (("hypotheses", hypotheses), ("references", references)):
        if isinstance(given, str) or not hasattr(given, "__len__"):
            raise TypeError(f"{name} must be a list with one entry for each sentence, got {type(given).__name__}")
    if len(hypotheses) != len(references):
        raise ValueError(
            f"references must have one entry, or a list of them, for each of the {len(hypotheses)} hypotheses, "
            f"got {len(references)}"
        )
    if len(hypotheses) == 0:
        raise ValueError("hypotheses must have at least one sentence, got none")
    found = []
    for i, (hypothesis, reference) in enumerate(zip(hypotheses, references, strict=True)):
        several = not isinstance(reference, str) and hasattr(reference, "__len__")
        if several and not isinstance(hypothesis, str):  # tokens: a list of lists is several references
            several = len(reference) > 0 and hasattr(reference[0], "__len__") and not isinstance(reference[0], str)
        choices = list(reference) if several else [reference]
        if not choices:
            raise ValueError(f"references[{i}] must be a reference or a list of at least one, got an empty list")
        found.append((hypothesis, choices, f"[{i}]"))
    return found
