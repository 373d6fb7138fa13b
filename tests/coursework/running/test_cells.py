"""Cells are read as IPython reads them, and what only defines is known; test_kernel runs them."""

import ast
import sys

import pytest

from coursework.running.cells import defines, is_check, statements


def read(source):
    return [ast.unparse(statement) for statement in statements(source)]


def test_a_magic_that_runs_stands_there_as_what_it_runs():
    assert read("%time y = 3") == ["y = 3"]
    assert read("%prun -l 5 -q f(3)") == ["f(3)"]
    assert read("%%time\n%%capture out\ncheck('f', f)\ny = 3") == [
        "get_ipython().capture()",
        "check('f', f)",
        "y = 3",
        "out = get_ipython().captured()",
    ]
    assert any(map(is_check, statements("%%time\ncheck('f', f)")))
    assert read("%%timeit\ny = 3") == ["get_ipython().run_cell_magic('timeit', '', 'y = 3\\n')"]


def test_lines_keep_their_numbers():
    assert [s.lineno for s in statements("\n\n%%time\nx = 1\n\ny = 2")] == [4, 6]
    assert [s.lineno for s in statements("%matplotlib inline\n\nx = 1\n%time y = 2")] == [1, 3, 4]


def test_a_name_is_no_magic_where_it_is_taken():
    assert read("pwd") == []
    assert statements("pwd", {"pwd"}) != []
    assert statements("nothing_known") != []


@pytest.mark.parametrize("source", ["def f(:", "x = = 1", "%%time\nx = (", "\0", "x pwd", "not_a_magic here"])
def test_what_nobody_understands_is_an_error(source):
    with pytest.raises((SyntaxError, ValueError)):
        statements(source)


def test_plain_python_needs_no_ipython(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    assert read("y = '''\n%time\n'''") == ["y = '\\n%time\\n'"]


@pytest.mark.parametrize(
    ("source", "quick"),
    [
        ("import a", True),
        ("def f(): return g()", True),
        ("async def f(): pass", True),
        ("class A: pass", True),
        ("N, M = -2**10, [0.1 * K, 'a']", True),
        ("N: int = 3", True),
        ("N: int", True),
        ("f = lambda x: g(x)", True),
        ("f = g.h", True),
        ("try:\n    import a\nexcept ImportError:\n    a = None", True),
        ("if N > 3:\n    M = 1\nelse:\n    pass", True),
        ("N = f()", False),
        ("N = 10**10**10", False),
        ("N = 1 << 100_000_000", False),
        ("N = [k for k in range(9)]", False),
        ("N = {**f()}", False),
        ("f()", False),
        ("if f():\n    N = 1", False),
        ("try:\n    f()\nexcept E:\n    pass", False),
        ("try:\n    N = 1\nexcept E:\n    f()", False),
        ("try:\n    N = 1\nfinally:\n    f()", False),
        ("for k in N: pass", False),
        ("N += 1", False),
    ],
)
def test_what_defines(source, quick):
    assert defines(ast.parse(source).body[0]) == quick


@pytest.mark.parametrize(("source", "is_one"), [("check('f', f)", True), ("x = check('f', f)", False), ("f()", False)])
def test_the_visible_check(source, is_one):
    assert is_check(ast.parse(source).body[0]) == is_one
