"""The first screen: where to begin, and a card for each chapter, from book/chapters.yml and the notebooks.

{start}        the way to the first chapter, and the words that follow it
{book-parts}   the parts of the book, with a card for each chapter
"""

from docutils import nodes
from practice import asked
from record import Made, cells, chapters, reading_minutes, records
from sphinx import addnodes


def exercises(notebook):
    """The names of the exercises of a notebook, in their order."""
    found = (asked("".join(cell["source"])) for cell in notebook if cell["cell_type"] == "code")
    return [name for name in found if name]


def way(chapter, words):
    """A link to a chapter."""
    link = addnodes.pending_xref(
        "", refdomain="std", reftype="doc", reftarget=f"/chapters/{chapter['file']}", refexplicit=True, refwarn=True
    )
    link += nodes.inline("", words, classes=["std", "std-doc"])
    return link


def facts(chapter):
    """How long a chapter takes, and how much there is to do."""
    notebook = cells(chapter["file"])
    return f"{reading_minutes(notebook)} minutes · {chapter['cpu']} s to run · {len(exercises(notebook))} exercises"


def card(number, chapter, begun):
    """What a chapter asks and how long it takes; of one that is not written, its title, and what a part begun lacks."""
    words, ready = f"{number} · {chapter['title']}", "file" in chapter
    item = nodes.list_item("", classes=["chapter-card"] if ready else ["chapter-card", "to-come"])
    if ready:
        item += nodes.paragraph("", "", way(chapter, words), classes=["chapter-title"])
        item += nodes.paragraph("", chapter["question"], classes=["question"])
        item += nodes.paragraph("", facts(chapter), classes=["chapter-facts"])
        return item
    item += nodes.paragraph("", words, classes=["chapter-title"])
    if begun:
        item += nodes.paragraph("", "to come", classes=["chapter-facts"])
    return item


def part(number, record, first):
    """A part of the book: a section, whose chapters begin with the number `first`."""
    title = nodes.title("", f"Part {record['part']}")
    section = nodes.section("", title, ids=[f"part-{number}"], names=[f"part-{number}"], classes=["book-part"])
    ready = [chapter for chapter in record["chapters"] if "file" in chapter]
    minutes = sum(reading_minutes(cells(chapter["file"])) for chapter in ready)
    said = f"{len(ready)} chapter{'s' * (len(ready) > 1)} · {minutes} minutes to read" if ready else "to come"
    section += nodes.paragraph("", said, classes=["part-facts"])
    listed = [card(first + i, chapter, bool(ready)) for i, chapter in enumerate(record["chapters"])]
    section += nodes.bullet_list("", *listed, classes=["chapter-cards"])
    return section


class Parts(Made):
    """The parts of the book, each a section."""

    def run(self):
        """The sections of all parts."""
        self.noted()
        made, first = [], 1
        for number, record in enumerate(records(), 1):
            made.append(part(number, record, first))
            first += len(record["chapters"])
        return made


class Start(Made):
    """The way to the first chapter."""

    def run(self):
        """A paragraph with the link and what it leads to."""
        self.noted()
        number, chapter = chapters()[0]
        link = way(chapter, f"Start with chapter {number}")
        said = f"{chapter['title']} · {reading_minutes(cells(chapter['file']))} minutes"
        paragraph = nodes.paragraph("", "", link, nodes.Text(" "), nodes.inline("", said, classes=["start-facts"]))
        paragraph["classes"].append("start")
        return [paragraph]


def setup(app):
    """Register with Sphinx."""
    app.add_directive("start", Start)
    app.add_directive("book-parts", Parts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
