"""Planted bugs of seqlib/text.py."""

FILE = "seqlib/text.py"
TESTS = ["tests/test_text.py"]
MUTANTS = {
    "marks-are-signs": ('unicodedata.category(character)[0] == "M"', "False"),
    "joiners-are-signs": ('character in "\\u200c\\u200d\\u00ad\\u2060"', "False"),
    "marks-are-letters": ('return "m" if', 'return "w" if'),
    "hyphens-split": ("(?:-w[wm]*)*", ""),
    "upper-case": ("_text(text).lower()", "_text(text)"),
    "lone-marks-lost": ("[^ ]m*", "[^ m]m*"),
}
