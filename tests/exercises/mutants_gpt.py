"""Bugs planted in the practice of chapter 15: what the page gets from one module."""

FILE = "seqlib/exercises/gpt.py"
TESTS = ["tests/exercises/test_gpt.py"]
MUTANTS = {
    "one-exercise-twice": (
        "from seqlib.exercises.gpt_encode import apply_merges",
        "from seqlib.exercises.gpt_merge import merge_pair as apply_merges",
    ),
    "size-for-bytes": (
        "from seqlib.exercises.gpt_bytes import bits_per_byte",
        "from seqlib.exercises.gpt_size import gpt_size as bits_per_byte",
    ),
}
