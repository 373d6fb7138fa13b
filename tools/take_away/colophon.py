"""What stands at the front of the book: its cover, and the page that says which version it is, and its licences."""

import io
import os
import subprocess
import time
import tomllib
from typing import NamedTuple

import yaml
from pages import ROOT
from PIL import Image, ImageDraw, ImageFont
from style import PACKAGED

SUBTITLE = "From recurrent networks to transformers; derived, tested, measured"
PICTURE = ROOT / "book/_static/learning-sequences.png"
SIZE = (1600, 2400)
PAPER, INK, BAND = "#ffffff", "#1b2733", "#1f4e79"


class Facts(NamedTuple):
    """What the book says of itself."""

    title: str
    author: str
    version: str
    date: str
    address: str


def facts():
    """From the settings of the site and of the package; the date is that of the last commit."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["version"]
    return Facts(config["title"], config["author"], version, date(), config["repository"]["url"])


def date():
    """The day of the last commit, or of SOURCE_DATE_EPOCH; where there is no git, that of the release."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return time.strftime("%Y-%m-%d", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    words = ["git", "-C", str(ROOT), "log", "-1", "--format=%cs"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    released = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))["date-released"]
    return done.stdout.strip() or str(released)


def cover(about):
    """The cover as a PNG: the title on a band, the picture of the first page below it."""
    sheet = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((0, 0, SIZE[0], 1080), BAND)
    y = 190
    for word in about.title.split():
        draw.text((120, y), word, PAPER, font("STIXGeneralBol", 235))
        y += 240
    y += 90
    for line in wrapped(SUBTITLE, font("STIXGeneralItalic", 66), SIZE[0] - 240):
        draw.text((120, y), line, PAPER, font("STIXGeneralItalic", 66))
        y += 84
    picture = Image.open(PICTURE).convert("RGBA")
    wide = SIZE[0] - 160
    picture = picture.resize((wide, round(picture.height * wide / picture.width)), Image.Resampling.LANCZOS)
    sheet.paste(picture, (80, 1080 + (1040 - picture.height) // 2), picture)
    draw.text((120, 2230), about.author, INK, font("STIXGeneral", 60))
    stored = io.BytesIO()
    sheet.quantize(256).save(stored, "PNG", optimize=True)
    return stored.getvalue()


def font(name, size):
    """A font of the cover."""
    return ImageFont.truetype(str(PACKAGED / f"{name}.ttf"), size)


def wrapped(text, face, width):
    """The text in lines that fit the width."""
    line = ""
    for word in text.split():
        if line and face.getlength(f"{line} {word}") > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def imprint(about):
    """Version, date and licences, as XHTML."""
    return f"""<section id="imprint"><h1>{about.title}</h1>
<p class="subtitle">{SUBTITLE}</p>
<p>{about.author}</p>
<p>Version {about.version}, {about.date}. The newest version, the notebooks that computed everything in this book, and
a place to report mistakes are at <a href="{about.address}">{about.address}</a>.</p>
<p>Code that only draws a figure or makes a table is left out of this edition; the notebooks and the site have it.
Movable figures are shown as rows of stills. The API pages of the package are on the site.</p>
<p>Text and figures are under <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>: use them, change
them, and say where they are from. Code is under the <a href="https://opensource.org/license/bsd-3-clause">BSD 3-Clause
licence</a>. The help topics of Python in chapter 10 are under
<a href="https://docs.python.org/3.11/license.html">PSF-2.0</a>; the translations of chapters 11 and 12 are made of data
of Unicode CLDR, under <a href="https://www.unicode.org/license.txt">Unicode-3.0</a>.</p>
</section>"""
