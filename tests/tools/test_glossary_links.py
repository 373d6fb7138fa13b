"""The first use of a term in a chapter becomes a link to the glossary, and nothing else does."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree

TERMS = {
    "hidden state": "term-hidden-state",
    "state": "term-state",
    "state norm": "term-state-norm",
    "GRU": "term-GRU",
    "value": "term-value",
    "n-gram": "term-n-gram",
}


@pytest.fixture
def glossary_links(monkeypatch):
    """The extension, as a module."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "book/_ext"))
    return importlib.import_module("glossary_links")


@pytest.fixture
def found(glossary_links):
    """A function that links the terms in a text and gives (the words, the address) of every link."""

    def links(text):
        doctree = publish_doctree(text)
        before = doctree.astext()
        glossary_links.link(doctree, TERMS, "../g.html")
        assert doctree.astext() == before, "the words are others"
        return [(link.astext(), link["refuri"]) for link in doctree.findall(nodes.reference)]

    return links


def test_the_first_use_is_linked_and_no_other(found):
    text = "A hidden state, and a hidden state.\n\nThe hidden state again, and a state, and the state."
    assert found(text) == [("hidden state", "../g.html#term-hidden-state"), ("state", "../g.html#term-state")]


def test_a_part_of_a_longer_term_is_not_meant(found):
    assert found("The hidden state.\n\nOnce more the hidden state.") == [
        ("hidden state", "../g.html#term-hidden-state")
    ]


def test_the_longer_of_two_terms_is_meant(found):
    assert found("Look at the state norm here.") == [("state norm", "../g.html#term-state-norm")]


@pytest.mark.parametrize("text", ["Hidden states count.", "It has hidden states", "*hidden states*", "hidden states."])
def test_plurals_and_capitals_are_the_same_term(found, text):
    ((words, address),) = found(text)
    assert words.lower() == "hidden states"
    assert address == "../g.html#term-hidden-state"


@pytest.mark.parametrize("text", ["gru", "GRUB", "n-grams-of", "statement", "restate", "pre-state", "state-of-the-art"])
def test_other_words_are_not_terms(found, text):
    assert found(f"Here a {text} is.") == []


def test_words_of_everyday_english_are_left_to_the_author(found):
    assert found("Its value is large.") == []


@pytest.mark.parametrize(
    "text",
    [
        "A GRU\n=====\n\nGo on.",
        "``GRU`` and :math:`GRU` and",
        "::\n\n  GRU",
        ".. figure:: a.png\n\n   A GRU",
        "=== ===\nGRU one\n=== ===",
        ".. rubric:: GRU",
        ".. role:: raw-html(raw)\n   :format: html\n\n:raw-html:`GRU`",
    ],
)
def test_headings_code_formulas_captions_tables_and_outputs_stay(found, text):
    assert found(text) == []


@pytest.mark.parametrize("name", ["cell_output", "verdict-card", "chapter-facts", "sd-dropdown"])
def test_what_is_made_elsewhere_stays(glossary_links, name):
    doctree = publish_doctree("A GRU")
    box = nodes.container("", *doctree.children, classes=[name])
    doctree.children = []
    doctree += box
    glossary_links.link(doctree, TERMS, "../g.html")
    assert not list(doctree.findall(nodes.reference))
    box["classes"] = ["other"]
    glossary_links.link(doctree, TERMS, "../g.html")
    assert len(list(doctree.findall(nodes.reference))) == 1


def test_a_link_stays_the_link_it_is(found):
    assert found("See `the GRU <https://example.org>`_ there.") == [("the GRU", "https://example.org")]


def test_a_term_that_the_chapter_links_itself_is_linked_once(found):
    text = "A GRU first, then `it <../g.html#term-GRU>`_ again."
    assert found(text) == [("it", "../g.html#term-GRU")]


def test_only_chapters_have_their_terms_linked(glossary_links):
    known = {("term", "GRU"): ("book/glossary", "term-GRU"), ("term", "one"): ("x", "term-one")}
    known |= {("label", "two"): ("book/glossary", "two")}

    def links(page, kind="html"):
        builder = SimpleNamespace(format=kind, get_relative_uri=lambda here, there: f"{here}>{there}")
        env = SimpleNamespace(get_domain=lambda name: SimpleNamespace(objects=known))
        doctree = publish_doctree("A GRU, and one, and two.")
        glossary_links.resolved(SimpleNamespace(builder=builder, env=env), doctree, page)
        return [link["refuri"] for link in doctree.findall(nodes.reference)]

    assert links("chapters/06_gru") == ["chapters/06_gru>book/glossary#term-GRU"]
    assert links("book/speed") == []
    assert links("chapters/06_gru", "latex") == []
