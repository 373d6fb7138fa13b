"""What a book has of a page of the site, on pages of a few lines; the whole book is tested with the site."""

import sys
from pathlib import Path

import pytest
from lxml import html

ROOT = Path(__file__).resolve().parents[2]
SHELL = '<article class="bd-article"><nav>menu</nav><section id="top"><h1>A page</h1>{}</section></article>'
FRAME = (
    '<div class="seq-frame f-{0}"><p>step {0}</p><b>bar</b><img alt="frame {0}" src="data:image/png;base64,AA=="></div>'
)
SOLVED = (
    '<details class="sd-dropdown"><summary>Solution</summary><div class="sd-card-body"><pre>x</pre></div></details>'
)


@pytest.fixture(scope="module")
def pages():
    """The script that reads the pages."""
    folder = str(ROOT / "tools/take_away")
    sys.path.insert(0, folder)
    import pages

    yield pages
    sys.path.remove(folder)


@pytest.fixture
def read(pages, tmp_path):
    """Reads a page with this content."""

    def reader(content):
        (tmp_path / "chapters").mkdir(exist_ok=True)
        (tmp_path / "chapters/01_a.html").write_text(SHELL.format(content), encoding="utf8")
        return pages.page(tmp_path, "Part I", "chapters/01_a")

    return reader


@pytest.mark.parametrize(
    ("frames", "chosen"), [(1, [0]), (2, [0, 1]), (4, [0, 1, 2, 3]), (9, [0, 3, 5, 8]), (13, [0, 4, 8, 12])]
)
def test_of_a_movable_figure_the_first_the_last_and_two_between_are_shown(read, frames, chosen):
    inputs = '<input type="radio" name="f">' * frames
    body = read(
        f'<fieldset class="seq-frames f">{inputs}{"".join(map(FRAME.format, range(frames)))}</fieldset> after'
    ).body
    assert [image.get("alt") for image in body.iter("img")] == [f"frame {i}" for i in chosen]
    assert [p.text for p in body.iter("p")] == [f"step {i}" for i in chosen]
    assert body.findall(".//input") == body.findall(".//fieldset") == []
    assert body.text_content().endswith("after")
    assert "bar" not in body.text_content()


def test_what_is_folded_or_for_the_screen_is_left_out_and_the_rest_stays(read):
    kept = '<p>text <a class="headerlink" href="#x">#</a> and more</p><div class="cell"><pre>open()</pre></div>'
    folded = '<details class="admonition hide above-input"><pre>drawn()</pre></details>'
    stub = '<div class="cell_output"><div class="output"><pre>✎ f: not written yet.</pre></div></div>'
    body = read(kept + folded + stub + "<nav>menu</nav><button>Copy</button><script>go()</script><p hidden>no</p>").body
    assert [element.text_content().strip() for element in body] == ["A page", "text  and more", "open()"]
    assert "menu" not in body.text_content()


def test_a_token_that_looks_like_a_tag_is_read(read):
    assert read("<p>counts after <unk>, blank 1</p>").body.findtext("p") == "counts after <unk>, blank 1"


def test_a_name_is_read_on_behind_a_place_to_break_and_a_long_formula_may_break_there(read):
    body = read(
        "<p><code>seqlib.<wbr>nn.<wbr>LSTM</code> <span class='math'><math></math><wbr><math></math></span></p>"
    ).body
    assert body.findtext(".//code") == "seqlib.nn.LSTM"
    first, second = body.iter("math")
    assert (first.tail, second.getparent()) == ("\u200b", first.getparent())


def test_a_formula_that_is_no_mathml_is_an_error(read):
    assert read('<span class="math"><math><mi>x</mi></math></span>').body.find(".//mi").text == "x"
    with pytest.raises(ValueError, match=r"chapters/01_a\.html of the site has a formula that is not MathML"):
        read(r'<span class="math notranslate">\(x\)</span>')


def test_solutions_need_exercises_and_go_to_the_end(read):
    exercises = f"<p><strong>1. Sum.</strong> Add.</p>{SOLVED}<h3>2. Mean</h3>{SOLVED}"
    body = read(f"<section><h2>Practice</h2>{exercises}</section><section><h2>Summary</h2></section>").body
    assert [h.text_content() for h in body.iter("h2")] == ["Practice", "Summary", "Solutions"]
    assert [h.text_content() for h in body[-1].iter("h3")] == ["1. Sum", "2. Mean"]
    assert [a.get("href") for a in body.iter("a")] == ["#solution-1", "#solution-2", "#exercise-1", "#exercise-2"]
    assert len(body[-1].findall(".//pre")) == 2
    with pytest.raises(ValueError, match="a solution has no exercise above it"):
        read(f"<p>Nothing is asked.</p>{SOLVED}")


def test_what_is_folded_in_the_text_stands_open_and_is_no_solution(read):
    aside = SOLVED.replace("Solution", "For those who want it: why").replace("<pre>x</pre>", "<p>Because.</p>")
    body = read(f"<p>text</p>{aside}<p>on</p><h3>1. Sum</h3>{SOLVED}").body
    assert [p.text_content() for p in body.findall("p")][:4] == [
        "text",
        "For those who want it: why.",
        "Because.",
        "on",
    ]
    assert [h.text_content() for h in body.iter("h2")] == ["Solutions"]
    assert [a.get("href") for a in body.iter("a")] == ["#solution-1", "#exercise-1"]
    assert not body.findall(".//details")


def test_links_within_the_book_are_kept_and_others_become_text(pages, read):
    one = read(
        '<p id="a"><a href="02_b.html#there">on</a> <a href="02_b.html#lost">off</a> <a href="../book/api.html">api</a>'
        ' <a href="#a">here</a> <a href="https://example.org/">out</a></p>'
    )
    pages.relink(one, {"chapters/01_a": "01_a", "chapters/02_b": "02_b"}, {"01_a--a", "02_b--there"})
    links = {link.text: link.get("href") for link in one.body.iter("a")}
    assert links == {"on": "#02_b--there", "here": "#01_a--a", "out": "https://example.org/"}
    assert one.body.find("p").text_content() == "on off api here out"
    assert one.body.find("p").get("id") == "01_a--a"


def test_formulas_and_drawings_keep_their_namespaces(pages):
    element = html.fromstring('<p><math display="block"><mi>x</mi></math><svg viewbox="0 0 1 1"></svg> tail</p>')
    pages.tidy(element)
    text = pages.xml(element)
    assert text.count("xmlns=") == 2
    assert "tail" not in pages.xml(element[1])  # what follows a drawing is no part of it
    assert "viewBox" in text  # what is read as HTML has small letters only


def test_a_page_without_an_article_is_an_error(pages, tmp_path):
    (tmp_path / "x.html").write_text("<html><body><main></main></body></html>")
    with pytest.raises(ValueError, match=r"x\.html of the site has no article"):
        pages.page(tmp_path, "", "x")
