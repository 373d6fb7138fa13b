"""Planted bugs of the boxes of seqlib.plotting.diagrams."""

FILE = "seqlib/plotting/diagrams.py"
TESTS = ["tests/test_plotting_attention.py"]
MUTANTS = {
    "dashed-though-thin": ("if bold and dashed else", "if dashed else"),
    "dashed-though-not-asked": ("if bold and dashed else", "if bold else"),
    "never-dashed": ("(0, (2, 1.2)) if bold and dashed else", '"-" if bold and dashed else'),
    "never-bold": ("2.4 if bold else 1", "1"),
}
