"""Exercises answer in the page: as in Python, on every stored answer; from a server and a disk; loaded by a click."""

import ast
import importlib.util
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

FIRST = "chapters/03_bptt.html"
RUN = """async ([chapter, exercise, text]) => {
    try {
        return await seqPython.run({chapter, exercise, text});
    } catch (error) {
        return {status: 'broken', message: String(error)};
    }
}"""
# What the answers take from the notebook, and what a student writes on top where the chapter has no such name.
IMPORTS = {
    "math": "import math",
    "losses": "from seqlib.reference import losses",
    "optim": "from seqlib.reference import optim",
    "rnn": "from seqlib.reference import rnn",
    "reverse": "from seqlib.reference.bidirectional import reverse",
}


pytestmark = pytest.mark.xdist_group("practice")  # one Python for all that can share it


def module(path, name):
    """A module that lies outside of every package."""
    spec = importlib.util.spec_from_file_location(name, path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def students(site):
    """The module that has all stored answers."""
    return module(site.parents[1] / "tests/exercises/test_students.py", "stored_answers")


@pytest.fixture(scope="module")
def pages(site):
    """What each page knows, by the name of its chapter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site.parents[1] / "book/_ext"))
        practice = module(site.parents[1] / "book/_ext/practice.py", "practice")
    return {path.stem: practice.page(path) for path in sorted((site.parents[1] / "chapters").glob("[0-9]*.ipynb"))}


@pytest.fixture(scope="module")
def asked(pages, students):
    """(chapter, name, exercise, said, names, source) of each stored answer; the chapter that asks has the names."""
    places = {}
    for chapter, page in pages.items():
        space = {}
        exec(page["setup"], space)
        places |= {id(getattr(space["practice"], name)): (chapter, space) for name in page["exercises"]}
    found = []
    for file, name, said, source in students.ANSWERS:
        exercise = students.exercise(file, name)
        chapter, space = places[id(exercise)]
        used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        more = [line for word, line in IMPORTS.items() if word in used and word not in space]
        found.append((chapter, name, exercise, said, space, "\n".join([*more, source])))
    return found


def in_python(exercise, name, source, space):
    """The checker's word in this Python."""
    space = dict(space)
    exec(compile(source, name, "exec"), space)
    result = exercise.judge(space[name])
    return result.status, result.id, result.message


def plain(message):
    """A message without what differs from machine to machine: the width of whole numbers, the order of sets."""
    return re.sub(r"\{.*?(\}|\.\.\.)", "{…}", message.replace("int64", "int32"))


@pytest.fixture(scope="module")
def opened(browser, site):
    """A chapter, opened from the disk, for all tests of this file; what it asked for, and when."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(240_000)  # Python starts slowly on a busy machine
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{site.as_uri()}/{FIRST}")
    page.wait_for_load_state("load")
    yield page
    context.close()


def editor(page, exercise):
    """The parts of an editor: the whole, the text, and what is said."""
    whole = page.locator(f".practice[data-exercise={exercise}]")
    return whole, whole.locator("textarea"), whole.locator(".practice-said")


def run(page, exercise, text=None):
    """Write an answer, press Run, and wait for a word on it."""
    whole, area, said = editor(page, exercise)
    if text is not None:
        area.fill(text)
    whole.get_by_role("button", name="Run").click()
    page.wait_for_function("said => said.matches('.right, .wrong, .error, .empty, .absent')", arg=said.element_handle())
    return said.inner_text()


def test_every_exercise_has_its_editor_and_checker(site, parse, chapter, pages):
    soup = parse(f"chapters/{chapter}")
    places = [(place["data-chapter"], place["data-exercise"]) for place in soup.select(".practice:has(> .cell)")]
    assert places == [(chapter, name) for name in pages[chapter]["exercises"]]
    notebook = (site.parents[1] / f"chapters/{chapter}.ipynb").read_text(encoding="utf8")
    assert len(places) == len(re.findall(r'^ +"practice\.\w+\(', notebook, flags=re.M)) >= 4


def test_nothing_is_loaded_before_run_is_pressed(opened):
    assert [url for url in opened.asked if "/python/" in url] == []
    _, area, said = editor(opened, "through_tanh")
    assert area.input_value() == "def through_tanh(dh, h):\n    ..."
    assert said.inner_text() == ""
    assert not opened.locator(".practice .cell").first.is_visible()


def test_a_stub_is_invited(opened):
    assert run(opened, "through_tanh").startswith("✎ through_tanh: not written yet.")
    parts = {url.rsplit("/", 1)[1] for url in opened.asked if "/python/" in url}
    assert parts == {"seqlib.js", "pyodide.js", "stdlib.js", "numpy.js", "wasm.js", "03_bptt.js"}


def test_the_page_judges_every_stored_answer_as_python_does(opened, asked):
    everything = f"async all => {{ const out = []; for (const one of all) out.push(await ({RUN})(one)); return out }}"
    for chapter in {chapter for chapter, *_ in asked}:  # one after the other: Python imports them for the first time
        opened.evaluate(RUN, [chapter, next(name for c, name, *_ in asked if c == chapter), "1"])
    told = opened.evaluate(everything, [[chapter, name, text] for chapter, name, *_, text in asked])
    absent = 0
    for (chapter, name, exercise, said, space, text), found in zip(asked, told, strict=True):
        if re.search(r"\btorch\b", re.sub(r"#.*|\"\"\".*?\"\"\"", "", text)):
            assert (found["status"], found["message"]) == ("absent", "torch"), text
            absent += 1
            continue
        status, id, message = in_python(exercise, name, text, space)
        assert status == ("right" if said == "right" else "wrong"), text
        assert (found["status"], found["id"]) == (status, id), (chapter, text, found)
        assert plain(found["message"]) == plain(message), (chapter, text)
    assert len(told) - absent > 1000
    assert absent < 0.1 * len(told)
    assert {(chapter, name) for chapter, name, *_ in asked} == {
        (chapter, name) for (chapter, name, *_), found in zip(asked, told, strict=True) if found["status"] == "right"
    }


def test_a_right_answer_is_told_and_kept(opened, server):
    opened.evaluate("document.addEventListener('seq:solved', event => (self.solved ??= []).push(event.detail))")
    text = "def through_tanh(dh, h):\n    return dh * (1 - h**2)"
    assert run(opened, "through_tanh", text.replace("2)", "3)")).startswith("✗ through_tanh: ")
    assert opened.evaluate("self.solved") is None
    assert run(opened, "through_tanh", text) == "✓ through_tanh: right."
    assert opened.evaluate("self.solved") == [{"chapter": "03_bptt", "exercise": "through_tanh"}]
    assert opened.evaluate("localStorage.getItem('seq:answer:03_bptt:through_tanh')") == text
    beside = opened.context.new_page()
    beside.goto(opened.url)
    assert editor(beside, "through_tanh")[1].input_value() == text
    assert editor(beside, "one_step_back")[1].input_value() == "def one_step_back(c, da_next, W_hh):\n    ..."
    beside.close()
    editor(opened, "through_tanh")[0].get_by_role("button", name="Reset to stub").click()
    assert editor(opened, "through_tanh")[1].input_value() == "def through_tanh(dh, h):\n    ..."
    assert opened.evaluate("localStorage.getItem('seq:answer:03_bptt:through_tanh')") is None
    opened.keyboard.press("Control+z")
    assert editor(opened, "through_tanh")[1].input_value() == text


def test_errors_name_the_lines_of_the_answer(opened):
    whole = editor(opened, "one_step_back")[0]
    said = run(opened, "one_step_back", "def one_step_back(c, da_next, W_hh):\n    return (c\n")
    assert said == "✗ one_step_back: line 2: SyntaxError: '(' was never closed"
    assert whole.locator(".practice-lines").inner_text().startswith("return (c\n")
    said = run(opened, "one_step_back", "import numpy as np\nprint('here')\nnp.nothing\n")
    assert said.startswith("✗ one_step_back: line 3: AttributeError: ")
    assert whole.locator(".practice-lines").inner_text() == "line 3\n    np.nothing"
    assert whole.locator(".practice-printed").inner_text() == "here"
    assert whole.get_by_text("Printed:").is_visible()
    said = run(opened, "one_step_back", "def one_step_back(c, da, W):\n    a = c\n    return a @ W @ a.x\n")
    assert "it stopped with AttributeError" in said
    assert not whole.get_by_text("Printed:").is_visible()
    assert whole.locator(".practice-lines").inner_text() == "line 3, in one_step_back\n    return a @ W @ a.x"
    assert "there is no one_step_back" in run(opened, "one_step_back", "print('x' * 10**6)")
    printed = whole.locator(".practice-printed").inner_text()
    assert 4000 < len(printed) < 4100
    assert "torch" in run(
        opened, "one_step_back", "import torch\ndef one_step_back(c, da, W):\n    return torch.add(c, W @ da)"
    )
    for text in ("raise SystemExit", "def one_step_back(c, da, W):\n    return one_step_back(c, da, W)", "input()"):
        assert run(opened, "one_step_back", text).startswith("✗ one_step_back: ")
    assert run(opened, "one_step_back", "def one_step_back(c, d, W):\n    return c + W.T @ d").startswith("✓")


def test_the_keyboard_writes_and_leaves(opened):
    whole, area, said = editor(opened, "derivative")
    area.fill("")
    area.focus()
    opened.keyboard.type("def derivative(f, x, eps):\nif eps:\nreturn 1")
    assert area.input_value() == "def derivative(f, x, eps):\n    if eps:\n        return 1"
    opened.keyboard.press("Shift+Tab")
    assert area.input_value().endswith("\n    return 1")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    assert area.input_value().endswith("\n    return 1    \n        ")
    opened.keyboard.press("Control+a")
    opened.keyboard.press("Tab")
    assert area.input_value().startswith("    def derivative(f, x, eps):\n        if eps:")
    opened.keyboard.press("Shift+Tab")
    assert area.input_value().startswith("def derivative(f, x, eps):\n    if eps:")
    assert area.evaluate("area => document.activeElement === area")
    opened.keyboard.press("Escape")
    opened.keyboard.press("Tab")
    assert whole.get_by_role("button", name="Run").evaluate("button => document.activeElement === button")
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Escape")
    opened.keyboard.press("Shift+Tab")
    assert not whole.evaluate("whole => whole.contains(document.activeElement)")
    area.fill("def derivative(f, x, eps):\n    return (f(x + eps) - f(x - eps)) / (2 * eps)")
    area.press("Control+Enter")
    opened.wait_for_function("said => said.matches('.right')", arg=said.element_handle())


def test_an_endless_loop_is_stopped_and_python_starts_anew(opened):
    whole, area, said = editor(opened, "scalar_bptt")
    area.fill("while True:\n    pass")
    whole.get_by_role("button", name="Run").click()
    stop = whole.get_by_role("button", name="Stop")
    opened.wait_for_function("said => /running/i.test(said.textContent)", arg=said.element_handle())
    stop.click()
    opened.wait_for_function("said => said.matches('.error')", arg=said.element_handle())
    assert said.inner_text().startswith("Stopped.")
    assert not stop.is_visible()
    assert run(opened, "through_tanh", "def through_tanh(dh, h):\n    return dh").startswith(
        "✗ through_tanh: The slope"
    )
    assert opened.complaints == []
    own = opened.url.rsplit("/chapters/", 1)[0]
    assert [url for url in opened.asked if not url.startswith((own, "blob:", "data:"))] == []


def test_from_a_server_on_a_phone(visit, server):
    opened = visit(width=320, scheme="dark", reduced_motion="reduce")
    page = opened.go(f"{server}/chapters/12_attention.html")
    page.set_default_timeout(240_000)
    assert run(page, "aer", "def aer(weights, sure, possible):\n    return 1 / 0").startswith(
        "✗ aer: it stopped with Zero"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith((server, "blob:", "data:"))] == []
    # last, for axe asks for style sheets where there are none
    found = Axe().run(page, {"include": [[".practice"]]}, {"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_without_scripts_the_cell_stands_there(visit, server):
    page = visit(java_script_enabled=False).page
    page.goto(f"{server}/{FIRST}")
    cell = page.locator(".practice[data-exercise=derivative] .cell")
    assert cell.is_visible()
    assert "practice.derivative(derivative)" in cell.inner_text()
    assert page.locator(".practice textarea").count() == 0
