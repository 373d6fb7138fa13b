"""Byte-level BPE: any text to ids and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from os import PathLike

import numpy as np

from seqlib.arguments import check_ids, check_integer
from seqlib.bpe.files import read_files, write_files
from seqlib.bpe.learning import learn_merges
from seqlib.bpe.pieces import pieces
from seqlib.bpe.symbols import BYTES

__all__ = ["ByteLevelBPE"]

LONG, MANY = 64, 2**16  # pieces up to this length are remembered, up to this number of them


class ByteLevelBPE:
    """A list of tokens, each with its id, and the merges that make them, in the order in which they are applied.

    A token is bytes, and all 256 single ones are there, so there is no text without ids and no unknown token. A string
    in `tokens` is a special token, as the end of a document: `encode` never makes it of a text, whatever the text says,
    and `ids["<|endoftext|>"]` is its id.

    Raises:  TypeError or ValueError naming the argument: a token that is empty or there twice, a byte that is missing,
             a merge that is there twice, or whose parts or result are no tokens
    Source:  Radford et al. 2019, section 2.2; Sennrich, Haddow & Birch 2016
    Differs: GPT-2's encoder.py merges all occurrences of a pair before it looks for the next pair, Hugging Face's
             tokenizers one after the other, as here. With merges as BPE learns them both give the same ids
    """

    def __init__(self, tokens: Iterable[bytes | str], merges: Iterable[tuple[bytes, bytes]]) -> None:
        self.tokens = _listed("tokens", tokens)
        self.ids = _ids(self.tokens)
        self.merges: list[tuple[bytes, bytes]] = []
        self._rules: dict[tuple[int, int], tuple[int, int]] = {}  # pair of ids -> rank, id of the token it becomes
        for rank, merge in enumerate(_listed("merges", merges)):
            a, b = pair = _merge(merge, rank, self.ids)
            key = self.ids[a], self.ids[b]
            if key in self._rules:
                raise ValueError(
                    f"merges must be distinct, but merges[{rank}] was merges[{self._rules[key][0]}]: {pair}"
                )
            self._rules[key] = rank, self.ids[a + b]
            self.merges.append(pair)
        self._bytes = [token.encode() if isinstance(token, str) else token for token in self.tokens]
        self._of_byte = [self.ids[bytes([byte])] for byte in range(256)]
        self._known: dict[str, list[int]] = {}

    @classmethod
    def train(cls, texts: Iterable[str], size: int, *, special: Sequence[str] = (), min_count: int = 2) -> ByteLevelBPE:
        """Learn from texts until there are `size` tokens: the 256 bytes, the merges (`learn_merges`), the special ones.

        There are fewer where no pair is left that occurs `min_count` times.

        Raises:  TypeError or ValueError naming the argument
        """
        if isinstance(texts, str) or not isinstance(texts, Iterable):
            raise TypeError(f"texts must be a list of strings, got {type(texts).__name__}")
        last = _listed("special", special)
        for i, token in enumerate(last):
            if not isinstance(token, str):
                raise TypeError(f"special must hold strings, but special[{i}] is {token!r}")
        size = check_integer("size", size, low=256 + len(last))
        counts = Counter(piece for text in texts for piece in pieces(text))
        merges = learn_merges({piece.encode(): n for piece, n in counts.items()}, size - len(last), min_count=min_count)
        return cls([*BYTES, *(a + b for a, b in merges), *last], merges)

    @classmethod
    def from_files(cls, vocab: str | PathLike[str], merges: str | PathLike[str]) -> ByteLevelBPE:
        """Read GPT-2's two files, vocab.json and merges.txt (in GPT-2 itself: encoder.json and vocab.bpe).

        A token that is neither one byte nor made by a merge is special.

        Raises:  TypeError or ValueError naming the file and what is wrong in it
        """
        return cls(*read_files(vocab, merges))

    def to_files(self, vocab: str | PathLike[str], merges: str | PathLike[str]) -> None:
        """Write GPT-2's two files, vocab.json and merges.txt; Hugging Face's tokenizers read them."""
        write_files(vocab, merges, self.tokens, self.merges)

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> np.ndarray:
        """Ids of a text, without special ones; `decode` gives the same text again.

        Shapes:  -> (T,) ids
        Raises:  TypeError or ValueError naming text, as `pieces` does
        """
        ids: list[int] = []
        for piece in pieces(text):
            known = self._known.get(piece)
            if known is None:
                known = self._merged([self._of_byte[byte] for byte in piece.encode()])
                if len(piece) <= LONG and len(self._known) < MANY:
                    self._known[piece] = known
            ids += known
        return np.array(ids, dtype=np.int64)

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """The text of the ids, special tokens included. Bytes that are not UTF-8, as a model may write, become U+FFFD.

        Shapes:  ids (T,)
        Raises:  TypeError or ValueError naming ids
        """
        return b"".join(self._bytes[i] for i in check_ids("ids", ids, len(self), ("T",))).decode(errors="replace")

    def _merged(self, row: list[int]) -> list[int]:
        """Apply the merge of lowest rank, where it stands first, until none applies: n log n in the length."""
        rules, end = self._rules, len(row)
        before, after = list(range(-1, end - 1)), list(range(1, end + 1))  # neighbours among what is left
        heap = [(rules[pair][0], i) for i, pair in enumerate(pairwise(row)) if pair in rules]
        heapify(heap)
        while heap:
            rank, i = heappop(heap)
            j = after[i]
            if j == end or rules.get((row[i], row[j]), (-1,))[0] != rank:
                continue  # one of the two has been merged since
            row[i], row[j], after[i] = rules[row[i], row[j]][1], -1, after[j]
            if after[i] < end:
                before[after[i]] = i
            for left, right in ((before[i], i), (i, after[i])):
                if left >= 0 and right < end and (row[left], row[right]) in rules:
                    heappush(heap, (rules[row[left], row[right]][0], left))
        return [i for i in row if i >= 0]


def _listed(name: str, value: Iterable) -> list:
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list, got {type(value).__name__}")
    return list(value)


def _ids(tokens: list[bytes | str]) -> dict[bytes | str, int]:
    ids: dict[bytes | str, int] = {}
    for i, token in enumerate(tokens):
        if not isinstance(token, bytes | str):
            raise TypeError(f"tokens must hold bytes, and strings that are special, but tokens[{i}] is {token!r}")
        if not token:
            raise ValueError(f"tokens must not be empty, but tokens[{i}] is {token!r}")
        if isinstance(token, str):
            pieces(token)  # raises where it has no UTF-8
        if token in ids:
            raise ValueError(f"tokens must be distinct, but tokens[{ids[token]}] and tokens[{i}] are {token!r}")
        ids[token] = i
    missing = [byte for byte in BYTES if byte not in ids]
    if missing:
        raise ValueError(f"tokens must hold all 256 bytes, but {missing[0]!r} is missing")
    return ids


def _merge(merge: tuple[bytes, bytes], rank: int, ids: dict[bytes | str, int]) -> tuple[bytes, bytes]:
    """The merge as a pair, checked."""
    if not isinstance(merge, Sequence) or len(merge) != 2 or not all(isinstance(part, bytes) for part in merge):
        raise TypeError(f"merges must hold pairs of bytes, but merges[{rank}] is {merge!r}")
    a, b = merge
    for token in (a, b, a + b):
        if token not in ids:
            raise ValueError(f"merges must lead from tokens to tokens, but {token!r} of merges[{rank}] is none")
    return a, b
