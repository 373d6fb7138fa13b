"""Planted bugs of the pages of a book."""

FILE = "tools/take_away/pages.py"
TESTS = ["tests/tools/test_take_away.py"]
MUTANTS = {
    "all-frames": (
        "for k in sorted({round(i * last / (STILLS - 1)) for i in range(STILLS)}):",
        "for k in range(last + 1):",
    ),
    "not-the-last-frame": ("round(i * last / (STILLS - 1))", "round(i * last / STILLS)"),
    "frames-have-controls": ('if child.tag in ("p", "img"))', ")"),
    "what-follows-a-figure": ("        row.tail = movable.tail\n", ""),
    "folded-code": ("        f\"details[{classed('above-input')}]\",\n", ""),
    "links-of-headings": ("        f\"a[{classed('headerlink')}]\",\n", ""),
    "unsolved-exercises": ('starts-with(normalize-space(), "✎")', 'starts-with(normalize-space(), "✗")'),
    "what-is-hidden": ('        "*[@hidden]",\n', ""),
    "menus": ('*("nav", "script"', '*("script"'),
    "any-page": ("    if body is None:\n", "    if False:\n"),
    "formulas-of-tex": ("[not(.//math)]", "[not(.//math) and not(node())]"),
    "solutions-above-nothing": ("    if not titles:\n", "    if False:\n"),
    "first-exercise": ("return titles[-1]", "return titles[0]"),
    "solutions-numbered-from-zero": ("enumerate(found, 1)", "enumerate(found)"),
    "solutions-stay-in-their-place": ("    body.append(place)\n", ""),
    "dots-in-headings": ('.rstrip(".")', ""),
    "links-in-one-direction": ("        folded.getparent().replace(folded, to)\n", "        folded.drop_tree()\n"),
    "tokens-are-elements": ("elif tag not in TAGS:", "elif False:"),
    "formulas-do-not-break": ('"\\u200b" * bool(element.xpath("ancestor::span[.//math]"))', '""'),
    "names-break": ('bool(element.xpath("ancestor::span[.//math]"))', "True"),
    "drawings-in-small-letters": (
        'element.set("viewBox", element.attrib.pop("viewbox"))',
        'element.attrib.pop("viewbox")',
    ),
    "links-to-nowhere": ("if name and (not anchor or target in ids):", "if name:"),
    "links-out-are-text": ('if re.match(r"[a-z]+:", address):', "if False:"),
    "ids-of-several-pages": ('element.set("id", f"{one.name}--{element.get(\'id\')}")', "pass"),
    "no-namespace": ("'<math xmlns=\"http://www.w3.org/1998/Math/MathML\"'", "'<math'"),
    "namespace-twice": ("<svg(?![^>]*xmlns=)", "<(?:svg|math)"),
    "with-what-follows": ("with_tail=False", "with_tail=True"),
}
