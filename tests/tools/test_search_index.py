"""The index of the search: what it takes from a page and what not, and formulas as text that can be read."""

import sys
from pathlib import Path

import pytest
from docutils import nodes
from sphinx import addnodes

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = str(ROOT / "book/_ext")


@pytest.fixture(scope="module")
def modules():
    """The two extensions."""
    sys.path.insert(0, EXTENSIONS)
    try:
        import readable
        import search_index

        yield search_index, readable.readable
    finally:
        sys.path.remove(EXTENSIONS)


FORMULAS = {
    r"h_{t-1}": "hₜ₋₁",
    r"W_{hh}^\top \mathrm dh_t": "Wₕₕᵀ dhₜ",
    r"W_{xf}": "W_xf",
    r"\frac{\partial L}{\partial h_t}": "∂L/∂hₜ",
    r"\frac{a + b}{2}": "(a + b)/2",
    r"\left(\tfrac12\right)^2": "(1/2)²",
    r"\hat y_t = \overset{\rightarrow}{h}": "y\u0302ₜ = h\u20d7",
    r"\begin{aligned} a &= b , \\ c &= d . \end{aligned}": "a = b; c = d .",
    r"\sum_{t=1}^{T} \log p(x_t \mid x_{<t})": "∑ₜ₌₁ᵀ log p(xₜ | x_(<t))",
    r"\lVert x \rVert_2 \le \sigma_{\max}\, \tanh a": "‖ x ‖₂ ≤ σₘₐₓ tanh a",
    r"\sqrt{d_k} \ne \sqrt{d_k + 1}": "√dₖ ≠ √(dₖ + 1)",
    r"\log\pi": "log π",
    r"a^{\text{last}} \, \nabla L": "a^last ∇L",
    r"h^{\text{reference}}, \binom nk, 10^{-10}": "h^reference, (n over k), 10⁻¹⁰",
    r"\{a\} \label{eq-a} b'": "{a} b′",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_can_be_read(modules, formula):
    assert modules[1](formula) == FORMULAS[formula]


def paragraph(text):
    return nodes.paragraph("", text)


def section(name, title, *children):
    return nodes.section("", nodes.title("", title), *children, ids=[name], names=[title.lower()])


@pytest.fixture
def page():
    """A page with all that a page has."""
    code = nodes.container("", nodes.literal_block("", "import secrets"), classes=["cell", "cell_input"])
    printed = nodes.container("", paragraph("printed"), classes=["cell_output"])
    answer = nodes.container("", paragraph("the solution"), design_component="dropdown", classes=["sd-dropdown"])
    term = nodes.term("", "gate", ids=["term-gate"])
    item = nodes.definition_list_item("", term, nodes.definition("", paragraph("Opens and closes.")))
    glossary = addnodes.glossary("", nodes.definition_list("", item))
    inner = addnodes.desc(
        "",
        addnodes.desc_signature("", "", ids=["seqlib.a.B.c"]),
        addnodes.desc_content("", paragraph("Inner.")),
    )
    signature = addnodes.desc_signature("", "", ids=["seqlib.a.B"])
    name = addnodes.desc(
        "", signature, addnodes.desc_content("", paragraph("Outer."), nodes.literal_block("", "a = b"), inner)
    )
    words = nodes.paragraph("", "Take ", nodes.math("", r"h_{t-1}"), nodes.Text(" and\n more."))
    document = nodes.document(None, None)
    document += section(
        "top",
        "A page",
        words,
        section("one", "One", code, printed, nodes.raw("", "<button>Go</button>", format="html"), paragraph("Said.")),
        section("practice", "Practice", answer, section("x", "1. A step", paragraph("Write it."), answer.deepcopy())),
        section("further", "Further reading", paragraph("Others.")),
        glossary,
        name,
    )
    return document


def test_what_is_found_on_a_page(modules, page):
    assert list(modules[0].entries(page)) == [
        ("page", "", "A page", "Take hₜ₋₁ and more."),
        ("section", "one", "One", "Said."),
        ("exercise", "practice", "Practice", ""),
        ("exercise", "x", "1. A step", "Write it."),
        ("aside", "further", "Further reading", "Others."),
        ("term", "term-gate", "gate", "Opens and closes."),
        ("name", "seqlib.a.B", "seqlib.a.B", "Outer. a = b"),
        ("name", "seqlib.a.B.c", "seqlib.a.B.c", "Inner."),
    ]


def test_other_names_are_those_of_pages_that_are_there(modules):
    record = (ROOT / "book/chapters.yml").read_text(encoding="utf8")
    for page in modules[0].ALSO:
        assert f"file: {page.removeprefix('chapters/')}\n" in record, page
