"""Search finds what is there, and its snippets can be read."""

import re

import pytest


@pytest.mark.parametrize("way", ["server", "file"])
def test_search_works(visit, server, site, way):
    base = server if way == "server" else site.as_uri()
    opened = visit()
    page = opened.go(f"{base}/search.html?q=perplexity")
    page.wait_for_selector("#search-results li", timeout=10000)
    assert page.locator("#search-results li").count() >= 2
    assert "Sequences need memory" in page.inner_text("#search-results")


def test_snippets_can_be_read(visit, server):
    page = visit().go(f"{server}/search.html?q=surprise")
    page.wait_for_selector("#search-results li p.context", timeout=10000)
    for snippet in page.eval_on_selector_all("#search-results p.context", "all => all.map(p => p.innerText)"):
        assert not re.search(r"Binder|Colab|\\\[|\\mathrm|Toggle|Copy to clipboard", snippet), snippet
