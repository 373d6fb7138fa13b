"""Planted bugs of seqlib/table.py."""

FILE = "seqlib/table.py"
TESTS = ["tests/test_table.py"]
MUTANTS = {
    "digits-after-the-point": ("{rounded(v, digits):g}", "{v:.{digits}f}"),
    "digits-ignored": ("{rounded(v, digits):g}", "{rounded(v, 2):g}"),
    "exponents": ('f"{rounded(v, digits):g}"', "f'{v:.{digits}g}'"),
    "pipes-as-they-are": (r"\||<(?=", "<(?="),
    "elements-as-they-are": (r"\||<(?=[a-zA-Z/!?])", r"\|"),
    "closing-elements-as-they-are": ("[a-zA-Z/!?]", "[a-zA-Z!?]"),
    "every-less-than": ("<(?=[a-zA-Z/!?])", "<"),
    "no-rule": ("in (self.head, rule, *self.rows)", "in (self.head, *self.rows)"),
    "numbers-from-the-left": ('*["--:"]', '*[":--"]'),
    "text-from-the-left": ("entry.rjust(width) if k else", "entry.ljust(width) if k else"),
    "short-rows": ("if len(entries) != len(head) - 1:", "if len(entries) > len(head) - 1:"),
    "long-rows": ("if len(entries) != len(head) - 1:", "if len(entries) < len(head) - 1:"),
}
