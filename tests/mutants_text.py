"""Planted bugs of seqlib/text.py."""

FILE = "seqlib/text.py"
TESTS = ["tests/test_text.py"]
MUTANTS = {
    "marks-are-signs": ('unicodedata.category(character)[0] == "M"', "False"),
    "joiners-are-signs": ('character in "\\u200c\\u00ad\\u2060"', "False"),
    "families-split": ("(?:(?<=j)", "(?:(?<=x)"),
    "signs-join-without-joiner": ("(?:(?<=j)", "(?:(?<=[mj])"),
    "one-joiner-alone": ("[mtj]*)*|", "[mtj]*)?|"),
    "letters-of-flags-split": ("|rr?[mj]*|", "|r[mj]*|"),
    "flags-in-one": ("|rr?[mj]*|", "|r+[mj]*|"),
    "skin-tones-split": ('"\\U0001f3fb" <= character <= "\\U0001f3ff" or', "False or"),
    "tags-split": ('or "\\U000e0020" <= character <= "\\U000e007f":', ":"),
    "skin-tones-in-words": ('(r"w[wmj]*', '(r"w[wmtj]*'),
    "joiners-lost-in-words": ('(r"w[wmj]*', '(r"w[wm]*'),
    "marks-are-letters": ('return "m" if', 'return "w" if'),
    "hyphens-split": ("(?:-w[wmj]*)*", ""),
    "upper-case": ("_text(text).lower()", "_text(text)"),
    "lone-marks-lost": ("[^ ][mj]*", "[^ m][mj]*"),
}
