"""Greedy decoding and sampling: distributions of whole sequences, scores, ends, prompts, states, bad input."""

from math import log

import numpy as np
import pytest
import torch

from seqlib.decoding import greedy, sample
from seqlib.nn import GRU, LSTM, RNN, SequenceModel

SETTINGS = {
    "as it is": {},
    "cold": {"temperature": 0.5},
    "hot": {"temperature": 2.0},
    "top-k": {"top_k": 3},
    "top-p": {"top_p": 0.8},
    "all but the tail": {"top_p": 0.97},
    "cold top-p": {"temperature": 0.7, "top_p": 0.9},
    "top-k, top-p": {"top_k": 4, "top_p": 0.85},
    "all three": {"temperature": 1.6, "top_k": 4, "top_p": 0.9},
}
N, EOS, LENGTH, PROMPT = 100_000, 2, 3, [1, 4]
ERROR = 1e-7  # of one test; with 9 settings and 3 seeds a right decoder fails once in 370,000 times


def surprise(counts, p):
    """Pearson's statistic above its bound: positive with probability ERROR at most, for counts drawn from p.

    The bound is that of Laurent & Massart 2000, lemma 1, for a chi-square variable; rare sequences are one cell.
    """
    rare = p * counts.sum() < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(p[~rare], p[rare].sum()) * counts.sum()
    if observed[expected == 0].any():
        return np.inf
    observed, expected = observed[expected > 0], expected[expected > 0]
    k, x = len(expected) - 1, log(1 / ERROR)
    return ((observed - expected) ** 2 / expected).sum() - (k + 2 * (k * x) ** 0.5 + 2 * x)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", SETTINGS)
def test_sequences_come_as_often_as_they_should(name, seed, table, exact):
    model = table(seed=seed)
    wanted = exact(table(seed=seed), PROMPT, LENGTH, EOS, **SETTINGS[name])
    p = np.array([chance for chance, _ in wanted.values()])
    assert p.sum() == pytest.approx(1)
    rng = np.random.default_rng([seed, 7])
    got = sample(model, PROMPT, n=N, max_length=LENGTH, eos=EOS, rng=rng, **SETTINGS[name])
    places = {sequence: i for i, sequence in enumerate(wanted)}
    where = [places[tuple(s)] for s in map(np.ndarray.tolist, got.sequences)]  # KeyError: one that is impossible
    counts = np.bincount(where, minlength=len(p))
    assert surprise(counts, p) < 0
    np.testing.assert_allclose(got.scores, np.array([own for _, own in wanted.values()])[where], rtol=0, atol=1e-10)
    if name != "as it is":  # and the test sees the difference to other settings
        others = [
            exact(table(seed=seed), PROMPT, LENGTH, EOS, **SETTINGS[other]) for other in SETTINGS if other != name
        ]
        for other in others:
            q = np.array([other.get(sequence, (0.0, 0.0))[0] for sequence in wanted])
            assert q.sum() < 0.99999 or surprise(counts, q) > 0


@pytest.mark.parametrize("seed", range(5))
def test_greedy_is_the_limit_of_all(seed, table):
    model = table(seed=seed)
    wanted = greedy(model, PROMPT, max_length=20, eos=EOS)
    state, z = None, None
    for token in PROMPT:
        z, state = model.step(np.array([token]), state)
    for token in wanted.sequences[0]:
        assert token == z[0].argmax()
        z, state = model.step(np.array([token]), state)
    for options in ({"top_k": 1}, {"temperature": 0}, {"temperature": 1e-300}, {"top_p": 1e-300}):
        got = sample(model, PROMPT, n=3, max_length=20, eos=EOS, rng=np.random.default_rng(0), **options)
        for i in range(3):
            assert got.sequences[i].tolist() == wanted.sequences[0].tolist()
        np.testing.assert_array_equal(got.log_probs, np.tile(wanted.log_probs, (3, 1)))


