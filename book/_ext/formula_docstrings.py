"""Render seqlib's docstrings: equations that stand indented, and the fields Shapes, Raises, Source, Differs, Book."""

import functools
import re

from record import records

FIELDS = ("Shapes", "Raises", "Source", "Differs", "Book")
FIELD = re.compile(rf"^({'|'.join(FIELDS)}):\s*(.*)$")


def convert(app, what, name, obj, options, lines):
    """Turn indented blocks into literal blocks and our fields into a field list, in place."""
    result: list[str] = []
    literal = in_field = False
    for line in lines:
        field = FIELD.match(line)
        indented = line.startswith("    ")
        if field:
            if result and result[-1].strip() and not in_field:
                result.append("")
            said = _plain(field[2])
            result.append(f":{field[1]}: {_linked(said) if field[1] == 'Book' else said}")
            literal, in_field = False, True
        elif in_field and indented:
            result.append("    " + _plain(line.strip()))
        elif indented and not literal:
            result += [] if not result or not result[-1].strip() else [""]
            result += ["::", "", line]
            literal, in_field = True, False
        else:
            if literal and line.strip() and not indented:
                if result[-1].strip():
                    result.append("")
                literal = False
            if line.strip():
                in_field = False
            result.append(line if literal else _plain(line))
    lines[:] = [*result, ""]


def _plain(text):
    """Single backticks are code in our docstrings; stars and bars are themselves."""
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", text)
    parts = re.split(r"(``[^`]+``)", text)
    return "".join(p if p.startswith("``") else re.sub(r"([*|_])", r"\\\1", p) for p in parts)


@functools.cache
def _to_come():
    """The numbers of chapters that have no page yet."""
    titles = [chapter for part in records() for chapter in part["chapters"]]
    return {number for number, chapter in enumerate(titles, 1) if "file" not in chapter}


def _linked(text):
    """Chapters and equations as links to them; a chapter that is to come has its number."""

    def link(found):
        number = int(found[1])
        return f"chapter {number}, to come" if number in _to_come() else f":doc:`/{found[0]}`".replace("\\", "")

    text = re.sub(r"chapters/(\d\d)\\?_[\w\\]+", link, text)
    return re.sub(r"\beq-[\w-]+", r":eq:`\g<0>`", text)


def skip(app, what, name, obj, skipped, options):
    """Leave out the fields of a NamedTuple, which Python documents as "Alias for field number 0"."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else None


def setup(app):
    """Register with Sphinx, before napoleon sees the docstring."""
    app.connect("autodoc-process-docstring", convert, priority=100)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
