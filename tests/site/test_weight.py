"""A page is light: what it loads before anybody touches it, as a server that compresses sends it."""

import functools
import gzip
import importlib.util
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPRESSED = {".html", ".css", ".js", ".json", ".svg"}
KB, REQUESTS = 350, 20


@functools.cache
def sent(path):
    """The bytes of a file on its way; what is compressed by itself stays as it is."""
    data = path.read_bytes()
    return len(gzip.compress(data, 6)) if path.suffix in COMPRESSED else len(data)


def loads(visit, site):
    """File -> its bytes on the way, of all that a page has asked for."""
    paths = {site / urlsplit(url).path.lstrip("/") for url in visit.requests if url.startswith("http")}
    return {path.relative_to(site).as_posix(): sent(path) for path in paths}


@pytest.mark.loads("wide")
def test_a_page_is_light(loaded, site):
    found = loads(loaded, site)
    assert loaded.load.page in found
    assert len(found) <= REQUESTS, found
    assert sum(found.values()) <= KB * 1024, found


# The pictures of the text that lack their size, or are loaded at once though they are not the first.
HEAVY = """() => [...document.querySelectorAll('article img')].filter(image => /\\.png$/.test(image.src)).filter(
    (image, i) => !(image.getAttribute('width') > 0 && image.getAttribute('height') > 0)
        || (i && image.loading !== 'lazy') || image.src.startsWith('data:')
).map(image => image.outerHTML.slice(0, 200))"""


@pytest.mark.loads("wide")
def test_pictures_say_their_size_and_are_loaded_late(loaded):
    assert loaded.page.evaluate(HEAVY) == []
    assert loaded.page.locator("img[src^='data:image/png']").count() == 0


@pytest.mark.loads("wide")
def test_nothing_holds_up_the_page_but_one_style_sheet(loaded):
    assert loaded.page.locator("link[rel=stylesheet]").count() == 1
    assert loaded.page.locator("head script[src]:not([defer])").count() == 0


@pytest.mark.loads("chapter", last=True)
def test_pictures_have_the_shape_that_they_are_given(loaded):
    page = loaded.page
    page.eval_on_selector_all("article img", "all => all.forEach(image => { image.loading = 'eager'; })")
    page.wait_for_function("[...document.querySelectorAll('article img')].every(image => image.complete)")
    shapes = page.eval_on_selector_all(
        "article img", "all => all.map(i => [i.naturalWidth, i.naturalHeight, i.width, i.height, i.checkVisibility()])"
    )
    assert shapes
    for natural_width, natural_height, width, height, shown in shapes:
        assert natural_width > 0
        if shown:
            assert abs(height - width * natural_height / natural_width) <= 2


def test_every_icon_is_in_its_font(site):
    spec = importlib.util.spec_from_file_location("icon_fonts", ROOT / "tools/icon_fonts.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    shown = set()
    for page in site.rglob("*.html"):
        for names in re.findall(r'class="([^"]*\bfa[bs]?\b[^"]*)"', page.read_text(encoding="utf8")):
            shown |= set(re.findall(r"\bfa-([a-z0-9-]+)", names)) - {"solid", "brands", "regular", "lg", "fw"}
    assert len(shown) > 10
    assert shown <= set(tool.ICONS)
    for font in tool.FONTS:
        assert (site / "_static/vendor/fontawesome/webfonts" / font).stat().st_size < 10_000
