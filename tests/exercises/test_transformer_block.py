"""A block of chapter 13: that of the package and of torch, put together from its parts, and counted."""

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from seqlib.exercises.transformer_block import block_costs, pre_norm_block
from seqlib.reference import feed_forward, multi_head, normalisation, transformer


def _package(rng, B=2, T=4, D=6, n=2):
    """A block of the package, an input, and its four parts as functions."""
    heads = multi_head.Params(*rng.normal(0, 0.5, (4, D, D)))
    network = feed_forward.FeedForward(rng.normal(size=(9, D)), rng.normal(size=9), rng.normal(size=(D, 9)), None)
    norms = [normalisation.LayerNorm(*rng.normal(1, 0.5, (2, D))) for _ in range(2)]
    block = transformer.Block(heads, norms[0], network, norms[1])
    parts = (
        lambda x: multi_head.forward(heads, x, n_heads=n, causal=True)[0],
        lambda x: feed_forward.forward(network, x)[0],
        lambda x: normalisation.forward(norms[0], x)[0],
        lambda x: normalisation.forward(norms[1], x)[0],
    )
    return block, transformer.Options(n, causal=True), rng.normal(size=(B, T, D)), parts


def test_the_block_is_that_of_the_package():
    block, options, x, parts = _package(np.random.default_rng(1))
    ours, _ = transformer.block(block, x, options=options)
    np.testing.assert_allclose(pre_norm_block.expected(x, *parts), ours, rtol=1e-12)
    post = next(made for id, outcomes in pre_norm_block.wrong.items() if id == "post-norm" for made in outcomes[0])
    theirs, _ = transformer.block(block, x, options=options._replace(norm_first=False))
    np.testing.assert_allclose(post(x, *parts), theirs, rtol=1e-12)


def test_the_parts_of_each_case_are_what_their_names_say():
    for x, attention, network, *norms in pre_norm_block.cases:
        later = x.copy()
        later[:, -1] += 1
        assert (attention(later)[:, :-1] == attention(x)[:, :-1]).all()  # causal
        assert (attention(later)[:, -1] != attention(x)[:, -1]).any()
        assert (network(later)[:, :-1] == network(x)[:, :-1]).all()  # position by position
        assert not np.allclose(norms[0](x), norms[1](x))
        for norm in norms:
            np.testing.assert_allclose(norm(3 * x + 5), norm(x), rtol=1e-4, atol=1e-4)
        first = x.copy()
        first[:, 0] += 1
        assert (attention(first)[:, -1] != attention(x)[:, -1]).any()  # mixes positions


def _read(*steps):
    """A block of steps `stream part norm`, each a function of the named things so far."""

    def answer(x, attention, feed_forward, norm_1, norm_2):
        known = {"x": x, "a": attention, "f": feed_forward, "n1": norm_1, "n2": norm_2}
        for step in steps:
            x = known["x"] = eval(step, {}, known)
        return x

    return answer


@pytest.mark.parametrize(
    ("id", "steps"),
    [
        ("right", ["x + a(n1(x))", "x + f(n2(x))"]),
        ("post-norm", ["n1(x + a(x))", "n2(x + f(x))"]),
        ("output normalised", ["x + n1(a(x))", "x + n2(f(x))"]),
        ("normalised twice", ["n1(x + a(n1(x)))", "n2(x + f(n2(x)))"]),
        ("normalised twice", ["x + n1(a(n1(x)))", "x + n2(f(n2(x)))"]),
        ("normalised twice", ["x + a(n1(x))", "x + f(n2(x))", "n2(x)"]),
        ("the stream is normalised", ["n1(x)", "x + a(x)", "n2(x)", "x + f(x)"]),
        ("the stream is normalised", ["n1(x)", "x + a(x)", "x + f(n2(x))"]),
        ("the stream is normalised", ["x + a(n1(x))", "n2(x)", "x + f(x)"]),
        ("no residual", ["a(n1(x))", "f(n2(x))"]),
        ("no residual", ["a(n1(x))", "x + f(n2(x))"]),
        ("no residual", ["x + a(n1(x))", "f(n2(x))"]),
        ("added to the input", ["x + f(n2(x + a(n1(x))))"]),
        ("added to the input", ["x + f(n2(a(n1(x))))"]),
        ("side by side", ["x + a(n1(x)) + f(n2(x))"]),
        ("feed-forward first", ["x + f(n2(x))", "x + a(n1(x))"]),
        ("feed-forward first", ["x + f(n1(x))", "x + a(n2(x))"]),
        ("norms swapped", ["x + a(n2(x))", "x + f(n1(x))"]),
        ("one norm", ["x + a(n1(x))", "x + f(n1(x))"]),
        ("one norm", ["x + a(n2(x))", "x + f(n2(x))"]),
        ("a norm left out", ["x + a(x)", "x + f(x)"]),
        ("a norm left out", ["x + a(x)", "x + f(n2(x))"]),
        ("a norm left out", ["x + a(n1(x))", "x + f(x)"]),
        ("half a block", ["x + a(n1(x))"]),
        ("half a block", ["x + f(n2(x))"]),
        ("mean", ["(x + a(n1(x))) / 2", "(x + f(n2(x))) / 2"]),
        ("subtracted", ["x - a(n1(x))", "x - f(n2(x))"]),
        ("added twice", ["x + x + a(n1(x)) + f(n2(x + a(n1(x))))"]),
        ("other", ["x + a(n1(x))", "x + f(n2(x))", "x + f(n2(x))"]),
    ],
)
def test_another_order_of_the_parts_is_told_as_such(id, steps):
    assert pre_norm_block.judge(_read(*steps)).id == id


