"""Make the fonts of the icons: of Font Awesome, as the theme has it, what the pages show, in 4 KB for 270.

    python -m pip install fonttools brotli pydata-sphinx-theme==0.17.1
    python tools/icon_fonts.py

It writes book/_static/fonts/fa-solid-900.woff2 and fa-brands-400.woff2, which the site has in place of the theme's; the
licence is beside them. A page with another icon fails a test of the site: add its name here, and run this again.
"""

import importlib.util
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "book/_static/fonts"
FONTS = ("fa-solid-900.woff2", "fa-brands-400.woff2")
ICONS = [
    "angle-down",
    "angle-left",
    "angle-right",
    "angle-up",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-rotate",
    "bars",
    "book",
    "bug",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle-check",
    "circle-half-stroke",
    "circle-info",
    "circle-question",
    "circle-xmark",
    "copy",
    "download",
    "envelope",
    "file",
    "file-pdf",
    "flag",
    "github",
    "link",
    "list",
    "magnifying-glass",
    "moon",
    "pause",
    "pen",
    "pencil",
    "play",
    "print",
    "rocket",
    "rotate-left",
    "sun",
    "table",
    "trash",
    "triangle-exclamation",
    "up-right-from-square",
    "xmark",
]


def codes(css):
    """The characters of the icons, and of those that the theme draws by itself: notes, warnings, links elsewhere."""
    named = {}
    for names, code in re.findall(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}', css):
        named |= {name: int(code, 16) for name in re.findall(r"\.fa-([\w-]+):", names)}
    unknown = [name for name in ICONS if name not in named]
    if unknown:
        raise ValueError(f"Font Awesome has no icon of the name {', '.join(unknown)}")
    own = {ord(sign) for sign in re.findall(r'--pst-icon-[\w-]+: ?"(.)"', css)}
    return sorted(own | {named[name] for name in ICONS})


def make(theme, folder=FOLDER):
    """Write the part of each font that the pages need."""
    from fontTools import subset

    wanted = codes((theme / "styles/pydata-sphinx-theme.css").read_text(encoding="utf8"))
    for name in FONTS:
        options = subset.Options(flavor="woff2", hinting=False, layout_features=[], name_IDs=[0, 13])
        font = subset.load_font(theme / "vendor/fontawesome/webfonts" / name, options)
        part = subset.Subsetter(options)
        part.populate(unicodes=wanted)
        part.subset(font)
        for part_of_name in (1, 4, 6):  # a changed font may not keep the name, which its licence reserves
            font["name"].setName("LearningSequencesIcons", part_of_name, 3, 1, 0x409)
        subset.save_font(font, folder / name, options)
        print(f"{name}: {(folder / name).stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    package = importlib.util.find_spec("pydata_sphinx_theme").submodule_search_locations[0]
    make(Path(package, "theme/pydata_sphinx_theme/static"))
