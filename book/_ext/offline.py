"""Leave out what the theme loads and the site does not use, mend its landmarks, and check that no page needs a host."""

import re
from pathlib import Path

# 543 KB compressed; the icons come from the web font, which is loaded all the same. The search is our own.
UNUSED = ["scripts/fontawesome.js", "searchtools.js", "language_data.js", "searchindex.js"]
# What accessibility checkers find in the theme: a logo outside every landmark, list entries that are no list items, a
# toggle without a name.
MENDED = [
    (re.compile(r'(<a class="navbar-brand logo".*?</a>)', re.DOTALL), r'<nav aria-label="Home">\1</nav>'),
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
    (re.compile(r'<summary>(?=<span class="toctree-toggle")'), '<summary aria-label="The pages below">'),
    # The colours are known before anything is painted. The theme says them when all is there, and paints all anew.
    (
        re.compile(r'(\.dataset\.theme = )localStorage\.getItem\("theme"\) \|\| "auto";'),
        r"""\1document.documentElement.dataset.mode !== "auto" ? document.documentElement.dataset.mode
      : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";""",
    ),
]
LOADS = re.compile(
    r"""<(?:script|img|iframe|source|link(?=[^>]*rel="(?:stylesheet|preload|icon)"))[^>]*(?:src|href)="(?:https?:)?//"""
)


def strip(app, exception):
    """Remove the unused scripts from every page and from the output folder."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf8")
        for script in UNUSED:
            text = re.sub(rf"\s*<script[^>]*{re.escape(script)}[^>]*></script>", "", text)
            text = re.sub(rf'\s*<link[^>]*rel="preload"[^>]*{re.escape(script)}[^>]*>', "", text)
        text = re.sub(r'\s*<link[^>]*rel="preload"[^>]*as="script"[^>]*fontawesome[^>]*>', "", text)
        for old, new in MENDED:
            text = old.sub(new, text)
        if LOADS.search(text):
            raise RuntimeError(f"{page.name} loads something from another host: {LOADS.search(text).group()}")
        page.write_text(text, encoding="utf8")
    for unused in [*(script + "*" for script in UNUSED), "*webpack-macros.html"]:
        for file in static.glob(unused):
            file.unlink()


def setup(app):
    """Register with Sphinx, after the extensions that copy files."""
    app.connect("build-finished", strip, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
