"""Every link inside the site leads to a page and a place that exist; every notebook can be downloaded."""

import json
import urllib.parse
from html.parser import HTMLParser

import pytest


class Page(HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.addresses = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Collect ids, links and sources."""
        attributes = dict(attrs)
        self.ids.update(filter(None, (attributes.get("id"), attributes.get("name"))))
        self.addresses += [attributes[key] for key in ("href", "src") if attributes.get(key)]


@pytest.fixture(scope="module")
def pages(site):
    """Every page, parsed, by its path."""
    return {path.resolve(): Page(path.read_text(encoding="utf8")) for path in site.rglob("*.html")}


def test_links_lead_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for address in page.addresses:
            parts = urllib.parse.urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (parts.fragment and target in pages and parts.fragment not in pages[target].ids):
                broken.append((path.name, address))
    assert broken == []


def test_a_notebook_can_be_downloaded(site, chapter):
    page = (site / "chapters" / f"{chapter}.html").read_text(encoding="utf8")
    assert f"{chapter}.ipynb" in page
    notebook = json.loads((site / "_sources/chapters" / f"{chapter}.ipynb").read_text(encoding="utf8"))
    assert notebook["nbformat"] == 4


def test_launch_buttons_follow_the_configuration(site, chapter):
    page = (site / "chapters" / f"{chapter}.html").read_text(encoding="utf8")
    assert "mybinder.org/v2/gh/learning-sequences/learning-sequences/main" in page
    assert "colab.research.google.com/github/learning-sequences/learning-sequences" in page
