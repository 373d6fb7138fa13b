"""Make the ePub out of the built site: `make epub`.

An EPUB 3 with formulas as MathML and without scripts. Its date is that of the last commit, and the same commit gives
the same file.
"""

import argparse
import base64
import hashlib
import uuid
import zipfile
from html import escape
from itertools import groupby
from pathlib import Path

import style
from colophon import cover, facts, imprint
from pages import ROOT, SITE, pages, pictures, xml

OUT = ROOT / "_build/learning-sequences.epub"
SHELL = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="style.css"/></head>
<body epub:type="{kind}">
{body}
</body>
</html>
"""
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
}
ACCESS = {
    "accessMode": ["textual", "visual"],
    "accessModeSufficient": ["textual,visual", "textual"],
    "accessibilityFeature": ["alternativeText", "MathML", "readingOrder", "structuralNavigation", "tableOfContents"],
    "accessibilityHazard": ["none"],
    "accessibilitySummary": ["Every figure has a text that says what it shows; every formula is MathML."],
}


def build(site=SITE, only=None):
    """name -> content of each file of the book, the pages in the order in which they are read."""
    about, found, files = facts(), pages(site, only), {}
    bodies = {one.name: content(one, site, files) for one in found}
    written = {"cover.xhtml": shell("Cover", "cover", f'<p><img src="cover.png" alt="{escape(about.title)}"/></p>')}
    written["imprint.xhtml"] = shell("Imprint", "frontmatter", imprint(about))
    written["nav.xhtml"] = shell("Contents", "frontmatter", navigation(found))
    part = ""
    for one in found:
        if one.part != part:
            part = one.part
            written[partfile(found, part)] = shell(
                part, "bodymatter", f'<section class="part"><h1>{part}</h1></section>'
            )
        kind = "bodymatter" if one.number else "backmatter" if part else "frontmatter"
        written[f"{one.name}.xhtml"] = shell(escape(one.title), kind, bodies[one.name])
    faces, used = style.CODE, "".join(bodies.values())
    sheet = style.faces_css(faces, "fonts") + "\n" + style.rules("book")
    licences = {f"fonts/{path.stem}.txt": path.read_text(encoding="utf8") for path in style.LICENCES}
    lettering = {f"fonts/{name}": font for name, font in style.fonts(faces, used).items()}
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book/content.opf": package(about, written, [*files, *licences, *lettering]),
        **{f"book/{name}": text for name, text in written.items()},
        "book/style.css": sheet,
        "book/cover.png": cover(about),
        **{f"book/{name}": stored for name, stored in (files | lettering | licences).items()},
    }


def content(one, site, files):
    """A page as XHTML, its links to other files; its pictures are added to `files`."""
    for picture, path in pictures(one, site):
        stored = path.read_bytes() if path else base64.b64decode(picture.get("src").partition(",")[2])
        ending = path.suffix if path else "." + picture.get("src").partition(";")[0].partition("/")[2]
        name = f"images/{hashlib.sha256(stored).hexdigest()[:16]}{ending}"
        files[name] = stored
        picture.set("src", name)
    for link in one.body.xpath('.//a[starts-with(@href, "#")]'):
        target = link.get("href")[1:]
        name, inside, _ = target.partition("--")
        if name != one.name:
            link.set("href", f"{name}.xhtml#{target}" if inside else f"{name}.xhtml")
    if one.number:
        title = one.body.find("h1")
        title.text = f"{one.number}. {title.text or ''}"
    return xml(one.body)


def shell(title, kind, body):
    """A document of the book."""
    return SHELL.format(title=title, kind=kind, body=body)


def partfile(found, part):
    """The file of the page before a part."""
    parts = list(dict.fromkeys(one.part for one in found if one.part))
    return f"part-{parts.index(part) + 1}.xhtml"


def navigation(found):
    """The contents, and the landmarks."""

    def entry(one):
        sections = [s for s in one.body.findall("section") if s.find("h2") is not None]
        inner = "".join(
            f'<li><a href="{one.name}.xhtml#{s.get("id")}">{heading(s.find("h2"))}</a></li>' for s in sections
        )
        title = f"{one.number}. {escape(one.title)}" if one.number else escape(one.title)
        return f'<li><a href="{one.name}.xhtml">{title}</a>{f"<ol>{inner}</ol>" if inner and one.number else ""}</li>'

    items = ['<li><a href="imprint.xhtml">Imprint</a></li>']
    for part, group in groupby(found, key=lambda one: one.part):
        entries = "".join(map(entry, group))
        items.append(f'<li><a href="{partfile(found, part)}">{part}</a><ol>{entries}</ol></li>' if part else entries)
    return f"""<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(items)}</ol></nav>
<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol>
<li><a epub:type="cover" href="cover.xhtml">Cover</a></li><li><a epub:type="toc" href="nav.xhtml">Contents</a></li>
<li><a epub:type="bodymatter" href="{found[0].name}.xhtml">Beginning</a></li></ol></nav>"""


def heading(element):
    """The words of a heading."""
    return escape(" ".join(element.text_content().split()))


def package(about, written, others):
    """The package document: what the book is, its files, and the order in which they are read."""
    items, spine = [], []
    for name, text in written.items():
        has = [w for w, sign in (("nav", 'epub:type="toc" id'), ("mathml", "<math"), ("svg", "<svg")) if sign in text]
        properties = f' properties="{" ".join(has)}"' if has else ""
        items.append(f'<item id="{ident(name)}" href="{name}" media-type="{TYPES[".xhtml"]}"{properties}/>')
        spine.append(f'<itemref idref="{ident(name)}"/>')
    items.append('<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>')
    for name in ["style.css", *others]:
        items.append(f'<item id="{ident(name)}" href="{name}" media-type="{TYPES[Path(name).suffix]}"/>')
    access = "\n".join(f'<meta property="schema:{k}">{v}</meta>' for k, values in ACCESS.items() for v in values)
    lines = "\n".join
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="uid" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="uid">urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, about.address)}</dc:identifier>
<dc:title>{escape(about.title)}</dc:title><dc:creator>{escape(about.author)}</dc:creator><dc:language>en</dc:language>
<dc:date>{about.date}</dc:date><dc:rights>Text and figures CC BY 4.0; code BSD-3-Clause</dc:rights>
<dc:source>{about.address}</dc:source><dc:description>Version {about.version}</dc:description>
<meta property="dcterms:modified">{about.date}T00:00:00Z</meta>
{access}
</metadata>
<manifest>
{lines(items)}
</manifest>
<spine>
{lines(spine)}
</spine>
</package>
"""


def ident(name):
    """The id of a file in the package document."""
    return "f-" + "".join(letter if letter.isalnum() else "-" for letter in name)


def write(files, path):
    """Pack the files: the mimetype first and as it is, all with one date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for name, stored in files.items():
            entry = zipfile.ZipInfo(name)  # of 1980, so that the same content is the same file
            entry.external_attr = 0o644 << 16
            as_it_is = name == "mimetype" or name.endswith((".png", ".jpg", ".woff", ".woff2"))
            entry.compress_type = zipfile.ZIP_STORED if as_it_is else zipfile.ZIP_DEFLATED
            packed.writestr(entry, stored)


def main():
    """Write the ePub, and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    write(build(), out)
    print(f"The ePub is ready: {out} ({out.stat().st_size / 1e6:.1f} MB).")


if __name__ == "__main__":
    main()
