"""Formulas as text that can be read and searched: h_{t-1} is hₜ₋₁, a fraction a/b, a letter its own sign."""

import re

# name and sign by turns
NAMED = """cdot · times × odot ⊙ oplus ⊕ ast ∗ circ ∘ pm ± mp ∓ partial ∂ nabla ∇ infty ∞ ell ℓ prime ′ top ᵀ
    approx ≈ ne ≠ neq ≠ le ≤ leq ≤ ge ≥ geq ≥ ll ≪ gg ≫ sim ∼ propto ∝ equiv ≡ colon :
    to → rightarrow → leftarrow ← mapsto ↦ implies ⇒ Rightarrow ⇒ Longrightarrow ⇒ iff ⇔
    overrightarrow → overleftarrow ← vec → in ∈ notin ∉ subset ⊂ subseteq ⊆ supseteq ⊇ cup ∪ cap ∩ setminus ∖
    backslash ∖ emptyset ∅ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ sum ∑ prod ∏ int ∫ ldots … dots … cdots … vdots …
    ddots … lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ langle ⟨ rangle ⟩
    lVert ‖ rVert ‖ Vert ‖ | ‖ lvert | rvert | vert | mid | lbrace { rbrace }"""
SIGNS = dict(zip(NAMED.split()[::2], NAMED.split()[1::2], strict=True)) | {"quad": " ", "qquad": " "}
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307"}
SIGNS |= ACCENTS | {"widehat": ACCENTS["hat"], "widetilde": ACCENTS["tilde"], "overline": ACCENTS["bar"]}
ARROWS = {"→": "\u20d7", "←": "\u20d6"}
GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi
    chi psi omega"""
for code, name in zip([*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA)], GREEK.split(), strict=True):
    SIGNS |= {name: chr(code), f"var{name}": chr(code), name.capitalize(): chr(code).upper()}
# What only says how a formula is set.
SILENT = re.compile(
    r"left|right|middle|[bB]igg?[lr]?|(display|text|script)style|(no)?limits|math(rm|bf|it|sf|tt|cal|bb|op|rel|bin|ord)"
    r"|bm|boldsymbol|text(bf|it|rm)?|operatorname|smash|nonumber|notag|(begin|end)\{.*"
)
OPENING = "∂∇¬⌊⌈⟨"  # what comes next stands close to it
DROPPED = {"label", "tag", "phantom", "hspace", "vspace"}  # with what stands in their braces
LOW = dict(zip("0123456789+-=()aehijklmnoprstuvx−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₋", strict=True))
HIGH = dict(zip("0123456789+-=()abcdeghijklmnoprst", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗ", strict=True))
HIGH |= dict(zip("uvwxyzT−∗′ᵀ", "ᵘᵛʷˣʸᶻᵀ⁻*′ᵀ", strict=True))
TOKEN = re.compile(r"\\begin\{[^}]*\}(?:\{[^}]*\})?|\\end\{[^}]*\}|\\[a-zA-Z]+\*?|\\.|\s+|.", re.S)


def readable(tex):
    """The text of a formula."""
    text, rest = sequence(TOKEN.findall(tex))
    while rest:  # a brace that closes nothing
        more, rest = sequence(rest[1:])
        text += more
    text = re.sub(r"\s*[,.]?\s*;", ";", text)  # the end of a line of several
    return re.sub(r"\s+", " ", text).strip()


def sequence(tokens):
    """The text up to the brace that closes, and the tokens from there."""
    text = ""
    while tokens and tokens[0] != "}":
        piece, tokens = part(tokens)
        if piece in ACCENTS.values():  # an accent stands behind its letter
            letter, tokens = argument(tokens)
            piece = letter[:1] + piece + letter[1:]
        text += piece
    return text, tokens


def part(tokens):
    """The text of the next token with all that belongs to it, and the tokens after it."""
    if not tokens:
        return "", []
    token, tokens = tokens[0], tokens[1:]
    name = token[1:].rstrip("*") if token[0] == "\\" else None
    if token == "{":
        text, tokens = sequence(tokens)
        return text, tokens[1:]
    if token in "_^":
        text, tokens = argument(tokens)
        return small(text, token), tokens
    if name in ("frac", "dfrac", "tfrac"):
        above, tokens = argument(tokens)
        below, tokens = argument(tokens)
        return f"{grouped(above)}/{grouped(below)}", tokens
    if name == "sqrt":
        inner, tokens = argument(tokens)
        return f"√{grouped(inner)}", tokens
    if name == "overset":  # an arrow over a letter is a sign of its own, over a word it stands behind
        above, tokens = argument(tokens)
        below, tokens = argument(tokens)
        return below + (ARROWS.get(above, above) if len(below) == 1 else above), tokens
    if name == "binom":
        above, tokens = argument(tokens)
        below, tokens = argument(tokens)
        return f"({above} over {below})", tokens
    if name in DROPPED:
        return "", argument(tokens)[1]
    if name is None:
        return {"&": " ", "~": " ", "-": "−", "'": "′"}.get(token, token), tokens
    if SILENT.fullmatch(name):
        return "", tokens[1:] if name in ("left", "right") and tokens[:1] == ["."] else tokens
    if name in SIGNS:
        opens = SIGNS[name] in OPENING and tokens and not tokens[0].strip()
        return SIGNS[name], tokens[1:] if opens else tokens
    if name.isalpha():  # log, tanh, softmax
        return f"{name} " if tokens[:1] and tokens[0].strip() and tokens[0] not in "({_^})" else name, tokens
    return {"\\": "; ", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "\n": " "}.get(name, name), tokens


def argument(tokens):
    """The text of what a command is given."""
    while tokens and not tokens[0].strip():
        tokens = tokens[1:]
    return part(tokens)


def grouped(text):
    """In brackets if it is more than one name or number."""
    text = text.strip()
    return text if re.fullmatch(r"[\w∂√]+", text) else f"({text})"


def small(text, side):
    """An index, or an exponent: small letters if there are such, or written behind _ or ^."""
    text, letters = text.strip(), {"_": LOW, "^": HIGH}[side]
    if all(letter in letters for letter in text) and (side == "_" or not re.fullmatch(r"[a-z]{2,}", text)):
        return "".join(letters[letter] for letter in text)
    return side + (text if re.fullmatch(r"\w+", text) else f"({text})") if text else ""
