"""Bugs planted in reading an old format."""

FILE = "coursework/reading/formats.py"
TESTS = ["tests/coursework/reading/test_formats.py"]
MUTANTS = {
    "input-not-read": (
        'cell.get("input" if cell.get("cell_type") == "code" else "source", "")',
        'cell.get("source", "")',
    ),
    "errors-lost": ('if kind == "pyerr":', "if False:"),
    "pictures-lost": ('if kind in ("pyout", "display_data"):', "if False:"),
    "headings-as-text": ('if cell.get("cell_type") == "heading":', "if False:"),
}
