"""TransformerModel: its parts, padding, causality, the KV cache from the first token on, decoding, training."""

import numpy as np
import pytest
import torch
from blocks import DOUBLE, LENGTHS, POSITIONS, drawn, model

from seqlib.batching import Batch, mask_from_lengths
from seqlib.decoding import beam, greedy, sample
from seqlib.nn import TransformerModel
from seqlib.training import fit
from seqlib.training.evaluate import evaluate

EXACT = {"rtol": 1e-10, "atol": 1e-10}
CACHED = {"rtol": 1e-12, "atol": 1e-12}
every_position = pytest.mark.parametrize("positions", POSITIONS)
MODERN = {"norm": "rms", "activation": "swiglu", "n_kv_heads": 2, "bias": False}
OLD = {"norm_first": False, "activation": "gelu"}
every_kind = pytest.mark.parametrize("options", [{}, MODERN, OLD], ids=["plain", "modern", "post-norm"])


def ids(B=4, T=7, V=11):
    torch.manual_seed(1)
    return torch.randint(V, (B, T))


def sinusoids(T, D):
    """PE as it is written in the paper."""
    return torch.tensor(
        [[[np.sin, np.cos][d % 2](t / 10_000 ** ((d - d % 2) / D)) for d in range(D)] for t in range(T)], **DOUBLE
    )


@every_position
@pytest.mark.parametrize("causal", [True, False])
def test_it_is_embedding_and_positions_and_blocks_and_read_out(positions, causal):
    net = model(positions, causal=causal, rotary_base=50.0)
    assert net.core.blocks[1].self_attn.rotary == (50.0 if positions == "rotary" else None)
    vectors = net.embedding.words.weight[ids()]
    if positions == "sinusoidal":
        vectors = vectors + sinusoids(7, 16)
    if positions == "learned":
        vectors = vectors + net.embedding.places.weight[:7]
    out, weights = net(ids(), need_weights=True)
    torch.testing.assert_close(out, net.readout(net.core(vectors)), **EXACT)
    assert weights.shape == (2, 4, 4, 7, 7)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 4, 7, **DOUBLE))
    assert (weights[..., 0, 1:] == 0).all() == causal
    fast, none = net(ids())
    assert none is None
    torch.testing.assert_close(fast, out, **EXACT)


def test_a_tied_read_out_is_the_embedding():
    torch.manual_seed(0)
    net = TransformerModel(200, 200, 64, 4, 1, tied=True, **DOUBLE)
    assert net.readout.weight is net.embedding.words.weight
    assert net.embedding.scale == 8
    assert abs(net.embedding.words.weight.std() - 1 / 8) < 0.01
    seen = []
    net.core.blocks[0].norm1.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(ids())
    torch.testing.assert_close(seen[0], 8 * net.readout.weight[ids()] + sinusoids(7, 64), **EXACT)
    assert TransformerModel(5, 5, 8, 2, 1, tied=True, embedding_scale=3.0).embedding.scale == 3
    assert TransformerModel(5, 5, 8, 2, 1).embedding.scale == 1


def test_the_read_out_has_a_bias_or_none_whatever_the_blocks_have():
    for bias, readout_bias, wanted in ((True, None, True), (False, None, False), (True, False, False)):
        net = model(bias=bias, readout_bias=readout_bias)
        assert (net.readout.bias is not None) == wanted
        assert (net.core.blocks[0].linear1.bias is not None) == bias
        x = ids()
        assert torch.equal(net(x, LENGTHS)[0][3, 1:].any(), torch.tensor(wanted)), "an answer to padding is b_o"
    assert model(bias=False, readout_bias=True).readout.bias is not None


def test_vectors_are_read_by_a_linear_map():
    net = drawn(TransformerModel(None, 3, 8, 2, 1, input_size=5, positions=None, **DOUBLE))
    x = torch.randn(2, 4, 5, **DOUBLE)
    torch.testing.assert_close(net(x)[0], net.readout(net.core(net.embedding.words(x))), **EXACT)
    assert net(x)[0].shape == (2, 4, 3)
    wanted = net(x, [4, 2])[0]
    x[1, 2:] = torch.nan
    torch.testing.assert_close(net(x, [4, 2])[0], wanted, **EXACT)
    _, state = net.step(x[:, 0])
    torch.testing.assert_close(net.step(x[:, 1], state)[0], wanted[:, 1], **CACHED)