def test_greedy_takes_the_first_of_equal_ones(table):
    model = table()
    model.logits[:] = [0.0, 1.0, 1.0, 0.5, 1.0]
    assert greedy(model, [0], max_length=4).ids.tolist() == [[1, 1, 1, 1]]


def test_a_model_without_an_end_ends(table):
    model = table()
    model.logits[..., EOS] = -np.inf
    for decode in (greedy, lambda *a, **k: sample(*a, n=4, rng=np.random.default_rng(0), **k)):
        model.asked.clear()
        got = decode(model, PROMPT, max_length=50, eos=EOS)
        assert got.lengths.tolist() == [50] * len(got.ids)
        assert not got.ended.any()
        assert len(model.asked) == len(PROMPT) + 49  # after the last symbol nothing is asked
        assert [len(tokens) for tokens in model.asked] == [1] * len(PROMPT) + [len(got.ids)] * 49


def test_a_sequence_that_has_ended_is_left_alone(table):
    model = table(seed=3)
    got = sample(model, [1], n=200, max_length=12, eos=EOS, rng=np.random.default_rng(0))
    free = sample(table(seed=3), [1], n=200, max_length=12, rng=np.random.default_rng(0))
    assert 20 < got.ended.sum() < 200
    assert len(set(got.lengths.tolist())) > 6
    for i, (ids, whole) in enumerate(zip(got.sequences, free.ids, strict=True)):  # the same draws, cut at the first EOS
        cut = whole.tolist().index(EOS) + 1 if EOS in whole else 12
        assert ids.tolist() == whole[:cut].tolist()
        assert (got.lengths[i], got.ended[i]) == (cut, EOS in whole)
        assert (got.ids[i, cut:] == 0).all()
        assert (got.log_probs[i, cut:] == 0).all()
        np.testing.assert_array_equal(got.log_probs[i, :cut], free.log_probs[i, :cut])
    asked = [int((got.lengths > t).sum()) for t in range(1, 12)]  # those that go on, and no others
    assert [len(tokens) for tokens in model.asked] == [1, *(n for n in asked if n)]
    assert not free.ended.any()


def test_an_end_at_the_last_place_is_an_end(table):
    model = table()
    model.logits[..., EOS] = 9
    got = greedy(model, [1], max_length=1, eos=EOS)
    assert (got.ids.tolist(), got.lengths.tolist(), got.ended.tolist()) == ([[EOS]], [1], [True])


def test_an_end_in_the_prompt_is_read(table):
    got = greedy(table(), [1, EOS, 3], max_length=5, eos=EOS)
    assert got.lengths[0] > 0
    assert greedy(table(), [1, EOS, 3], max_length=5).ids[0, : got.lengths[0]].tolist() == got.sequences[0].tolist()


PROMPTS = [[1, 4], [3], [1, 4, 0, 3, 3, 1], [3]]


@pytest.mark.parametrize("eos", [None, EOS])
def test_prompts_of_different_lengths_do_not_touch_each_other(eos, table):
    got = greedy(table(seed=5), PROMPTS, max_length=6, eos=eos)
    for i, prompt in enumerate(PROMPTS):
        alone = greedy(table(seed=5), prompt, max_length=6, eos=eos)
        assert got.sequences[i].tolist() == alone.sequences[0].tolist()
        np.testing.assert_array_equal(got.log_probs[i, : got.lengths[i]], alone.log_probs[0])
        assert got.ended[i] == alone.ended[0]


