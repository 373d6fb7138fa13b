"""Planted bugs of seqlib/bpe/symbols.py."""

FILE = "seqlib/bpe/symbols.py"
TESTS = ["tests/bpe/test_symbols.py"]
MUTANTS = {
    "soft-hyphen-shown": ("*range(0xA1, 0xAD), *range(0xAE, 0x100)", "*range(0xA1, 0x100)"),
    "blank-shown": ("range(0x21, 0x7F)", "range(0x20, 0x7F)"),
    "delete-shown": ("range(0x21, 0x7F)", "range(0x21, 0x80)"),
    "tilde-hidden": ("range(0x21, 0x7F)", "range(0x21, 0x7E)"),
    "from-u-0101-on": ("chr(256 + i)", "chr(257 + i)"),
    "by-byte-instead-of-by-place": ("chr(256 + i)", "chr(256 + byte)"),
    "bytes-in-their-own-order": ("for byte in _SYMBOLS]", "for byte in range(256)]"),
    "anything-is-a-byte": ("if symbol not in _BYTES:", "if ord(symbol) > 0x300:"),
    "strings-pass": ("if not isinstance(token, bytes):", "if not isinstance(token, bytes | str):"),
}
