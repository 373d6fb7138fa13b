"""Planted bugs of the extension that links the terms of the glossary."""

FILE = "book/_ext/glossary_links.py"
TESTS = ["tests/tools/test_glossary_links.py"]
MUTANTS = {
    "each-use": ("left.pop(term, None)", "left.get(term)"),
    "shorter-first": ("key=len, reverse=True", "key=len"),
    "part-of-a-word": (r"(?<![\w-])(", "("),
    "beginning-of-a-word": (r"(s?)(?![\w-])", "(s?)"),
    "no-plural": (r"(s?)(?![\w-])", r"()(?![\w-])"),
    "no-capital": ("[{term[0].upper()}{term[0]}]", "{term[0]}"),
    "everyday-too": (" and term not in EVERYDAY.split()", ""),
    "only-those-left": ("pattern(terms).finditer", "pattern(left).finditer"),
    "in-links": ("(nodes.reference, nodes.literal,", "(nodes.literal,"),
    "in-code": ("nodes.literal, nodes.math", "nodes.math"),
    "in-formulas": ("nodes.math, nodes.raw", "nodes.raw"),
    "in-raw": ("nodes.raw, nodes.table", "nodes.table"),
    "in-tables": (", nodes.raw, nodes.table)", ", nodes.raw)"),
    "in-headings": ("inside |= isinstance", "inside = True or isinstance"),
    "in-outputs": ('{"cell_output", ', "{"),
    "in-verdicts": ('"verdict-card", ', ""),
    "in-solutions": (', "sd-dropdown"', ""),
    "in-facts": ('"chapter-facts", ', ""),
    "linked-twice": ("if anchor not in known and", "if"),
    "words-before-lost": ("said[end : found.start()]", "said[found.start() : found.start()]"),
    "words-after-lost": ("*parts, nodes.Text(said[end:])", "*parts"),
    "glossary-of-others": (" and page == GLOSSARY}", "}"),
    "labels-too": ('if kind == "term" and', "if"),
    "other-builders": ('if app.builder.format == "html" and', "if"),
    "every-page": (' and docname.startswith("chapters/")', ""),
}
