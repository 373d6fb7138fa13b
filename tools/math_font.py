"""Make the font of the formulas: of STIX Two Math what formulas of this book use, or soon may, in 36 KB for 400.

    npm pack @fontsource/stix-two-math@5.3.0 && tar xzf fontsource-stix-two-math-5.3.0.tgz
    python -m pip install fonttools brotli
    python tools/math_font.py package/files/stix-two-math-latin-400-normal.woff2

It writes book/_static/fonts/stix_two_math.woff2, with the larger forms of what stretches; the licence is beside it. A
formula with another character fails a test of the site, which asks the browser for the fonts of every formula. Then add
the character here, and run this again.
"""

import sys
from pathlib import Path

from fontTools import subset

FILE = Path(__file__).resolve().parents[1] / "book/_static/fonts/stix_two_math.woff2"
RANGES = [
    (" ", "~"),  # ASCII
    ("Α", "Ω"),
    ("α", "ω"),
    ("\U0001d434", "\U0001d467"),  # italic Latin letters, which browsers take for a single letter, but for h
    ("\U0001d6e2", "\U0001d71b"),  # italic Greek letters
    ("\U0001d538", "\U0001d550"),  # double-struck capitals
    ("\U0001d49c", "\U0001d4b5"),  # script capitals
]
OTHERS = "\u00a0¬¯°±·×÷ˆ˜ϑϕϵϱ–—‖†‡…′″‴‾\u2061ℂℍℒℓℕℙℚℝℤℬℰℱℐℳℛℎ←↑→↓↔↦↪⇐⇒⇔⟵⟶⟹∀∂∃∅∇∈∉∋∏∑−∗∘∙√∝∞∣∥∧∨∩∪∫∴∵∼≃≅≈≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊗⊙⊢⊤⊥⊨⋅⋆⋮⋯⋱⌈⌉⌊⌋⏞⏟⟨⟩"


def characters():
    """The code points of all that the font is to have."""
    found = {code for first, last in RANGES for code in range(ord(first), ord(last) + 1)}
    return sorted(found | set(map(ord, OTHERS)))


def make(source, target=FILE):
    """Write the part of the font; hints, which math does without, and kerning of plain text stay away."""
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True, layout_features=["*"])
    options.drop_tables += ["GPOS"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # with copyright and licence
    font = subset.load_font(source, options)
    part = subset.Subsetter(options)
    part.populate(unicodes=characters())
    part.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(sys.argv[1])
    print(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} KB, {len(characters())} characters")
