"""What MinGRU and MinLSTM share: where they start, their options, bad ones named."""

import pytest
import torch

from seqlib.nn import MinGRU, MinLSTM
from seqlib.nn.input_gates import InputGates, candidate

each = pytest.mark.parametrize("kind", [MinGRU, MinLSTM])


@each
def test_where_it_starts_and_its_switches(kind):
    layer = kind(16, 5)
    assert layer.weight.shape == (kind.blocks * 5, 16)
    assert layer.bias.shape == (kind.blocks * 5,)
    for parameter in layer.parameters():
        assert 0.15 < parameter.abs().max() <= 0.25
    assert kind(16, 5, bias=False).bias is None
    assert {p.dtype for p in kind(3, 4, dtype=torch.float64).parameters()} == {torch.float64}
    assert layer.extra_repr() == "16, 5"
    shown = kind(2, 3, candidate="positive", negative_eigenvalues=True, method="tree").extra_repr()
    assert shown == "2, 3, candidate='positive', negative_eigenvalues=True, method='tree'"


@each
def test_the_method_is_the_one_asked_for(kind, monkeypatch):
    seen = []
    from seqlib.nn import input_gates, linear_recurrence

    def spied(*arguments, method):
        seen.append(method)
        return linear_recurrence.scan(*arguments, method=method)

    monkeypatch.setattr(input_gates, "scan", spied)
    kind(3, 4, method="tree")(torch.zeros(1, 20, 3))
    kind(3, 4, method="loop")(torch.zeros(2, 3, 3), None, [3, 1])
    assert seen == ["tree", "loop"]


def test_candidates():
    sums = torch.tensor([-2.0, -1e-9, 0.0, 0.5, 3.0], dtype=torch.float64)
    assert candidate(sums, "linear") is sums
    wanted = torch.tensor([0.11920292202211755, 0.5, 0.5, 1.0, 3.5], dtype=torch.float64)
    torch.testing.assert_close(candidate(sums, "positive"), wanted)
    with pytest.raises(NotImplementedError, match="must say what its coefficients are"):
        type("Other", (InputGates,), {"blocks": 1})(2, 2)(torch.zeros(1, 1, 2))


@each
def test_bad_options_are_named(kind):
    for options, error, message in [
        ({"input_size": 0}, ValueError, "input_size must be at least 1"),
        ({"hidden_size": 0}, ValueError, "hidden_size must be at least 1"),
        ({"candidate": "tanh"}, ValueError, "candidate must be one of 'linear', 'positive', got 'tanh'"),
        ({"method": "fast"}, ValueError, "method must be one of"),
        ({"negative_eigenvalues": 1}, TypeError, "negative_eigenvalues must be True or False"),
        ({"bias": None}, TypeError, "bias must be True or False"),
    ]:
        with pytest.raises(error, match=message):
            kind(**{"input_size": 2, "hidden_size": 3} | options)
