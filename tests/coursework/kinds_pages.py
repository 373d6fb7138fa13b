"""What a person opens: text, pictures, outputs and names that would act in a browser, or stop it."""

import base64
import re

from kind import Kind, changed, code, text

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PNG = base64.b64encode(PICTURE).decode()
SCRIPTS = """\
[a](javascript:alert(1)) [b](JaVaScRiPt&#58;alert(1)) [c](data:text/html,<script>alert(1)</script>) <script>alert(1)
</script> <a href="java\tscript:alert(1)">d</a> [e]: vbscript:x <svg onload=alert(1)> $\\href{javascript:alert(1)}{x}$
<iframe srcdoc="<script>alert(1)</script>"></iframe> <https://example.org" onmouseover="alert(1)> ``<img onerror=x>``
"""
IMAGES = """\
![a](http://127.0.0.1:PORT/a.png) <img src="//127.0.0.1:PORT/b"> ![c][d] <link rel=stylesheet href=//127.0.0.1:PORT/e>

[d]: http://127.0.0.1:PORT/d.png
<div style="background: url(http://127.0.0.1:PORT/f)">
"""


def concluded(source, **more):
    """A right notebook with this as its conclusion, and as a text of one's own."""

    def change(notebook):
        for cell in notebook["cells"]:
            if cell["metadata"]["nbgrader"]["grade_id"].endswith("-conclusion"):
                cell |= {"source": source, **more}
        notebook["cells"].insert(1, text(source, **more))

    return changed(change)


def outputs(*made):
    """A right notebook, in which a cell of one's own has these outputs."""
    return changed(lambda notebook: notebook["cells"].insert(1, code("x = 1") | {"outputs": list(made)}))


def shown(**data):
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in data.items()}}


def many(cell, number):
    return changed(lambda notebook: notebook["cells"].extend([cell] * number))


KINDS = [
    Kind("scripts-in-a-text", concluded(SCRIPTS), "all"),
    Kind("remote-images", concluded(IMAGES), "all"),
    Kind("pasted-picture", concluded("![p](attachment:p.png)", attachments={"p.png": {"image/png": PNG}}), "all"),
    Kind(
        "pasted-scripts",
        concluded(
            "![p](attachment:p.svg) ![q](attachment:q) ![r](attachment:r)",
            attachments={
                "p.svg": {"image/svg+xml": "<svg onload=alert(1)/>"},
                "q": {"image/png": '"><script>alert(1)</script>'},
                "r": ["x"],
                '"><script>': {"text/html": "<script>alert(1)</script>", "image/png": [PNG, 3]},
            },
        ),
        "all",
    ),
    Kind("attachments-of-no-type", concluded("x", attachments=[1, 2]), "all"),
    Kind("unending-formula", concluded("\\begin{a}" * 17_000), "all"),
    Kind("unending-emphasis", concluded("**" * 50_000 + "a" + "[" * 50_000 + "`" * 30_001), "all"),
    Kind("a-long-line", concluded("x" * 3_000_000), "all"),
    Kind("many-texts", many(text("A note of my own."), 20_000), "all"),
    Kind("many-code-cells", many(code("x = 1"), 5_000), "all"),
    Kind(
        "scripts-in-outputs",
        outputs(
            shown(text_html="<script>alert(1)</script>", text_plain="shown"),
            shown(**{"image_svg+xml": "<svg onload=alert(1)/>"}),
            shown(application_javascript="alert(1)", text_markdown="[x](javascript:alert(1))", image_png='"><script>'),
            {"output_type": "error", "ename": "<script>", "evalue": "\x1b[31m", "traceback": ["<script>alert(1)"]},
        ),
        "all",
    ),
    Kind("many-outputs", outputs(*[{"output_type": "stream", "name": "stdout", "text": "x\n" * 50}] * 20_000), "all"),
    Kind("a-name-with-markup", changed(lambda n: None), "all", student="<img src=x onerror=alert(1)>"),
    Kind("a-name-that-is-a-formula", changed(lambda n: None), "all", student="=cmd|' !C0"),
    Kind("a-name-as-long-as-can-be", changed(lambda n: None), "all", student="n" * 255),
    Kind("a-name-that-climbs", changed(lambda n: None), "all", student="..\\..\\release %2e%2e%2f"),
]
assert re.fullmatch(r"[\w+/]+={0,2}", PNG)
