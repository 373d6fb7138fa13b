"""Formulas of a page as MathML, which a browser sets without a network and without a script.

Only the TeX commands of `symbols` are read. There are no macros, links, styles or extensions among them, so a formula
does nothing but stand there; the work is proportional to its length.
"""

from __future__ import annotations

import re

from coursework.showing.symbols import ACCENTS, ALPHABETS, BIG, FENCES, FUNCTIONS, LETTERS, OPERATORS, SPACES, TABLES

__all__ = ["LONGEST", "encoded", "mathml"]

LONGEST = 2000  # characters
DEEPEST = 20
ITSELF = " .,;!?'()-"  # no Markdown, no formula and no tag begins with one of these within an element
PIECE = re.compile(r"\\(?:[A-Za-z]+|.)|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
WORDS = ("text", "textrm", "textbf", "textit", "texttt", "mathrm", "mathit", "operatorname", "mbox", "textnormal")
IGNORED = ("displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag", "hline", "middle")
STACKED = ("max", "min", "lim", "sup", "inf")
SIZES = {size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}


def encoded(text: str) -> str:
    """A text as HTML on one line, in which only letters, digits and what ends a sentence stand for themselves."""
    return "".join(c if c in ITSELF or c.isalnum() else f"&#{ord(c) if c.isprintable() else 32};" for c in text)


def mathml(tex: str, display: bool = False) -> str:
    """A formula, given without its dollars, as an element of MathML on one line.

    Raises:  ValueError for a formula that is too long or too deep, and for a command that is not known
    """
    if len(tex) > LONGEST:
        raise ValueError(f"tex must have at most {LONGEST} characters, got {len(tex)}")
    reader = _Reader(PIECE.findall(tex.strip()), display)
    inner = reader.row(None)
    return f"<math{' display=' + chr(34) + 'block' + chr(34) if display else ''}><mrow>{inner}</mrow></math>"


class _Reader:
    """Reads the pieces of a formula from left to right."""

    def __init__(self, pieces: list[str], display: bool):
        self.pieces, self.display, self.at, self.depth = pieces, display, 0, 0

    def peek(self) -> str | None:
        """The next piece that is no blank, which stays; None at the end."""
        while self.at < len(self.pieces) and self.pieces[self.at].isspace():
            self.at += 1
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def next(self) -> str:
        """The next piece that is no blank.

        Raises:  ValueError at the end
        """
        if (piece := self.peek()) is None:
            raise ValueError("the formula ends too early")
        self.at += 1
        return piece

    def row(self, end: str | None, *, table: bool = False) -> str:
        """Everything up to `end`, which is taken; in a table a cell ends with & or a new line, which stay."""
        found: list[str] = []
        while (piece := self.peek()) is not None and piece != end:
            if table and piece in ("&", "\\\\", "\\end"):
                break
            found.append(self.scripted())
        if end is not None and not table and self.next() != end:
            raise ValueError(f"{end} is missing")
        return "".join(found)

    def scripted(self) -> str:
        """One piece with what stands below and above it."""
        first = self.peek()
        base = "<mi></mi>" if first in ("_", "^", "'") else self.atom()
        under = over = ""
        while (piece := self.peek()) in ("_", "^", "'", "\\limits", "\\nolimits"):
            self.next()
            if piece == "_" and not under:
                under = self.argument()
            elif piece == "^" and not over:
                over = self.argument()
            elif piece == "'":
                over += "<mo>&#8242;</mo>"
            elif piece in ("_", "^"):
                raise ValueError(f"{piece} stands twice")
        name = (first or "").lstrip("\\")
        stacked = self.display and ((name in BIG and "int" not in name) or name in STACKED)
        if not under and not over:
            return base
        sub, sup = ("munder", "mover") if stacked else ("msub", "msup")
        if under and over:
            both = "munderover" if stacked else "msubsup"
            return f"<{both}>{base}<mrow>{under}</mrow><mrow>{over}</mrow></{both}>"
        return f"<{sub}>{base}<mrow>{under}</mrow></{sub}>" if under else f"<{sup}>{base}<mrow>{over}</mrow></{sup}>"

    def argument(self) -> str:
        """A group in braces, or one piece, of a number its first digit."""
        piece = self.peek()
        if piece and piece[0].isdigit() and len(piece) > 1:
            self.pieces[self.at] = piece[1:]
            return f"<mn>{piece[0]}</mn>"
        return self.atom()

    def atom(self) -> str:
        """One piece, group or command with its arguments."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("the formula is nested too deeply")
        found = self.element(self.next())
        self.depth -= 1
        return found

    def element(self, piece: str) -> str:
        """The element of a piece that has been taken."""
        if piece == "{":
            return f"<mrow>{self.row('}')}</mrow>"
        if piece in "}_^&":
            raise ValueError(f"{piece} stands alone")
        if piece.startswith("\\"):
            return self.command(piece[1:])
        if piece[0].isdigit():
            return f"<mn>{encoded(piece)}</mn>"
        if piece == "~":
            return '<mspace width="0.25em"/>'
        return f"<mi>{encoded(piece)}</mi>" if piece.isalpha() else _operator("−" if piece == "-" else piece)

    def command(self, name: str) -> str:
        """A command of the tables.

        Raises:  ValueError if it is in none of them
        """
        if name in LETTERS:
            return f"<mi>{encoded(LETTERS[name])}</mi>"
        if name in OPERATORS or name in BIG:
            return _operator(OPERATORS.get(name) or BIG[name])
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"/>'
        if name in FUNCTIONS:
            return (
                f'<mi>{name}</mi><mspace width="0.1em"/>' if self.peek() not in ("_", "^", "(") else f"<mi>{name}</mi>"
            )
        if name in ACCENTS:
            return f"<mover><mrow>{self.argument()}</mrow>{_operator(ACCENTS[name])}</mover>"
        if name in IGNORED:
            return ""
        if name in WORDS:
            return f'<mi mathvariant="normal">{encoded(self.words())}</mi>'
        if name in ALPHABETS:
            return self.alphabet(name)
        if name in ("left", "right") or name in SIZES:
            return self.fence()
        if name in ("frac", "dfrac", "tfrac"):
            return f"<mfrac>{self.argument()}{self.argument()}</mfrac>"
        if name == "binom":
            inner = f'<mfrac linethickness="0">{self.argument()}{self.argument()}</mfrac>'
            return f"<mrow>{_operator('(')}{inner}{_operator(')')}</mrow>"
        if name == "sqrt":
            return self.root()
        if name in ("underbrace", "overbrace", "underline"):
            mark, element = {"underbrace": ("⏟", "munder"), "overbrace": ("⏞", "mover"), "underline": ("_", "munder")}[
                name
            ]
            return f"<{element}><mrow>{self.argument()}</mrow>{_operator(mark)}</{element}>"
        if name in ("overset", "stackrel", "underset"):
            mark, base = self.argument(), self.argument()
            return f"<munder>{base}{mark}</munder>" if name == "underset" else f"<mover>{base}{mark}</mover>"
        if name == "begin":
            return self.table()
        raise ValueError(f"the command \\{name} is not known")

    def words(self) -> str:
        """Plain words in braces, or one piece."""
        if (found := self.next()) != "{":
            self.at -= found.startswith("\\")
            return found if not found.startswith("\\") else self.plain()
        said = []
        while self.at < len(self.pieces) and self.pieces[self.at] != "}":
            said.append(self.plain())
        self.next()
        return "".join(said)

    def plain(self) -> str:
        """One piece of a text, blanks included.

        Raises:  ValueError for a command
        """
        self.at += 1
        piece = self.pieces[self.at - 1]
        if piece in ("{", "$") or (piece.startswith("\\") and piece[1:] not in ("_", "%", "&", "#", "$", ",", " ")):
            raise ValueError("only plain words can stand here")
        return piece.lstrip("\\").replace("~", " ")

    def alphabet(self, name: str) -> str:
        """Letters and digits in another alphabet; what is no letter stays."""
        large, small, elsewhere = ALPHABETS[name]
        braces = self.peek() == "{"
        inner = self.row("}") if braces and self.next() else self.argument()

        def other(match: re.Match[str]) -> str:
            c = match[1]
            into = elsewhere.get(c) or chr(large + ord(c) - 65 if c.isupper() else small + ord(c) - 97)
            return f"<mi>{into}</mi>"

        return f"<mrow>{re.sub('<mi>([A-Za-z])</mi>', other, inner)}</mrow>"

    def fence(self) -> str:
        """A bracket that has been given a size."""
        piece = self.next()
        if piece.lstrip("\\") not in FENCES:
            raise ValueError(f"{piece} is no bracket")
        if piece == ".":
            return "<mrow></mrow>"
        return _operator(OPERATORS[piece[1:]] if piece.startswith("\\") else piece)

    def root(self) -> str:
        """A square root, or another one."""
        if self.peek() != "[":
            return f"<msqrt>{self.argument()}</msqrt>"
        self.next()
        degree = self.row("]")
        return f"<mroot>{self.argument()}<mrow>{degree}</mrow></mroot>"

    def environment(self) -> str:
        """The name of an environment, in braces."""
        found = [self.next()]
        while found[-1] != "}":
            found.append(self.next())
        return "".join(found[1:-1])

    def table(self) -> str:
        """An environment of rows and columns, with its brackets."""
        name = self.environment()
        if name not in TABLES:
            raise ValueError(f"the environment {name} is not known")
        if name in ("array", "alignat", "alignat*"):
            self.environment()
        rows, cells = [], []
        while True:
            cells.append(f"<mtd>{self.row(None, table=True)}</mtd>")
            piece = self.next()
            if piece == "&":
                continue
            rows.append(f"<mtr>{''.join(cells)}</mtr>")
            cells = []
            if piece == "\\end":
                break
        if self.environment() != name:
            raise ValueError(f"\\end{{{name}}} is missing")
        sides = [_operator(side) if side != "." else "" for side in TABLES[name] or ".."]
        return f"<mrow>{sides[0]}<mtable>{''.join(rows)}</mtable>{sides[1]}</mrow>"


def _operator(text: str) -> str:
    return f"<mo>{encoded(text)}</mo>"
