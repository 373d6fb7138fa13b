"""Beam search: against greedy decoding, against all sequences, and against the search written down as it is told."""

import numpy as np
import pytest

from seqlib.decoding import Hypotheses, beam, exhaustive, greedy

EOS, PROMPTS = 2, [[1, 4], [3], [1, 4, 0, 3, 3, 1], [3]]
SOURCES = np.array([0, 1, 2, 1])
SETTINGS = {
    "plain": {},
    "gnmt": {"length_penalty": 0.6},
    "steep": {"length_penalty": 2.0},
    "mean": {"length_penalty": 1.0, "norm": "length"},
    "coverage": {"coverage": 0.4},
    "both": {"length_penalty": 1.0, "coverage": 1.5},
}


def told(settings):
    """The settings of `beam` in the words of the oracle."""
    names = {"length_penalty": "alpha", "norm": "norm", "coverage": "beta"}
    return {names[name]: value for name, value in settings.items()}


def same(got, i, wanted, n_best):
    """The answers for prompt i are the first n_best of a ranked list."""
    for k in range(n_best):
        row = i * n_best + k
        if k < len(wanted):
            assert got.sequences[row].tolist() == list(wanted[k][1])
            assert got.normalised[row] == pytest.approx(wanted[k][0], abs=1e-10)
        else:
            assert (got.lengths[row], got.normalised[row], bool(got.ended[row])) == (0, -np.inf, False)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(("width", "n_best", "length"), [(1, 1, 6), (2, 2, 7), (3, 1, 9), (4, 3, 6), (9, 9, 4)])
def test_it_finds_what_the_search_finds_that_never_stops(name, width, n_best, length, seed, attentive, ranked):
    """All prompts at once, which stop when nothing can win; each alone, to the end of max_length."""
    model, settings = attentive(seed=seed), SETTINGS[name]
    options = {"width": width, "max_length": length, "eos": EOS, "n_best": n_best}
    got = beam(model, PROMPTS, state=SOURCES, **options, **settings)
    assert len(got.ids) == len(PROMPTS) * n_best
    for i, prompt in enumerate(PROMPTS):
        wanted = ranked(model, prompt, length, EOS, SOURCES[i], width=width, **told(settings))
        same(got, i, wanted, n_best)
        alone = beam(model, prompt, state=SOURCES[i : i + 1], **options, **settings)
        for row, mine in enumerate(alone.sequences):
            assert got.sequences[i * n_best + row].tolist() == mine.tolist()
        np.testing.assert_array_equal(got.normalised.reshape(-1, n_best)[i], alone.normalised)
        np.testing.assert_array_equal(got.read[i], alone.read[0])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SETTINGS)
