"""No accessibility violation, in light and dark, on a desktop and a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe(visit, server, page_name, width, scheme):
    # colours are measured when they have come to rest
    page = visit(width=width, scheme=scheme, reduced_motion="reduce").go(f"{server}/{page_name}")
    found = Axe().run(page).response["violations"]
    said = [(v["id"], v["help"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
    assert said == []
