"""Make pages light: pictures are files, loaded when they come near the screen; one style sheet and two scripts.

It works on the pages as they are written, after all other extensions.
"""

import base64
import hashlib
import os
import re
import shutil
from pathlib import Path

from PIL import Image

INLINE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
PICTURE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\bsrc="([^"]+)"')
SCRIPT = re.compile(r'\s*<script\b([^>]*)\bsrc="([^"?:]+)[^"]*"([^>]*)></script>')
STYLE = re.compile(r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="([^"?:]+)[^"]*"[^>]*>')
PRELOADED = re.compile(r'\s*<link\b[^>]*rel="preload"[^>]*as="script"[^>]*>')
IMPORT = re.compile(r'@import (?:url\()?"([^"]+)"\)?;')
ADDRESS = re.compile(r'url\((["\']?)(?!data:|https?:|#)([^"\')]+)\1\)')
SETTINGS = "documentation_options.js"  # a few words, which scripts in the page read at once
# The theme asks of each box whether it scrolls, writes that down before it asks the next one, and asks of folded ones
# too: again and again the page is laid out anew, with all that is folded. Here what is seen is asked first, and then
# written down; what is unfolded is asked then.
WIDE = "e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight"
SEEN = f"(!e.checkVisibility||e.checkVisibility())&&({WIDE})"
SLOW = {
    f".forEach(e=>{{e.tabIndex={WIDE}?0:-1}})": (
        f".forEach((e,i,all)=>{{i||[...all].map(e=>[e,{SEEN}]).forEach(([e,wide])=>{{e.tabIndex=wide?0:-1}})}})"
    ),
    'window.addEventListener("resize",t),new MutationObserver(t)': (
        'window.addEventListener("resize",t),document.addEventListener("toggle",t,!0),new MutationObserver(t)'
    ),
}
# Lines with formulas move when their font comes, so it is asked for at once. From file:// nothing can be asked for so.
MATH_FONT = "fonts/stix_two_math.woff2"
EARLY = """  <script>
    if (location.protocol !== "file:") document.head.append(Object.assign(document.createElement("link"), {{
      rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: "{}",
    }}));
  </script>
"""
FONTS = ("fa-solid-900.woff2", "fa-brands-400.woff2")  # as tools/icon_fonts.py made them


def filed(text, page, folder):
    """Write the pictures that stand in a page as text into files, named by what they show."""

    def file(found):
        data = base64.b64decode(found[1])
        path = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.png"
        path.write_bytes(data)
        up = "../" * (len(page.relative_to(folder.parent).parts) - 1)
        return f"{up}{folder.name}/{path.name}"

    return INLINE.sub(file, text)


def lazy(text, page):
    """Say how large each picture is, so that nothing moves; all but the text's first are loaded late."""
    begins, first = text.find("<article"), True

    def dress(found):
        nonlocal first
        tag, source = found[0], SOURCE.search(found[0])
        path = page.parent / source[1].split("?")[0] if source else None
        if path is None or path.suffix != ".png" or not path.exists():
            return tag
        if not re.search(r"\b(width|height)=", tag):
            with Image.open(path) as picture:
                width, height = picture.size
            shown = re.search(r'style="width: (\d+)px', tag)
            if shown:
                width, height = int(shown[1]), round(height * int(shown[1]) / width)
            tag = tag.replace("<img", f'<img width="{width}" height="{height}"', 1)
        in_text = begins < found.start()
        if not (first and in_text) and "loading=" not in tag:
            tag = tag.replace("<img", '<img loading="lazy" decoding="async"', 1)
        first = first and not in_text
        return tag

    return PICTURE.sub(dress, text)


def style(path, static):
    """A style sheet with what it imports; its addresses are taken from the folder of the bundle."""
    text = path.read_text(encoding="utf8").replace('@charset "UTF-8";', "")
    text = IMPORT.sub(lambda found: style((path.parent / found[1]).resolve(), static), text)

    def moved(found):
        target = (path.parent / found[2].split("?")[0].split("#")[0]).resolve()
        return f"url({found[1]}{os.path.relpath(target, static)}{found[1]})" if target.exists() else found[0]

    return ADDRESS.sub(moved, text)


def bundle(parts, ending, static):
    """Write the texts into one file, named by what it holds, and give its name."""
    text = "\n".join(parts)
    name = f"book-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{ending}"
    (static / name).write_text(text, encoding="utf8")
    return name


def script(path):
    """A script as it is, but for what is slow in that of the theme."""
    text = path.read_text(encoding="utf8")
    if path.name == "pydata-sphinx-theme.js":
        for slow, fast in SLOW.items():
            if text.count(slow) != 1:
                raise RuntimeError(f"{path.name} is another one: say anew in book/_ext/weight.py what is slow in it")
            text = text.replace(slow, fast)
    return text


def joined(text, page, static, own):
    """One style sheet; a script of the theme and one of ours, which run when the page is read, in place of many.

    Where the theme's stops, as it does in browsers that remember nothing, ours goes on.
    """
    up = os.path.relpath(static, page.parent)
    sheets = [(page.parent / found[1]).resolve() for found in STYLE.finditer(text)]
    scripts, attributes = [], set()

    def take(found):
        path = (page.parent / found[2]).resolve()
        if path.name == SETTINGS:
            return f"\n    <script>{path.read_text(encoding='utf8')}</script>"
        if not path.is_relative_to(static) or "module" in found[1] + found[3]:
            return found[0]
        scripts.append(path)
        attributes.update(re.findall(r'data-[\w-]+="[^"]*"', found[1] + found[3]))
        return ""

    text = PRELOADED.sub("", SCRIPT.sub(take, STYLE.sub("", text)))
    if not sheets:
        return text  # no page of the book
    css = bundle([style(path, static) for path in sheets], "css", static)
    said = "".join(f" {attribute}" for attribute in sorted(attributes))
    added = EARLY.format(f"{up}/{MATH_FONT}") if "<math" in text else ""
    added += f'  <link rel="stylesheet" href="{up}/{css}">\n'
    for ours in (False, True):
        parts = [";" + script(path) for path in scripts if (path.name in own) is ours]
        added += f'  <script defer src="{up}/{bundle(parts, "js", static)}"{said}></script>\n'
    return text.replace("</head>", added + "</head>", 1)


def lighten(app, exception):
    """All of it, on every page."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir).resolve()
    static, pictures = out / "_static", out / "_images"
    pictures.mkdir(exist_ok=True)
    own = {name for name, _ in app.config.html_js_files}
    for font in FONTS:
        shutil.copyfile(static / "fonts" / font, static / "vendor/fontawesome/webfonts" / font)
    for page in out.rglob("*.html"):
        if static not in page.parents:
            text = joined(filed(page.read_text(encoding="utf8"), page, pictures), page, static, own)
            page.write_text(lazy(text, page), encoding="utf8")


def setup(app):
    """Register with Sphinx, after what else works on written pages."""
    app.connect("build-finished", lighten, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