def test_a_beam_that_has_room_for_all_finds_the_best(name, seed, attentive, ranked):
    model, settings = attentive(4, seed), SETTINGS[name]
    got = beam(model, PROMPT4, state=SOURCES, width=4**4, max_length=4, eos=EOS, n_best=5, **settings)
    exact = exhaustive(model, PROMPT4, state=SOURCES, max_length=4, eos=EOS, n_best=5, **settings)
    for i, prompt in enumerate(PROMPT4):
        same(got, i, ranked(model, prompt, 4, EOS, SOURCES[i], **told(settings)), 5)
    np.testing.assert_array_equal(got.ids, exact.ids)
    np.testing.assert_allclose(got.normalised, exact.normalised, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(got.log_probs, exact.log_probs)
    np.testing.assert_array_equal(got.lengths, exact.lengths)
    np.testing.assert_array_equal(got.ended, exact.ended)


PROMPT4 = [[1, 3], [3], [1, 3, 0, 3, 3, 1], [3]]


def test_settings_make_a_difference(attentive):
    """So that the tests above see which is used: every setting has another answer somewhere."""
    answers = {}
    for name, settings in SETTINGS.items():
        found = [
            beam(attentive(seed=s), PROMPTS, state=SOURCES, width=4, max_length=6, eos=EOS, n_best=3, **settings)
            for s in range(6)
        ]
        answers[name] = [sequence.tolist() for got in found for sequence in got.sequences]
    assert all(answers[a] != answers[b] for a in answers for b in answers if a < b)


@pytest.mark.parametrize("alpha", [0.0, 1.0])
@pytest.mark.parametrize("eos", [None, EOS])
@pytest.mark.parametrize("seed", range(5))
def test_one_beam_is_greedy_to_the_last_bit(seed, eos, alpha, table):
    asked, model = table(seed=seed), table(seed=seed)
    wanted = greedy(asked, PROMPTS, max_length=12, eos=eos)
    got = beam(model, PROMPTS, width=1, max_length=12, eos=eos, length_penalty=alpha)
    for field in ("ids", "log_probs", "lengths", "ended", "scores"):
        np.testing.assert_array_equal(getattr(got, field), getattr(wanted, field))
    assert [tokens.tolist() for tokens in model.asked] == [tokens.tolist() for tokens in asked.asked]
    np.testing.assert_array_equal(got.read, wanted.lengths)


def test_one_beam_is_greedy_where_sums_are_rounded(table):
    """Of two symbols that differ by less than the rounding of log P, the more probable one, whatever its id."""
    model = table()
    model.logits[:] = [0.0, 0.0, -9.0, 0.0, 9e-16]
    wanted = greedy(model, [1], max_length=40)
    assert wanted.ids.tolist() == [[4] * 40]
    assert wanted.log_probs.sum() + wanted.log_probs[0, 0] == wanted.log_probs.sum() + wanted.log_probs[0, 0] - 9e-16
    np.testing.assert_array_equal(beam(model, [1], width=1, max_length=40).ids, wanted.ids)


def test_all_beams_of_all_sentences_are_one_call(table):
    model = table(seed=1)
    model.logits[..., EOS] = -np.inf
    got = beam(model, [[1], [3], [4]], width=4, max_length=6, eos=EOS, n_best=4)
    assert [len(tokens) for tokens in model.asked] == [3, *[12] * 5]  # 4 of the 4 first symbols that are possible
    assert got.read.tolist() == [1 + 5 * 4] * 3
    assert (got.lengths.tolist(), got.ended.any()) == ([6] * 12, False)


def certain(table):
    """A model that is sure of four symbols and then of the end, which it expects nowhere else."""
    model = table()
    model.logits[:] = 0
    model.logits[..., EOS] = -12
    for t, symbol in enumerate([1, 3, 4, 1]):
        model.logits[t, :, :, symbol] = 12
    model.logits[4, 4, 1, EOS] = 12
    return model


def test_it_stops_when_nothing_can_win(table):
    model = certain(table)
    got = beam(model, [0], width=4, max_length=500, eos=EOS)
    assert got.sequences[0].tolist() == [1, 3, 4, 1, EOS]
    assert len(model.asked) == 5
    assert len(model.asked[-1]) == 4
    for n_best in (2, 4):  # and the places after the first are not given away
        model = certain(table)
        several = beam(model, [0], width=4, max_length=60, eos=EOS, n_best=n_best)
        assert several.sequences[0].tolist() == [1, 3, 4, 1, EOS]
        assert (several.lengths > 0).all()
        assert len(model.asked) > 5


def test_with_a_length_penalty_it_waits_for_what_may_still_win(table):
    """A short hypothesis is more probable than any other, and a longer one has the better mean."""
    model = table()
    model.logits[:] = -np.inf
    model.logits[0, ..., [EOS, 1]] = np.log([0.6, 0.4])[:, None, None]
    model.logits[1:5, ..., 1] = 0
    model.logits[5, ..., EOS] = 0
    short = beam(model, [0], width=2, max_length=6, eos=EOS)
    assert (short.sequences[0].tolist(), short.scores[0]) == ([EOS], pytest.approx(np.log(0.6)))
    long = beam(model, [0], width=2, max_length=6, eos=EOS, length_penalty=1.0)
    assert long.sequences[0].tolist() == [1, 1, 1, 1, 1, EOS]
    assert long.normalised[0] == pytest.approx(np.log(0.4) / (11 / 6))


def test_what_has_ended_is_not_extended_and_keeps_its_place(table):
    """The end is most probable at once, yet the other hypothesis goes on: `width` counts it only where it ended."""
    model = table()
    model.logits[:] = np.log([0.05, 0.3, 0.4, 0.15, 0.1])
    got = beam(model, [0], width=2, max_length=3, eos=EOS, n_best=2)
    assert [s.tolist() for s in got.sequences] == [[EOS], [1, EOS]]
    np.testing.assert_allclose(got.scores, [np.log(0.4), np.log(0.3 * 0.4)])


def test_equal_ones_come_in_a_fixed_order(table):
    model = table()
    model.logits[:] = 0
    model.logits[..., EOS] = -np.inf
    got = beam(model, [1], width=3, max_length=2, n_best=3)
    assert got.ids.tolist() == [[0, 0], [0, 1], [0, 3]]
    model.logits[..., EOS] = 0
    first = beam(model, [1], width=4, max_length=2, eos=EOS, n_best=4)
    assert first.sequences[0].tolist() == [EOS]
    assert [s.tolist() for s in first.sequences[1:]] == [[0, 0], [0, 1], [0, 2]]


def test_fewer_than_were_asked_for(table):
    model = table()
    model.logits[:] = -np.inf
    model.logits[..., 3] = 0
    model.logits[..., EOS] = -1
    got = beam(model, [[1], [4]], width=5, max_length=2, eos=EOS, n_best=4)
    assert got.lengths.tolist() == [2, 1, 2, 0] * 2
    assert got.ended.tolist() == [False, True, True, False] * 2
    assert (got.normalised[[3, 7]] == -np.inf).all()
    assert (got.ids[[3, 7]] == 0).all()
    assert (np.diff(got.normalised.reshape(2, 4)[:, :3]) < 0).all()


def test_nothing_is_asked_for_nothing(table):
    model = table()
    got = beam(model, PROMPTS, width=3, max_length=0, n_best=2)
    assert (got.ids.shape, got.lengths.tolist(), model.asked) == ((8, 0), [0] * 8, [])
    assert got.normalised.tolist() == [0.0, -np.inf] * 4
    assert got.read.tolist() == [0] * 4
    one = beam(table(1), [0], width=3, max_length=3, n_best=3)
    assert (one.ids.tolist(), one.scores.tolist()) == ([[0] * 3, [0] * 3, [0] * 3], [0.0] * 3)
    assert one.lengths.tolist() == [3, 0, 0]


def test_coverage_by_hand(table):
    """Two hypotheses, two positions of a source and one of padding: the sums, the cut at 1, the logarithm, the sign."""
    model = table(3)
    model.logits[:] = np.log([0.5, 0.3, 0.2])
    looked = {1: [0.5, 0.5, 7.0], 2: [0.8, 0.2, 7.0]}  # by the number of symbols read
    mask = np.array([[True, True, False]])

    def attention(state):
        return np.array([looked[int(n)] for n in state.count]), np.repeat(mask, len(state.count), 0)

    model.attention = attention
    got = beam(model, [0], width=2, max_length=2, eos=1, coverage=2.0, n_best=2, length_penalty=1.0)
    one = np.log(0.3) + 2 * (np.log(0.5) + np.log(0.5))  # the end at once
    two = np.log(0.5 * 0.5) / (7 / 6) + 2 * (np.log(1) + np.log(0.7))
    assert [s.tolist() for s in got.sequences] == [[0, 0], [0, 1]]
    assert got.normalised[0] == pytest.approx(two)
    alone = beam(model, [0], width=2, max_length=1, eos=1, coverage=2.0, n_best=2)
    assert alone.normalised[1] == pytest.approx(one)
    model.attention = lambda state: np.tile([1.0, 0.0], (len(state.count), 1))  # and no mask: both are real
    assert beam(model, [0], width=2, max_length=2, coverage=1e-9).normalised[0] == -np.inf


def test_answers_are_of_one_type_with_or_without_tree(attentive):
    model = attentive(seed=2)
    options = {"width": 3, "max_length": 6, "eos": EOS, "state": SOURCES, "n_best": 2, "coverage": 0.3}
    got, grown = beam(model, PROMPTS, **options), beam(model, PROMPTS, tree=True, **options)
    assert isinstance(got, Hypotheses)
    assert got.tree is None
    for field in ("ids", "log_probs", "lengths", "ended", "normalised", "read"):
        np.testing.assert_array_equal(getattr(got, field), getattr(grown, field))


BAD = [
    ({"width": 0}, ValueError, "width must be at least 1, got 0"),
    ({"width": 2.0}, TypeError, "width must be an integer"),
    ({"n_best": 4}, ValueError, "n_best must be at most 3, got 4"),
    ({"n_best": 0}, ValueError, "n_best must be at least 1"),
    ({"max_length": -1}, ValueError, "max_length must be at least 0"),
    ({"eos": -1}, ValueError, "eos must be at least 0"),
    ({"length_penalty": -0.5}, ValueError, r"length_penalty must be at least 0, got -0\.5"),
    ({"length_penalty": 11}, ValueError, "length_penalty must be at most 10"),
    ({"norm": "words"}, ValueError, "norm must be one of 'gnmt', 'length', got 'words'"),
    ({"coverage": -1}, ValueError, "coverage must be at least 0"),
    (
        {"coverage": 0.1},
        ValueError,
        r"coverage must be 0 for a model without attention: .*\(N, S\), and Table has none",
    ),
    ({"prompt": [[1], []]}, ValueError, r"prompt\[1\] must have at least one id"),
    ({"model": object()}, TypeError, "model must have a method step"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(arguments, error, message, table):
    given = {"model": table(), "prompt": [1], "max_length": 3, "width": 3} | arguments
    with pytest.raises(error, match=message):
        beam(given.pop("model"), given.pop("prompt"), **given)
    if "width" not in arguments and arguments.get("n_best") != 4:
        given = {"model": table(), "prompt": [1], "max_length": 3} | arguments
        with pytest.raises(error, match=message):
            exhaustive(given.pop("model"), given.pop("prompt"), **given)
