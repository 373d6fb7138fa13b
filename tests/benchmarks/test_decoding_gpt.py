"""The benchmark of a GPT's decoding compares the same texts, and can fail."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

SCRIPT = Path(__file__).with_name("decoding_gpt.py")


@pytest.fixture(scope="module")
def script():
    """The script as a module, with those beside it."""
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("decoding_gpt", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(SCRIPT.parent))
    return module


@pytest.fixture(scope="module")
def nets(script):
    """Both networks, tiny, with weights that tell ids apart; in float64, so that sums do not differ."""
    nets = script.networks(8, 2, 2, vocab_size=30, longest=40)
    other = nets[script.THEIRS].double()
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.mul_(20)
    return {script.OURS: script.from_gpt2(other), script.THEIRS: other}


@pytest.mark.parametrize("texts", [1, 3])
def test_both_write_the_same(script, nets, texts):
    written = [way() for way in script.ways(nets, texts, 5, new=12).values()]
    assert written[0].shape == (texts, 12)
    np.testing.assert_array_equal(*written)
    assert len(np.unique(written[0])) > 2


def test_ms_for_each_new_id(script, monkeypatch):
    monkeypatch.setattr(script, "medians", lambda runs, seconds, least, clock: {"a": 10.0, "b": 30.0})
    assert script.measure({"a": lambda: np.zeros((3, 5)), "b": lambda: np.zeros((3, 5))}, 1) == {"a": 2.0, "b": 6.0}
    with pytest.raises(ValueError, match="other texts"):
        script.measure({"a": lambda: np.zeros((3, 5)), "b": lambda: np.ones((3, 5))}, 1)


@pytest.fixture
def run(script, nets, monkeypatch, capsys):
    """The function that runs it with tiny networks, and times that are given for each measurement."""
    monkeypatch.setattr(script, "networks", lambda *sizes: nets)
    monkeypatch.setattr(script, "NEW", 2)
    monkeypatch.setattr(script, "PROMPTS", (1, 3))

    def run(*arguments, times):
        left = iter(times)
        monkeypatch.setattr(script, "measure", lambda both, least: dict(zip(both, next(left), strict=True)))
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
        threads = torch.get_num_threads()
        code = script.main()
        torch.set_num_threads(threads)
        assert not [*left]
        return code, capsys.readouterr().out.splitlines()

    return run


FAST, SLOW = (1.0, 1.6), (1.0, 1.4)


def test_the_bar_decides(run):
    code, said = run("--bars", times=4 * [FAST])
    assert (code, said[-1]) == (0, "bar 1.5: met")
    assert said[1] == "d 128,  1 texts, prompt  16: seqlib 1.00, Hugging Face 1.60  × 1.60"
    code, said = run("--bars", times=[SLOW, SLOW, *4 * [FAST]])  # a missed one is tried again
    assert (code, said[-1]) == (0, "bar 1.5: met")
    for times in ([*6 * [SLOW], FAST, FAST], [FAST, FAST, *6 * [SLOW]]):  # three times, for each size
        code, said = run("--bars", times=times)
        assert (code, said[-1]) == (1, "bar 1.5: missed")
    assert run("--bars", "0.9", times=4 * [SLOW])[0] == 0


def test_the_mean_over_texts_at_once_counts(run):
    assert run("--bars", times=2 * [(1.0, 2.4), (1.0, 1.0)])[0] == 0
    assert run("--bars", "--rounds", "1", times=2 * [(1.0, 2.0), (1.0, 1.0)])[0] == 1


def test_without_a_bar_all_are_measured_and_nothing_can_be_missed(run):
    code, said = run(times=12 * [(2.0, 1.0)])
    assert code == 0
    assert len(said) == 13
    assert {line.split(",")[0] for line in said[1:]} == {"d 128", "d 256", "d 384"}