@every_position
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("need_weights", [True, False])
def test_padding_changes_nothing_and_is_not_read(positions, causal, need_weights):
    net = model(positions, causal=causal)
    x, real = ids(), torch.from_numpy(mask_from_lengths(LENGTHS))
    wanted, weights = net(x, LENGTHS, need_weights=need_weights)
    for b, n in enumerate(LENGTHS):
        alone, of_alone = net(x[b : b + 1, :n], need_weights=need_weights)
        torch.testing.assert_close(alone[0], wanted[b, :n], **EXACT)
        if need_weights:
            torch.testing.assert_close(of_alone[:, 0], weights[:, b, :, :n, :n], **EXACT)
            assert not weights[:, b, :, n:].any()
            assert not weights[:, b, :, :, n:].any()
    assert torch.equal(wanted[~real], net.readout.bias.expand(wanted[~real].shape))
    for junk in (0, -1, 10**9):
        assert torch.equal(net(x.masked_fill(~real, junk), torch.tensor(LENGTHS))[0], net(x, LENGTHS)[0])
    torch.testing.assert_close(net(x, [7] * 4)[0], net(x)[0], **EXACT)
    (wanted**2).sum().backward()
    grads = [parameter.grad.clone() for parameter in net.parameters()]
    net.zero_grad()
    sum((net(x[b : b + 1, :n])[0] ** 2).sum() for b, n in enumerate(LENGTHS)).backward()
    for (name, parameter), padded in zip(net.named_parameters(), grads, strict=True):
        if name != "readout.bias":  # which is the answer to padding, too
            torch.testing.assert_close(parameter.grad, padded, **EXACT)


@every_position
def test_no_answer_knows_a_later_step_and_each_knows_all_before(positions):
    net, x = model(positions), ids()
    wanted = net(x)[0]
    for t in range(7):
        changed = x.clone()
        changed[:, t] = (x[:, t] + 1) % 11
        same = torch.isclose(net(changed)[0], wanted, rtol=1e-12, atol=0).all(-1)
        assert same.tolist() == [[True] * t + [False] * (7 - t)] * 4


def test_without_positions_and_order_it_reads_a_bag_of_words():
    net, x, order = model(None, causal=False), ids(), torch.tensor([2, 0, 1, 6, 5, 3, 4])
    torch.testing.assert_close(net(x[:, order])[0], net(x)[0][:, order], **EXACT)
    for positions in ("sinusoidal", "rotary", "learned"):
        net = model(positions, causal=False)
        assert (net(x[:, order])[0] - net(x)[0][:, order]).abs().max() > 1e-3


@every_position
@every_kind
def test_step_by_step_it_is_the_whole_from_the_first_token_on(positions, options):
    net, x = model(positions, **options), ids()
    whole, state = net(x)[0].detach(), None
    for t in range(7):
        logits, state = net.step(x[:, t], state)
        torch.testing.assert_close(logits, whole[:, t], **CACHED)
        assert [layer.keys.shape[2] for layer in state] == [t + 1] * 2
        if t == 3:
            early = state
    assert not logits.requires_grad
    for cut in range(1, 7):
        logits, state = net.prefill(x[:, :cut].numpy())
        torch.testing.assert_close(logits, whole[:, cut - 1], **CACHED)
        logits, state = net.prefill(x[:, cut:], state)
        torch.testing.assert_close(logits, whole[:, 6], **CACHED)
    torch.testing.assert_close(
        net.step(x[:, 4].numpy(), early)[0], whole[:, 4], **CACHED, msg="a state may be used again"
    )


