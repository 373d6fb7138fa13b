"""What was read and solved is remembered on this device, can be seen and taken back; nothing breaks where it cannot."""

import json

import pytest

CHAPTER = "03_bptt"
ENDS = "article > section > section[id]"
KEPT = "name => JSON.parse(localStorage.getItem(`seq:chapter:${name}`))"
SOLVED = "d => document.dispatchEvent(new CustomEvent('seq:solved', {detail: d}))"


def opened(visit, address):
    """A page with a clock that the test moves."""
    page = visit().page
    page.clock.install()
    page.goto(address)
    page.locator(".seq-read").wait_for(state="attached")
    return page


def read(page, name, seconds):
    """Bring the end of a section on the screen, and let so many seconds pass."""
    for past in range(0, seconds, 10):  # again, for what is above may still become higher
        page.evaluate("id => document.getElementById(id).scrollIntoView({block: 'end', behavior: 'instant'})", name)
        page.clock.run_for(1000 * min(10, seconds - past))


def test_sections_that_were_read_are_ticked_and_make_a_chapter(visit, server):
    page = opened(visit, f"{server}/chapters/{CHAPTER}.html")
    names = page.eval_on_selector_all(ENDS, "all => all.map(section => section.id)")
    wanted = [name for name in names if name not in ("practice", "further-reading")]
    assert len(wanted) >= 6
    ticked = page.locator("nav.page-toc > ul > li > a .seq-tick")
    read(page, wanted[0], 2)
    assert ticked.count() == 0, "nobody reads a section in two seconds"
    read(page, wanted[0], 120)
    assert wanted[0] in page.evaluate(KEPT, CHAPTER)["sections"]
    assert page.locator(f"nav.page-toc a[href='#{wanted[0]}'] .seq-tick").inner_text().split() == ["✓", "read"]
    assert page.evaluate(KEPT, CHAPTER)["next"] == wanted[1]
    assert page.locator(".bd-docs-nav .seq-tick").count() == 0
    for name in wanted[1:]:
        assert not page.evaluate(KEPT, CHAPTER)["read"]
        read(page, name, 240)
    assert page.evaluate(KEPT, CHAPTER)["read"]
    assert page.locator(".bd-docs-nav li:has-text('Backpropagation') .seq-tick").inner_text().split() == ["✓", "read"]
    assert page.get_by_label("I have read this chapter").is_checked()


def test_a_jump_to_the_end_is_not_reading(visit, server):
    page = opened(visit, f"{server}/chapters/{CHAPTER}.html")
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.clock.run_for(600_000)
    kept = page.evaluate(KEPT, CHAPTER)
    assert not kept["read"]
    assert 1 <= len(kept["sections"]) <= 3


def test_the_first_page_shows_it_and_leads_on(visit, server):
    page = opened(visit, f"{server}/chapters/{CHAPTER}.html")
    page.get_by_label("I have read this chapter").check()
    page.evaluate(SOLVED, {"chapter": CHAPTER, "exercise": "through_tanh"})
    page.evaluate(SOLVED, {"chapter": CHAPTER, "exercise": "through_tanh"})
    assert page.get_by_label("Solved: exercise through_tanh").is_checked()
    page.get_by_label("Solved: exercise one_step_back").check()
    page.get_by_label("Solved: exercise derivative").check()
    page.get_by_label("Solved: exercise derivative").uncheck()
    page.goto(f"{server}/book/index.html")
    card = page.locator(".chapter-card", has_text="Backpropagation through time")
    assert card.locator(".chapter-facts").inner_text().endswith(" · ✓ read · 2 of 5 solved")
    assert page.locator(".part-facts .seq-said").all_inner_texts() == [" · 1 of 4 read"]
    start = page.locator(".start a")
    assert start.inner_text() == "Continue with chapter 4"
    start.click()
    assert page.url.endswith("/chapters/04_gradients.html")
    page.goto(f"{server}/chapters/{CHAPTER}.html")
    page.get_by_label("I have read this chapter").uncheck()
    assert page.locator(".seq-tick").count() == 0
    page.goto(f"{server}/book/index.html")
    assert start.inner_text() == "Continue with chapter 3"


