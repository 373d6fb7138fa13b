"""Small extensions of the site, on pages of a few lines: previews, labels, descriptions, links of source."""

import importlib
import subprocess
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from pybtex.database import Entry, Person

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def extension(monkeypatch):
    """A function that gives an extension, as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "book/_ext"))
    return importlib.import_module


# Previews

GLOSSARY = """<article><dl><dt id="term-GRU">GRU<a class="headerlink" href="#term-GRU">¶</a></dt>
<dd><p id="p">See <a href="x.html">the <em>gates</em></a><script>no</script>.</p></dd></dl>
<div class="math" id="equation-eq-a"><math></math><span class="eqno"><a class="confirmed">✓</a>(1)</span></div>
<div class="citation" id="id7"><span class="label">[E90]</span><p>Elman. <i>Finding</i>.</p></div>
<dl><dt id="term-menu">menu</dt><dd>m</dd></dl><div id="id8">a figure</div></article>
<div class="math" id="term-out">outside</div>"""
LINKS = """<nav><a href="g.html#term-menu">menu</a></nav><article><a class="r" href="g.html#term-GRU">GRU</a>
<a href="g.html#term-GRU">again</a><a href="g.html#equation-eq-a">(1)</a><a class="r" href="g.html#id7">Elman</a>
<a href="g.html#id8">figure</a><a href="g.html#other">else</a><a href="g.html#term-none">none</a>
<a href="c.html#term-self">self</a><a href="https://example.org/g.html#term-GRU">out</a>
<a href="../s.html#term-x">up</a><a href="g.html#term-out">outside</a><dl><dt id="term-self">self</dt><dd>s</dd></dl>
</article>"""


@pytest.fixture
def site(tmp_path):
    """A site of two pages, and one beside it."""
    (tmp_path / "site/_static").mkdir(parents=True)
    (tmp_path / "site/g.html").write_text(GLOSSARY)
    (tmp_path / "site/c.html").write_text(LINKS)
    (tmp_path / "site/_static/f.html").write_text(LINKS)
    (tmp_path / "s.html").write_text('<article><dl><dt id="term-x">x</dt><dd>x</dd></dl></article>')
    return tmp_path / "site"


def test_a_page_holds_what_its_links_lead_to_on_other_pages(extension, site):
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=site)
    previews = extension("previews")
    previews.write(app, ValueError())
    assert (site / "c.html").read_text() == LINKS
    previews.write(app, None)
    text = (site / "c.html").read_text()
    found = {made["data-for"]: made.decode_contents() for made in BeautifulSoup(text, "html.parser").select("template")}
    assert found == {
        "g.html#term-GRU": "<p><strong>GRU</strong></p><p>See the <em>gates</em>.</p>",
        "g.html#equation-eq-a": '<div class="math"><math></math><span class="eqno">(1)</span></div>',
        "g.html#id7": "<p>Elman. <i>Finding</i>.</p>",
    }
    assert text.index("<template") < text.index("</article>")
    assert (site / "g.html").read_text() == GLOSSARY
    assert (site / "_static/f.html").read_text() == LINKS
    previews.write(app, None)
    assert (site / "c.html").read_text() == text


def test_what_is_read_is_read_anew_for_every_build(extension, site):
    app, previews = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=site), extension("previews")
    previews.write(app, None)
    (site / "g.html").write_text(GLOSSARY.replace("gates", "doors"))
    previews.write(app, None)
    assert "doors" in (site / "c.html").read_text()


# Labels of the bibliography


def entry(*names, key="key", **fields):
    """An entry with these authors."""
    found = Entry("article", fields=fields, persons={"author": [Person(name) for name in names]} if names else {})
    found.key = key
    return found


@pytest.mark.parametrize(
    ("source", "label"),
    [
        (entry("Elman, Jeffrey L.", year="1990"), "Elman, 1990"),
        (entry("van den Oord, Aaron", year="2016"), "van den Oord, 2016"),
        (entry("{The Team}", year="2020"), "The Team, 2020"),
        (entry("A, B", "C, D", year="1"), "A and C, 1"),
        (entry("A, B", "C, D", "E, F", year="1"), "A et al., 1"),
        (entry(organization="Unicode", year="2"), "Unicode, 2"),
        (entry(key="docs"), "docs, n.d."),
    ],
)
def test_a_label_is_authors_and_year(extension, source, label):
    assert extension("author_year").label(source) == label


def test_editors_stand_for_authors(extension):
    source = entry(year="1")
    source.persons["editor"] = [Person("E, F")]
    assert extension("author_year").label(source) == "E, 1"


def test_labels_that_are_alike_have_letters(extension):
    sources = [entry("A, B", year="1"), entry("C, D", year="1"), entry("A, B", year="1"), entry("A, X", year="1")]
    assert [*extension("author_year").AuthorYear().format_labels(sources)] == ["A, 1a", "C, 1", "A, 1b", "A, 1c"]


# What a page says of itself


@pytest.fixture
def about(extension, monkeypatch):
    """The extension, with one chapter."""
    module = extension("about_page")
    monkeypatch.setattr(module, "chapters", lambda: [(1, {"file": "01_a", "question": "What is asked?"})])
    return module


def test_the_description_is_the_question_or_the_first_paragraph_and_not_too_long(about):
    page = publish_doctree("Title\n=====\n\nFirst *words*\nof it.\n\nMore.")
    assert about.description("chapters/01_a", page) == "What is asked?"
    assert about.description("book/a", page) == "First words of it."
    assert about.description("book/a", publish_doctree("")) == ""
    words = "word " * 60
    assert about.description("book/a", publish_doctree(words)) == words.strip()
    cut = about.description("book/a", publish_doctree(f"abc {words}end"))
    assert cut == "abc " + ("word " * 59).strip() + " …"


def test_the_date_is_that_of_the_last_commit_or_of_the_newest_change(about, tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/changelog.md").write_text("# C\n\n## 0.2, 2026-02-03\n\n## 0.1, 2025-01-01\n")
    said = SimpleNamespace(stdout="2026-11-27\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    assert about.date(tmp_path) == "2026-02-03"  # the commit is that of a repository around it
    (tmp_path / ".git").mkdir()
    assert about.date(tmp_path) == "2026-11-27"

    def fails(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", fails)
    assert about.date(tmp_path) == "2026-02-03"


def test_a_page_says_what_it_is_and_how_to_report_a_mistake(about):
    builder = SimpleNamespace(get_target_uri=lambda name: f"{name}.html")
    config = SimpleNamespace(html_theme_options={"repository_url": "https://example.org/r"})
    app = SimpleNamespace(builder=builder, config=config, version_said="1.2", date_said="2026-01-02")
    context = {"title": 'A <em>"b"</em> & c', "metatags": "<m>", "theme_extra_footer": "<f>"}
    about.about(app, "chapters/02_b", "page.html", context, publish_doctree('Less < "more".'))
    assert context["metatags"].startswith("<m>")
    head = BeautifulSoup(context["metatags"], "html.parser")
    said = {tag.get("name") or tag.get("property"): tag["content"] for tag in head.select("meta")}
    assert said == {
        "description": 'Less < "more".',
        "og:title": 'A "b" & c',
        "og:description": 'Less < "more".',
        "og:type": "article",
    }
    assert context["theme_extra_footer"].startswith("<f>")
    foot = BeautifulSoup(context["theme_extra_footer"], "html.parser")
    assert foot.p.text.startswith("Version 1.2, 2026-01-02 ·")
    changes, errata, report = (link["href"] for link in foot.select("a"))
    assert (changes, errata) == ("../book/changelog.html", "../book/errata.html")
    assert report.startswith("https://example.org/r/issues/new?")
    asked = parse_qs(urlsplit(report).query)
    assert asked["title"] == ['Mistake on the page: A "b" & c']
    assert asked["body"][0].startswith('Page: chapters/02_b (A "b" & c)\nVersion: 1.2\n')
    assert foot.select_one(".print-address").text == 'A "b" & c · chapters/02_b.html'
    bare = {}
    about.about(app, "search", "search.html", bare, None)
    assert "metatags" not in bare
    assert "search" in bare["theme_extra_footer"]


# Links below shown source


@pytest.fixture
def shown(extension):
    """The extension, and what it writes below a text."""
    module = extension("shown")
    known = {
        name: SimpleNamespace(docname="book/api/x", node_id=name)
        for name in ("seqlib.reference.lstm.step", "seqlib.reference.lstm", "seqlib")
    }
    equations = {f"eq-lstm-{name}": ("chapters/05_lstm", n) for n, name in enumerate(("cell", "state"), 7)}
    domains = {"py": SimpleNamespace(objects=known), "math": SimpleNamespace(equations=equations)}
    numbers = {"chapters/05_lstm": {"displaymath": {"equation-eq-lstm-cell": (5, 2)}}}
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"{there}.html")
    env = SimpleNamespace(get_domain=domains.__getitem__, toc_fignumbers=numbers)

    def below(text):
        block = nodes.literal_block("", text)
        document = nodes.section("", block)
        module.links(SimpleNamespace(builder=builder, env=env), document, "chapters/06_gru")
        assert document[0] is block
        return [(p.astext(), [link["refuri"] for link in p.findall(nodes.reference)]) for p in document[1:]]

    module.below, module.env = below, env
    return module


def test_shown_source_leads_to_the_api_and_to_the_equations_of_its_docstring(shown, monkeypatch):
    module = SimpleNamespace(__doc__="Book: 05_lstm, eq-lstm-cell, def-lstm-gate, eq-lstm-state", step=1)
    monkeypatch.setattr(shown.importlib, "import_module", {"seqlib.reference.lstm": module}.__getitem__)
    assert shown.below("# seqlib/reference/lstm.py: step\ndef step(): ...") == [
        (
            "seqlib.reference.lstm.step in the API · equation (5.2) · equation (8)",
            [
                "book/api/x.html#seqlib.reference.lstm.step",
                "chapters/05_lstm.html#equation-eq-lstm-cell",
                "chapters/05_lstm.html#equation-eq-lstm-state",
            ],
        )
    ]
    assert shown.below("x = 1\n# seqlib/reference/lstm.py: step\n") == []
    assert shown.below("# seqlib/reference/lstm: step\n") == []


def test_what_has_no_entry_begins_with_its_equations_and_what_has_neither_gets_no_line(shown, monkeypatch):
    module = SimpleNamespace(__doc__="Book: eq-lstm-state", step=1)
    monkeypatch.setattr(shown.importlib, "import_module", lambda name: module)
    text = "# seqlib/other.py: step\n"
    assert shown.below(text) == [("Equation (8)", ["chapters/05_lstm.html#equation-eq-lstm-state"])]
    module.__doc__ = ""
    assert shown.below(text) == []


def test_a_name_without_an_entry_leads_to_what_holds_it(shown):
    assert shown.entry(shown.env, "seqlib.reference.lstm", "Cell.step")[0] == "seqlib.reference.lstm"
    assert shown.entry(shown.env, "seqlib.reference.lstm", "step")[0] == "seqlib.reference.lstm.step"
    assert shown.entry(shown.env, "seqlib.other", "step") is None


def test_equations_are_those_of_the_nearest_docstring(shown, monkeypatch):
    class Cell:
        """A cell.

        Book: chapters/05_lstm, eq-lstm-cell, eq-lstm-state
        """

        def step(self):
            """Go on."""

        def back(self):
            """Go back.

            Book: eq-lstm-state
            """

    module = SimpleNamespace(__doc__="Book: eq-lstm-cell", Cell=Cell, other=1)
    monkeypatch.setattr(shown.importlib, "import_module", lambda name: module)
    cell, state = (("eq-lstm-cell", "chapters/05_lstm", 7), ("eq-lstm-state", "chapters/05_lstm", 8))
    assert shown.equations(shown.env, "m", "Cell.back") == [state]
    assert shown.equations(shown.env, "m", "Cell.step") == [cell, state]
    assert shown.equations(shown.env, "m", "other") == [cell]
    module.__doc__ = None
    assert shown.equations(shown.env, "m", "other") == []
