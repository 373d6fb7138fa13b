"""The built site, a server for it, and a real browser."""

import contextlib
import functools
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "no browser: install Chromium (Debian: apt install chromium), or run .venv/bin/playwright install chromium"


def pytest_generate_tests(metafunc):
    """Parametrise `page_name` over the built pages."""
    if "page_name" in metafunc.fixturenames:
        built = ROOT / "_build/html"
        names = sorted(str(p.relative_to(built)) for p in built.rglob("*.html") if "_static" not in p.parts)
        metafunc.parametrize("page_name", [name for name in names if name != "index.html"])


@pytest.fixture(scope="session")
def site():
    """The folder of the built site."""
    folder = ROOT / "_build/html"
    if not (folder / "index.html").exists():
        pytest.fail("the site is not built: run 'make book' first")
    return folder


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
def browser():
    """Chromium: the one of CHROMIUM, of the system, or playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error:
            if os.environ.get("CI"):
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        yield launched
        launched.close()


class Visit:
    """An open page with what it asked for and what it complained of."""

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
        """Open an address and wait until its formulas are set."""
        self.page.goto(address)
        self.page.wait_for_load_state("load")
        self.page.evaluate("() => window.MathJax && MathJax.startup ? MathJax.startup.promise : null")
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
                for _ in range(120):
                    with contextlib.suppress(OSError):
                        urllib.request.urlopen(f"{address}/api/status", timeout=5)
                        break
                    assert server.poll() is None, log.read_text()
                    time.sleep(0.5)
                yield address
            finally:
                server.terminate()
                server.wait(30)

    return start
