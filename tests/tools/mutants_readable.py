"""Planted bugs of formulas as text."""

FILE = "book/_ext/readable.py"
TESTS = ["tests/tools/test_search_index.py"]
MUTANTS = {
    "fraction-upside-down": ("{grouped(above)}/{grouped(below)}", "{grouped(below)}/{grouped(above)}"),
    "no-brackets": ('return text if re.fullmatch(r"[\\w∂√]+", text) else f"({text})"', "return text"),
    "high-is-low": ('{"_": LOW, "^": HIGH}[side]', '{"_": LOW, "^": LOW}[side]'),
    "part-of-a-word-is-small": ("if all(letter in letters", "if any(letter in letters"),
    "words-are-small": (' and (side == "_" or not re.fullmatch(r"[a-z]{2,}", text))', ""),
    "root-of-nothing": ('return f"√{grouped(inner)}", tokens', 'return "√", tokens'),
    "accent-before-its-letter": ("piece = letter[:1] + piece + letter[1:]", "piece = piece + letter"),
    "arrow-behind": ("ARROWS.get(above, above) if", "above if"),
    "labels-stay": ('DROPPED = {"label", ', "DROPPED = {"),
    "lines-run-together": ('{"\\\\": "; ", ', '{"\\\\": " ", '),
    "commas-at-line-ends": ('text = re.sub(r"\\s*[,.]?\\s*;", ";", text)', "pass"),
    "signs-stay-names": ("if name in SIGNS:", "if name in ACCENTS:"),
    "space-after-nabla": ("tokens[1:] if opens else tokens", "tokens"),
    "names-run-on": ('return f"{name} " if', 'return f"{name}" if'),
    "over-under": ("({above} over {below})", "({below} over {above})"),
}
