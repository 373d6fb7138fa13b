"""Archives of hand-ins, unpacked without trusting what students have put into them: a plugin of zip_collect.

nbgrader unpacks each archive that it finds in an archive. A file of one student's that only calls itself .zip, a name
that is too long for the disk, or folders a thousand deep end the collecting for the whole class there. Here whatever
cannot be unpacked is named, and left; nothing is written outside its folder, no link and no device is made, and
what is too large is cut where the reader of notebooks will say so.
"""

from __future__ import annotations

import hashlib
import logging
import lzma
import os
import re
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from nbgrader.plugins import ExtractorPlugin

from coursework.reading.files import LARGEST
from coursework.showing import clean

__all__ = ["Extractor"]

Opener = Callable[[], IO[bytes] | None]

ENDINGS = (".zip", ".gz", ".tgz")
FILES = 1000  # of a student's archive, what lies in archives in it included
TOGETHER = 3 * LARGEST  # bytes of the same
TARRED = 1 << 30  # bytes of a student's .tar.gz, all of which have to be unpacked to find one
DEEPEST = 8  # folders in folders
ARCHIVES = 2  # in archives
LONGEST = 200  # bytes of a name; file systems take 255
BROKEN: tuple[type[Exception], ...] = (OSError, ValueError, EOFError, RuntimeError, LookupError, struct.error)
BROKEN += (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError)


class Extractor(ExtractorPlugin):
    """Unpacks what the learning platform gave, and the archives of students in it."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack every archive below a folder into a folder of its name, and copy the other files.

        Raises:  ValueError for an archive of the platform's that cannot be read
        """
        self.log.addFilter(_printable)
        top, into = Path(archive_path), Path(extracted_path)
        for path in sorted(path for path in top.rglob("*") if path.is_file()):
            place = into / path.relative_to(top).parent
            place.mkdir(parents=True, exist_ok=True)
            if path.suffix.casefold() not in ENDINGS:
                shutil.copy(path, place)
                continue
            self.log.info("Extracting from: %s", path)
            try:
                self._unpack(path, place / _stem(path), None, 0)
            except BROKEN as error:
                raise ValueError(f"{path} cannot be unpacked ({clean.line(error)}): download it again") from error

    def _unpack(self, archive: Path, into: Path, left: _Left | None, depth: int) -> None:
        """Unpack an archive; `left` is what a student's may still take, None for the platform's own."""
        inner = []
        with _opened(archive, TARRED if left else None) as members:
            into.mkdir(parents=True, exist_ok=True)
            for name, opened in members:
                packed = Path(name).suffix.casefold() in ENDINGS
                if left is not None and not packed and not name.lower().endswith(".ipynb"):
                    continue  # nothing else is collected
                if left is not None and left.nothing():
                    self._leave(archive, name, "the archive holds too much")
                    break
                try:
                    place = _place(into, name)
                    size = _copy(opened, place, LARGEST + 1)  # one more than is read: it will be said
                except BROKEN as error:
                    self._leave(archive, name, str(error) or type(error).__name__)
                    continue
                if left is not None:
                    left.take(size)
                if packed:
                    inner.append(place)
        for place in inner:
            if depth >= ARCHIVES:
                self._leave(archive, place.name, "archives in archives in archives are not unpacked")
                continue
            try:
                self._unpack(place, _free(place.with_name(_stem(place))), left or _Left(), depth + 1)
            except BROKEN as error:
                self._leave(archive, place.name, f"it is no archive that can be unpacked, {clean.line(error)}")

    def _leave(self, archive: Path, name: str, why: str) -> None:
        self.log.warning("Not unpacked: %r of %s (%s); ask for the notebook itself", name, archive.name, why)


class _Left:
    """What a student's archive may still take."""

    def __init__(self) -> None:
        self.files, self.bytes = FILES, TOGETHER

    def nothing(self) -> bool:
        return self.files <= 0 or self.bytes <= 0

    def take(self, size: int) -> None:
        self.files -= 1
        self.bytes -= size


class _opened:
    """An archive as its regular files: their names, and how each is opened."""

    def __init__(self, path: Path, most: int | None) -> None:
        self.file: Any = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else tarfile.open(path)  # noqa: SIM115
        self.most = most

    def __enter__(self) -> Iterator[tuple[str, Opener]]:
        self.file.__enter__()
        return self._zipped() if isinstance(self.file, zipfile.ZipFile) else self._tarred()

    def __exit__(self, *error: object) -> None:
        self.file.__exit__(*error)

    def _zipped(self) -> Iterator[tuple[str, Opener]]:
        for member in self.file.infolist():
            if not member.is_dir() and (member.external_attr >> 28) in (0, 8):  # no link, no device
                yield member.filename, partial(self.file.open, member)

    def _tarred(self) -> Iterator[tuple[str, Opener]]:
        size = 0
        for member in self.file:
            size += member.size
            if self.most and size > self.most:
                raise ValueError(f"it holds more than {self.most >> 20} MB")
            if member.isreg():
                yield member.name, partial(self.file.extractfile, member)


def _stem(path: Path) -> str:
    """The name of the folder of an archive; .tar.gz is one ending."""
    return Path(path.stem).stem if path.stem.casefold().endswith(".tar") else path.stem


def _place(into: Path, name: str) -> Path:
    """Where a file of an archive goes: below `into`, by a name that a disk and a terminal can bear; it is free."""
    parts = [_short(part) for part in re.split(r"[/\\]", name) if part.strip(". ")]
    if not parts:
        raise ValueError("it has no name")
    if len(parts) > DEEPEST:
        raise ValueError(f"it lies more than {DEEPEST} folders deep")
    place = into.joinpath(*parts)
    if any(above.is_file() for above in place.parents):  # a file has the name of the folder
        place = into / _short("_".join(parts))
    place.parent.mkdir(parents=True, exist_ok=True)
    return _free(place)


def _short(part: str) -> str:
    """A name without what cannot be printed, of which a long one keeps its beginning, where the student is named."""
    said = "".join(c if c.isprintable() else "_" for c in part).encode("utf8", "replace").decode("utf8")
    if len(said.encode("utf8")) <= LONGEST:
        return said
    ending = Path(said).suffix[:10]
    digest = hashlib.sha256(said.encode("utf8")).hexdigest()[:8]
    return said.encode("utf8")[: LONGEST - 50].decode("utf8", "ignore") + f"-{digest}{ending}"


def _free(place: Path) -> Path:
    """The place, or one beside it, where nothing is yet."""
    found, k = place, 1
    while os.path.lexists(found):
        k += 1
        found = place.with_name(f"{place.stem} ({k}){place.suffix}")
    return found


def _copy(opened: Opener, place: Path, most: int) -> int:
    """Write so many bytes at most; return how many."""
    size = 0
    source = opened()
    if source is None:
        raise ValueError("it is no file")
    with source, place.open("wb") as target:
        while size < most and (piece := source.read(min(1 << 20, most - size))):
            size += target.write(piece)
    return size


def _printable(record: logging.LogRecord) -> bool:
    """nbgrader's log names files as students named them, and a terminal would do what stands in such a name."""
    record.msg, record.args = clean.line(record.getMessage(), 2000), None
    return True
