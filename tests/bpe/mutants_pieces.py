"""Planted bugs of seqlib/bpe/pieces.py."""

FILE = "seqlib/bpe/pieces.py"
TESTS = ["tests/bpe/test_pieces.py"]
MUTANTS = {
    "contractions-split": (r"""(r"'s|'t|""", '(r"'),
    "no-contraction-of-two-letters": ("'re|'ve|'m|'ll|'d| ?[a-z]", "'m|'d| ?[a-z]"),
    "numbers-with-letters": ("| ?[a-z]+| ?0+|", "| ?[a-z0]+|"),
    "signs-without-their-blank": ("| ?['.]+|", "|['.]+|"),
    "apostrophes-lost": ("| ?['.]+|", "| ?[.]+|"),
    "blank-not-left-to-what-follows": ("|[ _]+(?![^ _])|[ _]+", "|[ _]+"),
    "left-to-letters-only": ("(?![^ _])", "(?![a-z])"),
    "any-white-space-before-a-word": ("'d| ?[a-z]+", "'d|[ _]?[a-z]+"),
    "capitals-contract-too": (
        "if character in ITSELF:\n        return character",
        "if character.lower() in ITSELF:\n        return character.lower()",
    ),
    "a-letter-forgotten": ('"stremvld\' "', '"stremvl\' "'),
    "marks-are-letters": ('category[0] == "L"', 'category[0] in "LM"'),
    "decimal-digits-only": ('category[0] == "N"', 'category == "Nd"'),
    "space-as-python-has-it": (' and not "\\x1c" <= character <= "\\x1f"', ""),
    "ascii-space-only": ("character.isspace() and not", 'character in "\\t\\n\\r\\x0b\\x0c" and not'),
    "new-letters-are-signs": ('"a" if character in NEW_LETTERS else ', ""),
    "new-numbers-are-signs": ('"0" if character in NEW_NUMBERS else "."', '"."'),
    "last-of-a-range-lost": ("int(last or first, 16) + 1)", "int(last or first, 16))"),
    "half-pairs-pass": ("text.encode()\n", 'text.encode(errors="surrogatepass")\n'),
    "wrong-place-named": ("at = error.start", "at = error.end"),
}
