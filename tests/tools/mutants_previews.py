"""Planted bugs of what previews show."""

FILE = "book/_ext/previews.py"
TESTS = ["tests/tools/test_extensions.py"]
MUTANTS = {
    "links-of-menus": ("LINK.findall(article[0]) if article else ()", "LINK.findall(html)"),
    "places-outside-the-text": ('article[0] if article else "", "html.parser"', 'path.read_text(), "html.parser"'),
    "read-once-for-ever": ("    parsed.cache_clear()\n", ""),
    "made-twice": ('MADE.sub("", path.read_text(encoding="utf8"))', 'path.read_text(encoding="utf8")'),
    "of-the-page-itself": (" and target != path", ""),
    "of-other-folders": (" and target.is_relative_to(folder)", ""),
    "of-hosts": ('([^"#:]+\\.html)', '([^"#]+\\.html)'),
    "no-terms": ("((?:term|equation)-", "((?:equation)-"),
    "no-citations": (r"|id\d+)", ")"),
    "links-first-in-their-tag": ("<a [^>]*?href", "<a href"),
    "any-place": ('    else:\n        return ""\n    copy', "    else:\n        shown = str(target)\n    copy"),
    "no-name": ("<p><strong>{target.find(string=True)}</strong></p>", ""),
    "all-of-the-name": ("target.find(string=True)", "target.text"),
    "ids-stay": ('        del each["id"]\n', "        pass\n"),
    "links-stay": ("        each.unwrap()\n", "        pass\n"),
    "links-lose-their-words": ("each.unwrap()", "each.decompose()"),
    "marks-stay": ('".headerlink, .confirmed, style', '".headerlink, style'),
    "labels-stay": (", script, .label", ", script"),
    "scripts-stay": ("style, script, .label", "style, .label"),
    "the-content-of-an-equation": ("shown = str(target)\n    else", "shown = target.decode_contents()\n    else"),
    "behind-the-text": ('f"{head}{made}{end}{rest}"', 'f"{head}{end}{made}{rest}"'),
    "after-a-failed-build": ("if exception or app", "if app"),
    "frames-too": ('if "_static" not in path.relative_to(folder).parts:', "if True:"),
    "empty-ones": (" for a, shown in made.items() if shown]", " for a, shown in made.items()]"),
}
