"""A widget of the page, run without one, and what can be read of the HTML that it makes."""

import json
import runpy
from html.parser import HTMLParser
from pathlib import Path

import py_mini_racer

ROOT = Path(__file__).resolve().parents[2]
LIVE = runpy.run_path(str(ROOT / "book/_ext/live.py"))


class Widget:
    """A widget with its model, in an engine of its own."""

    def __init__(self, name):
        self.name = name
        self.engine = py_mini_racer.MiniRacer()
        self.engine.eval("globalThis.live = { models: {}, widgets: {} };")
        for path in LIVE["sources"](name):
            text = path.read_text(encoding="utf8")
            self.engine.eval(text if path.suffix == ".js" else f"globalThis.model = {text}")
        self.model = json.loads(path.read_text(encoding="utf8")) if path.suffix == ".json" else None

    def __call__(self, function, *values):
        """What a function of the widget, or any other, returns."""
        called = f"((w, model) => {function})(live.widgets.{self.name}, globalThis.model)(...{json.dumps(values)})"
        return json.loads(self.engine.eval(f"JSON.stringify({called})"))

    def draw(self, **changed):
        """What is said and drawn with the first settings, but for those that are changed."""
        return self("s => w.draw(model, { ...live.first(w.controls), ...s })", {k: str(v) for k, v in changed.items()})


class Read(HTMLParser):
    """The rows of the tables in some HTML, each a list of texts, all shades, and the numbers of strips; tags match."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.shades, self.strips, self.open = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        """Begin a row or a cell, and keep its shade."""
        if tag not in ("input", "br"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        given = dict(attributes)
        style = given.get("style", "")
        if tag == "rect":
            self.strips.append(float(given["fill-opacity"]) * (-1 if given.get("class") == "minus" else 1))
        if style.startswith("--share: "):
            self.shades.append(float(style.removeprefix("--share: ")))

    def handle_endtag(self, tag):
        """Close it."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Add to the cell."""
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += data
