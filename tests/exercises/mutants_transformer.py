"""Bugs planted in the practice of chapter 13: what the page gets from one module."""

FILE = "seqlib/exercises/transformer.py"
TESTS = ["tests/exercises/test_transformer.py"]
MUTANTS = {
    "positions-swapped": (
        "from seqlib.exercises.transformer_positions import rotate, sinusoids",
        "from seqlib.exercises.transformer_positions import rotate as sinusoids, sinusoids as rotate",
    ),
    "heads-for-a-head": ("import causal_head, split_heads", "import causal_head, causal_head as split_heads"),
}
