"""What is erased, permuted and swapped in chapter 12 is what it is called, and its effects are counted."""

import runpy
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqlib.nn import GRU, Attention, EncoderDecoder
from seqlib.text import BOS, EOS, PAD, UNK

S = runpy.run_path(str(Path(__file__).with_name("dates_interference.py")))
TEST = S["TEST"]
GLOBALS = S["effects"].__globals__
RNG = np.random.default_rng


def of_form(form):
    """A date with two digits of its day, not in May."""
    return next(one for one in S["chosen"](900, RNG(0)) if one.form == form and one.roles[0].count("day") == 2)


def network():
    torch.manual_seed(3)
    reads = GRU(5, 3, batch_first=True, bidirectional=True)
    net = EncoderDecoder(reads, GRU(5, 6, batch_first=True), TEST.vocab_size, TEST.n_out, attention=Attention("dot", 6))
    return net.double()


def test_others_of_a_kind():
    kinds = S["kinds"](TEST.sentences)
    sizes = {9: 10, 6: 7, 10: 11, 11: 12}  # digits; days of the week; months but May; in short, both Sep and Sept
    assert Counter(map(len, kinds.values())) == sizes
    assert kinds["3"] == list("012456789")
    assert {"January", "Monday"} & {*kinds["Friday"], *kinds["July"]} == {"January", "Monday"}
    assert "Feb" in kinds["Jan"]
    assert "Feb" not in kinds["January"]
    assert "May" not in {*kinds, *(other for others in kinds.values() for other in others)}


def test_meanings_are_those_of_linked_words():
    means = S["meanings"](TEST.sentences)
    assert (means["3"], means["Friday"], means["January"], means["Jan"]) == ("3", "Jimco", "Janaayo", "Jan")
    assert "May" not in means
    assert set(S["kinds"](TEST.sentences)) <= set(means)


def test_dates_are_chosen_once_and_none_of_may():
    found = S["chosen"](200, RNG(1))
    assert len({one.english + one.form for one in found}) == len(found) == 200
    assert not any("May" in one.source or "Maayo" in one.target for one in S["chosen"](2000, RNG(2)))
    assert S["chosen"](200, RNG(3)) != found


def test_steps_that_are_asked_for_are_words_and_free_ones_may_be_any():
    one, other = of_form("full en_GB"), of_form("short en")
    steps, free, words = S["real"]([one, other], TEST.batch([one, other]))
    said = [one.target[t] for t in np.flatnonzero(steps[0])]
    assert said == [word for word in one.target if word not in (",", "-", "/")]
    assert [one.target[t] for t in np.flatnonzero(free[0])] == [one.target[0], one.target[2], one.target[-1]]
    assert [other.target[t] for t in np.flatnonzero(free[1])] == [other.target[-1]]
    assert np.flatnonzero(free[1])[0] == len(other.target) - 1
    assert steps[1].sum() == 6
    assert [one.source[s] for s in np.flatnonzero(words[0])] == [word for word in one.source if word != ","]


@pytest.fixture(scope="module")
def asked():
    chosen = S["chosen"](6, RNG(4))
    batch, net = TEST.batch(chosen), network()
    return net, batch, S["Asked"](net, batch)


def test_nobody_interfering_gives_the_answers_of_the_model(asked):
    net, batch, found = asked
    source, lengths, previous = batch.inputs
    with torch.no_grad():
        logits, state = net(torch.tensor(source), lengths, torch.tensor(previous))
    assert found.log_p == pytest.approx(torch.log_softmax(logits, -1).numpy(), abs=1e-12)
    assert torch.equal(found.weights, state.weights)


def test_erasing_masks_one_position_for_one_step(asked):
    net, batch, found = asked
    source, lengths, previous = batch.inputs
    place = RNG(5).integers(lengths.min(), size=previous.shape)
    log_p = found.erased(place)
    start = net.encode(source, lengths)
    for n, t in [(0, 0), (2, 3), (5, 6)]:
        mask = start.mask.clone()
        mask[n, place[n, t]] = False
        logits, _ = net.prefill(previous[:, : t + 1], start._replace(mask=mask))
        assert log_p[n, t] == pytest.approx(torch.log_softmax(logits[n], -1).numpy(), abs=1e-12)
    assert not np.allclose(log_p, found.log_p)


