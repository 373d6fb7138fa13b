"""Bugs planted in the practice of chapter 14: what the page gets from one module."""

FILE = "seqlib/exercises/bert.py"
TESTS = ["tests/exercises/test_bert.py"]
MUTANTS = {
    "a-hole-for-what-is-shown": ("import guess_shown", "import guess_shown as _, _shown_right as guess_shown"),
    "loss-for-words": (
        "from seqlib.exercises.bert_masking import hide_words",
        "from seqlib.exercises.bert_loss import masked_loss as hide_words",
    ),
}
