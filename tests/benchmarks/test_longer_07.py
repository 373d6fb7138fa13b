"""Each network and each question of chapter 7's longer measurements is what its name says."""

import itertools
import runpy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from seqlib.nn import GRU, LSTM, RNN

S = runpy.run_path(str(Path(__file__).with_name("longer_07.py")))
PLACE = S["PLACE"]
TASK, EVERY, P = S["grammar"](0, 2)
IDS, N = (torch.tensor(a[::20]) for a in EVERY.inputs)
SHORT = IDS.shape[1] > N
COMMON = {"steps": 2} | S["COMMON"]


def reader(view=S["states"], **kind):
    """A Reader as the script builds it."""
    return S["Reader"](TASK.vocab_size, TASK.n_out, view, **{"embedding": 16, "units": 32} | kind)


def answers(net, x=IDS, n=N):
    torch.manual_seed(0)
    with torch.no_grad():
        return net(x, n)


def read(view, *, T=5, H=3):
    """Which of the outputs of each direction a view of (h, n) gives away: True where the answer depends on it."""
    h = torch.randn(2, T, 2 * H, requires_grad=True)
    view(h, torch.tensor([3, T]))[0].abs().sum().backward()  # the first sentence has 3 words
    used = h.grad[0].abs() > 0
    return {(way, t) for w, way in enumerate("→←") for t in range(T) if used[t, w * H : (w + 1) * H].any()}


@pytest.mark.parametrize(
    ("name", "places"),
    {
        "h→_n, h←_1": {("→", 2), ("←", 0)},
        "out[:, -1]": {("→", 4), ("←", 4)},
        "h→_n, h←_n": {("→", 2), ("←", 2)},
        "h←_1": {("←", 0)},
        "h←_n": {("←", 2)},
    }.items(),
)
def test_each_summary_takes_the_states_of_its_name(name, places):
    assert read(S["SUMMARIES"][name]) == places


def test_every_summary_is_looked_at():
    assert len(S["SUMMARIES"]) == 5


@pytest.mark.parametrize("k", [0, 3, 7, 100])
def test_one_who_waits_answers_k_words_later_or_at_the_end(k):
    h = torch.arange(20.0).expand(2, 20)[..., None]
    seen = S["waits"](k, h, torch.tensor([13, 15]))
    assert seen.flatten().tolist() == [min(PLACE + k, 12), min(PLACE + k, 14)]


@pytest.fixture
def put(monkeypatch):
    """A function that puts other functions in the place of those that the script calls."""
    inside = S["losses"].__globals__
    return lambda **others: [monkeypatch.setitem(inside, name, other) for name, other in others.items()]


@pytest.fixture
def captured(put):
    """A function: what a measurement hands to `losses`, (net, asked, how) of each call; nothing is trained."""

    def measure(name, **settings):
        calls = []

        def losses(seeds, net, asked=S["blank"], **how):
            calls.append((net, asked, how))
            return [1.0 for _ in seeds]

        put(losses=losses)
        S[name](seeds=[0], **COMMON, **settings)
        return calls

    return measure


def layers_of(net):
    net = reader(**net)
    return net, [(type(layer), layer.bidirectional, layer.hidden_size) for layer in net.layers]


def test_the_cells_are_those_of_their_names(captured):
    calls = captured("cells", rates=[0.5], clip=1.0)
    for (name, kind), (net, asked, how) in zip(
        {"RNN": RNN, "LSTM": LSTM, "LSTM, forget bias 1": LSTM, "GRU": GRU}.items(), calls, strict=True
    ):
        net, layers = layers_of(net)
        H = COMMON["units"]
        assert layers == [(kind, True, H)], name
        assert asked is S["blank"]
        assert how == COMMON | {"rate": 0.5, "clip": 1.0}
        if kind is LSTM:
            for way in ("", "_reverse"):
                b = sum(getattr(net.layers[0], f"bias_{x}h_l0{way}").detach() for x in "ih")
                assert (b[H : 2 * H] == 1).all() == ("bias 1" in name)
                assert not (b[:H] == 1).any()


