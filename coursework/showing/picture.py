"""Pictures of a student's, PNG and JPEG, looked at before a page shows them: a small file may unpack to gigabytes."""

from __future__ import annotations

import base64
import binascii
import contextlib
import struct

__all__ = ["FORMS", "checked", "pixels"]

FORMS = ("image/png", "image/jpeg")
LARGEST = 4 << 20  # bytes
PIXELS = 16_000_000


def checked(form: str, written: str) -> str:
    """A picture in base64 as a page may show it.

    Raises:  ValueError for what is no picture of that form, and for one that is too large
    """
    packed = "".join(written.split())
    if len(packed) * 3 // 4 > LARGEST:
        raise ValueError(f"it has more than {LARGEST >> 20} MB")
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is not written in base64") from None
    size = _png(data) if form == "image/png" else _jpeg(data) if form == "image/jpeg" else None
    if size is None:
        raise ValueError(f"it is no {form}")
    if not 0 < size[0] * size[1] <= PIXELS:
        raise ValueError(f"it has {size[0]} × {size[1]} pixels")
    return packed


def pixels(written: str) -> int:
    """How many pixels a picture has, in base64 or as a data URI; 0 for what is none."""
    with contextlib.suppress(ValueError):
        data = base64.b64decode(written.rpartition(",")[2])
        width, height = _png(data) or _jpeg(data) or (0, 0)
        return width * height
    return 0


def _png(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG."""
    if len(data) < 33 or data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG: those of the largest frame that it announces."""
    if data[:2] != b"\xff\xd8":
        return None
    at, found = 2, None
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            found = max(found or (0, 0), (width, height), key=lambda size: size[0] * size[1])
        if kind == 0xDA or length < 2:  # the picture itself begins
            break
        at += 2 + length
    return found
