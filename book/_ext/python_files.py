"""Python for the pages, as scripts that a click loads: a page may load a script from a disk too, and may fetch nothing.

`_static/python/PART.js` puts the files of a part, compressed and in base64, under their names into `seqPythonFiles`;
`worker.js` stays text. `book/_pyodide/README.md` says where they come from.
"""

import base64
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1] / "_pyodide"
SEQLIB = HERE.parents[1] / "seqlib"
CORE = "pyodide-0.28.3.tgz"
NUMPY = "numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"
SHA256 = {
    CORE: "bc3accb122c2c5d840b26ce56b100a21ab94aea4fe387a5b5c072ec6a88b7a62",
    NUMPY: "3db3c4f3e0448f4d62a85c262692f1260ccd8a91335442bd2442f21ffeddb558",
}
# What of seqlib needs PyTorch or Matplotlib, and the text of chapter 10, which no exercise reads.
LEFT_OUT = ("nn", "plotting", "training", "tasks/topics.txt")


def published(name):
    """The bytes of a file as it was published.

    Raises:  ValueError if it is another file
    """
    data = (HERE / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise ValueError(f"{name} must have the sha256 {SHA256[name]}, got {found}")
    return data


def core():
    """The files of Pyodide that are used, by name; of its list of packages, NumPy alone."""
    with tarfile.open(fileobj=io.BytesIO(published(CORE))) as archive:
        names = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
        files = {name: archive.extractfile(f"package/{name}").read() for name in names}
    lock = json.loads(files["pyodide-lock.json"])
    numpy = lock["packages"]["numpy"]
    if (numpy["file_name"], numpy["sha256"]) != (NUMPY, SHA256[NUMPY]):
        raise ValueError(f"{CORE} must name {NUMPY} with its sha256, got {numpy['file_name']}, {numpy['sha256']}")
    files["pyodide-lock.json"] = json.dumps(lock | {"packages": {"numpy": numpy}}).encode()
    # the map of the source would be asked for when somebody opens the browser's tools
    for name in ("pyodide.js", "pyodide.asm.js"):
        files[name] = b"\n".join(line for line in files[name].split(b"\n") if not line.startswith(b"//# sourceMapping"))
    return files


def seqlib():
    """The part of seqlib that needs NumPy alone, as an archive: the same files make the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(SEQLIB.rglob("*")):
            inside = path.relative_to(SEQLIB).as_posix()
            if path.suffix in (".py", ".json", ".txt") and not inside.startswith(LEFT_OUT):
                archive.writestr(zipfile.ZipInfo(f"seqlib/{inside}"), path.read_bytes())
    return made.getvalue()


def packed(data):
    """Bytes as text: compressed, in base64."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def parts():
    """The text of each script, by the name of its part."""
    files = core() | {NUMPY: published(NUMPY), "seqlib.zip": seqlib(), "in_page.py": (HERE / "in_page.py").read_bytes()}
    worker = (HERE / "worker.js").read_text(encoding="utf8")
    held = {
        "seqlib": ["seqlib.zip", "in_page.py"],
        "pyodide": ["pyodide.js", "pyodide.asm.js", "pyodide-lock.json"],
        "stdlib": ["python_stdlib.zip"],
        "numpy": [NUMPY],
        "wasm": ["pyodide.asm.wasm"],
    }
    made = {part: {name: packed(files.pop(name)) for name in names} for part, names in held.items()}
    scripts = {
        part: f"Object.assign(self.seqPythonFiles ??= {{}}, {json.dumps(found)});\n" for part, found in made.items()
    }
    scripts["seqlib"] += f"self.seqPythonWorker = {json.dumps(worker)};\n"
    return scripts


def write(app, exception):
    """Put the scripts beside the other static files."""
    if exception or app.builder.name != "html":  # an EPUB has no use for them
        return
    folder = Path(app.outdir) / "_static/python"
    folder.mkdir(parents=True, exist_ok=True)
    for part, script in parts().items():
        (folder / f"{part}.js").write_text(script, encoding="utf8")
    for name in ("README.md", "MPL-2.0.txt", "PSF-2.0.txt"):  # who gets the files gets their licences
        shutil.copyfile(HERE / name, folder / name)


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
