"""The built site, a server for it, and a real browser."""

import contextlib
import functools
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parents[2]


class Load(NamedTuple):
    """One page in one window: its path in the site, from the server or the file, width and colours of the window."""

    page: str
    way: str
    width: int
    scheme: str

    def __str__(self):
        """As it stands in the name of a test."""
        return f"{self.page}-{self.way}-{self.width}-{self.scheme}"


# A page is opened three times: wide and narrow in the dark, and from its file in the light; a chapter once more without
# scripts. The other windows are what these become: day breaks, the phone is turned. The layout of a narrow phone does
# not depend on the colours. Light windows come last, because axe, which looks at them by all its rules, then asks for
# style sheets that are not there.
OPENED = [
    [("server", 1280, "dark"), ("server", 1280, "light")],
    [("server", 320, "dark"), ("server", 390, "dark"), ("server", 390, "light")],
    [("file", 1280, "light")],
    [("no scripts", 1280, "light")],
]
WINDOWS = [window for windows in OPENED for window in windows]
LOADS = {
    "server": [window for window in WINDOWS if window[0] == "server" and window[1] != 320],
    "dark": [("server", width, "dark") for width in (1280, 390)],
    "wide": [("server", 1280, "light")],
    "narrow": [("server", 320, "dark")],
    "file": [("file", 1280, "light")],
    "chapter": [("server", 1280, "light")],
    "chapter without scripts": [("no scripts", 1280, "light")],
}
# The next two frames are drawn, and colours have come to rest. In two of some 300 windows that never came, and the run
# stood still: it is not waited for longer than any change of colour takes.
RESTED = """() => {
    const rest = async () => {
        for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
        const changes = document.getAnimations().filter(animation => animation instanceof CSSTransition);
        await Promise.allSettled(changes.map(change => change.finished));
    };
    return Promise.race([rest(), new Promise(late => setTimeout(late, 5000))]);
}"""


def pytest_configure(config):
    """The mark that says on which loads of a page a test runs."""
    said = "the loads of each page that `loaded` is parametrised over; last: it moves or fetches something there"
    config.addinivalue_line("markers", f"loads(kinds, last=False): {said}")


def pytest_generate_tests(metafunc):
    """Parametrise `loaded` over the built pages, `chapter` over the chapters. All of a page is in one worker, which
    loads it for the tests of a load, and parses it for the others, once.
    """
    group = pytest.mark.xdist_group
    if "loaded" in metafunc.fixturenames:
        built = ROOT / "_build/html"
        found = (p for p in built.rglob("*.html") if "_static" not in p.parts and p != built / "index.html")
        pages = sorted(p.relative_to(built).as_posix() for p in found)
        mark = metafunc.definition.get_closest_marker("loads")
        of = {kind: [p for p in pages if p.startswith("chapters/") or not kind.startswith("chapter")] for kind in LOADS}
        loads = [Load(page, *load) for kind in mark.args for load in LOADS[kind] for page in of[kind]]
        marked = [pytest.param(load, id=str(load), marks=group(load.page)) for load in loads]
        metafunc.parametrize("loaded", marked, indirect=True)
    if "chapter" in metafunc.fixturenames:
        names = sorted(path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb"))
        elsewhere = metafunc.definition.get_closest_marker("xdist_group")
        marked = [pytest.param(n, marks=[] if elsewhere else group(f"chapters/{n}.html")) for n in names]
        metafunc.parametrize("chapter", marked)


def first_or_by_load(item):
    """JupyterLab takes long, so it comes first; then all tests of one load after another."""
    if item.path.stem in ("test_lab", "test_student"):
        return (0, "")
    load = getattr(item, "callspec", None) and item.callspec.params.get("loaded")
    if not load:
        return (2, "")
    return (1, load.page, WINDOWS.index(load[1:]), item.get_closest_marker("loads").kwargs.get("last", False))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the tests of one load of a page side by side; others keep their places."""
    here = [i for i, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    for i, item in zip(here, sorted((items[i] for i in here), key=first_or_by_load), strict=True):
        items[i] = item


@pytest.fixture(scope="session")
def site():
    """The folder of the built site."""
    folder = ROOT / "_build/html"
    if not (folder / "index.html").exists():
        pytest.fail("the site is not built: run 'make book' first")
    return folder


@pytest.fixture(scope="session")
def parse(site):
    """A function that parses a built page, `parse("chapters/05_lstm")`, once for all tests: none changes anything."""
    return functools.cache(lambda n: BeautifulSoup((site / f"{n}.html").read_text(encoding="utf8"), "html.parser"))


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *arguments):
        """Nothing."""


@pytest.fixture(scope="session")
def server(site):
    """The address of a server of the site."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=site)) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture(scope="session")
def browser(chromium):
    """Chromium, started once for all pages."""
    with chromium() as started:
        yield started


class Visit:
    """An open page with what it asked for and what it complained of."""

    load, base = None, None  # of the pages that are loaded once

    def __init__(self, context):
        self.page = context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )

    def go(self, address):
        """Open an address and wait until its fonts are there."""
        self.page.goto(address)
        self.page.wait_for_load_state("load")
        self.page.evaluate("() => document.fonts.ready.then(() => null)")
        return self.page


