"""Text to ids and back: the vocabulary and two tokenisers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from seqlib.arguments import check_ids, check_integer

__all__ = ["BOS", "EOS", "PAD", "UNK", "Vocabulary", "characters", "words"]

PAD, BOS, EOS, UNK = 0, 1, 2, 3
SPECIAL = ("<pad>", "<bos>", "<eos>", "<unk>")
# A token as the kinds of its characters (see _kind): a word, a flag, signs with joiners between them, any other.
TOKEN = re.compile(r"w[wmj]*(?:-w[wmj]*)*|rr?[mj]*|[.t][mtj]*(?:(?<=j)\.[mtj]*)*|[^ ][mj]*")


def words(text: str) -> list[str]:
    """Split a text into words and punctuation marks, in lower case; hyphens and apostrophes stay inside a word.

    So do the marks of a letter, in whichever of Unicode's two forms: the vowel signs of Hindi and Arabic, accents, and
    what joins or separates letters without being seen. A mark after another character stays with that. An emoji of
    several characters is one token: a family (people with joiners between them), a skin tone, a flag of two letters.

    Source:  Unicode Standard Annex 29, extended grapheme clusters, for emoji
    Differs: a joiner joins any two signs, so that an emoji need not be known to this version of Python
    """
    text = _text(text).lower()
    kinds = "".join(map(_kind, text))
    return [text[found.start() : found.end()] for found in TOKEN.finditer(kinds)]


def characters(text: str) -> list[str]:
    """Split a text into its characters (Unicode code points)."""
    return list(_text(text))


class Vocabulary:
    """A fixed list of tokens, each with its id; ids 0 to 3 are PAD, BOS, EOS, UNK.

    Raises:  TypeError or ValueError naming the argument; ValueError for a token given twice or a special one
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        listed = _tokens("tokens", tokens)
        twice = [token for token, n in Counter([*SPECIAL, *listed]).items() if n > 1]
        if twice:
            raise ValueError(f"tokens must be distinct and not special, but {twice[0]!r} is given twice or special")
        self.tokens = [*SPECIAL, *listed]
        self.ids = {token: i for i, token in enumerate(self.tokens)}

    @classmethod
    def build(cls, sentences: Iterable[Sequence[str]], *, min_count: int = 1) -> Vocabulary:
        """Collect the tokens that occur at least `min_count` times, the most frequent first, ties by alphabet."""
        min_count = check_integer("min_count", min_count, low=1)
        if isinstance(sentences, str) or not isinstance(sentences, Iterable):
            raise TypeError(f"sentences must be a list of lists of strings, got {type(sentences).__name__}")
        counts = Counter(token for i, one in enumerate(sentences) for token in _tokens(f"sentences[{i}]", one))
        kept = [(-n, token) for token, n in counts.items() if n >= min_count and token not in SPECIAL]
        return cls(token for _, token in sorted(kept))

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self.ids

    def encode(self, tokens: Sequence[str], *, bos: bool = False, eos: bool = False) -> np.ndarray:
        """Ids of the tokens, UNK for one that is not in the vocabulary; optionally BOS before and EOS after."""
        ids = [self.ids.get(token, UNK) for token in _tokens("tokens", tokens)]
        return np.array([BOS] * bos + ids + [EOS] * eos, dtype=np.int64)

    def decode(self, ids: Sequence[int] | np.ndarray) -> list[str]:
        """The tokens of the ids, special ones included."""
        return [self.tokens[i] for i in check_ids("ids", ids, len(self), ("T",))]


def _kind(character: str) -> str:
    """What a character is for TOKEN.

    w letters, digits and _, m marks, j the joiner, - what may stand inside a word, r a letter of a flag, t what changes
    the emoji before it, a space, a dot for all others.
    """
    if character.isalnum() or character == "_":
        return "w"
    if character.isspace():
        return " "
    if character in "-'’\u2010\u2011":  # the last two: hyphens that are no minus, the second one does not break
        return "-"
    if character == "\u200d":
        return "j"
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return "r"
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":  # skin tones, tags
        return "t"
    # zero-width non-joiner, soft hyphen, word joiner: formatting inside a word
    return "m" if unicodedata.category(character)[0] == "M" or character in "\u200c\u00ad\u2060" else "."


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be a string, got {type(text).__name__}")
    return text


def _tokens(name: str, tokens: Iterable[str]) -> list[str]:
    if isinstance(tokens, str):
        raise TypeError(f"{name} must be a list of strings, got one string: split it first, for example by words()")
    if not isinstance(tokens, Iterable):
        raise TypeError(f"{name} must be a list of strings, got {type(tokens).__name__}")
    listed = list(tokens)
    for token in listed:
        if not isinstance(token, str):
            raise TypeError(f"{name} must hold strings, got {token!r}")
    return listed
