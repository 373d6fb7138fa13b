"""SequenceModel: embedding, core, read-out, and its answers to bad input."""

import pytest
import torch

from seqlib.nn import RNN, SequenceModel


def cores():
    """Recurrent layers of ours and of torch's, in one and in two directions."""
    for kind in (RNN, torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU):
        for both in (False, True):
            yield pytest.param(kind, both, id=f"{kind.__module__.split('.')[0]}-{kind.__name__}-{both}")


@pytest.mark.parametrize(("kind", "both"), list(cores()))
def test_answers_at_every_step(kind, both):
    torch.manual_seed(0)
    core = kind(3, 4, 2, batch_first=True, bidirectional=both)
    model = SequenceModel(core, 5)
    x = torch.randn(2, 7, 3)
    out, state = model(x)
    h, wanted = core(x)
    torch.testing.assert_close(out, h @ model.readout.weight.T + model.readout.bias)
    assert out.shape == (2, 7, 5)
    for got, want in zip(torch.as_tensor(state) if kind is RNN else state, wanted, strict=True):
        assert torch.equal(got, want)


@pytest.mark.parametrize(("kind", "both"), [p for p in cores() if not p.values[1]])
def test_state_goes_on_where_it_stopped(kind, both):
    torch.manual_seed(0)
    model = SequenceModel(kind(3, 4, batch_first=True), 5, vocab_size=9)
    ids = torch.randint(9, (2, 7))
    whole, _ = model(ids)
    first, state = model(ids[:, :3])
    second, _ = model(ids[:, 3:], state=state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)


def test_ids_are_looked_up():
    model = SequenceModel(RNN(3, 4, batch_first=True), 5, vocab_size=9, embedding_dim=3)
    ids = torch.randint(9, (2, 7), dtype=torch.int32)
    vectors, _ = model.core(model.embedding.weight[ids.long()])
    torch.testing.assert_close(model(ids)[0], model.readout(vectors))
    assert model.embedding.weight.shape == (9, 3)
    assert SequenceModel(RNN(3, 4, batch_first=True), 5).embedding is None


def test_takes_precision_from_its_core():
    model = SequenceModel(RNN(3, 4, batch_first=True, dtype=torch.float64), 5, vocab_size=9)
    assert {p.dtype for p in model.parameters()} == {torch.float64}
    assert model(torch.zeros(1, 2, dtype=torch.long))[0].dtype == torch.float64


def test_every_parameter_learns():
    torch.manual_seed(0)
    model = SequenceModel(RNN(3, 4, 2, batch_first=True), 5, vocab_size=9)
    model(torch.arange(9).view(1, 9))[0].square().sum().backward()
    for name, parameter in model.named_parameters():
        assert (parameter.grad != 0).any(), name


def test_no_answer_knows_the_future():
    torch.manual_seed(0)
    model = SequenceModel(RNN(3, 4, 2, batch_first=True), 5, vocab_size=9)
    ids = torch.randint(9, (1, 7))
    changed = ids.clone()
    changed[0, 4] = (ids[0, 4] + 1) % 9
    same = torch.isclose(model(ids)[0], model(changed)[0]).all(-1)[0]
    assert same.tolist() == [True] * 4 + [False] * 3


CORE = {"input_size": 3, "hidden_size": 4, "batch_first": True}
BAD = [
    ({"core": torch.nn.Linear(3, 4)}, TypeError, "core must be a recurrent layer such as seqlib.nn.RNN, got Linear"),
    ({"core": None}, TypeError, "core must be a recurrent layer such as seqlib.nn.RNN, got NoneType"),
    ({"core": RNN(3, 4)}, ValueError, "core must be built with batch_first=True, got batch_first=False"),
    ({"n_out": 0}, ValueError, "n_out must be at least 1, got 0"),
    ({"n_out": 1.0}, TypeError, "n_out must be an integer, got float 1.0"),
    ({"vocab_size": 0}, ValueError, "vocab_size must be at least 1, got 0"),
    (
        {"vocab_size": 9, "embedding_dim": 4},
        ValueError,
        "embedding_dim must be core.input_size=3 and go with vocab_size, got embedding_dim=4, vocab_size=9",
    ),
    (
        {"embedding_dim": 3},
        ValueError,
        "embedding_dim must be core.input_size=3 and go with vocab_size, got embedding_dim=3, vocab_size=None",
    ),
]


@pytest.mark.parametrize(("arguments", "error", "message"), BAD, ids=[message for _, _, message in BAD])
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error) as caught:
        SequenceModel(**({"core": RNN(**CORE), "n_out": 5} | arguments))
    assert str(caught.value) == message


