"""What tests of several folders need."""

import contextlib
import os
import shutil

import pytest

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


@pytest.fixture(scope="session")
def chromium():
    """Starts Chromium, `with chromium() as browser`: the one of CHROMIUM, of the system, or playwright's own."""
    return _started


@contextlib.contextmanager
def _started():
    """Without a browser a test is skipped; under CI it fails."""
    from playwright.sync_api import Error, sync_playwright  # here, for most tests need none

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
