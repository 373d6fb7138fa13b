"""The benchmark of the block runs, compares equal things, and can fail. The bars themselves are `make bench`."""

import importlib.util
import sys
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).with_name("speed_transformer.py")
FEW = ["--seconds", "0", "--threads", "1", "--rounds", "1", "--sizes", "1"]


@pytest.fixture(scope="module")
def script():
    """The script as a module, with those beside it."""
    sys.path.insert(0, str(SCRIPT.parent))
    spec = importlib.util.spec_from_file_location("speed_transformer", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["speed_transformer"] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(SCRIPT.parent))
    return module


@pytest.fixture
def quick(script, monkeypatch, capsys):
    """The function that runs the benchmark at the smallest size: its exit code, and what it prints."""
    monkeypatch.setattr(script, "SIZES", [(6, 2, 8, 2)])
    monkeypatch.setattr(script, "peak", lambda size, kind, who: {"torch": 101, "seqlib": 100}[who])

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *FEW, *arguments])
        threads = torch.get_num_threads()
        try:
            code = script.main()
        finally:
            torch.set_num_threads(threads)
        return code, capsys.readouterr().out

    return run


def test_every_kind_of_block_is_there(script):
    assert len(set(script.KINDS)) == 8
    assert {str(kind) for kind in script.KINDS} >= {"pre-norm, relu, padding", "post-norm, gelu, no mask"}


def test_both_compute_the_same(script):
    for kind in script.KINDS:
        (out, grad), (wanted, theirs) = (script.runs((8, 4, 8, 2), kind)[who]() for who in ("seqlib", "torch"))
        torch.testing.assert_close(out, wanted, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(grad, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("bars", "code", "verdict"), [("0.001", 0, "met"), ("1000", 1, "missed")])
def test_the_bars_decide(quick, bars, code, verdict):
    ended, said = quick("--bars", bars)
    assert ended == code
    assert [line.split()[-1] for line in said.splitlines() if " bar " in line] == [verdict] * 8


def test_without_bars_nothing_is_missed(quick):
    ended, said = quick()
    assert ended == 0
    assert " bar " not in said


def test_more_memory_than_torch_misses_the_bar(quick, script, monkeypatch):
    monkeypatch.setattr(script, "BAR", 1e-6)
    assert quick("--bars")[0] == 0
    monkeypatch.setattr(script, "BAR", 1.0)
    monkeypatch.setattr(script, "mean", lambda ratios: 2.0)
    assert quick("--bars")[0] == 0
    monkeypatch.setattr(script, "peak", lambda size, kind, who: {"torch": 90, "seqlib": 100}[who])
    assert quick("--bars")[0] == 1


def test_peak_memory_is_at_least_what_must_be_kept(script, monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    T, B, D = 256, 16, 64
    assert script.peak((T, B, D, 2), script.KINDS[0], "seqlib") > 4 * T * B * 4 * D
