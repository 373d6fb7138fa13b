"""A text cell as HTML of an allow-list: what it says is shown, and nothing in it acts or is fetched.

The text is read by a parser of CommonMark, and what it found is written anew, token by token. Letters and digits stand
for themselves, every other character as a number. So the result means the same to each program that shows it, be it a
page of nbgrader's, JupyterLab or ours: there is no Markdown, no formula for a script, and no tag but those of `TAGS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt

from coursework.showing.formula import ITSELF, LONGEST, encoded, mathml

__all__ = ["html", "is_harmless"]

BEGIN = '<div class="cleaned tex2jax_ignore mathjax_ignore">'
DEEPEST = 20
# tokens of the parser that become an element without attributes
PLAIN = {"paragraph": "p", "bullet_list": "ul", "list_item": "li", "blockquote": "blockquote", "em": "em", "s": "s"}
PLAIN |= {tag: tag for tag in ("strong", "table", "thead", "tbody", "tr", "th", "td")} | {"ordered_list": "ol"}
TAGS = {*PLAIN.values(), "div", "span", "br", "hr", "pre", "code", "a", "img", "math", "mrow", "mi", "mo", "mn", "msub"}
MATHS = "msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mspace"
TAGS |= set(MATHS.split())
TEXT = rf"(?:&#\d+;|[^\W_]|[{re.escape(ITSELF)}])"
ATTRIBUTE = (
    rf'class="[a-z0-9_ ]*"|href="(?:https?&#58;&#47;&#47;|&#35;){TEXT}*"|rel="noopener noreferrer nofollow"'
    rf'|target="_blank"|src="data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]*"|alt="{TEXT}*"|start="[0-9]+"'
    r'|display="block"|mathvariant="normal"|linethickness="0"|width="[\d.]+em"'
)
TOKEN = re.compile(rf"</?({'|'.join(sorted(TAGS))})(?: (?:{ATTRIBUTE}))*/?>|{TEXT}")
ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+|#[\w.-]*")
MATH = (("$$", "$$"), ("$", "$"), (r"\\[", r"\\]"), (r"\\(", r"\\)"))


def html(source: str, pictures: Mapping[str, str] | None = None) -> str:
    """A text as one line of HTML; `pictures` are what it may show: the data URI of each attachment by its name."""
    try:
        written = _Writer(pictures or {}).blocks(_parser().parse(source))
    except (RecursionError, ValueError, IndexError, KeyError):  # of the parser; the text is shown as it was written
        written = f"<pre>{encoded_lines(source)}</pre>"
    found = f"{BEGIN}{written}</div>"
    return found if is_harmless(found) else f"{BEGIN}<pre>{encoded_lines(source)}</pre></div>"


def is_harmless(written: str) -> bool:
    """Whether a text is what `html` writes, and nothing else."""
    at = len(BEGIN)
    if not written.startswith(BEGIN):
        return False
    while at < len(written):
        if not (token := TOKEN.match(written, at)):
            return False
        at = token.end()
    return True


def encoded_lines(text: str) -> str:
    """A text for an element that keeps lines, on one line."""
    return "&#10;".join(map(encoded, text.expandtabs(4).split("\n")))


class _Parser(MarkdownIt):
    """The parser of CommonMark, which leaves it to us what becomes a link."""

    def validateLink(self, url: str) -> bool:
        """Every address is read as one."""
        return True


@cache
def _parser() -> _Parser:
    parser = _Parser("commonmark", {"html": False, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.disable("reference")  # a few thousand definitions of links would take half a minute
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.block.ruler.before("fence", "formula", _display, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


def _enclosed(text: str, at: int) -> tuple[str, str, int] | None:
    """The formula that begins at a place: its opening, what is inside, and where it ends; None if none begins."""
    if text.startswith("\\begin{", at):
        name = text[at + 7 : at + 40].partition("}")[0]
        end = text.find(close := f"\\end{{{name}}}", at, at + LONGEST)
        return None if end < 0 else ("\\begin", text[at : end + len(close)], end + len(close))
    for opening, closing in MATH:
        if text.startswith(opening, at):
            begin = at + len(opening)
            end = text.find(closing, begin, begin + LONGEST)
            while end > 0 and closing == "$" and text[end - 1] == "\\":
                end = text.find(closing, end + 1, begin + LONGEST)
            return None if end <= begin else (opening, text[begin:end], end + len(closing))
    return None


def _formula(state: Any, silent: bool) -> bool:
    """The parser's rule for a formula within a line."""
    if state.src[state.pos] not in "$\\" or not (found := _enclosed(state.src, state.pos)):
        return False
    opening, inside, end = found
    if end > state.posMax:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = inside, opening
    state.pos = end
    return True


