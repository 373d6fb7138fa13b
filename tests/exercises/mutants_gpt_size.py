"""Bugs planted in the practice of chapter 15: the size of a GPT."""

FILE = "seqlib/exercises/gpt_size.py"
TESTS = ["tests/exercises/test_gpt_size.py"]
MUTANTS = {
    "hidden-four-times": ("(50, 12, 8, 2, 24, 3)", "(50, 12, 8, 2, 32, 3)"),
    "always-heads": ("(90, 9, 6, 1, 20, 4)", "(90, 9, 6, 2, 20, 4)"),
    "another-gpt-2": ("50257, 1024, 768", "50257, 2048, 768"),
    "bias-of-all": ("_with(last=lambda d, V: 2 * d + V)", "_with(last=lambda d, V: 2 * d + 2 * V)"),
    "mixing-left-out": ("3 * d * (d // heads) + d * d + 4 * d", "3 * d * (d // heads) + 4 * d"),
    "first-twice": ("d * h + h * h + h + d", "d * h + d * h + 2 * h + d"),
    "no-first-bias": ("2 * d * h + 2 * h)", "2 * d * h + 3 * h)"),
    "a-position-more": ("lambda V, T, d: (V + T) * d", "lambda V, T, d: (V + T + 1) * d"),
    "a-block-more": ("(1 if once else layers) * block", "(1 if once else layers + 1) * block"),
    "three-of-five": ("lambda d, h: 8 * d * d + 5 * d", "lambda d, h: 8 * d * d + 3 * d"),
}
