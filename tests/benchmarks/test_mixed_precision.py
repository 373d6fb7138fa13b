"""The script that measures mixed precision runs, and compares what it says it does."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("mixed_precision.py")


@pytest.fixture(scope="module")
def script():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("mixed_precision", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["seqlib.nn.RNN, H = 64", "feed-forward, H = 64"])
def test_a_ratio_a_round(script, name):
    found = script.ratios(script.MODELS[name], rounds=2, steps=1)
    assert len(found) == 2
    assert all(ratio > 0 for ratio in found)


def test_the_two_precisions_are_timed_in_turn(script, monkeypatch):
    asked = []
    monkeypatch.setattr(script, "seconds", lambda model, precision, steps: asked.append(precision) or 2.0 + len(asked))
    assert script.ratios(None, 2, 1) == [3 / 4, 5 / 6]
    assert asked == ["bfloat16", "full"] * 2