def _display(state: Any, start: int, last: int, silent: bool) -> bool:
    """The parser's rule for a formula of lines of its own."""
    at = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(("$$", "\\begin{"), at) or not (found := _enclosed(state.src, at)):
        return False
    opening, inside, end = found
    line = start
    while line < last and state.eMarks[line] < end:
        line += 1
    if line >= last or state.src[end : state.eMarks[line]].strip():
        return False
    if not silent:
        state.line = line + 1
        token = state.push("formula", "", 0)
        token.content, token.markup = inside, opening
    return True


class _Writer:
    """Writes the tokens of the parser as HTML."""

    def __init__(self, pictures: Mapping[str, str]):
        self.pictures = pictures
        self.links: list[str] = []

    def blocks(self, tokens: list[Any]) -> str:
        """All tokens one after the other."""
        return "".join(map(self.token, tokens))

    def token(self, token: Any) -> str:
        """One token; of one that is not known only its text is left."""
        kind = token.type
        opening, stem = kind.endswith("_open"), kind.rpartition("_")[0]
        if stem in PLAIN:
            start = token.attrGet("start") if stem == "ordered_list" and opening else None
            number = f' start="{int(start)}"' if start and 0 <= int(start) < 10**9 else ""
            return f"<{PLAIN[stem]}{number}>" if opening else f"</{PLAIN[stem]}>"
        if stem == "heading":  # the headings of the page are ours
            return "<p><strong>" if opening else "</strong></p>"
        if kind == "inline":
            return self.blocks(token.children or [])
        if kind in ("fence", "code_block"):
            return f"<pre><code>{encoded_lines(token.content)}</code></pre>"
        if kind == "code_inline":
            return f"<code>{encoded(token.content)}</code>"
        if kind == "formula":
            return self.formula(token)
        if kind in ("link_open", "link_close"):
            return self.link(token)
        if kind == "image":
            return self.image(token)
        return {"softbreak": " ", "hardbreak": "<br/>", "hr": "<hr/>"}.get(kind) or encoded(token.content)

    def formula(self, token: Any) -> str:
        """A formula; one that cannot be set is shown as it was written."""
        display = token.markup in ("$$", r"\\[", "\\begin")
        try:
            return mathml(token.content, display)
        except ValueError:
            mark = "" if token.markup == "\\begin" else "$$" if display else "$"
            return f"<code>{encoded(mark + token.content + mark)}</code>"

    def link(self, token: Any) -> str:
        """A link to the web; of any other kind of link the address is shown beside its text."""
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            if ADDRESS.fullmatch(address):
                self.links.append("</a>")
                new = "" if address[0] == "#" else ' rel="noopener noreferrer nofollow" target="_blank"'
                return f'<a href="{encoded(address)}"{new}>'
            self.links.append(encoded(f" [{address[:200]}]"))
            return ""
        return self.links.pop() if self.links else ""

    def image(self, token: Any) -> str:
        """A picture that was pasted into the cell; any other is named, and not fetched."""
        said, address = token.content or "a picture of the student's", str(token.attrGet("src") or "")
        if picture := self.pictures.get(unquote(address.removeprefix("attachment:"))):
            return f'<img alt="{encoded(said[:500])}" src="{picture}"/>'
        return encoded(f"[picture, not shown: {said[:500]} ({address[:200]})]")
