"""A student's text on a page: what it says is shown, nothing acts, and the work is bounded."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from coursework.showing.budget import CELL
from coursework.showing.clean import markdown, pictures
from coursework.showing.markdown import html, is_harmless

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
ATTACKS = [
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](&#106;avascript:alert(1))",
    "[a](java\tscript:alert(1))", "[a](\x01javascript:alert(1))", "[a](<javascript:alert(1)>)",
    "<javascript:alert(1)>", "[a][b]\n\n[b]: javascript:x", "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x)", "[a](file:///etc/passwd)", "[a](//evil.example/x)", "[a](/formgrader/api/grade/1)",
    "[a](files/x)", "![a](http://evil.example/x.png)", "![a](javascript:alert(1))", "![a](x onerror=alert(1))",
    '![" onerror="alert(1)](attachment:p.png)', '![a](attachment:p.png "x\\" onerror=\\"a")',
    "![a](attachment:../secret)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "a <b onmouseover=alert(1)>b</b>", "<!-- --><img src=x onerror=alert(1)>",
    "|<img src=x onerror=alert(1)>|b|\n|-|-|\n|c|d|", "```html\n<script>alert(1)</script>\n```",
    "```mermaid\n<img src=x onerror=alert(1)>\n```", "    <script>alert(1)</script>",
    "```\"><script>alert(1)</script>\nx\n```", "`<script>alert(1)</script>`", "# <img src=x onerror=alert(1)>",
    "$\\href{javascript:alert(1)}{x}$", "$$\\unicode{x3c}script>$$", "$\\require{html}\\style{x}{y}$",
    "$\\def\\a{\\a\\a}\\a$", "$</script><script>alert(1)</script>$", "\\begin{a}<img src=x onerror=alert(1)>\\end{a}",
    "\\\\(<script>\\\\)", "\\(\\href{javascript:alert(1)}{x}\\)", "$$\n<img src=x onerror=alert(1)>\n$$",
    "https://a.example/\"onmouseover=alert(1)", '[a](https://a.example/"onmouseover=alert(1))',
    "[a](https://a.example 'x\" onclick=\"alert(1)')", "&lt;script&gt;alert(1)",
    "<a href='javascript:alert(1)'>b</a>", "<iframe src=http://evil.example>",
    "<link rel=stylesheet href=//evil.example>", "<style>*{background:url(//evil.example)}</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<form action=//evil.example><input name=a></form>",
    "<base href=//evil.example>", "<math href=javascript:alert(1)>x", "</div></div></body><script>alert(1)</script>",
    "\n\n</div>\n\n<script>alert(1)</script>\n\n", "<details open ontoggle=x>", "\u202e\u2066<script>",
    "\0<script>alert(1)</script>", "<div>\n\n[a](javascript:alert(1))\n\n</div>", "[![a](x)](javascript:b)",
]  # fmt: skip
ALLOWED = {
    "href": r"https?://\S+",
    "rel": ".*",
    "target": "_blank",
    "class": "[a-z0-9_ -]+",
    "alt": ".*",
    "start": r"\d+",
}
ALLOWED |= {"src": "data:image/(png|jpeg);base64,.*", "display": "block", "mathvariant": "normal", "width": ".*em"}


class Page(HTMLParser):
    """What a browser would find in a piece of HTML: every tag with its attributes, and all text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        """Note a text."""
        self.text += data


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_acts(attack):
    """Neither as it is written, nor in the page that nbgrader makes of it; the parser is Python's own."""
    written = html(attack, {"p.png": f"data:image/png;base64,{PNG}"})
    assert is_harmless(written)
    assert "\n" not in written
    assert "<pre>" not in written.replace("<pre><code>", ""), "it was given up as a whole"
    for page in (Page(written), Page(markdown2html_mistune(written))):
        known = {"p", "div", "a", "img", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong", "math"}
        assert {tag for tag, _ in page.tags} <= known | {"mrow", "mi", "mo", "mn", "span"}
        for _, attributes in page.tags:
            for name, value in attributes.items():
                assert re.fullmatch(ALLOWED[name], value), (name, value)


def test_a_writer_that_errs_is_not_believed(monkeypatch):
    monkeypatch.setattr("coursework.showing.markdown._Writer.blocks", lambda self, tokens: "<script>alert(1)</script>")
    written = html("It *fell*.")
    assert "<script" not in written
    assert Page(written).text == "It *fell*."


def test_a_second_reader_changes_nothing():
    """nbgrader reads the text as Markdown again; it must find one piece of HTML in it, and nothing to do."""
    text = (
        "# A $x$ `b`\n\n*a* **b** ~~c~~ [x](https://a.example/b_c_d) \\$5\n\n```\n$a$ *b*\n\n\n# c\n```\n\n* a\n* b\n"
    )
    written = html(text)
    assert markdown2html_mistune(written).strip() == written


def test_what_a_student_says_stays():
    text = (
        "# Result\n\nIt **fell** at $n = 4$, `x < y`; see [here](https://a.example/?a=1&b=2).\n\n"
        "$$\n\\frac{1}{2} \\sum_i x_i^2\n$$\n\n1. one\n2. two\n\n|a|b|\n|-|-|\n|1|2|\n\n"
        "![my figure](attachment:a%20b.png)"
    )
    page = Page(html(text, {"a b.png": f"data:image/png;base64,{PNG}"}))
    tags = [tag for tag, _ in page.tags]
    assert "Result" in page.text
    assert "x < y" in page.text
    assert tags.count("math") == 2
    assert {"strong", "code", "a", "ol", "table", "mfrac", "img"} <= set(tags)
    assert dict(page.tags)["img"]["alt"] == "my figure"
    assert dict(page.tags)["a"]["href"] == "https://a.example/?a=1&b=2"


def test_of_what_is_not_shown_the_address_is():
    said = Page(html("[a](javascript:alert(1)) ![b](http://evil.example/x.png) ![c](attachment:d.png)")).text
    assert "javascript:alert(1)" in said
    assert "http://evil.example/x.png" in said
    assert "attachment:d.png" in said


def test_attachments_are_pictures_or_nothing():
    given = {
        "a.png": {"image/png": PNG},
        "b.svg": {"image/svg+xml": "<svg/>"},
        "c.png": {"image/png": "<script>"},
        "d": 3,
    }
    assert pictures(given) == {"a.png": f"data:image/png;base64,{PNG}"}
    assert pictures([]) == pictures(None) == {}


@pytest.mark.parametrize("unit", [
    "\\begin{a}", "[", "![", "*a ", "**a* ", "_a__ ", "`", "```\n", "<", "$", "$a", "$$\n", "> ", ">", "- ", "[a](",
    "&", "\\", "1. a\n", "|a|b|\n|-|-|\n", "[a]: b\n", "* a\n  ", "<!--", "~~a", "\\\\(", "{", "\n\n- ", "`a``",
    "x\n=\n", "\\left", "a\\begin{b}\n", "![[]](", "$\\hat", "$\\frac{", "![a][]", "$$", "\\begin{a}\n\\end{b}\n",
])  # fmt: skip
def test_the_worst_text_takes_less_than_a_second(unit):
    text = (unit * CELL)[:CELL]
    begin = time.process_time()
    written = markdown(text)
    markdown2html_mistune(written)
    assert time.process_time() - begin < 1
    assert len(written) < 20 * CELL


def test_every_formula_of_the_assignments_is_set():
    for path in Path(__file__).resolve().parents[3].glob("chapters/assignments/*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            if cell["cell_type"] == "markdown":
                assert "<code>&#36;" not in html("".join(cell["source"])), path
