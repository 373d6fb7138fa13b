"""Formulas become MathML that says what TeX says; what does not convert is named with its page."""

import importlib.util
import io
import re
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sphinx.application import Sphinx

EXTENSIONS = Path(__file__).resolve().parents[2] / "book/_ext"
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
KINDS = {  # alphabet -> its command, how Unicode calls it, the letters that are asked for
    "bold": (r"\mathbf", "MATHEMATICAL BOLD", "AZaz09"),
    "bold italic": (r"\boldsymbol", "MATHEMATICAL BOLD ITALIC", "AZaz"),
    "double-struck": (r"\mathbb", "DOUBLE-STRUCK", "ACEHNPQRZ"),
    "script": (r"\mathcal", "SCRIPT", "ABCEFHILMNRVZ"),
}


@pytest.fixture(scope="module")
def mathml():
    """The extension."""
    spec = importlib.util.spec_from_file_location("mathml", EXTENSIONS / "mathml.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(mathml):
    """A function that gives the tree of a formula, without the namespace."""

    def convert(tex, display=False):
        root = ElementTree.fromstring(f"<all>{mathml.FORMULAS.mathml((tex, display))}</all>")
        for node in root.iter():
            node.tag = node.tag.removeprefix(NAMESPACE)
        return root[0] if len(root) == 1 else root

    return convert


def said(node):
    """A tree as nested text: kind(children), the letters of tokens as they are, and no spaces."""
    inner = [said(child) for child in node if child.tag != "mspace"]
    return f"{node.tag}({' '.join(inner)})" if len(node) else node.text or ""


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\frac{a}{b+1}", "math(mfrac(a mrow(b + 1)))"),
        ("x_i^2", "math(msubsup(x i 2))"),
        ("W_{hh}^\\top", "math(msubsup(W mrow(h h) ⊤))"),
        (r"\sqrt{x}", "math(msqrt(x))"),
        (r"\operatorname{diag}(x)", "math(diag ( x ))"),
        (r"\mathrm{softmax}", "math(softmax)"),
        (r"\hat h", "math(mover(h ˆ))"),
        (r"\overset{\rightarrow}{h}", "math(mover(h →))"),
        (r"\left.x\right|_0", "math(msub(mrow(x |) 0))"),
        (r"\binom{n}{k}", "math(mrow(( mfrac(n k) )))"),
        (r"\overbrace{a+b}^{n}", "math(mover(mover(mrow(a + b) ⏞) n))"),
        (r"\max_i x_i", "math(munder(max i) msub(x i))"),
        (r"f'(x)", "math(msup(f ′) ( x ))"),
    ],
)
def test_structure(tree, tex, expected):
    assert said(tree(tex)).replace(" \u2061", "") == expected


def spaces(node):
    """Before and after each operator, in eighteenths of an em, as a browser leaves them."""
    plain = {"=": "0.2778em", "+": "0.2222em", "−": "0.2222em"}
    found = []
    for mo in node.iter("mo"):
        usual = plain.get(mo.text, "0")
        found.append(tuple(round(18 * float(mo.get(side, usual).removesuffix("em"))) for side in ("lspace", "rspace")))
    return found


@pytest.mark.parametrize(
    ("tex", "expected"),
    [  # the TeXbook, chapter 18: 3 thin, 4 medium, 5 thick
        ("a+b", [(4, 4)]),
        ("-b", [(0, 0)]),
        ("a=-b", [(5, 5), (0, 0)]),
        ("a,b", [(0, 3)]),
        (r"a\mid b", [(5, 5)]),
        ("a|b", [(0, 0)]),
        (r"x\odot y", [(4, 4)]),
        (r"2\sum x", [(3, 3)]),
        ("x_{t+1}", [(0, 0)]),
        ("(a)", [(0, 0), (0, 0)]),
        (r"\lVert a\rVert b", [(0, 0), (0, 0)]),
        (r"\log x", [(0, 3)]),
    ],
)
def test_signs_have_the_spaces_of_tex(tree, tex, expected):
    assert spaces(tree(tex)) == expected


def test_a_space_without_a_sign_is_an_element(tree):
    gaps = [gap.get("width") or gap.get("style") for gap in tree(r"a\quad b\,c\!d\left(\tfrac12\right)").iter("mspace")]
    assert gaps == ["1em", "0.167em", "margin-left:-0.167em", "0.1667em"]
    limits = tree(r"2\sum_i x_i", display=True)
    assert [node.tag for node in limits] == ["mn", "mspace", "munder", "mspace", "msub"]
    assert spaces(limits) == [(0, 0)]


