"""Live models: a box that says `:class: live-model live-dates` gets the widget of that name, as a still.

    :::{admonition} Try it: a date of your own
    :class: live-model live-dates
    …
    :::

The still is drawn here by the widget itself, book/_static/widgets/dates.js, so that it is exactly what the page shows
when a reader first touches it; JupyterLab, and a book on paper, show the words of the box. The weights,
book/_static/live/NN_dates.json, become a script: a page that was opened as a file cannot fetch anything.
"""

import json
from pathlib import Path

import py_mini_racer
from docutils import nodes

STATIC = Path(__file__).resolve().parents[1] / "_static"
SCRIPTS = ("nets.js", "widgets/pictures.js")
MARK = "live-model"


class live_model(nodes.General, nodes.Element):
    """The place of a widget."""


def model_of(widget):
    """The file of the weights of a widget, NN_widget.json, or nothing: a picture needs none."""
    found = sorted((STATIC / "live").glob(f"[0-9][0-9]_{widget}.json"))
    return found[0] if found else None


def sources(widget):
    """All files that a still is made of."""
    model = model_of(widget)
    return [*(STATIC / name for name in (*SCRIPTS, f"widgets/{widget}.js")), *([model] if model else [])]


def still(widget):
    """The HTML of a widget before anybody has touched it."""
    engine, model = py_mini_racer.MiniRacer(), model_of(widget)
    engine.eval("globalThis.live = { models: {}, widgets: {} };")
    for script in (path for path in sources(widget) if path.suffix == ".js"):
        engine.eval(script.read_text(encoding="utf8"))
    text = model.read_text(encoding="utf8") if model else "undefined"
    return engine.eval(f"live.still({json.dumps(widget)}, {text})")


def place(app, doctree):
    """Put a widget at the end of each box that asks for one."""
    for box in doctree.findall(nodes.admonition):
        if MARK in box["classes"]:
            (name,) = (c.removeprefix("live-") for c in box["classes"] if c.startswith("live-") and c != MARK)
            if not (STATIC / f"widgets/{name}.js").is_file():
                raise ValueError(f"a box asks for the live model {name!r}: there is no book/_static/widgets/{name}.js")
            box += live_model("", widget=name)
            for path in sources(name):
                app.env.note_dependency(str(path))


def visit(writer, node):
    """Write the still, and what it is of."""
    name, model = node["widget"], model_of(node["widget"])
    of = f' data-model="{model.stem}"' if model else ""
    writer.body.append(f'<div class="live" data-widget="{name}"{of}>{still(name)}</div>\n')
    raise nodes.SkipNode


def leave_out(writer, node):
    """Nothing: the words of the box stand for it."""
    raise nodes.SkipNode


def weights_as_scripts(app, exception):
    """Write each model as a script that puts it among the others."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static/live"
    for path in folder.glob("*.json"):
        text = path.read_text(encoding="utf8").strip()
        path.with_suffix(".js").write_text(f"live.models[{json.dumps(path.stem)}] = {text};\n", encoding="utf8")
        path.unlink()


def setup(app):
    """Register with Sphinx."""
    other = dict.fromkeys(("epub", "latex", "text", "man", "texinfo"), (leave_out, None))
    app.add_node(live_model, html=(visit, None), **other)
    app.connect("doctree-read", place)
    app.connect("build-finished", weights_as_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
