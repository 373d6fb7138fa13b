"""GPT-2's files: vocab.json, the id of each token, and merges.txt, one merge per line."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path

from seqlib.bpe.symbols import BYTES, from_symbols, to_symbols

VERSION = "#version: 0.2"


def read_files(
    vocab: str | PathLike[str], merges: str | PathLike[str]
) -> tuple[list[bytes | str], list[tuple[bytes, bytes]]]:
    """Tokens by id, strings where they are special, and merges.

    Raises:  ValueError naming the file
    """
    pairs: list[tuple[bytes, bytes]] = []
    for number, line in enumerate(Path(merges).read_text(encoding="utf8").split("\n"), 1):
        if not line or (number == 1 and line.startswith("#version")):
            continue
        try:
            a, b = map(from_symbols, line.split(" "))
        except ValueError:
            raise ValueError(f"merges must have two tokens on each line, but line {number} is {line!r}") from None
        pairs.append((a, b))

    try:
        ids = json.loads(Path(vocab).read_text(encoding="utf8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"vocab must be a JSON file, but {error}") from None
    if not isinstance(ids, dict) or any(type(i) is not int for i in ids.values()):
        raise ValueError("vocab must map tokens to ids, as {'!': 0} does")
    if sorted(ids.values()) != list(range(len(ids))):
        raise ValueError(f"vocab must have each id from 0 to {len(ids) - 1} once")
    usual = {to_symbols(token): token for token in [*BYTES, *(a + b for a, b in pairs)]}
    return [usual.get(token, token) for token in sorted(ids, key=ids.__getitem__)], pairs


def write_files(
    vocab: str | PathLike[str],
    merges: str | PathLike[str],
    tokens: list[bytes | str],
    pairs: list[tuple[bytes, bytes]],
) -> None:
    """Write both files.

    Raises:  ValueError for a special token that would be read as another one
    """
    usual = {to_symbols(token) for token in tokens if isinstance(token, bytes)}
    for token in tokens:
        if token in usual:
            raise ValueError(f"tokens must differ in the file, but the special token {token!r} is written as bytes are")
    ids = {to_symbols(token) if isinstance(token, bytes) else token: i for i, token in enumerate(tokens)}
    Path(vocab).write_text(json.dumps(ids, ensure_ascii=False), encoding="utf8")
    lines = [VERSION, *(f"{to_symbols(a)} {to_symbols(b)}" for a, b in pairs)]
    Path(merges).write_text("\n".join(lines) + "\n", encoding="utf8")
