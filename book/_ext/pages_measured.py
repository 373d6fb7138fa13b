"""How fast the pages of the book are, on the page on speed, made from what tools/lighthouse.py stored.

{pages-measured}   what was found of every page, and under which conditions
"""

import json

from record import ROOT, Made

STORED = ROOT / "book/measured/lighthouse.json"
AIMS = {"phone": 95, "desktop": 99}


def speeds(pages, device):
    """The scores of the pages that were measured on a quiet machine."""
    return [row[device]["performance"] for row in pages.values() if "performance" in row[device]]


def summary(pages):
    """What the table says, in sentences."""
    for device, aim in AIMS.items():
        found = speeds(pages, device)
        if found:
            reached = sum(speed >= aim for speed in found)
            yield f"On a {device}, {reached} of {len(found)} pages reach {aim}; the lowest score is {min(found)}."
    heaviest = max(row["phone"]["bytes"] for row in pages.values()) / 1024
    most = max(row["phone"]["requests"] for row in pages.values())
    yield f"The heaviest page takes {heaviest:.0f} KB, and none asks for more than {most} files."


def conditions(found):
    """Where and when it was measured, and what else the machine did."""
    load, commit = found["load"], found["commit"][:10]
    yield f"*Lighthouse {found['lighthouse']}, medians of {found['runs']} runs, on {found['machine']}, {found['date']},"
    yield f"at commit* `{commit}`. *{load[0].upper()}{load[1:]}; a page for which that was never so has no score for"
    yield "its speed.*"


def table(pages, known):
    """A row for each page, which is called by its title if it is one of the book's."""
    yield "| page | phone | desktop | accessibility | best practices | SEO | KB | files |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for path, row in pages.items():
        both = [row["phone"], row["desktop"]]
        fast = " | ".join(str(each.get("performance", "–")) for each in both)
        least = " | ".join(str(min(each[kind] for each in both)) for kind in ("accessibility", "best practices", "seo"))
        phone = row["phone"]
        name = f"{{doc}}`/{path}`" if path in known else path
        yield f"| {name} | {fast} | {least} | {phone['bytes'] / 1024:.0f} | {phone['requests']} |"


class Table(Made):
    """What was found of every page."""

    def sources(self):
        """The stored measurements."""
        return [STORED]

    def lines(self):
        """What they come to, the table, the conditions."""
        if not STORED.exists():
            yield "*Not measured yet: a machine that others use at the same time says nothing about speed.*"
            return
        found = json.loads(STORED.read_text(encoding="utf8"))
        yield from summary(found["pages"])
        yield ""
        yield from table(found["pages"], self.env.found_docs)
        yield ""
        yield from conditions(found)


def setup(app):
    """Register with Sphinx."""
    app.add_directive("pages-measured", Table)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
