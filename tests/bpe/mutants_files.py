"""Planted bugs of seqlib/bpe/files.py."""

FILE = "seqlib/bpe/files.py"
TESTS = ["tests/bpe/test_files.py"]
MUTANTS = {
    "head-is-a-merge": ('(number == 1 and line.startswith("#version"))', "False"),
    "merges-that-look-like-the-head-lost": (
        'number == 1 and line.startswith("#version")',
        'line.startswith("#version")',
    ),
    "head-only-by-its-place": ('number == 1 and line.startswith("#version")', "number == 1"),
    "lines-counted-from-zero": ('split("\\n"), 1)', 'split("\\n"), 0)'),
    "odd-lines-skipped": (
        'raise ValueError(f"merges must have two tokens on each line, but line {number} is {line!r}") from None',
        "continue",
    ),
    "ids-with-gaps": ("if sorted(ids.values()) != list(range(len(ids))):", "if False:"),
    "ids-of-any-kind": ("type(i) is not int", "not isinstance(i, (int, float))"),
    "file-order-instead-of-ids": ("sorted(ids, key=ids.__getitem__)", "ids"),
    "special-is-bytes": ("usual.get(token, token) for", "usual.get(token) or token.encode() for"),
    "bytes-are-special": ("for token in [*BYTES, *(a + b for a, b in pairs)]", "for token in BYTES"),
    "escaped": (", ensure_ascii=False", ""),
    "no-head": ("lines = [VERSION, *(", "lines = [*("),
    "no-last-newline": ('"\\n".join(lines) + "\\n"', '"\\n".join(lines)'),
    "parts-swapped": ("{to_symbols(a)} {to_symbols(b)}", "{to_symbols(b)} {to_symbols(a)}"),
    "clashes-written": ("        if token in usual:\n", "        if False:\n"),
    "json-error-passes": ("except json.JSONDecodeError as error:", "except KeyError as error:"),
    "special-as-symbols": (
        "to_symbols(token) if isinstance(token, bytes) else token: i",
        "to_symbols(token if isinstance(token, bytes) else token.encode())[:9]: i",
    ),
}