@every_position
def test_a_state_is_reordered_repeated_and_dropped(positions):
    net, x = model(positions, **MODERN), ids()
    _, state = net.prefill(x[:, :4])
    rows = np.array([2, 0, 2, 3, 3])
    whole = net(x)[0][rows]
    chosen = net.select(state, rows)
    for t in range(4, 7):
        logits, chosen = net.step(x[rows, t], chosen)
        torch.testing.assert_close(logits, whole[:, t], **CACHED)
    assert net.select(None, rows) is None


@every_position
def test_beams_and_prompts_of_different_lengths(positions):
    net = model(positions)
    prompts = [[1, 2, 3], [4], [5, 6]]
    for options in ({}, {"eos": 2}):
        found = beam(net, prompts, width=4, max_length=6, **options)
        drawn_ids = sample(net, prompts, rng=np.random.default_rng(0), max_length=6, n=2, **options)
        made = greedy(net, prompts, max_length=6, **options)
        for b, prompt in enumerate(prompts):
            for sequence, score in (
                (found.sequences[b], found.scores[b]),
                (made.sequences[b], made.scores[b]),
                *((drawn_ids.sequences[2 * b + k], drawn_ids.scores[2 * b + k]) for k in range(2)),
            ):
                whole = torch.tensor([[*prompt, *sequence]])
                log_p = net(whole)[0].log_softmax(-1)[0, len(prompt) - 1 : -1]
                wanted = log_p.gather(1, whole[0, len(prompt) :, None]).sum()
                np.testing.assert_allclose(score, wanted.item(), rtol=1e-10)
            alone = beam(net, prompt, width=4, max_length=6, **options)
            assert alone.sequences[0].tolist() == found.sequences[b].tolist()


def test_learned_positions_end():
    net = model("learned")  # of 16
    assert net(ids(T=16))[0].shape == (4, 16, 11)
    with pytest.raises(ValueError, match="x must end within longest=16 learned positions, got 17"):
        net(ids(T=17))
    _, state = net.prefill(ids(T=15))
    _, state = net.step([1] * 4, state)
    with pytest.raises(ValueError, match="x must end within longest=16 learned positions, got 17"):
        net.step([1] * 4, state)


def test_steps_are_without_dropout_and_change_no_mode():
    net, plain = model(dropout=0.5), model()
    net.core.blocks[0].eval()
    torch.testing.assert_close(net.step([1, 2])[0], plain.step([1, 2])[0], **EXACT)
    assert [net.training, net.core.training, net.core.blocks[0].training] == [True, True, False]
    assert (net(ids())[0] - plain(ids())[0]).abs().max() > 1e-3
    torch.testing.assert_close(net.eval()(ids())[0], plain(ids())[0], **EXACT)


def test_dropout_is_on_what_goes_into_the_first_block():
    net, seen = model(dropout=0.5), []
    net.core.blocks[0].norm1.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    net(ids())
    assert 0.3 < (seen[0] == 0).double().mean() < 0.7


@every_position
@every_kind
def test_weights_are_saved_and_loaded(positions, options):
    net, other = model(positions, **options), drawn(model(positions, **options), seed=5)
    assert not torch.equal(other(ids())[0], net(ids())[0])
    other.load_state_dict(net.state_dict())
    assert torch.equal(other(ids())[0], net(ids())[0])


class Repeats:
    """The word of two steps before, again: a task as the data of `fit`, with so many more columns of padding."""

    loss = "cross_entropy"

    def __init__(self, wider=0):
        self.wider = wider

    def sample(self, B, rng):
        x, lengths = rng.integers(3, 7, (B, 8)), rng.integers(4, 9, B)
        y = np.concatenate([np.zeros((B, 2), int), x[:, :-2]], 1)
        x, y = (np.pad(part, ((0, 0), (0, self.wider))) for part in (x, y))
        mask = mask_from_lengths(lengths, x.shape[1])
        mask[:, :2] = False
        return Batch((x, lengths), y, mask)


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary", "learned"])
def test_it_learns_and_padding_changes_no_step(positions):
    longest = 16 if positions == "learned" else None

    def net():
        return TransformerModel(7, 7, 16, 2, 1, positions=positions, longest=longest, **DOUBLE)

    runs = [fit(net, Repeats(w), steps=n, lr=0.01, seed=0, clip_norm=1.0) for w, n in ((0, 120), (3, 5))]
    np.testing.assert_allclose(runs[0].loss[:5], runs[1].loss, rtol=1e-9)
    assert evaluate(runs[0].model, Repeats(), batches=2) < 0.3, "log 4 is what guessing costs"


