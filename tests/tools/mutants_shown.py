"""Planted bugs of the links below shown source."""

FILE = "book/_ext/shown.py"
TESTS = ["tests/tools/test_extensions.py"]
MUTANTS = {
    "only-the-whole-name": ('        full = full.rpartition(".")[0]\n', "        break\n"),
    "past-the-module": ("while full.startswith(module):", "while full:"),
    "the-outermost-docstring": ("texts.insert(0, ", "texts.append("),
    "no-docstring": ('[found.__doc__ or ""]', "[found.__doc__]"),
    "definitions-too": (r'\beq-[\w-]+"', r'\b\w+-[\w-]+"'),
    "first-equation-alone": ("equations[label]) for label in labels]", "equations[label]) for label in labels[:1]]"),
    "number-in-the-book": ('.get(f"equation-{label}", (number,))', '.get("", (number,))'),
    "equations-have-no-place": ('page, f"equation-{label}", nodes', "page, label, nodes"),
    "in-the-middle-of-a-sentence": ('" · equation " if said.children else "Equation "', '" · equation "'),
    "an-empty-line": ("        if said.children:\n", "        if True:\n"),
    "above-the-source": ("block.parent.index(block) + 1", "block.parent.index(block)"),
}
