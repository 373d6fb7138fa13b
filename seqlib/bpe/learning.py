"""How BPE learns: the pair of neighbours that occurs most often becomes one token, again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

from seqlib.arguments import check_integer
from seqlib.bpe.symbols import BYTES

__all__ = ["learn_merges"]

Pair = tuple[int, int]


def learn_merges(counts: Mapping[bytes, int], size: int, *, min_count: int = 2) -> list[tuple[bytes, bytes]]:
    """Learn merges from pieces of text and how often each occurs, until there are `size` tokens, 256 bytes included.

        (a, b) = argmax Σ_piece counts[piece] · (how often a stands right before b in the piece),   ab a new token

    Between pairs that occur equally often the one with the smaller ids wins, a's first: bytes in the order of
    `BYTES`, then tokens by age. So the order of `counts` does not matter. It ends early when no pair occurs
    `min_count` times. No two merges make the same bytes: where nothing has been merged across the two ends of a token,
    all merges between them were those of the token alone, from left to right.

    The counts are kept up to date instead of taken anew, and only the pieces that have the pair are looked at.

    Raises:  TypeError or ValueError naming the argument
    Source:  Sennrich, Haddow & Birch 2016, algorithm 1
    Differs: bytes, not characters (Radford et al. 2019), and no sign for the end of a word; the tie rule, which is that
             of Hugging Face's tokenizers
    """
    size = check_integer("size", size, low=256)
    min_count = check_integer("min_count", min_count, low=1)
    if not isinstance(counts, Mapping):
        raise TypeError(f"counts must map pieces to how often they occur, got {type(counts).__name__}")
    tokens = list(BYTES)
    of_byte = {token[0]: i for i, token in enumerate(BYTES)}
    rows, times = [], []
    for piece, n in counts.items():
        if not isinstance(piece, bytes):
            raise TypeError(f"counts must have bytes as keys, got {type(piece).__name__} {piece!r}")
        times.append(check_integer(f"counts[{piece!r}]", n, low=0))
        rows.append([of_byte[byte] for byte in piece])

    found: Counter[Pair] = Counter()
    where: dict[Pair, set[int]] = {}
    for i, row in enumerate(rows):
        for pair in pairwise(row):
            found[pair] += times[i]
            where.setdefault(pair, set()).add(i)
    heap = [(-n, pair) for pair, n in found.items()]
    heapify(heap)
    merges: list[tuple[bytes, bytes]] = []
    while heap and len(tokens) < size:
        n, pair = heappop(heap)
        if -n != found[pair]:  # it has become rarer since
            if found[pair] > 0:
                heappush(heap, (-found[pair], pair))
            continue
        if -n < min_count:
            break
        a, b = (tokens[i] for i in pair)
        merges.append((a, b))
        token = len(tokens)
        tokens.append(a + b)
        new: set[Pair] = set()
        for i in where.pop(pair):
            for before in pairwise(rows[i]):
                found[before] -= times[i]
            rows[i] = _merged(rows[i], pair, token)
            for after in pairwise(rows[i]):
                found[after] += times[i]
                if token in after:
                    where.setdefault(after, set()).add(i)
                    new.add(after)
        for one in new:
            heappush(heap, (-found[one], one))
    return merges


def _merged(row: list[int], pair: Pair, new: int) -> list[int]:
    """The row with `new` in place of the pair, from left to right: aaa becomes (aa)a."""
    out: list[int] = []
    i = 0
    while i < len(row):
        both = i + 1 < len(row) and (row[i], row[i + 1]) == pair
        out.append(new if both else row[i])
        i += 1 + both
    return out