BAD = [
    (
        {"positions": "relative"},
        ValueError,
        "positions must be one of 'sinusoidal', 'rotary', 'learned', got 'relative'",
    ),
    ({"positions": "learned"}, ValueError, "longest must be given for positions='learned' and for no other, got None"),
    ({"longest": 5}, ValueError, "longest must be given for positions='learned' and for no other, got 5"),
    ({"tied": True}, ValueError, "n_out must be vocab_size=5 where they are tied, got 4"),
    ({"input_size": 3}, ValueError, "vocab_size must be given for ids, or input_size for vectors, and not both"),
    ({"vocab_size": None}, ValueError, "vocab_size must be given for ids, or input_size for vectors, and not both"),
    ({"d_model": 9, "n_heads": 3}, ValueError, "d_model must be even for sinusoidal positions, got 9"),
    ({"readout_bias": 1}, TypeError, "readout_bias must be True or False, got 1"),
    ({"causal": 1}, TypeError, "causal must be True or False, got 1"),
    ({"source_size": 8}, ValueError, "source_size must be None"),
    ({"rotary": 5.0}, ValueError, "rotary must be given as positions='rotary' and rotary_base, got 5.0"),
    ({"rotary": 5.0, "positions": "rotary"}, ValueError, "rotary must be given as"),
    ({"embedding_scale": 0}, ValueError, "scale must be greater than 0"),
    ({"rotary_base": 0, "positions": "rotary"}, ValueError, "rotary_base must be at least 1"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_bad_options_are_named(options, error, message):
    with pytest.raises(error, match=message):
        TransformerModel(**{"vocab_size": 5, "n_out": 4, "d_model": 8, "n_heads": 2, "n_layers": 1} | options)


def test_bad_input_is_named():
    net, both, other = model(), model(causal=False), model(n_heads=2)
    vectors, written = TransformerModel(None, 3, 8, 2, 1, input_size=5), other.step([1], other.step([1])[1])[1]
    cases = [
        (lambda: net(ids()[0]), ValueError, "x must have shape"),
        (lambda: net(ids().double()), TypeError, "x must hold integer ids, got dtype torch.float64"),
        (lambda: net([[1]]), TypeError, "x must be a tensor, got list"),
        (lambda: net(ids()[:, :0]), ValueError, "x must have at least one step"),
        (lambda: net(ids() + 1), ValueError, "x must hold ids from 0 to 10, got"),
        (lambda: net(ids(), [8, 1, 1, 1]), ValueError, "lengths must be at least 1 and at most 7"),
        (lambda: net(ids(), [0, 1, 1, 1]), ValueError, "lengths must be at least 1"),
        (lambda: net(ids(), [1, 1]), ValueError, "lengths must have shape"),
        (lambda: vectors(ids()), TypeError, "x must be real-valued vectors, got dtype torch.int64; for ids give vocab"),
        (lambda: vectors(torch.zeros(2, 3, 4)), ValueError, "x must have shape"),
        (lambda: both.step([1, 2]), ValueError, "the model must be causal to go step by step"),
        (lambda: net.step([3], 3), TypeError, "state must be what step or prefill returns, got int"),
        (lambda: net.select([1], [0]), TypeError, "state must be what step or prefill returns, got list"),
        (lambda: net.step([3], other.step([1])[1]), ValueError, r"state .* \(2, 4, 4\), got \(2, 2, 8\)"),
        (lambda: net.step([3], written), ValueError, r"state .* \(2, 4, 4\), got \(2, 2, 8\)"),
        (lambda: net.step(3), ValueError, "tokens must hold one for each sequence"),
        (lambda: net.step([3], net.step([1, 2])[1]), ValueError, "x must hold one for each of 2 sequences, got 1"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()