@pytest.fixture
def visit(browser):
    """A function that opens a fresh page of a width and a colour scheme."""
    contexts = []

    def open_page(width=1280, scheme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        return Visit(context)

    yield open_page
    for context in contexts:
        context.close()


class Loader:
    """Opens a page as often as OPENED says, and keeps the last one open for the tests that follow."""

    def __init__(self, browser, bases):
        self.browser, self.bases = browser, bases
        self.begun, self.context, self.visit, self.error = [], None, None, None

    def __call__(self, load):
        """The page, loaded. A load that failed fails again for the next test, and is not tried again."""
        if not self.begun or self.begun[-1] != load:
            assert load not in self.begun, f"{load} is loaded twice: its tests are not side by side"
            self.begun.append(load)
            try:
                if self.visit and not self.error and self.can_become(load):
                    self.become(load)
                else:
                    self.close()
                    self.open(load)
            except Error as error:
                self.error = error
        if self.error:
            raise self.error
        return self.visit

    def open(self, load):
        """Load a page."""
        size = {"width": load.width, "height": 900}
        # colours are measured when they have come to rest
        options = {"reduced_motion": "reduce", "java_script_enabled": load.way != "no scripts"}
        self.context = self.browser.new_context(viewport=size, color_scheme=load.scheme, **options)
        self.visit = Visit(self.context)
        self.visit.load, self.visit.base = load, self.bases[load.way]
        self.visit.go(f"{self.visit.base}/{load.page}")

    def can_become(self, load):
        """Whether what is open is the same page in an earlier window of the same row of OPENED."""
        now = self.visit.load
        return now.page == load.page and any({now[1:], load[1:]} <= set(windows) for windows in OPENED)

    def become(self, load):
        """Change the size of the window and its colours, as a reader may while the page is open."""
        page, self.visit.load = self.visit.page, load
        page.set_viewport_size({"width": load.width, "height": 900})
        page.emulate_media(color_scheme=load.scheme, reduced_motion="reduce")
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=load.scheme)
        page.evaluate(RESTED)

    def close(self):
        """Close what is open."""
        if self.context:
            self.context.close()
        self.context, self.visit, self.error = None, None, None


@pytest.fixture(scope="session")
def loader(browser, server, site):
    """A function that loads a page, or gives it as it was loaded for the test before."""
    made = Loader(browser, {"server": server, "file": site.as_uri(), "no scripts": server})
    yield made
    made.close()


@pytest.fixture
def loaded(request, loader):
    """A page of the site in a window, the same for all its tests."""
    return loader(request.param)


@pytest.fixture(scope="session")
def start_lab(tmp_path_factory):
    """A context that starts JupyterLab on a folder, with nothing of the user's own settings, and gives its address."""

    @contextlib.contextmanager
    def start(folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = tmp_path_factory.mktemp("settings")
        environment = os.environ | {name: str(settings / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
        environment |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(settings / "spaces")}
        environment |= {"IPYTHONDIR": str(settings / "ipython"), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", f"--notebook-dir={folder}"]
        command += ["--IdentityProvider.token=", "--ServerApp.port_retries=0", "--allow-root"]
        command += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        log = settings / "log"
        with log.open("w") as written:
            server = subprocess.Popen(command, env=environment, stdout=written, stderr=subprocess.STDOUT)
            try:
                address = f"http://127.0.0.1:{port}"
                for _ in range(600):
                    with contextlib.suppress(OSError):
                        urllib.request.urlopen(f"{address}/api/status", timeout=5)
                        break
                    assert server.poll() is None, log.read_text()
                    time.sleep(0.5)
                else:
                    pytest.fail(f"JupyterLab did not answer within five minutes:\n{log.read_text()}")
                yield address
            finally:
                server.terminate()
                server.wait(30)

    return start
