"""Of a style sheet what pages and scripts can need stays as it is, and the rest goes."""

import importlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

PAGE = """<html><head><title>x</title><style>p { color: var(--in-page) }</style></head>
<body class="wide narrow"><p id="one" class='note'>text</p><script>show("shown-by-page")</script></body></html>"""
CODE = 'box.classList.add("open-box"); document.createElement("dialog"); style.getPropertyValue("--asked")'


@pytest.fixture
def unused(monkeypatch):
    """The extension, as a module."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "book/_ext"))
    return importlib.import_module("unused_css")


@pytest.fixture
def left(unused):
    """A function that gives what is left of a style sheet, in one line."""
    known = unused.words([PAGE], [CODE])
    return lambda css: unused.purged(css, known).replace("\n", "")


@pytest.mark.parametrize(
    "css",
    [
        "p{x:y}",
        "P{x:y}",
        "*{x:y}",
        ".note{x:y}",
        ".wide.narrow{x:y}",
        "body .note{x:y}",
        "body>p#one{x:y}",
        "p:hover{x:y}",
        "p::before{x:y}",
        "p:not(.nowhere){x:y}",
        ":root{x:y}",
        "[data-state=far]{x:y}",
        ".open-box{x:y}",
        "dialog::backdrop{x:y}",
        ".shown-by-page{x:y}",
        "@page{margin:2cm}",
        '@font-face{font-family:A;src:url("a.woff2")}',
    ],
)
def test_what_may_be_there_stays(left, css):
    assert left(css) == css


@pytest.mark.parametrize(
    "css",
    [
        "table{x:y}",
        ".nowhere{x:y}",
        ".note.nowhere{x:y}",
        ".Note{x:y}",
        ".nowhere .note{x:y}",
        ".note~.nowhere{x:y}",
        "p#two{x:y}",
        "table:hover{x:y}",
        ".not{x:y}",
        "@media print{.nowhere{x:y}}",
        "@supports (a:b){@media print{.nowhere{x:y}}}",
        "p{}",
        "@keyframes turn{from{x:y}}",
    ],
)
def test_what_cannot_be_there_goes(left, css):
    assert left(css) == ""


def test_of_several_selectors_those_stay_that_may_match(left):
    assert left(".nowhere, .note , table,p.note{x:y}") == ".note,p.note{x:y}"


def test_conditions_keep_what_is_needed_in_them(left):
    assert left("@media (max-width:9px){ .nowhere{x:y} p{x:y} }") == "@media (max-width:9px){p{x:y}}"
    assert left("@supports (a:b){@media print{p{x:y}.nowhere{x:y}}}") == "@supports (a:b){@media print{p{x:y}}}"


def test_order_and_values_stay_and_spaces_go(left):
    css = """
    /* why */
    p { color : red ; content: "a  }" ; /* and this */ width: calc( 1px + /* and that */2px ) !important }
    p { color: blue; color: color-mix(in srgb, red, blue) }
    """
    assert left(css) == (
        'p{color:red;content:"a  }";width:calc( 1px + 2px )!important}p{color:blue;color:color-mix(in srgb, red, blue)}'
    )


def test_a_rule_within_a_rule_stays(left):
    assert re.sub(r"\s", "", left("p { color: red; & .inner { x: y } }")) == "p{color:red;&.inner{x:y}}"


def test_properties_that_nothing_uses_go_and_with_them_what_they_alone_used(left):
    css = "p{--a:1;--b:var(--c);--c:2;--in-page:3;--asked:4;width:calc(var( --a) * 2)}"
    assert left(css) == "p{--a:1;--in-page:3;--asked:4;width:calc(var( --a) * 2)}"
    assert left("p{--b:1}") == ""
    assert left("p{--b: ;x:var(--b)}") == "p{--b: ;x:var(--b)}"  # an empty value is a value
    assert left(".nowhere{x:var(--a)}p{--a:1}") == ""
    assert left("@media print{p{x:var(--a)}}p{--a:1}") == "@media print{p{x:var(--a)}}p{--a:1}"
    assert left("@keyframes turn{from{x:var(--a)}}p{--a:1;animation:1s turn}").endswith("p{--a:1;animation:1s turn}")


def test_animations_stay_where_they_are_played(left):
    css = "@keyframes turn{from{x:y}to{x:z}}p{animation:1s turn}"
    assert left(css) == css
    assert left("@keyframes turn{from{x:y}}p{animation:1s turning}") == "p{animation:1s turning}"
    assert left("@keyframes turn{from{x:y}}.nowhere{animation:turn 1s}") == ""


@pytest.mark.parametrize("css", ["p{x:y}\np{x}", "p{x:y}\n}p{x:y}", "p{x:y}\np"])
def test_a_style_sheet_that_cannot_be_read_is_an_error(left, css):
    with pytest.raises(ValueError, match=r"the style sheet cannot be read: .*line 2"):
        left(css)


def test_the_pages_have_the_short_sheet_in_place_of_the_long_one(unused, tmp_path):
    static = tmp_path / "_static"
    (static / "python").mkdir(parents=True)
    (static / "live").mkdir()
    (tmp_path / "chapters").mkdir()
    (static / "book-0123.css").write_text("p{x:y}.open-box{x:y}.by-python{x:y}.nowhere{x:y}.of-a-frame{x:y}")
    (static / "live/box.js").write_text(CODE)
    (static / "python/all.js").write_text("by-python")
    (static / "frame.html").write_text('<p class="of-a-frame">')
    link = '<link rel="stylesheet" href="{}_static/book-0123.css">'
    for name, up in (("a.html", ""), ("chapters/b.html", "../")):
        (tmp_path / name).write_text(PAGE.replace("<title>", link.format(up) + "<title>"))
    app = SimpleNamespace(builder=SimpleNamespace(name="html"), outdir=str(tmp_path))
    unused.write(app, ValueError())
    assert (static / "book-0123.css").exists()
    unused.write(app, None)
    (sheet,) = static.glob("*.css")
    assert sheet.read_text() == "p{x:y}\n.open-box{x:y}\n"
    assert f'href="_static/{sheet.name}"' in (tmp_path / "a.html").read_text()
    assert f'href="../_static/{sheet.name}"' in (tmp_path / "chapters/b.html").read_text()
    unused.write(app, None)
    assert sheet.exists()  # its name says what it holds
    app.builder.name = "latex"
    sheet.write_text("changed")
    unused.write(app, None)
    assert sheet.read_text() == "changed"
