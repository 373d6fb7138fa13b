"""Planted bugs of Python for the pages."""

FILE = "book/_ext/python_files.py"
TESTS = ["tests/tools/test_practice_scripts.py", "tests/tools/test_practice_in_page.py"]
MUTANTS = {
    "another-file": ("if found != SHA256[name]:", "if False:"),
    "another-numpy": ('if (numpy["file_name"], numpy["sha256"]) != (NUMPY, SHA256[NUMPY]):', "if False:"),
    "every-package": ('lock | {"packages": {"numpy": numpy}}', "lock"),
    "maps-are-asked-for": ('if not line.startswith(b"//# sourceMapping"))', ")"),
    "torch-too": ("and not inside.startswith(LEFT_OUT)", ""),
    "no-data": ('path.suffix in (".py", ".json", ".txt")', 'path.suffix == ".py"'),
    "made-when": (
        'archive.writestr(zipfile.ZipInfo(f"seqlib/{inside}"), path.read_bytes())',
        'archive.writestr(f"seqlib/{inside}", path.read_bytes())',
    ),
    "outside-of-seqlib": ('zipfile.ZipInfo(f"seqlib/{inside}")', "zipfile.ZipInfo(inside)"),
    "time-of-packing": ("gzip.compress(data, 9, mtime=0)", "gzip.compress(data, 9)"),
    "not-packed": ("base64.b64encode(gzip.compress(data, 9, mtime=0))", "base64.b64encode(data)"),
    "no-worker": ('    scripts["seqlib"] += ', "    _ = "),
    "no-page": ('["seqlib.zip", "in_page.py"]', '["seqlib.zip"]'),
    "without-licences": ('"MPL-2.0.txt", ', ""),
    "an-epub-has-scripts": ('app.builder.name != "html"', 'app.builder.format != "html"'),
    "replaced": ("Object.assign(self.seqPythonFiles ??= {{}}, ", "Object.assign(self.seqPythonFiles = {{}}, "),
}