def test_a_residual_layer_adds_its_input_but_the_first():
    plain, added, below = reader(layers=2), reader(layers=2, kind="residual"), reader()
    added.load_state_dict(plain.state_dict())
    below.load_state_dict({k: v for k, v in plain.state_dict().items() if "layers.1" not in k}, strict=False)
    for net in (plain, added, below):
        net.readout = nn.Identity()
    torch.testing.assert_close(answers(added), answers(plain) + answers(below))


def test_two_stacks_of_one_layer_are_a_bidirectional_one():
    apart, both = reader(kind="apart"), reader()
    names = {k: k.replace("layers.1", "layers.0") + "_reverse" * ("layers.1" in k) for k in apart.state_dict()}
    both.load_state_dict({names[k]: v for k, v in apart.state_dict().items()})
    for sees in (True, False):
        apart.sees_lengths = both.sees_lengths = sees
        torch.testing.assert_close(answers(apart), answers(both))


@pytest.mark.parametrize(("layers", "kind", "leaks"), [(1, "", False), (2, "", True), (2, "apart", False)])
def test_only_layers_that_mix_the_directions_hear_of_the_word_itself(layers, kind, leaks):
    x = torch.tensor(EVERY.y[::20])
    other = x.clone()
    other[:, PLACE] = x[:, PLACE].roll(1)
    changed = x[:, PLACE] != other[:, PLACE]
    net = reader(S["shifted"], layers=layers, kind=kind)
    moved = (answers(net, x) - answers(net, other))[changed].abs().amax(-1)
    assert (moved[:, PLACE] > 1e-6).all() if leaks else (moved[:, PLACE] == 0).all()
    assert (moved[:, [PLACE - 1, PLACE + 1]] > 1e-6).all(), "the others do hear of it"


def test_what_the_last_column_says_of_short_sentences_is_nothing():
    net = reader()
    net.readout = nn.Identity()
    last = S["SUMMARIES"]["out[:, -1]"](answers(net), N)
    assert not last[SHORT].any()
    assert last[~SHORT].any()


def test_cloze_has_the_layers_of_its_name_and_asks_for_every_word(captured):
    calls = captured("cloze", arms=["1", "2", "2, apart"])
    nets = [{"view": S["shifted"], "layers": k, "kind": kind} for k, kind in ((1, ""), (2, ""), (2, "apart"))]
    assert calls == [(net, S["whole"], COMMON) for net in nets]
    asked = S["whole"](EVERY)
    np.testing.assert_array_equal(asked.inputs[0], EVERY.y)
    np.testing.assert_array_equal(asked.y, EVERY.y)
    np.testing.assert_array_equal(asked.mask.sum(1), EVERY.inputs[1])


def test_waiting_is_of_one_direction_and_one_answer_is_the_word_of_the_blank(captured):
    h, n = torch.arange(20.0).expand(2, 20)[..., None], torch.tensor([13, 15])
    for k, (net, asked, _) in zip([0, 3], captured("waiting", words=[0, 3]), strict=True):
        assert layers_of(net)[1] == [(GRU, False, COMMON["units"])]
        assert net["view"](h, n).flatten().tolist() == [PLACE + k] * 2
        assert asked is S["one_answer"]
    asked = S["one_answer"](EVERY)
    np.testing.assert_array_equal(asked.y[:, 0], EVERY.y[EVERY.mask])


def test_summaries_are_asked_once(captured):
    h = torch.randn(2, 15, 6)
    for kind, (net, asked, _) in zip(S["SUMMARIES"], captured("summaries", kinds=S["SUMMARIES"]), strict=True):
        assert asked is S["one_answer"]
        n = torch.tensor([13, 15])
        torch.testing.assert_close(net["view"](h, n)[:, 0], S["SUMMARIES"][kind](h, n))


def test_without_lengths_padding_is_read_and_with_them_it_is_not():
    net = reader()
    other = IDS.clone()
    other[(torch.arange(IDS.shape[1]) >= N[:, None])] = 5
    assert (other != IDS).any()
    for sees in (True, False):
        net.sees_lengths = sees
        assert torch.equal(answers(net)[SHORT, 0], answers(net, other)[SHORT, 0]) == sees


