"""What several tests of tasks use."""

import importlib.util
import sys
from pathlib import Path


def _sibling(name):
    """A module beside this file, under a name by which tests import it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_sibling("every_sentence")