ONES = torch.ones
BAD_X = [
    (None, [1, 2], TypeError, "x must be a tensor, got list"),
    (None, ONES(2, 7), ValueError, "x must have shape (B, T, 3), got (2, 7)"),
    (None, ONES(2, 7, 4), ValueError, "x must have shape (B, T, 3), got (2, 7, 4)"),
    (None, ONES(2, 0, 3), ValueError, "x must have at least one step, got shape (2, 0, 3)"),
    (
        None,
        ONES(2, 7).long(),
        TypeError,
        "x must be real-valued vectors, got dtype torch.int64; for ids give vocab_size",
    ),
    (9, ONES(2, 7), TypeError, "x must hold integer ids, got dtype torch.float32"),
    (9, ONES(2, 7).bool(), TypeError, "x must hold integer ids, got dtype torch.bool"),
    (9, ONES(7).long(), ValueError, "x must have shape (B, T), got (7)"),
    (9, ONES(2, 0).long(), ValueError, "x must have at least one step, got shape (2, 0)"),
    (9, torch.tensor([[0, 9]]), ValueError, "x must hold ids from 0 to 8, got 0 to 9"),
    (9, torch.tensor([[-1, 3]]), ValueError, "x must hold ids from 0 to 8, got -1 to 3"),
    (
        9,
        torch.full((1, 2), 2**63, dtype=torch.uint64),
        ValueError,
        f"x must hold ids from 0 to 8, got {2**63} to {2**63}",
    ),
]


@pytest.mark.parametrize(("vocab_size", "x", "error", "message"), BAD_X, ids=[message for *_, message in BAD_X])
def test_bad_input_is_named(vocab_size, x, error, message):
    with pytest.raises(error) as caught:
        SequenceModel(RNN(**CORE), 5, vocab_size=vocab_size)(x)
    assert str(caught.value) == message


BAD_LENGTHS = [
    ([7, 0], ValueError, "lengths must be at least 1 and at most 7, but lengths[1] is 0"),
    ([8, 7], ValueError, "lengths must be at least 1 and at most 7, but lengths[0] is 8"),
    (torch.tensor([-1, 7]), ValueError, "lengths must be at least 1 and at most 7, but lengths[0] is -1"),
    ([7], ValueError, "lengths must have shape (2), got (1)"),
    (torch.tensor([7, 7, 7]), ValueError, "lengths must have shape (2), got (3)"),
    (torch.tensor([[7, 7]]), ValueError, "lengths must be a vector of lengths, got shape (1, 2)"),
    (7, ValueError, "lengths must be a vector of lengths, got shape ()"),
    (torch.tensor([7.0, 7.0]), TypeError, "lengths must hold integers, got dtype float32"),
    (torch.tensor([True, True]), TypeError, "lengths must hold integers, got dtype bool"),
    (torch.zeros(1, 2, 4), ValueError, "lengths must be a vector of lengths, got shape (1, 2, 4)"),  # a state
]


@pytest.mark.parametrize(("lengths", "error", "message"), BAD_LENGTHS, ids=[message for *_, message in BAD_LENGTHS])
@pytest.mark.parametrize("vocab_size", [None, 9])
def test_bad_lengths_are_named(lengths, error, message, vocab_size):
    model = SequenceModel(RNN(**CORE), 5, vocab_size=vocab_size)
    with pytest.raises(error) as caught:
        model(ONES(2, 7, 3) if vocab_size is None else ONES(2, 7).long(), lengths)
    assert str(caught.value) == message


def test_an_id_out_of_range_is_an_error_in_a_sequence_and_not_in_its_padding():
    model = SequenceModel(RNN(**CORE), 5, vocab_size=9)
    ids = torch.tensor([[1, 2, 3], [4, 99, -5]])
    with pytest.raises(ValueError, match="x must hold ids from 0 to 8, got 1 to 99"):
        model(ids, [3, 2])
    assert torch.equal(model(ids, [3, 1])[0], model(torch.tensor([[1, 2, 3], [4, 0, 0]]), [3, 1])[0])


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_a_core_with_projections_answers_with_what_it_projects_to():
    torch.manual_seed(0)
    core = torch.nn.LSTM(3, 4, batch_first=True, proj_size=2, bidirectional=True)
    model, x = SequenceModel(core, 5), torch.randn(2, 7, 3)
    assert torch.equal(model(x)[0], torch.nn.functional.linear(core(x)[0], model.readout.weight, model.readout.bias))


@pytest.mark.parametrize("vocab_size", [None, 9])
def test_an_empty_batch_with_lengths_is_an_empty_answer(vocab_size):
    model = SequenceModel(RNN(**CORE), 5, vocab_size=vocab_size)
    x = ONES(0, 7, 3) if vocab_size is None else ONES(0, 7).long()
    out, state = model(x, [])
    assert out.shape == (0, 7, 5)
    assert state.shape == (1, 0, 4)
    with pytest.raises(ValueError, match=r"lengths must have shape \(0\), got \(1\)"):
        model(x, [7])


