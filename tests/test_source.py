"""show() displays the source that runs."""

import inspect

import pytest

from seqlib.nn import RNN
from seqlib.reference import rnn
from seqlib.source import show


def test_source_without_docstring_still_runs_and_is_the_same_function():
    shown = show(rnn.jacobian)
    setting = dict(vars(rnn))
    exec(shown.text, setting)
    import numpy as np

    params = rnn.init(2, 3, np.random.default_rng(0))
    h = np.tanh(np.random.default_rng(1).normal(size=(2, 3)))
    assert (setting["jacobian"](params, h) == rnn.jacobian(params, h)).all()
    assert '"""' not in shown.text
    assert repr(shown).startswith("# seqlib/reference/rnn.py: jacobian\n")
    assert shown._repr_markdown_().startswith("```python\n")


def test_docstring_on_request_and_methods_are_dedented():
    assert show(rnn.step, docstring=True).text == inspect.getsource(rnn.step).rstrip()
    assert show(RNN.layer).text.startswith("def layer(")
    compile(show(RNN).text, "RNN", "exec")


@pytest.mark.parametrize("obj", [3, "rnn.step", len])
def test_what_has_no_source_is_named(obj):
    with pytest.raises(TypeError, match="obj"):
        show(obj)
