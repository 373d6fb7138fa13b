"""The widgets of the page, for the tests of what they say."""

import functools
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the module of this folder that is no test


@pytest.fixture(scope="module")
def widget():
    """A function that gives the widget of a name, loaded once."""
    from widget import Widget  # here, for most tests of this folder need no V8

    return functools.cache(Widget)