def test_the_way_on_leads_to_the_next_section(visit, server):
    page = opened(visit, f"{server}/chapters/{CHAPTER}.html")
    first, second = page.eval_on_selector_all(ENDS, "all => all.slice(0, 2).map(section => section.id)")
    read(page, first, 120)
    page.goto(f"{server}/book/index.html")
    assert page.locator(".start a").get_attribute("href").endswith(f"/{CHAPTER}.html#{second}")


def test_all_of_it_can_be_seen_and_forgotten(visit, server):
    page = opened(visit, f"{server}/chapters/{CHAPTER}.html")
    page.get_by_label("I have read this chapter").check()
    page.get_by_label("Solved: exercise derivative").check()
    page.evaluate("localStorage.setItem('other', 'mine')")
    page.get_by_role("link", name="What is remembered on this device").click()
    page.wait_for_url("**/how_to_use.html#what-is-remembered")
    said = page.locator(".remembered li").all_inner_texts()
    assert said == ["3. Backpropagation through time: read; exercises solved: 1"]
    page.evaluate("document.addEventListener('seq:forgotten', () => { window.told = true; })")
    page.get_by_role("button", name="Forget everything").click()
    assert page.get_by_role("status").inner_text() == "Forgotten."
    assert page.locator(".remembered li").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('seq:'))") == []
    assert page.evaluate("[localStorage.getItem('other'), window.told]") == ["mine", True]
    page.goto(f"{server}/book/index.html")
    assert page.locator(".start a").inner_text() == "Start with chapter 1"
    assert page.locator(".seq-said, .seq-tick").count() == 0


@pytest.mark.parametrize("value", ["{", "7", "null", json.dumps({"read": "x", "sections": 3, "solved": [1, None]})])
def test_what_others_wrote_there_breaks_nothing(visit, server, value):
    found = visit()
    found.page.goto(f"{server}/book/bibliography.html")
    found.page.evaluate("v => localStorage.setItem('seq:chapter:03_bptt', v)", value)
    found.page.goto(f"{server}/chapters/{CHAPTER}.html")
    found.page.get_by_label("Solved: exercise derivative").check()
    assert found.page.evaluate(KEPT, CHAPTER) == {"read": False, "sections": [], "solved": ["derivative"], "next": ""}
    assert [said for said in found.complaints if not said.startswith("failed: ")] == []  # the page was left early


DENIED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})"

# The theme complains of this when it loads; what hears of a right answer does not.
FAULTS = f"d => {{ let n = 0; addEventListener('error', () => n++); ({SOLVED})(d); return n; }}"


def test_a_browser_that_keeps_nothing_shows_the_page_all_the_same(visit, site):
    found = visit()
    found.page.add_init_script(DENIED)
    for name in (f"chapters/{CHAPTER}", "book/index", "book/how_to_use"):
        found.page.goto(f"{site.as_uri()}/{name}.html")
        assert found.page.evaluate(FAULTS, {"chapter": CHAPTER, "exercise": "derivative"}) == 0
        assert found.page.locator(".seq-footer a").count() == 1  # the script went on to its end
    assert "keeps nothing" in found.page.locator(".remembered").inner_text()
    assert found.page.locator("button.seq-forget").count() == 0


def test_from_a_file_it_is_remembered_where_the_browser_allows(visit, site):
    found = visit()
    found.page.goto(f"{site.as_uri()}/chapters/{CHAPTER}.html")
    found.page.get_by_label("I have read this chapter").check()
    found.page.goto(f"{site.as_uri()}/book/index.html")
    assert found.page.locator(".start a").inner_text() == "Continue with chapter 4"
    assert [said for said in found.complaints if not said.startswith("failed: ")] == []