@pytest.mark.parametrize(("d_model", "n_heads", "hidden_size", "T"), block_costs.cases)
def test_parameters_are_torch_s_and_flop_those_of_its_counter(d_model, n_heads, hidden_size, T):
    block = torch.nn.TransformerEncoderLayer(d_model, n_heads, hidden_size, dropout=0.0, batch_first=True)
    parameters, flop = block_costs.expected(d_model, n_heads, hidden_size, T)
    assert parameters == sum(p.numel() for p in block.parameters())
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counted:  # one kernel would not be counted
        block(torch.randn(1, T, d_model))
    assert flop == counted.get_total_flops()


def test_cases_of_costs_have_heads_that_matter_and_sizes_apart():
    for d_model, n_heads, hidden_size, T in block_costs.cases:
        assert d_model % n_heads == 0
        assert len({d_model, n_heads, hidden_size, T}) == 4
    assert any(hidden_size != 4 * d_model for d_model, _, hidden_size, _ in block_costs.cases)


def _formula(parameters, flop):
    return lambda D, n, F, T: (eval(parameters, {}, _named(D, n, F, T)), eval(flop, {}, _named(D, n, F, T)))


def _named(D, n, F, T):
    """What the formulas are made of."""
    return {"D": D, "n": n, "F": F, "T": T}


P, FLOP = "4*D*D + 2*D*F + 9*D + F", "2*T*(4*D*D + 2*D*F) + 4*T*T*D"


@pytest.mark.parametrize(
    ("id", "parameters", "flop"),
    [
        ("right", P, FLOP),
        ("times the heads", f"{P} + 4*(n - 1)*(D*D + D)", f"{FLOP} + 8*T*(n - 1)*D*D"),
        ("times the heads", P, f"{FLOP} + 4*T*T*D*(n - 1)"),
        ("W_o left out", f"{P} - D*D - D", f"{FLOP} - 2*T*D*D"),
        ("W_o left out", f"{P} - D*D", f"{FLOP} - 2*T*D*D"),
        ("no biases", f"{P} - 5*D - F", FLOP),
        ("no biases", f"{P} - D - F", FLOP),
        ("no biases", f"{P} - 7*D - F", FLOP),
        ("4 d_model too few", f"{P} - 4*D", FLOP),
        ("norms without biases", f"{P} - 2*D", FLOP),
        ("biases of the feed-forward network", f"{P} + F - D", FLOP),
        ("biases of the feed-forward network", f"{P} + D - F", FLOP),
        ("one matrix between", f"{P} - D*F", f"{FLOP} - 2*T*D*F"),
        ("multiplications alone", P, f"({FLOP}) // 2"),
        ("pairs left out", P, f"{FLOP} - 4*T*T*D"),
        ("pairs once", P, f"{FLOP} - 2*T*T*D"),
        ("matrices alone", P, f"2*T*({P}) + 4*T*T*D"),
        ("one position", P, f"({FLOP}) // T"),
        ("pairs in one head", P, f"{FLOP} - 4*T*T*D + 4*T*T*D // n"),
        ("order", FLOP, P),
        ("other", f"{P} + 1", FLOP),
    ],
)
def test_a_formula_that_counts_otherwise_is_told(id, parameters, flop):
    assert block_costs.judge(_formula(parameters, flop)).id == id