def test_several_of_each_prompt_are_in_its_order(table, exact):
    """Each is possible after its own prompt, with the score that it has there."""
    got = sample(table(seed=5), PROMPTS, n=50, max_length=3, eos=EOS, top_k=2, rng=np.random.default_rng(0))
    assert len(got.ids) == 200
    for i, sequence in enumerate(got.sequences):
        own = exact(table(seed=5), PROMPTS[i // 50], 3, EOS, top_k=2)
        assert own[tuple(sequence.tolist())][1] == pytest.approx(got.scores[i], abs=1e-10)


def test_the_state_may_come_from_elsewhere(table):
    """Of an encoder, say: here of the first symbols of the prompt."""
    model, state = table(seed=6), None
    for token in (1, 4):
        _, state = model.step(np.array([token, 4 - token]), state)
    got = greedy(model, [[3], [0, 2]], max_length=5, state=state)
    wanted = greedy(table(seed=6), [[1, 4, 3], [3, 0, 0, 2]], max_length=5)
    np.testing.assert_array_equal(got.ids, wanted.ids)
    several = sample(model, [[3], [0, 2]], n=3, top_k=1, max_length=5, state=state, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(several.ids, np.repeat(wanted.ids, 3, 0))


@pytest.mark.parametrize("layer", [RNN, GRU, LSTM, torch.nn.LSTM], ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_network_is_scored_by_its_own_logits(layer, dtype):
    """In whatever mode and precision: the logits it gave, in float64. The prefill is used, and rows are selected."""
    if dtype == torch.bfloat16 and layer is not torch.nn.LSTM:
        pytest.skip("the derived layers compute in float32")
    torch.manual_seed(0)
    model = SequenceModel(layer(4, 6, 2, batch_first=True, dtype=dtype), 7, vocab_size=7, dropout=0.5)
    with torch.no_grad():
        model.readout.weight.mul_(4)
    prompts = [[1, 3], [5], [6, 6, 6, 1]]
    got = sample(model, prompts, n=12, max_length=6, eos=EOS, temperature=1.2, top_p=0.98, rng=np.random.default_rng(1))
    assert got.ended.any()
    assert not got.ended.all()
    assert model.training
    model.eval()
    for i, sequence in enumerate(got.sequences):
        prompt, state, wanted = prompts[i // 12], None, []
        ids = [*prompt, *sequence.tolist()]
        for t, token in enumerate(ids[:-1]):
            z, state = model(torch.tensor([[token]]), state=state)
            if t >= len(prompt) - 1:
                wanted.append(z[0, 0].detach().double().log_softmax(-1)[ids[t + 1]].item())
        tolerance = {torch.float64: 1e-12, torch.float32: 1e-5, torch.bfloat16: 0.2}[dtype]
        np.testing.assert_allclose(got.log_probs[i, : len(sequence)], wanted, rtol=0, atol=tolerance)


def test_scores_are_those_of_the_logits_to_the_last_digit():
    """Of float32 logits too: the model's are kept, and looked at again."""
    answers = []

    class Kept(SequenceModel):
        def prefill(self, x, state=None):
            out, state = super().prefill(x, state)
            answers.append(out.double().log_softmax(-1).numpy())
            return out, state

    model = Kept(LSTM(4, 6, batch_first=True), 7, vocab_size=7)
    got = sample(model, [1], n=5, max_length=8, top_k=2, rng=np.random.default_rng(0))
    wanted = np.stack([np.broadcast_to(a, (5, 7))[np.arange(5), got.ids[:, t]] for t, a in enumerate(answers)], 1)
    np.testing.assert_allclose(got.log_probs, wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.scores, wanted.sum(1), rtol=0, atol=1e-10)


def test_nothing_is_asked_for_nothing(table):
    model = table()
    none = sample(model, [1], n=0, max_length=5, rng=np.random.default_rng(0))
    assert (none.ids.shape, none.log_probs.shape, none.scores.shape, none.sequences) == ((0, 0), (0, 0), (0,), [])
    empty = greedy(model, PROMPTS, max_length=0)
    assert (empty.ids.shape, empty.lengths.tolist(), empty.scores.tolist()) == ((4, 0), [0] * 4, [0.0] * 4)
    assert empty.ids.dtype == empty.lengths.dtype == none.ids.dtype == np.int64
    assert not model.asked


def test_a_vocabulary_of_one(table):
    got = sample(table(1), [0], n=2, max_length=3, rng=np.random.default_rng(0))
    assert (got.ids.tolist(), got.log_probs.tolist()) == ([[0] * 3] * 2, [[0.0] * 3] * 2)
    assert greedy(table(1), [0], max_length=3, eos=0).ids.tolist() == [[0]]


def test_what_is_impossible_is_never_drawn(table):
    model = table()
    model.logits[..., 1:4] = -np.inf
    got = sample(model, [1], n=2000, max_length=5, rng=np.random.default_rng(0))
    assert set(np.unique(got.ids)) == {0, 4}
    model.logits[..., 4] = -np.inf
    assert (sample(model, [1], n=9, max_length=5, rng=np.random.default_rng(0)).log_probs == 0).all()


def answering(answer):
    return type("Model", (), {"step": lambda self, tokens, state: answer})()


RNG = np.random.default_rng(0)
ZEROS = np.zeros((1, 5))
BAD = [
    ({"prompt": []}, ValueError, "prompt must have at least one id for the model to read, such as BOS, got none"),
    ({"prompt": [[1], []]}, ValueError, r"prompt\[1\] must have at least one id"),
    ({"prompt": [1.5]}, TypeError, "prompt must hold integer ids, got dtype float64"),
    ({"prompt": [1, -1]}, ValueError, r"prompt must hold ids from 0 to .*, but prompt\[1\] is -1"),
    ({"prompt": [[1], 2]}, ValueError, r"prompt\[1\] must have shape \(T\), got \(\)"),
    ({"prompt": 3}, ValueError, r"prompt must have shape \(T\), got \(\)"),
    ({"max_length": -1}, ValueError, "max_length must be at least 0, got -1"),
    ({"max_length": None}, TypeError, "max_length must be an integer, got NoneType"),
    ({"n": -1}, ValueError, "n must be at least 0, got -1"),
    ({"eos": -1}, ValueError, "eos must be at least 0, got -1"),
    ({"rng": 3}, TypeError, r"rng must be a numpy\.random\.Generator, got int"),
    ({"temperature": -1}, ValueError, "temperature must be at least 0"),
    ({"top_k": 0}, ValueError, "top_k must be at least 1"),
    ({"top_p": 0.0}, ValueError, "top_p must be greater than 0"),
    ({"model": torch.nn.Linear(1, 1)}, TypeError, r"model must have a method step\(tokens, state\), got Linear"),
    ({"model": answering(ZEROS)}, TypeError, r"model\.step must answer with a pair, logits and state, got ndarray"),
    ({"model": answering((ZEROS[0], None))}, ValueError, r"answer with logits \(1, V\), .*, got \(5,\)"),
    ({"model": answering((np.zeros((2, 5)), None))}, ValueError, r"answer with logits \(1, V\), .*, got \(2, 5\)"),
    ({"model": answering((np.zeros((1, 0)), None))}, ValueError, r"answer with logits \(1, V\), .*, got \(1, 0\)"),
    ({"model": answering((ZEROS * np.nan, None))}, ValueError, r"logits must be finite.*, but logits\[0, 0\] is nan"),
    ({"model": answering((ZEROS + np.inf, None))}, ValueError, r"but logits\[0, 0\] is inf"),
    ({"model": answering((ZEROS - np.inf, None))}, ValueError, "logits must leave at least one symbol possible"),
    ({"model": answering((ZEROS > 0, None))}, TypeError, "logits must hold real numbers, got dtype bool"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(arguments, error, message, table):
    given = {"model": table(), "prompt": [1], "max_length": 3, "rng": RNG} | arguments
    with pytest.raises(error, match=message):
        sample(given.pop("model"), given.pop("prompt"), **given)
    if not set(arguments) & {"rng", "n", "temperature", "top_k", "top_p"}:
        given = {"model": table(), "prompt": [1], "max_length": 3} | arguments
        with pytest.raises(error, match=message):
            greedy(given.pop("model"), given.pop("prompt"), **given)
