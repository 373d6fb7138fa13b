"""What is read in, and mended in, a PDF that Chromium wrote. It writes its objects one after another, as text."""

import re

OBJECT = re.compile(rb"(?ms)^(\d+) 0 obj\n(.*?)\nendobj")
TITLE = re.compile(rb"\A<</Title (\((?:[^\\)]|\\.)*\)|<[0-9A-F]+>)", re.S)


def objects(pdf):
    """number -> what stands between `obj` and `endobj`."""
    return dict(OBJECT.findall(pdf))


def sheets(pdf):
    """object number -> page number of every page."""
    found = objects(pdf)

    def leaves(number):
        kids = re.search(rb"/Kids \[(.*?)\]", found[number], re.S)
        return [leaf for kid in re.findall(rb"(\d+) 0 R", kids[1]) for leaf in leaves(kid)] if kids else [number]

    root = found[re.search(rb"/Root (\d+) 0 R", pdf)[1]]
    return {leaf: page for page, leaf in enumerate(leaves(re.search(rb"/Pages (\d+) 0 R", root)[1]), 1)}


def destinations(pdf):
    """id -> page of every place that a link of the document leads to."""
    found, pages = objects(pdf), sheets(pdf)
    root = found[re.search(rb"/Root (\d+) 0 R", pdf)[1]]
    listed = found[re.search(rb"/Dests (\d+) 0 R", root)[1]]
    letter = re.compile(rb"#([0-9A-Fa-f]{2})")
    return {
        letter.sub(lambda code: bytes.fromhex(code[1].decode()), key).decode(): pages[leaf]
        for key, leaf in re.findall(rb"/(\S+)\s*\[(\d+) 0 R /XYZ", listed)
    }


def outline(pdf):
    """(title, page) of every entry of the outline, in the order of the file."""
    pages = sheets(pdf)
    return [
        (text(TITLE.match(body)[1]), pages[re.search(rb"/Dest \[(\d+) 0 R", body)[1]])
        for body in objects(pdf).values()
        if TITLE.match(body) and b"/Dest [" in body
    ]


def described(pdf):
    """How many pictures have an alternative text."""
    return sum(b"/S /Figure" in body and b"/Alt" in body for body in objects(pdf).values())


def text(string):
    """A string of a PDF, (as it is) or <in hexadecimal digits>."""
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode()).decode("utf-16")
    return re.sub(rb"\\(.)", rb"\1", string[1:-1]).decode("latin-1")


def retitled(pdf, headings):
    """The PDF with the right titles in its outline, and with those that were wrong.

    Chromium writes a heading twice if it moved to the next page, and loses the space where one breaks. The entries are
    written once more at the end of the file, as the format provides.
    """
    known, added = {re.sub(r"\s", "", words): words for words in headings}, []
    for number, body in objects(pdf).items():
        title = TITLE.match(body)
        written = text(title[1]) if title else ""
        key = re.sub(r"\s", "", written)
        right = known.get(key) or (known.get(key[: len(key) // 2]) if key == 2 * key[: len(key) // 2] else None)
        if title and right and right != written:
            string = b"<" + ("\ufeff" + right).encode("utf-16-be").hex().upper().encode() + b">"
            added.append((number, b"<</Title " + string + body[title.end() :]))
    if not added:
        return pdf
    trailer, start = re.findall(rb"trailer\n<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF", pdf, re.S)[-1]
    result, table = pdf.rstrip() + b"\n", b"xref\n0 1\n0000000000 65535 f \n"
    for number, body in added:
        table += b"%s 1\n%010d 00000 n \n" % (number, len(result))
        result += b"%s 0 obj\n%s\nendobj\n" % (number, body)
    where = len(result)
    return result + table + b"trailer\n<<%s\n/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start, where)
