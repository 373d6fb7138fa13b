"""The TeX commands that a formula of a student's may hold, and the characters that they stand for."""

from __future__ import annotations

__all__ = ["ACCENTS", "ALPHABETS", "BIG", "FENCES", "FUNCTIONS", "LETTERS", "OPERATORS", "SPACES", "TABLES"]


def _table(rows: str) -> dict[str, str]:
    words = rows.split()
    return dict(zip(words[::2], words[1::2], strict=True))


LETTERS = _table(
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ "
    "mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω "
    "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ "
    "hbar ℏ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ top ⊤ bot ⊥ dots … "
    "ldots … cdots ⋯ vdots ⋮ ddots ⋱ prime ′ degree ° checkmark ✓ dag † ddag ‡ S § # # % % $ $ _ _ & &"
)
OPERATORS = _table(
    "cdot · times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ le ≤ leq ≤ "
    "ge ≥ geq ≥ ne ≠ neq ≠ lt < gt > ll ≪ gg ≫ leqslant ⩽ geqslant ⩾ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ "
    "propto ∝ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ wedge ∧ land ∧ "
    "vee ∨ lor ∨ neg ¬ lnot ¬ to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ "
    "Leftrightarrow ⇔ iff ⟺ implies ⟹ longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ mapsto ↦ uparrow ↑ "
    "downarrow ↓ mid ∣ parallel ∥ perp ⟂ vert | Vert ‖ | ‖ lvert | rvert | lVert ‖ rVert ‖ langle ⟨ rangle ⟩ "
    "lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrace { rbrace } lbrack [ rbrack ] backslash ∖ { { } } colon : "
    "triangleq ≜ doteq ≐ asymp ≍ prec ≺ succ ≻ preceq ⪯ succeq ⪰ models ⊨ vdash ⊢ therefore ∴ because ∵"
)
BIG = _table("sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀")
_NAMES = """
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr
sec sin sinh sup tan tanh
"""
FUNCTIONS = set(_NAMES.split())
ACCENTS = _table(
    "hat ^ widehat ^ bar ¯ overline ¯ tilde ~ widetilde ~ vec → dot ˙ ddot ¨ check ˇ acute ´ grave ` "
    "overrightarrow → overleftarrow ←"
)
SPACES = {",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "0em", " ": "0.25em", "quad": "1em", "qquad": "2em"}
FENCES = set("()[]|/.<>") | {"langle", "rangle", "lfloor", "rfloor", "lceil", "rceil", "lbrace", "rbrace", "{", "}"}
FENCES |= {"|", "vert", "Vert", "lvert", "rvert", "lVert", "rVert", "lbrack", "rbrack"}
TABLES = {"matrix": "", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖"}
TABLES |= {"cases": "{.", "array": "", "smallmatrix": ""}
TABLES |= dict.fromkeys((e + s for e in ("align", "equation", "gather", "alignat") for s in ("", "*")), "")
TABLES |= dict.fromkeys(("aligned", "gathered", "split", "eqnarray", "multline", "displaymath", "math"), "")
ALPHABETS = {  # the first capital and the first small letter of the alphabet, and letters that stand elsewhere
    "mathbf": (0x1D400, 0x1D41A, {}),
    "boldsymbol": (0x1D468, 0x1D482, {}),
    "bm": (0x1D468, 0x1D482, {}),
    "mathsf": (0x1D5A0, 0x1D5BA, {}),
    "mathtt": (0x1D670, 0x1D68A, {}),
    "mathbb": (0x1D538, 0x1D552, dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))),
    "mathcal": (0x1D49C, 0x1D4B6, dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))),
    "mathscr": (0x1D49C, 0x1D4B6, dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))),
    "mathfrak": (0x1D504, 0x1D51E, dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True))),
}
