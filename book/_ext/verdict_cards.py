"""A verdict that a cell printed, as a card: the claim, each arm with its values, and a dot for each seed.

{claims-ledger}   all cards of the book, each below the sentence that was tried

The notebook keeps its text, which the tests compare; only the page shows cards. A dot is filled if the seed lies within
the bound that is named beside it. The text has no values of single seeds, so a dot says no more than that.
"""

import re
from html import escape

from docutils import nodes
from record import ARM, CLAIM, Made, chapters, printed, verdicts

MEASURE = re.compile(
    r"^(?P<what>.+?): (?:(?P<value>\S+ \[\S+, \S+\])(?P<unit> [^,]+)?, )?(?P<bounds>.*\d+ of \d+ seeds)$"
)
BOUND = re.compile(r"(.+?) in (\d+) of (\d+) seeds(?: and )?")
SIGNS = {"supported": "+", "refuted": "−", "undecided": "?"}


def cards(app, doctree):
    """Replace the lines of each verdict by a card, and leave every other line where it stands."""
    for block in list(doctree.findall(nodes.literal_block)):
        text = block.astext()
        if "⚖ " in text and "stream" in block["classes"]:
            place = block.parent.index(block)
            block.parent[place : place + 1] = parts(text, block)


def parts(text, block):
    """The nodes that stand for a printed text: literal blocks and cards, in the order of the text."""
    result, end = [], 0
    for found in CLAIM.finditer(text):
        result += literal(text[end : found.start()], block)
        result.append(card(found[1], found[2], ARM.findall(found[3])))
        end = found.end()
    result += literal(text[end:], block)
    result[0]["ids"] += block["ids"]
    return result


def literal(text, block):
    """The text as a block like the one given, or nothing."""
    if not text.strip():
        return []
    copy = nodes.literal_block(text.strip("\n"), text.strip("\n"), **{**block.attributes, "ids": []})
    copy.source, copy.line = block.source, block.line
    return [copy]


def card(name, verdict, arms):
    """One claim: its name and verdict, and a list of its arms."""
    heading = nodes.paragraph("", "⚖ ", nodes.literal(name, name), nodes.Text(": "), classes=["verdict"])
    heading += nodes.strong(verdict, verdict)
    rows = nodes.bullet_list()
    for outcome, condition, measures in arms:
        sign = nodes.raw("", f'<span class="sign" aria-hidden="true">{SIGNS[outcome]}</span>', format="html")
        first = nodes.paragraph("", "", sign, nodes.emphasis(outcome, outcome), nodes.Text(f": {condition}"))
        item = nodes.list_item("", first, classes=[f"arm-{outcome}"])
        item += nodes.bullet_list("", *(nodes.list_item("", measure(words)) for words in measures.split("; ")))
        rows += item
    return nodes.container("", heading, rows, classes=["verdict-card", "verdict-" + verdict.replace(" ", "-")])


def measure(words):
    """One measure: what was measured, its median with the interval, its bounds, and the dots."""
    found = MEASURE.match(words)
    if not found:
        raise ValueError(f"a verdict has a measure that the page cannot read: {words!r}")
    paragraph = nodes.paragraph("", f"{found['what']}: ")
    if found["value"]:
        value = found["value"] + (found["unit"] or "")
        paragraph += [nodes.strong(value, value), nodes.Text(", ")]
    for i, (bound, met, seeds) in enumerate(BOUND.findall(found["bounds"])):
        paragraph += nodes.Text(f"{' and ' * bool(i)}{bound} in {met} of {seeds} seeds ")
        dots = "●" * int(met) + "○" * (int(seeds) - int(met))
        paragraph += nodes.raw("", f'<span class="dots" aria-hidden="true">{escape(dots)}</span>', format="html")
    return paragraph


class Ledger(Made):
    """The verdicts on common claims."""

    def run(self):
        """For each claim: where it was tried, what is said, and its card."""
        found = []
        for number, chapter in chapters():
            given = verdicts(printed(chapter["file"]))
            for id, sentence in chapter["claims"].items():
                self.line_at_hand = f"[Chapter {number}](../chapters/{chapter['file']}.ipynb): *“{sentence}.”*"
                found += [*super().run(), card(id, *given[id])]
        return found

    def lines(self):
        """The sentence whose card comes next."""
        yield self.line_at_hand


def setup(app):
    """Register with Sphinx, after the equations have been told where they are confirmed."""
    app.add_directive("claims-ledger", Ledger)
    app.connect("doctree-read", cards, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
