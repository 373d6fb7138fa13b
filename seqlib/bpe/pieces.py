"""Where GPT-2 cuts a text before any merge: into words, numbers, signs and white space."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["pieces"]

# GPT-2's pattern needs \p{L} and \p{N}, which `re` does not know. So each character is first replaced by its kind: the
# letters that contractions need stand for themselves, a for the other letters, 0 for numbers, . for signs, _ for white
# space that is no blank. Then the same pattern reads
PATTERN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[a-z]+| ?0+| ?['.]+|[ _]+(?![^ _])|[ _]+")
ITSELF = "stremvld' "
# Letters and numbers that Unicode 15.0 to 16.0 added: a Python that does not know them yet (3.11 has Unicode 14.0)
# would cut texts elsewhere than a later one, and the ids would be others.
ADDED_LETTERS = (
    "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 10D6F-10D85 10EC2-10EC4 1123F-11240 11380-11389 1138B "
    "1138E 11390-113B5 113B7 113D1 113D3 11BC0-11BE0 11F02 11F04-11F10 11F12-11F33 1342F 13441-13446 13460-143FA "
    "16100-1611D 16D40-16D6C 18CFF 1B132 1B155 1DF25-1DF2A 1E030-1E06D 1E4D0-1E4EB 1E5D0-1E5ED 1E5F0 2B739 "
    "2EBF0-2EE5D 31350-323AF"
)
ADDED_NUMBERS = (
    "10D40-10D49 116D0-116E3 11BF0-11BF9 11F50-11F59 16130-16139 16D70-16D79 1CCF0-1CCF9 1D2C0-1D2D3 1E4F0-1E4F9 "
    "1E5F1-1E5FA"
)


def pieces(text: str) -> list[str]:
    r"""Cut a text as GPT-2 does; no token reaches from one piece into the next.

    A piece is one of 's 't 're 've 'm 'll 'd, or letters, or numbers, or other signs, each with a blank before it if
    there is one, or white space. Of white space before something else, the last character is left to what follows:
    nothing is lost, and "".join(pieces(text)) == text.

    Raises:  TypeError if text is no string; ValueError if it has half of a surrogate pair, which UTF-8 cannot hold
    Source:  Radford et al. 2019, section 2.2; the pattern is in GPT-2's encoder.py:
             's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    Differs: letters and numbers are those of Unicode 16.0 whatever the version of Python
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a string, got {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        at = error.start
        raise ValueError(f"text must be Unicode, but text[{at}] is half of a pair, {text[at]!r}") from None
    return [text[found.start() : found.end()] for found in PATTERN.finditer(text.translate(KINDS))]


class _Kinds(dict[int, str]):
    """The kind of each character for PATTERN, looked up once; `str.translate` asks for it by number."""

    def __missing__(self, number: int) -> str:
        self[number] = kind = _kind(chr(number))
        return kind


def _kind(character: str) -> str:
    if character in ITSELF:
        return character
    category = unicodedata.category(character)
    if category[0] == "L":
        return "a"
    if category[0] == "N":
        return "0"
    if category == "Cn":
        return "a" if character in NEW_LETTERS else "0" if character in NEW_NUMBERS else "."
    # four separators of files, groups, records and units are space for Python, and are not for Unicode
    return "_" if character.isspace() and not "\x1c" <= character <= "\x1f" else "."


def _listed(ranges: str) -> frozenset[str]:
    ends = (part.partition("-") for part in ranges.split())
    return frozenset(chr(n) for first, _, last in ends for n in range(int(first, 16), int(last or first, 16) + 1))


NEW_LETTERS, NEW_NUMBERS = _listed(ADDED_LETTERS), _listed(ADDED_NUMBERS)
KINDS = _Kinds()