def test_another_position_is_any_but_that():
    allowed = np.array([[True, False, True, True], [False, True, True, False]])
    place = np.array([[0] * 200, [2] * 200])
    found = S["another"](place, allowed, RNG(6))
    assert set(found[0]) == {2, 3}
    assert set(found[1]) == {1}
    assert 60 < (found[0] == 2).sum() < 140


def test_weights_are_dealt_within_the_sentence():
    weights = np.zeros((2, 300, 5))
    weights[0] = [0.5, 0.3, 0.2, 0, 0]
    weights[1] = [0.1, 0.2, 0.3, 0.35, 0.05]
    found = S["dealt"](weights, np.array([3, 5]), RNG(7))
    assert (found[0, :, 3:] == 0).all()
    assert np.array_equal(np.sort(found, 2), np.sort(weights, 2))
    assert set(found[0].argmax(1)) == {0, 1, 2}
    assert set(found[1].argmax(1)) == {0, 1, 2, 3, 4}


def test_one_token_is_swapped_for_another_of_its_kind(monkeypatch):
    chosen = [of_form("full en_GB"), of_form("short en"), of_form("medium en")]
    seen = []

    def spy(model, batch):
        seen.append(batch)
        rows = np.arange(len(batch.y))[:, None, None] + np.zeros((1, *batch.y.shape[1:], 2))
        return SimpleNamespace(log_p=rows)

    monkeypatch.setitem(GLOBALS, "Asked", spy)
    log_p, wanted = S["swapped"]("a model", chosen, RNG(8))
    longest = max(len(one.source) for one in chosen)
    assert log_p.shape[:2] == wanted.shape == (3, longest)
    assert (log_p[..., 0, 0] == np.arange(3 * longest).reshape(3, longest)).all()
    kinds, means = S["kinds"](TEST.sentences), S["meanings"](TEST.sentences)
    source, lengths, _ = seen[0].inputs
    for n, one in enumerate(chosen):
        for s in range(longest):
            row = n * longest + s
            read = [TEST.source.tokens[i] for i in source[row, : lengths[row]]]
            other = [i for i, (a, b) in enumerate(zip(read, [*one.source, "<eos>"], strict=True)) if a != b]
            swappable = s < len(one.source) and bool(one.roles[0][s])
            assert other == [s] * swappable
            if swappable:
                assert read[s] in kinds[one.source[s]]
                assert TEST.target.tokens[wanted[n, s]] == means[read[s]]
            else:
                assert wanted[n, s] == PAD


def test_swaps_are_drawn_anew(monkeypatch):
    monkeypatch.setitem(GLOBALS, "Asked", lambda model, batch: SimpleNamespace(log_p=np.zeros((*batch.y.shape, 2))))
    one = of_form("long en")
    drawn = {S["swapped"](None, [one], RNG(seed))[1][0, 0] for seed in range(8)}
    assert len(drawn) > 2


def test_spearman_is_the_correlation_of_ranks():
    a = np.array([0.1, 5.0, 0.3, 2.0])
    assert S["spearman"](a, np.exp(a)) == pytest.approx(1)
    assert S["spearman"](a, -(a**3)) == pytest.approx(-1)
    assert S["spearman"](np.arange(4.0), np.array([7.0, 9.0, 8.0, 30.0])) == pytest.approx(1 - 6 * 2 / (4 * 15))


