"""Formulas as MathML: usual ones are set, and whatever is not on the list is refused."""

import contextlib
import json
import re
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from coursework.showing.formula import LONGEST, mathml

ROOT = Path(__file__).resolve().parents[3]


def shape(tex, display=False):
    """The tree of a formula, without the characters' numbers."""
    return mathml(tex, display).removeprefix("<math><mrow>").removesuffix("</mrow></math>")


@pytest.mark.parametrize(("tex", "wanted"), [
    ("x_1^2", "<msubsup><mi>x</mi><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></msubsup>"),
    (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    ("x^10", "<msup><mi>x</mi><mrow><mn>1</mn></mrow></msup><mn>0</mn>"),
    ("f'", "<msup><mi>f</mi><mrow><mo>&#8242;</mo></mrow></msup>"),
    (r"\mathrm dh", '<mi mathvariant="normal">d</mi><mi>h</mi>'),
    (r"\text{for all } x", '<mi mathvariant="normal">for all </mi><mi>x</mi>'),
    (r"\mathbb{R}", "<mrow><mi>ℝ</mi></mrow>"),
    (r"\mathbf x", "<mrow><mi>𝐱</mi></mrow>"),
    ("a<b", "<mi>a</mi><mo>&#60;</mo><mi>b</mi>"),
    (r"\sqrt[3]{x}", "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>"),
    (r"\left(x\right]", "<mo>(</mo><mi>x</mi><mo>&#93;</mo>"),
    (r"\binom nk", '<mrow><mo>(</mo><mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo></mrow>'),
    (r"\begin{cases}1&2\\3&4\end{cases}", "<mrow><mo>&#123;</mo><mtable>"
     "<mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable></mrow>"),
])  # fmt: skip
def test_usual_formulas(tex, wanted):
    assert shape(tex) == wanted


def test_sums_have_their_limits_below_and_above_where_there_is_room():
    assert "<munderover>" in mathml(r"\sum_{i=1}^n i", display=True)
    assert "<msubsup>" in mathml(r"\sum_{i=1}^n i")
    assert 'display="block"' in mathml("x", display=True)


@pytest.mark.parametrize("tex", [
    r"\href{javascript:alert(1)}{x}", r"\unicode{x3c}", r"\require{html}", r"\def\a{\a\a}\a", r"\newcommand{\a}{b}",
    r"\style{a}{b}", r"\cssId{a}{b}", r"\class{a}{b}", r"\begin{a}", r"\begin{a}x\end{a}", r"\text{\href{a}{b}}",
    r"\text{\alpha}", r"\text{a", r"\left", "x^", "^^", "x_1_2", "a}b", "{a", "&", r"\mathbf{", r"\frac{1}", "\\",
    r"\text", r"\begin{cases}1", r"\begin", r"\sqrt[3", r"\left x",
])  # fmt: skip
def test_anything_else_is_refused(tex):
    with pytest.raises(ValueError, match=r"\w"):
        mathml(tex)


@pytest.mark.parametrize(
    "unit", [r"\hat", "{", "x_", r"\frac", r"\left(", r"\begin{cases}", "'", r"\text{a}", r"x^{y", r"\mathbf"]
)
def test_long_and_deep_ones_cost_nothing(unit):
    begin = time.process_time()
    with pytest.raises(ValueError, match="at most"):
        mathml("x" * (LONGEST + 1))
    with contextlib.suppress(ValueError):
        assert len(mathml((unit * LONGEST)[:LONGEST])) < 100 * LONGEST
    assert time.process_time() - begin < 0.5


def test_every_formula_of_the_book_is_set_and_is_xml():
    found = {}
    for path in (ROOT / "chapters").rglob("*.ipynb"):
        found[path.relative_to(ROOT)] = 0
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            source = re.sub(r"```.*?```|`[^`]*`", "", "".join(cell["source"]), flags=re.DOTALL)
            for mark, tex in re.findall(
                r"(\$\$?)(.+?)\1", source if cell["cell_type"] == "markdown" else "", re.DOTALL
            ):
                ElementTree.fromstring(mathml(tex.replace("«", "").replace("»", ""), mark == "$$"))
                found[path.relative_to(ROOT)] += 1
    assert len(found) >= 8
    assert [path for path, count in found.items() if not count] == []
