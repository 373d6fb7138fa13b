"""Bytes as characters that can be seen: how GPT-2's files write them."""

from __future__ import annotations

__all__ = ["BYTES", "from_symbols", "to_symbols"]

# Bytes that Latin-1 shows as a sign stand for themselves, in their order, which is that of their ids in GPT-2; the
# other 68, white space among them, follow, and are written as the characters from U+0100 on: Ġ is the blank.
_SEEN = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_UNSEEN = [byte for byte in range(256) if byte not in _SEEN]
_SYMBOLS = {byte: chr(byte) for byte in _SEEN} | {byte: chr(256 + i) for i, byte in enumerate(_UNSEEN)}
_BYTES = {symbol: byte for byte, symbol in _SYMBOLS.items()}

BYTES = [bytes([byte]) for byte in _SYMBOLS]
"""The 256 bytes in the order of their ids in GPT-2."""


def to_symbols(token: bytes) -> str:
    """Write bytes as GPT-2's files do, one character for each: b" \\xc3\\xa9" as "ĠÃ©".

    Raises:  TypeError if token is not bytes
    Source:  GPT-2's encoder.py, bytes_to_unicode
    """
    if not isinstance(token, bytes):
        raise TypeError(f"token must be bytes, got {type(token).__name__}")
    return "".join(map(_SYMBOLS.__getitem__, token))


def from_symbols(symbols: str) -> bytes:
    """The bytes that `to_symbols` wrote.

    Raises:  TypeError if symbols is no string; ValueError naming the first character that stands for no byte
    """
    if not isinstance(symbols, str):
        raise TypeError(f"symbols must be a string, got {type(symbols).__name__}")
    for i, symbol in enumerate(symbols):
        if symbol not in _BYTES:
            raise ValueError(f"symbols must stand for bytes, but symbols[{i}] is {symbol!r}")
    return bytes(map(_BYTES.__getitem__, symbols))
