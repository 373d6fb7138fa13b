"""Style sheets and fonts of what is taken away: from installed packages, cut to the characters that are used."""

import io
import logging
from functools import cache
from pathlib import Path

import matplotlib
from fontTools import subset
from pages import ROOT
from pygments.formatters import HtmlFormatter

logging.getLogger("fontTools").setLevel(logging.WARNING)
HERE = Path(__file__).resolve().parent
PACKAGED = Path(matplotlib.get_data_path()) / "fonts/ttf"  # STIX and DejaVu, their licences beside them
MATH = ROOT / "book/_static/fonts/stix_two_math.woff2"  # cut already to what formulas use
LICENCES = [PACKAGED / "LICENSE_DEJAVU", PACKAGED / "LICENSE_STIX", MATH.with_name("stix_two_math_licence.txt")]
# family, weight, style, file
CODE = [("DejaVu Sans Mono", "normal", "normal", "DejaVuSansMono"), ("DejaVu Sans", "normal", "normal", "DejaVuSans")]
TEXT = [
    ("STIX", "normal", "normal", "STIXGeneral"),
    ("STIX", "bold", "normal", "STIXGeneralBol"),
    ("STIX", "normal", "italic", "STIXGeneralItalic"),
    ("STIX", "bold", "italic", "STIXGeneralBolIta"),
]


@cache
def rules(*names):
    """The named style sheets that lie beside this file, after the colours of code."""
    colours = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    kept = [line for line in colours.splitlines() if line.startswith(".highlight .")]
    return "\n".join([*kept, *((HERE / f"{name}.css").read_text(encoding="utf8") for name in names)])


def fonts(faces, text):
    """file -> font: the faces with the characters of the text and no others, and the font of formulas."""
    letters = set(text)
    made = {f"{file}.woff": cut(PACKAGED / f"{file}.ttf", letters) for *_, file in faces}
    return {**made, MATH.name: MATH.read_bytes()}


def cut(path, letters):
    """A font with these characters alone, as WOFF."""
    options = subset.Options(flavor="woff", layout_features=["kern", "liga", "mark", "mkmk"], notdef_outline=True)
    options.drop_tables += ["FFTM", "TeX "]
    font = subset.load_font(io.BytesIO(path.read_bytes()), options)  # all in memory: no file stays open
    chooser = subset.Subsetter(options)
    chooser.populate(text="".join(sorted(letters)))
    chooser.subset(font)
    font.flavor, font.recalcTimestamp = "woff", False
    stored = io.BytesIO()
    font.save(stored)
    return stored.getvalue()


def faces_css(faces, folder):
    """The rules that name the fonts in a folder."""
    named = [(*face[:3], f"{face[3]}.woff") for face in faces]
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style};'
        f' src: url("{folder}/{file}"); }}'
        for family, weight, style, file in [*named, ("STIX Two Math", "normal", "normal", MATH.name)]
    )
