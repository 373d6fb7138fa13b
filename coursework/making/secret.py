"""The secret of a course comes from a file, a pipe or a prompt: others can read a command line and its environment."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from pathlib import Path
from typing import Any

__all__ = ["Refused", "ask"]

LONGEST = 10_000  # bytes; a secret is a sentence


class Refused(argparse.Action):
    """The option --secret of earlier versions: it says what to do, and does not repeat what was given."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: Any, **options: Any) -> None:
        """Refuse."""
        parser.exit(
            2,
            "--secret is not taken any more: everybody on this machine can read a command line. Leave it out and type "
            "the secret when you are asked, or name a file of yours: --secret-file FILE. And take another secret than "
            "the one that was just shown.\n",
        )


def ask(file: Path | None = None) -> str:
    """The secret: what a file holds, or what comes through a pipe, or what is typed, without being shown.

    Raises:  ValueError if there is none, or it is no text of one line
    """
    if file is not None:
        with file.open("rb") as opened:
            data = opened.read(LONGEST + 1)
        if file.is_file() and file.stat().st_mode & 0o004:
            warnings.warn(f"{file} can be read by everybody on this machine: chmod 600 {file}", stacklevel=2)
        place = str(file)
    elif sys.stdin is None or not sys.stdin.isatty():
        data = b"" if sys.stdin is None else sys.stdin.buffer.read(LONGEST + 1)
        place = "what came through the pipe"
    else:
        data, place = _typed().encode("utf8", "surrogateescape"), "what was typed"
    if len(data) > LONGEST:
        raise ValueError(f"{place} has more than {LONGEST} bytes: a secret is a sentence")
    try:
        text = data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"{place} is no text in UTF-8: write the secret anew, as one sentence") from None
    if not text.strip():
        raise ValueError(
            f"{place} holds no secret. Type a sentence when you are asked, or name a file that holds one: "
            "make course SECRET_FILE=FILE, or python -m coursework make --secret-file FILE"
        )
    if len(text.splitlines()) != 1 or "\0" in text:
        raise ValueError(f"{place} has {len(text.splitlines())} lines: the secret is one line")
    return text


def _typed(prompt: str = "Secret of the course (a sentence; it is not shown): ") -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        return ""
