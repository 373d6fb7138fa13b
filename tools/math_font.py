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
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

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
OTHERS = (
    "\u00a0¬¯°±·×÷ˆ˜ϑϕϵϱ–—‖†‡…′″‴‾\u2061ℂℍℒℓℕℙℚℝℤℬℰℱℐℳℛℎ"
    "←↑→↓↔↦↪⇐⇒⇔⟵⟶⟹∀∂∃∅∇∈∉∋∏∑−∗∘∙√∝∞∣∥∧∨∩∪∫∴∵∼≃≅≈≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊗⊙⊢⊤⊥⊨⋅⋆⋮⋯⋱⌈⌉⌊⌋⏞⏟⟨⟩"
)
BRACKETS = "()[]{}⌈⌉⌊⌋⟨⟩"
LARGE = 2400  # thousandths of an em: what is larger is put together from parts


def characters():
    """The code points of all that the font is to have."""
    found = {code for first, last in RANGES for code in range(ord(first), ord(last) + 1)}
    return sorted(found | set(map(ord, OTHERS)))


def lower(font, names):
    """Primes are superscripts: drawn larger and lower, they come out in their own size and place when they are raised.

    Larger mathematical fonts have a form for this, under "ssty", which the package leaves out.
    """
    constants = font["MATH"].table.MathConstants
    scale, raised = 100 / constants.ScriptPercentScaleDown, constants.SuperscriptShiftUp.Value
    for name in names:
        transform(font, name, scale, scale, -raised * scale)


def narrow(font):
    """Make the larger forms of a bracket, and of a root, hardly wider than the smaller ones.

    Chromium leaves each of them the room of its widest form (MathML Core, 2.2.1.1, has it so), which is seen as a gap.
    """
    variants, glyphs = font["MATH"].table.MathVariants, font.getBestCmap()
    for sign in BRACKETS + "√":
        known = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(glyphs[ord(sign)])]
        known.MathGlyphVariantRecord = [v for v in known.MathGlyphVariantRecord if v.AdvanceMeasurement <= LARGE]
        known.VariantCount = len(known.MathGlyphVariantRecord)
        names = [v.VariantGlyph for v in known.MathGlyphVariantRecord]
        first, last = (font["hmtx"][name][0] for name in (names[0], names[-1]))
        room = round(1.08 * first) if sign == "√" else last
        parts = known.GlyphAssembly.PartRecords if known.GlyphAssembly else []
        for name in {*names, *(part.glyph for part in parts)}:
            if font["hmtx"][name][0] > room:
                transform(font, name, room / font["hmtx"][name][0])


def transform(font, name, x, y=1, up=0):
    """Draw a glyph wider, higher and further up."""
    pen, glyphs, (width, _) = TTGlyphPen(None), font["glyf"], font["hmtx"][name]
    glyphs[name].draw(TransformPen(pen, (x, 0, 0, y, 0, up)), glyphs)
    glyphs[name] = pen.glyph()
    glyphs[name].recalcBounds(glyphs)
    font["hmtx"][name] = (round(width * x), getattr(glyphs[name], "xMin", 0))


def make(source, target=FILE):
    """Write the part of the font; hints, which math does without, and kerning of plain text stay away."""
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True, layout_features=["*"])
    options.drop_tables += ["GPOS"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # with copyright and licence
    font = subset.load_font(source, options)
    primes = [font.getBestCmap()[ord(sign)] for sign in "′″‴"]
    part = subset.Subsetter(options)
    part.populate(unicodes=characters())
    part.subset(font)
    lower(font, primes)
    narrow(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(sys.argv[1])
    print(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} KB, {len(characters())} characters")