def test_networks_are_trained_with_and_without_lengths_and_columns_are_added(put):
    found = []

    def trained(net, asked, *, seed, **how):
        found.append(("trained", net["sees_lengths"]))
        return reader(**net)

    def expected(net, asked, gap, columns=0):
        found.append(("read", net.sees_lengths, columns))
        return 1.0

    put(trained=trained, expected=expected)
    values = S["lengths"]([0], [0, 4], **COMMON)
    reads = [("read", sees, more) for sees in (True, False) for more in (0, 4)]
    assert found == [("trained", True), *reads, ("trained", False), *reads]
    assert set(values) == {f"trained {a}, read {b}" for a in ("with", "without") for b in ("with", "without")}


class Fixed(nn.Module):
    """Answers with the word that it reads, more surely the later it stands in the vocabulary."""

    def forward(self, x, n):
        self.columns = x.shape[1]
        assert not x[:, 15:].any()
        return nn.functional.one_hot(x, TASK.n_out).float() * (1 + x[..., None] / 9)


def test_the_expected_loss_is_a_sum_over_all_sentences_and_columns_are_padding():
    net = Fixed()
    words = EVERY.inputs[1]
    of_words = {n: np.where(words == n, P, 0) for n in (13, 14, 15)} | {None: P}
    for asked in (S["blank"], S["whole"]):
        batch = asked(EVERY)
        x = batch.inputs[0]
        logits = np.eye(TASK.n_out)[x] * (1 + x[..., None] / 9)
        log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        for (n, p), more in itertools.product(of_words.items(), (0, 4)):
            asked_of = [(s, t, weight) for s, weight in enumerate(p) for t in np.flatnonzero(batch.mask[s])]
            want = sum(-weight * log_p[s, t, batch.y[s, t]] for s, t, weight in asked_of)
            want /= sum(weight for *_, weight in asked_of)
            assert S["expected"](net, asked, (0, 2), more, of=n) == pytest.approx(want, abs=1e-6)
            assert net.columns == 15 + more


def test_losses_by_length_are_of_the_steps_and_the_sentences_of_their_names(put):
    def trained(net, asked, *, seed, steps, **how):
        model = reader(**net)
        nn.init.zeros_(model.readout.bias)  # all that answers for short sentences, and not for the others
        model.readout.bias.data[TASK.vocabulary.ids["___"]] = np.log(TASK.n_out - 1)  # half of all
        return steps, model

    def expected(net, asked, gap, of=None):
        assert asked is S["one_answer"]
        return net[0] / 1000 + (of or 0)

    answer = S["answers"]
    put(trained=trained, expected=expected, answers=lambda net, batch: answer(net[1], batch))
    found = S["by_length"]([3], ["out[:, -1]"], 100, [1, 3], **{"gap": (0, 2)})["out[:, -1]"]
    for steps in (100, 300):
        wanted = {"13": 13 + steps / 1000, "14": 14 + steps / 1000, "15": 15 + steps / 1000, "all": steps / 1000}
        wanted["never in the blank"] = 1 - 4 / (2 * (TASK.n_out - 1))  # there are four answers
        assert {k: v[0] for k, v in found[f"{steps}"].items()} == pytest.approx(wanted, abs=1e-3)
    assert set(found) == {"100", "300"}


def test_training_hands_its_settings_on_and_every_seed_is_trained(put):
    given = []

    def fit(build, data, **how):
        net = build()
        given.append((how, [type(layer) for layer in net.layers], net.embedding.embedding_dim, data(0).y.shape))
        return type("History", (), {"model": nn.Identity()})

    put(fit=fit, expected=lambda net, asked, gap: 1.0)
    sizes = {"gap": [0, 0], "embedding": 5, "units": 6, "batch": 7}
    S["losses"]([3, 4], {"view": S["states"], "cell": RNN}, steps=7, rate=0.5, clip=2.0, **sizes)
    wanted = [{"lr": 0.5, "steps": 7, "seed": seed, "clip_norm": 2.0} for seed in (3, 4)]
    assert [{name: how[name] for name in wanted[0]} for how, *_ in given] == wanted
    assert [rest for _, *rest in given] == [[[RNN], 5, (7, 13)]] * 2
