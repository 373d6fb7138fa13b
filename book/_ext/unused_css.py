"""Leave out of the style sheet what no page and no script can need, and write the rest as short as it can be.

A rule stays if all that it names may be there: elements, classes and ids of the pages, and every word that stands in a
script, for scripts make elements and give classes. What it says of attributes and states is not looked at. Of what is
left, animations and custom properties go that nothing uses.
"""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import tinycss2

SHEET = re.compile(r'href="[^"]*_static/(book-\w+\.css)"')
TAG = re.compile(r"<([a-zA-Z][\w-]*)([^>]*)>")
GIVEN = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
PROPERTY = re.compile(r"--[\w-]+")
WORD = re.compile(r"[A-Za-z_][\w-]*")
NESTED = {"media", "supports", "layer", "container"}


class Declaration(NamedTuple):
    """A property and its value."""

    name: str
    text: str


class Rule(NamedTuple):
    """What stands before the braces, and in them: declarations, rules, text that stays as it is, or no braces."""

    head: str
    body: list | str | None


def words(pages, scripts):
    """What the pages have and scripts may put there: elements, classes, ids; and the custom properties they use."""
    known = set()
    for text in pages:
        for tag, attributes in TAG.findall(text):
            known.add(tag.lower())
            known.update(name for pair in GIVEN.findall(attributes) for name in "".join(pair).split())
        known.update(PROPERTY.findall(text))
    for script in [*scripts, *(found for text in pages for found in SCRIPT.findall(text))]:
        known.update(WORD.findall(script), PROPERTY.findall(script))
    return known


def named(selector):
    """The elements, classes and ids that must be there if a selector is to match."""
    found, before = set(), None
    for token in selector:
        if token.type == "hash":
            found.add(token.value)
        elif token.type == "ident" and before != ":":  # after a colon it is a state or a part, as :hover and ::before
            found.add(token.value if before == "." else token.lower_value)
        before = token
    return found


def selectors(prelude):
    """The selectors of a rule, one by one."""
    one = []
    for token in understood(prelude):
        if token == ",":
            yield one
            one = []
        else:
            one.append(token)
    yield one


def spared(tokens):
    """The tokens, and what is in them, with one space where there were many."""
    for token in tokens:
        if token.type == "whitespace":
            token.value = " "
        else:
            spared(getattr(token, "content", None) or getattr(token, "arguments", None) or [])
    return tokens


def short(tokens):
    """Tokens as text."""
    return tinycss2.serialize(spared(tokens)).strip()


def understood(nodes):
    """The same; an error if one of them is none."""
    for node in nodes:
        if node.type == "error":
            raise ValueError(f"the style sheet cannot be read: {node.message} (line {node.source_line})")
        yield node


def declarations(content):
    """The declarations of a rule. (A rule within it stays as it is.)"""
    for each in understood(tinycss2.parse_blocks_contents(content, True, True)):
        if each.type == "declaration":
            important = "!important" if each.important else ""
            yield Declaration(each.name, f"{each.name}:{short(each.value) or ' '}{important}")
        else:
            yield Declaration("", short([each]))


def needed(nodes, known):
    """The rules that may be needed."""
    for rule in understood(nodes):
        if rule.type == "qualified-rule":
            head = ",".join(short(one) for one in selectors(rule.prelude) if named(one) <= known)
            body = [*declarations(rule.content)] if head else []
        else:
            name = rule.lower_at_keyword
            head = f"@{name} {short(rule.prelude)}".strip()
            if rule.content is None:
                body = None
            elif name in NESTED:
                body = [*needed(tinycss2.parse_rule_list(rule.content, True, True), known)]
            elif name.endswith("keyframes"):
                body = short(rule.content)
            else:  # @font-face, @page
                body = [*declarations(rule.content)]
        if body or body is None:
            yield Rule(head, body)


def written(rules):
    """Rules as text."""
    for head, body in rules:
        if body is None:
            yield f"{head};"
        elif isinstance(body, str):
            yield f"{head}{{{body}}}"
        elif isinstance(body[0], Rule):
            yield f"{head}{{{''.join(written(body))}}}"
        else:
            yield f"{head}{{{';'.join(each.text for each in body)}}}"


def used(rules, known):
    """The rules without the custom properties that nothing uses, and without the animations that nothing plays."""

    def values(some):
        for _, body in some:
            if isinstance(body, str):
                yield body
            for each in body if isinstance(body, list) else ():
                yield from values([each]) if isinstance(each, Rule) else [each.text.partition(":")[2]]

    said = " ".join(values(rules))
    properties = known | set(re.findall(r"var\(\s*(--[\w-]+)", said))
    played = known | set(WORD.findall(said))

    def kept(some):
        for head, body in some:
            if isinstance(body, list):
                mine = (
                    [*kept(body)]
                    if isinstance(body[0], Rule)
                    else [each for each in body if not each.name.startswith("--") or each.name in properties]
                )
                if mine:
                    yield Rule(head, mine)
            elif "keyframes " not in head or head.split()[-1] in played:
                yield Rule(head, body)

    return [*kept(rules)]


def purged(css, known):
    """A style sheet without what is not needed; again and again, for what goes may have been all that used the rest."""
    rules, before = [*needed(tinycss2.parse_stylesheet(css, True, True), known)], None
    while rules != before:
        before, rules = rules, used(rules, known)
    return "\n".join(written(rules)) + "\n"


def write(app, exception):
    """Write the short sheet in place of the long one, and its name into every page."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    pages = {path: path.read_text(encoding="utf8") for path in out.rglob("*.html") if static not in path.parents}
    scripts = [path for path in static.rglob("*.js") if static / "python" not in path.parents]
    known = words(pages.values(), (path.read_text(encoding="utf8") for path in scripts))
    for old in {name for text in pages.values() for name in SHEET.findall(text)}:
        css = purged((static / old).read_text(encoding="utf8"), known)
        new = f"book-{hashlib.sha256(css.encode()).hexdigest()[:12]}.css"
        (static / old).unlink()
        (static / new).write_text(css, encoding="utf8")
        pages = {path: text.replace(f"_static/{old}", f"_static/{new}") for path, text in pages.items()}
    for path, text in pages.items():
        path.write_text(text, encoding="utf8")


def setup(app):
    """Register with Sphinx, after all that changes pages."""
    app.connect("build-finished", write, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