class Ideal:
    """Attends to `at` (N, T), and writes the true word exactly when that has the largest weight; else EOS.

    Where `at` is -1, at marks and behind the sentence, it always writes EOS.
    """

    def __init__(self, chosen, batch, at):
        self.y, self.state = batch.y, SimpleNamespace(mask=torch.tensor(batch.inputs[0] != PAD))
        self.at, (N, _), size = at, at.shape, batch.inputs[0].shape[1]
        self.real = batch.inputs[0] != PAD
        raw = np.where(self.real[:, None], 0.02 + 0.001 * np.arange(size), 0) * np.ones((N, at.shape[1], 1))
        np.put_along_axis(raw, at.clip(0)[..., None], 4.0, 2)
        self.weights = torch.tensor(raw / raw.sum(2, keepdims=True))
        self.log_p = self.answers(self.weights)

    def written(self, ids):
        p = np.full((*ids.shape, TEST.n_out), 0.1 / (TEST.n_out - 1))
        np.put_along_axis(p, ids[..., None], 0.9, -1)
        return np.log(p)

    def answers(self, weights):
        assert weights.sum(2).numpy() == pytest.approx(1, abs=1e-6)
        assert not weights.numpy()[~np.broadcast_to(self.real[:, None], weights.shape)].any()
        return self.written(np.where(weights.numpy().argmax(2) == self.at, self.y, EOS))

    def erased(self, place):
        return self.written(np.where((place == self.at) | (self.at < 0), EOS, self.y))


def ideal(monkeypatch, far=False, cases=60):
    """Effects in which a swap at the attended position, or with `far` at any other, is what the word follows."""
    kept = {}

    def asked(model, batch):
        chosen = kept["chosen"]
        at = np.full(batch.y.shape, -1)
        for n, one in enumerate(chosen):
            at[n, : len(one.target)] = np.where([bool(role) for role in one.roles[1]], one.roles[0].index("day"), -1)
            for s, t in one.sure:
                if one.roles[1][t]:
                    at[n, t] = s
        kept["ideal"] = Ideal(chosen, batch, at)
        return kept["ideal"]

    def choose(cases, rng):
        kept["chosen"] = S["chosen"](cases, rng)
        return kept["chosen"]

    def swapped(model, chosen, rng):
        net, longest = kept["ideal"], max(len(one.source) for one in chosen)
        wanted = rng.choice([BOS, UNK], (len(chosen), longest))  # never the true word
        steps, free, _ = S["real"](chosen, TEST.batch(chosen))
        follows = ((net.at[:, None] == np.arange(longest)[None, :, None]) ^ far) & steps[:, None]
        ids = np.where(free[:, None], wanted[..., None], EOS)  # what is not free changes, but does not follow
        ids = np.where(follows, ids, np.where(steps, net.y, EOS)[:, None])
        log_p = net.written(ids)
        # What is attended to a little has a little effect.
        log_p -= 0.001 * np.arange(longest)[None, :, None, None] * ~follows[..., None]
        return log_p, wanted

    for name, what in {"chosen": choose, "Asked": asked, "swapped": swapped}.items():
        monkeypatch.setitem(GLOBALS, name, what)
    return S["effects"]("a model", 3, cases)


def test_effects_of_a_network_that_uses_what_it_attends_to(monkeypatch):
    found = ideal(monkeypatch)
    assert found["right"] == found["erased, attended"] == found["swapped, attended"] == 1
    assert found["followed, attended"] == found["largest effect"] == found["correlation"] == 1
    assert found["erased, another"] == found["erased, least attended"] == found["swapped, another"] == 0
    assert found["followed, another"] == 0
    assert 0.93 < found["weight"] < 0.97
    assert 0.85 < found["permuted"] < 0.95, "in a sentence of n tokens the weight stays where it was once in n"
    assert found["permuted, variation"] == pytest.approx(0.9 - 0.1 / (TEST.n_out - 1), abs=2e-3)
    assert found["uniform"] > 0.8, "the first of equal weights is where few words look"
    assert found["uniform, variation"] == found["permuted, variation"]


def test_effects_of_a_network_that_uses_the_rest(monkeypatch):
    found = ideal(monkeypatch, far=True)
    assert found["swapped, attended"] == found["largest effect"] == 0
    assert found["swapped, another"] == found["followed, another"] == 1
    assert found["correlation"] < 0.5


def test_each_seed_has_dates_of_its_own(monkeypatch):
    drawn = []
    monkeypatch.setitem(GLOBALS, "chosen", lambda cases, rng: drawn.append((cases, rng.integers(10**6))) or 1 / 0)
    for seed in (1, 2, 1):
        with pytest.raises(ZeroDivisionError):
            S["effects"](None, seed, 7)
    assert drawn[0] == drawn[2] != drawn[1]
    assert drawn[0][0] == 7
