"""Pages become light: pictures are files of a known size, style sheets are one, scripts two."""

import base64
import importlib
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image


def png(width, height, colour="red"):
    """A picture, as bytes."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "png")
    return written.getvalue()


@pytest.fixture
def weight(monkeypatch):
    """The extension, as a module."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "book/_ext"))
    return importlib.import_module("weight")


@pytest.fixture
def out(tmp_path):
    """The folder of a site with a page in a folder."""
    for name in ("_static/vendor/a", "_images", "chapters"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_pictures_in_a_page_become_files_named_by_what_they_show(weight, out):
    one, other = (base64.b64encode(png(3, 2, colour)).decode() for colour in ("red", "blue"))
    text = f'<img src="data:image/png;base64,{one}"><img src="data:image/png;base64,{one[:9]}\n{one[9:]}">'
    text += f'<img src="data:image/png;base64,{other}">'
    found = weight.SOURCE.findall(weight.filed(text, out / "chapters/a.html", out / "_images"))
    assert found[0] == found[1] != found[2]
    assert all(name.startswith("../_images/") for name in found)
    assert (out / "chapters" / found[0]).read_bytes() == png(3, 2, "red")
    (top,) = weight.SOURCE.findall(
        weight.filed(f'<img src="data:image/png;base64,{one}">', out / "a.html", out / "_images")
    )
    assert top == found[0].removeprefix("../")


@pytest.fixture
def dressed(weight, out):
    """A function that gives the tags of the pictures of a page."""
    (out / "_images/p.png").write_bytes(png(40, 30))
    (out / "_images/logo.svg").write_text("<svg></svg>")

    def tags(text):
        return weight.PICTURE.findall(weight.lazy(text, out / "chapters/a.html"))

    return tags


def test_pictures_say_their_size(dressed):
    plain, wide, given, drawn, lost = dressed(
        '<article><img src="../_images/p.png"><img src="../_images/p.png?v=1" style="width: 20px;">'
        '<img src="../_images/p.png" height="9"><img src="../_images/logo.svg"><img src="../_images/none.png">'
    )
    assert 'width="40" height="30"' in plain
    assert 'width="20" height="15"' in wide
    assert 'height="9"' in given
    assert "width" not in given
    assert drawn == '<img src="../_images/logo.svg">'
    assert lost == '<img src="../_images/none.png">'


def test_the_first_picture_of_the_text_comes_at_once_and_the_others_late(dressed):
    image = '<img src="../_images/p.png">'
    assert ["lazy" in tag for tag in dressed(f"{image}<article>{image}{image}</article>{image}")] == [
        True,
        False,
        True,
        True,
    ]
    (said,) = dressed('<img loading="eager" src="../_images/p.png"><article>')
    assert said.count("loading=") == 1


def test_a_style_sheet_takes_in_what_it_imports_and_its_addresses_are_taken_along(weight, out):
    static = out / "_static"
    (static / "vendor/a/font.woff2").touch()
    (static / "vendor/a/inner.css").write_text('@charset "UTF-8";a{src:url(font.woff2?v=3#x)} b{src:url("none.woff2")}')
    (static / "vendor/outer.css").write_text('@import url("a/inner.css");c{d:url(data:x) url(#y) url(https://z)}')
    assert weight.style(static / "vendor/outer.css", static) == (
        'a{src:url(vendor/a/font.woff2)} b{src:url("none.woff2")}c{d:url(data:x) url(#y) url(https://z)}'
    )


HEAD = """<html><head>
  <link rel="preload" href="../_static/b.js" as="script">
  <link href="../_static/a.css?v=1" rel="stylesheet" type="text/css"><link rel="stylesheet" href="../_static/b.css">
  <script src="../_static/documentation_options.js?v=2"></script>
  <script data-x="1" src="../_static/b.js?v=3"></script><script defer src="../_static/ours.js"></script>
  <script type="module" src="../_static/m.js"></script><script src="../there/c.js"></script>
</head><body><article></article></body></html>"""


@pytest.fixture
def joined(weight, out):
    """A function that joins what a page loads."""
    for name in ("a.css", "b.css", "b.js", "ours.js", "m.js", "documentation_options.js"):
        (out / "_static" / name).write_text(f"/* {name} */")
    return lambda text: weight.joined(text, out / "chapters/a.html", out / "_static", {"ours.js"})


def test_a_page_loads_one_style_sheet_the_theme_s_script_and_ours(weight, out, joined):
    text = joined(HEAD)
    (sheet,) = weight.STYLE.findall(text)
    assert (out / "chapters" / sheet).read_text() == "/* a.css */\n/* b.css */"
    theirs, ours = [name for _, name, _ in weight.SCRIPT.findall(text) if "book-" in name]
    assert (out / "chapters" / theirs).read_text() == ";/* b.js */"
    assert (out / "chapters" / ours).read_text() == ";/* ours.js */"
    assert text.count('<script defer src="../_static/book-') == text.count('data-x="1"') == 2
    assert text.index(sheet) < text.index(theirs) < text.index(ours) < text.index("</head>")
    assert "<script>/* documentation_options.js */</script>" in text
    assert 'src="../_static/m.js"' in text
    assert 'src="../there/c.js"' in text
    assert "preload" not in text


def test_what_is_no_page_of_the_book_keeps_what_it_has(joined, weight):
    assert weight.STYLE.findall(joined("<html><head></head></html>")) == []


def test_the_font_of_formulas_is_asked_for_at_once_where_there_are_formulas(joined):
    assert "stix_two_math" not in joined(HEAD)
    text = joined(HEAD.replace("<article>", "<article><math>"))
    assert 'href: "../_static/fonts/stix_two_math.woff2"' in text
    assert text.index('location.protocol !== "file:"') < text.index('rel="stylesheet"')


def test_the_name_of_a_bundle_says_what_it_holds(weight, out):
    one, same, other = (weight.bundle(parts, "js", out) for parts in (["a", "b"], ["a", "b"], ["a", "c"]))
    assert one == same != other
    assert (out / one).read_text() == "a\nb"


def test_what_is_slow_in_the_theme_is_done_another_way(weight, out):
    theme = out / "pydata-sphinx-theme.js"
    theme.write_text(" ".join(weight.SLOW))
    assert weight.script(theme) == " ".join(weight.SLOW.values())
    theme.write_text(next(iter(weight.SLOW)))
    with pytest.raises(RuntimeError, match=r"pydata-sphinx-theme\.js is another one"):
        weight.script(theme)
    theme.rename(out / "other.js")
    assert weight.script(out / "other.js") == next(iter(weight.SLOW))


# Boxes that count how often they are asked and told, as the script of the theme asks and tells them.
BOXES = """
let asked = [];
const box = (name, wide, seen) => ({
    checkVisibility: () => seen,
    get scrollWidth() { asked.push(`${name}?`); return wide ? 9 : 1; },
    clientWidth: 1, scrollHeight: 1, clientHeight: 1,
    set tabIndex(value) { asked.push(`${name}=${value}`); },
});
[box('a', true, true), box('b', false, true), box('c', true, false)]"""


def test_all_boxes_are_asked_before_one_is_told_and_hidden_ones_are_not_asked(weight):
    from py_mini_racer import MiniRacer

    for code, wanted in zip(
        next(iter(weight.SLOW.items())), ["a? a=0 b? b=-1 c? c=0", "a? b? a=0 b=-1 c=-1"], strict=True
    ):
        assert MiniRacer().eval(f"{BOXES}{code}; asked.join(' ')") == wanted


def test_all_is_done_on_every_page_and_on_no_other_file(weight, out, joined, monkeypatch):
    fonts = out / "_static/vendor/fontawesome/webfonts"
    for folder in (fonts, out / "_static/fonts"):
        folder.mkdir(parents=True)
    for name in weight.FONTS:
        (fonts / name).write_text("large")
        (out / "_static/fonts" / name).write_text("small")
    image = f'<img src="data:image/png;base64,{base64.b64encode(png(4, 2)).decode()}">'
    (out / "chapters/a.html").write_text(HEAD.replace("<article>", f"<article>{image}"))
    (out / "_static/frame.html").write_text(image)
    js = [("ours.js", {})]
    app = SimpleNamespace(builder=SimpleNamespace(name="html"), outdir=out, config=SimpleNamespace(html_js_files=js))
    weight.lighten(app, ValueError())
    assert (fonts / weight.FONTS[0]).read_text() == "large"
    weight.lighten(app, None)
    assert [(fonts / name).read_text() for name in weight.FONTS] == ["small", "small"]
    text = (out / "chapters/a.html").read_text()
    assert len(weight.STYLE.findall(text)) == 1
    assert 'width="4" height="2"' in text
    assert "data:image" not in text
    assert (out / "_static/frame.html").read_text() == image