@pytest.mark.parametrize("vocab_size", [None, 9])
@pytest.mark.parametrize(("kind", "both"), [p for p in cores() if not p.values[1]])
def test_step_by_step_is_the_whole_sequence(kind, both, vocab_size):
    """Also after a prefill, with ids of NumPy, and with rows in another order."""
    torch.manual_seed(0)
    core = kind(3, 4, 2, batch_first=True, dropout=0.5, dtype=torch.float64)
    model = SequenceModel(core, 5, vocab_size=vocab_size, dropout=0.5).eval()
    x = torch.randn(3, 7, 3, dtype=torch.float64) if vocab_size is None else torch.randint(9, (3, 7))
    whole, last = model(x)
    model.train()
    for given in (x, x.numpy()):
        for read in (0, 4):
            out, state = model.prefill(given[:, :read]) if read else (None, None)
            assert out is None or torch.allclose(out, whole[:, read - 1], rtol=1e-12, atol=1e-12)
            for t in range(read, 7):
                out, state = model.step(given[:, t], state)
                assert out.shape == (3, 5)
                torch.testing.assert_close(out, whole[:, t], rtol=1e-12, atol=1e-12)
                assert not out.requires_grad
                assert all(not part.requires_grad for part in (state if isinstance(state, tuple) else (state,)))
            torch.testing.assert_close(state, last, rtol=1e-12, atol=1e-12)
    _, state = model.prefill(x[:, :4])
    rows = [2, 0, 0, 1]
    turned, _ = model.step(x[rows, 4], model.select(state, rows))
    torch.testing.assert_close(turned, whole[rows, 4], rtol=1e-12, atol=1e-12)
    assert model.select(None, rows) is None


def test_a_step_leaves_the_modes_as_they_were():
    model = SequenceModel(RNN(3, 4, 2, batch_first=True, dropout=0.9), 5, vocab_size=9, dropout=0.9)
    model.core.eval()
    before = torch.get_rng_state()
    outs = [model.step([1, 2])[0] for _ in range(3)]
    assert torch.equal(outs[0], outs[1])
    assert torch.equal(outs[0], outs[2])
    assert (model.training, model.core.training, model.readout.training) == (True, False, True)
    assert torch.equal(before, torch.get_rng_state())
    with pytest.raises(ValueError, match="x must hold ids from 0 to 8, got 9 to 9"):
        model.step([9])
    assert (model.training, model.core.training, model.readout.training) == (True, False, True)
    assert model(torch.tensor([[1]]))[0].requires_grad


def test_both_directions_do_not_go_step_by_step():
    model = SequenceModel(RNN(3, 4, batch_first=True, bidirectional=True), 5, vocab_size=9)
    for call in (lambda: model.step([1]), lambda: model.prefill([[1, 2]])):
        with pytest.raises(
            ValueError, match="core must read in one direction to go step by step, got bidirectional=True"
        ):
            call()
    with pytest.raises(ValueError, match=r"tokens must hold one for each sequence, \(N,\), got a single one: 3"):
        SequenceModel(RNN(**CORE), 5, vocab_size=9).step(3)


@pytest.mark.parametrize("lengths", [None, [7, 4]])
@pytest.mark.parametrize("vocab_size", [None, 9])
def test_dropout_is_before_and_after_the_core(lengths, vocab_size):
    """And nowhere else: the state is not dropped, nor anything in evaluation."""
    torch.manual_seed(0)
    model = SequenceModel(RNN(**CORE), 5, vocab_size=vocab_size, dropout=0.4)
    plain = SequenceModel(RNN(**CORE), 5, vocab_size=vocab_size)
    plain.load_state_dict(model.state_dict())
    x = torch.randn(2, 7, 3) if vocab_size is None else torch.randint(9, (2, 7))
    if lengths is None:
        torch.manual_seed(1)
        out, state = model(x)
        torch.manual_seed(1)
        v = torch.nn.functional.dropout(x if vocab_size is None else model.embedding(x), 0.4)
        h, wanted = model.core(v)
        assert torch.equal(out, model.readout(torch.nn.functional.dropout(h, 0.4)))
        assert torch.equal(state, wanted)
    a, b = model(x, lengths)[0], model(x, lengths)[0]
    assert not torch.equal(a, b)
    assert torch.equal(model.eval()(x, lengths)[0], plain(x, lengths)[0])
    before = torch.get_rng_state()
    plain(x, lengths)
    assert torch.equal(before, torch.get_rng_state())
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"dropout must be at (least 0|most 1), got"):
            SequenceModel(RNN(**CORE), 5, dropout=wrong)
