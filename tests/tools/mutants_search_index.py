"""Planted bugs of the index of the search."""

FILE = "book/_ext/search_index.py"
TESTS = ["tests/tools/test_search_index.py"]
MUTANTS = {
    "formulas-as-typed": ("return readable(node.astext())", "return node.astext()"),
    "code-is-text": ("return isinstance(node, nodes.literal_block) and not api", "return False"),
    "output-is-text": ('"cell_output", ', ""),
    "solutions-are-text": ('node.get("design_component") == "dropdown" or ', ""),
    "buttons-are-text": ("nodes.Invisible, nodes.raw, ", "nodes.Invisible, "),
    "equations-of-the-api-left-out": (" and not api", ""),
    "sections-twice": ("isinstance(child, nodes.section | nodes.title)", "isinstance(child, nodes.title)"),
    "terms-in-their-page": ("addnodes.desc | addnodes.glossary)", "addnodes.desc)"),
    "names-in-their-page": ("addnodes.desc | addnodes.glossary)", "addnodes.glossary)"),
    "methods-in-their-class": (
        "for child in content.children if not isinstance(child, addnodes.desc)",
        "for child in content.children",
    ),
    "exercises-are-sections": ('return "exercise"', 'return "section"'),
    "only-practice-is-exercise": ('{*section["names"], *section.parent["names"]}', 'set(section["names"])'),
    "asides-are-sections": ('return "aside" if {"summary", "further', 'return "section" if {"summary", "further'),
    "spaces-stay": ('return re.sub(r"\\s+", " ", text).strip()', "return text.strip()"),
}
