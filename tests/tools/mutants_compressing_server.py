"""Planted bugs of the server that compresses."""

FILE = "tools/compressing_server.py"
TESTS = ["tests/tools/test_compressing_server.py"]
MUTANTS = {
    "everything-compressed": ("text = path.suffix in COMPRESSED", "text = True"),
    "for-everybody": ('packed = text and "gzip" in asked', "packed = text"),
    "for-nobody": ('packed = text and "gzip" in asked', "packed = False"),
    "qualities-are-names": ('word.partition(";")[0].strip()', "word.strip()"),
    "unsaid": ('self.send_header("Content-Encoding", "gzip")', "pass"),
    "length-of-the-file": ("str(len(data))", "str(path.stat().st_size)"),
    "heads-have-bodies": ("self.answer(body=False)", "self.answer(body=True)"),
    "kept-as-it-was": ("path.stat().st_mtime_ns", "0"),
    "never-kept": ("max-age=600", "no-store"),
    "folders-have-no-page": ('path /= "index.html"', "pass"),
    "one-file-a-connection": ("HTTP/1.1", "HTTP/1.0"),
    "any-character": ("; charset=utf-8", ""),
    "proxies-not-told": ("if text:\n            self.send_header", "if packed:\n            self.send_header"),
    "the-absent-are-complained-of": ("contextlib.suppress(ConnectionError)", "contextlib.suppress(KeyError)"),
}