@pytest.mark.parametrize("kind", KINDS)
def test_letters_of_other_alphabets_are_those_of_unicode(tree, kind):
    command, name, letters = KINDS[kind]
    for letter in letters:
        (drawn,) = tree(f"{command}{{{letter}}}").itertext()
        assert unicodedata.normalize("NFKC", drawn) == letter
        assert name in unicodedata.name(drawn) or (name == "MATHEMATICAL BOLD ITALIC" and letter == "h")
    if kind == "bold italic":
        assert [unicodedata.name(*tree(rf"\boldsymbol\{name}").itertext()) for name in ("alpha", "omega", "Delta")] == [
            f"MATHEMATICAL BOLD {letter}" for letter in ("ITALIC SMALL ALPHA", "ITALIC SMALL OMEGA", "CAPITAL DELTA")
        ]


def test_one_upright_letter_says_so(tree):
    assert tree(r"\mathrm{d}x").find("mi").get("mathvariant") == "normal"
    assert tree(r"\Delta").find("mi").get("mathvariant") == "normal"
    assert tree("x").find("mi").get("mathvariant") is None


def test_accents_and_what_is_above_are_told_apart(tree):
    assert tree(r"\hat h").find("mover").get("accent") == "true"
    assert tree(r"\overset{\rightarrow}{h}").find("mover").get("accent") is None


def test_brackets_stretch_as_they_are_asked_to(tree):
    assert {mo.get("stretchy") for mo in tree("(a)").iter("mo")} == {"false"}
    assert {mo.get("stretchy") for mo in tree(r"\left(\frac12\right)").iter("mo")} == {"true"}
    assert [mo.get("minsize") for mo in tree(r"\Big(x\Big)").iter("mo")] == ["1.623em"] * 2


def test_tables_are_aligned(tree):
    cells = list(tree(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", display=True).iter("mtd"))
    assert ["text-align:right" in cell.get("style") for cell in cells] == [True, False] * 2
    assert ["text-align:left" in cell.get("style") for cell in cells] == [False, True] * 2
    assert cells[1][0].tag == "mi", "what is before the sign is empty, so that the sign keeps its spaces"
    cells = list(tree(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}").iter("mtd"))
    assert [cell.get("style").split("padding:")[1].split()[1] for cell in cells] == ["0.5em", "0"] * 2


def test_a_long_formula_in_the_text_is_broken_after_signs_outside_brackets(tree):
    tex = r"f(x + \varepsilon) = f(x) + \varepsilon f'(x) + \tfrac12\varepsilon^2 f''(x) + \dots"
    parts, whole = list(tree(tex)), tree(tex, display=True)
    assert {part.tag for part in parts[1::2]} == {"wbr"}
    parts = parts[::2]
    assert len(parts) > 2
    assert whole.tag == "math"
    assert "".join("".join(part.itertext()) for part in parts) == "".join(whole.itertext())
    for part in parts:
        letters = "".join(part.itertext())
        assert letters.count("(") == letters.count(")")
        assert len(letters) <= 22
    assert [part[-1].text for part in parts[:-1]] == ["=", *["+"] * (len(parts) - 2)]


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\unheardof x", r"Undefined control sequence \unheardof"),
        (r"\frac{a", "Missing close brace"),
        (r"\begin{nothing}x\end{nothing}", "Unknown environment"),
        (r"x\tag{3}", "give the equation a label"),
        (r"\mathfrak{g}", "fraktur"),
        (r"\mathbb{\Gamma}", "Γ"),
    ],
)
def test_what_does_not_convert_is_an_error(mathml, tex, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        mathml.FORMULAS.mathml((tex, True))


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub"])
def test_pages_of_every_kind_have_their_formulas_and_a_bad_one_is_named(tmp_path, monkeypatch, builder):
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    monkeypatch.delitem(sys.modules, "mathml", raising=False)
    equations = ".. math::\n   :label: eq-one\n\n   a &= b \\\\\n   c &= d\n\n.. math::\n\n   \\oops\n"
    (tmp_path / "index.rst").write_text(f"Title\n=====\n\nAn :math:`x_1`.\n\n{equations}")
    config = {"extensions": ["mathml"], "html_math_renderer": "mathml", "epub_show_urls": "no", "version": "1"}
    warned = io.StringIO()
    Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "trees", builder, config, status=None, warning=warned).build()
    page = next(path for path in (tmp_path / "out").iterdir() if path.stem == "index")
    text = page.read_text(encoding="utf8")
    assert text.count("<math ") == 2
    assert '<span class="eqno">(1)' in text
    assert "mathjax" not in text.lower()
    assert "index.rst:12" in warned.getvalue() or "index.rst:13" in warned.getvalue()
    assert r"Undefined control sequence \oops: \oops" in warned.getvalue()
