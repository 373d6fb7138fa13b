"""Kneser–Ney: equal to the definitions, counted anew for every context; frozen and online; and decodable."""

import itertools
from collections import Counter
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlib import decoding
from seqlib.reference.kneser_ney import Online, fit
from seqlib.tasks import topics

V = 3
TEXT = st.lists(st.integers(0, V - 1), max_size=25)
ORDER = st.integers(1, 4)
TEXTS = {
    "abracadabra": "abracadabra",
    "a rhyme": "how much wood would a woodchuck chuck if a woodchuck could chuck wood",
    "a topic": topics.topics()["break"],
}


def encode(text):
    """Each character as its place in the alphabet of the text."""
    return [sorted(set(text)).index(character) for character in text]


@cache
def runs(texts, k):
    """How often each run of k symbols stands in some texts."""
    return Counter(text[t : t + k] for text in texts for t in range(len(text) - k + 1))


def counted(texts, run, order, V):
    """Its count: of the run itself if it has the order of the model, otherwise of the symbols before it."""
    if len(run) == order:
        return runs(texts, order)[run]
    return sum((v, *run) in runs(texts, len(run) + 1) for v in range(V))


def estimated(texts, order, V, modified):
    """The discounts, from the counts of all runs there are."""
    found = []
    for k in range(1, order + 1):
        counts = [counted(texts, run, order, V) for run in runs(texts, k)]
        n1, n2, n3, n4 = (counts.count(i) for i in (1, 2, 3, 4))
        D = n1 / (n1 + 2 * n2) if n1 else 0.5
        D2 = 2 - 3 * D * n3 / n2 if modified and n2 else D
        D3 = 3 - 4 * D * n4 / n3 if modified and n3 else D
        found.append((D, D2 if 0 < D2 <= 2 else D, D3 if 0 < D3 <= 3 else D))
    return np.array(found)


def by_definition(texts, order, V, discounts, context):
    """The distribution after a context, by the recursion of the definition."""
    context = tuple(context)[max(0, len(context) - order + 1) :]
    below = by_definition(texts, order, V, discounts, context[1:]) if context else np.full(V, 1 / V)
    a = np.array([counted(texts, (*context, v), order, V) for v in range(V)])
    if not a.sum():
        return below
    D = np.array([0, *discounts[len(context)]])[np.minimum(a, 3)]  # what is taken from each, and handed down
    return (np.maximum(a - D, 0) + D.sum() * below) / a.sum()


@given(TEXT, ORDER, st.booleans(), st.lists(st.integers(0, V - 1), max_size=6))
def test_probabilities_equal_the_definition(text, order, modified, context):
    model = fit(text, order, V, modified=modified)
    np.testing.assert_allclose(model.discounts, estimated((tuple(text),), order, V, modified), rtol=1e-13)
    expected = by_definition((tuple(text),), order, V, model.discounts, context)
    np.testing.assert_allclose(np.exp(model.log_probs(context)), expected, atol=1e-13)


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_three_texts_by_the_definition(text, modified):
    """Every position of a text, among whose counts are 1, 2, 3 and more, at the order 4."""
    text = encode(text)
    size = max(text) + 1
    model = fit(text, 4, size, modified=modified)
    np.testing.assert_allclose(model.discounts, estimated((tuple(text),), 4, size, modified), rtol=1e-13)
    for t in range(0, len(text), 1 if len(text) < 100 else 7):
        expected = by_definition((tuple(text),), 4, size, model.discounts, text[:t])
        np.testing.assert_allclose(np.exp(model.log_probs(text[:t])), expected, rtol=1e-11)


@pytest.mark.parametrize(
    ("text", "order", "bits"),
    [
        ("abracadabra", 2, 1.1739967719139683),
        ("abracadabra", 3, 0.7182316488987442),
        ("she sells sea shells on the sea shore she", 2, 1.572395005702964),
        ("she sells sea shells on the sea shore she", 3, 0.953293460320309),
        ("how much wood would a woodchuck chuck how", 2, 1.8442949841078047),
        ("how much wood would a woodchuck chuck how", 3, 1.0739284044936979),
    ],
)
def test_bits_for_each_character_equal_those_of_nltk(text, order, bits):
    """What nltk 3.10.4 says: -mean of KneserNeyInterpolated(order, discount=0.75).logscore, from the order-th on.

    It takes nothing from the shortest counts, and counts all followers of a context, those at the beginning too. So D_1
    is next to 0 here, and each text ends as it begins.
    """
    discounts = np.full((order, 3), 0.75)
    discounts[0] = 1e-14
    ids = encode(text)
    score = fit(ids, order, len(set(text)), discounts=discounts).score(ids)
    assert -score[order - 1 :].mean() / np.log(2) == pytest.approx(bits, rel=1e-12)


def test_modified_discounts_differ_from_one():
    text = encode(TEXTS["a topic"])
    D = fit(text, 4, 128, modified=True).discounts
    assert (D[2:, 0] < D[2:, 1]).all()
    assert (D[2:, 1] != D[2:, 2]).all()
    np.testing.assert_array_equal(D[:, 0], fit(text, 4, 128).discounts[:, 2])


@given(TEXT, TEXT, ORDER, st.booleans())
def test_it_is_a_distribution_everywhere(train, text, order, modified):
    model = fit(train, order, V, modified=modified)
    online = Online(model)
    for t in range(len(text) + 1):
        for log_p in (model.log_probs(text[:t]), online.log_probs()):
            assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-12)
            assert (log_p > -np.inf).all()
        if t < len(text):
            online.update(text[t])


@given(TEXT, TEXT, TEXT, ORDER, st.booleans())
def test_the_score_is_that_of_each_symbol_after_those_before_it(train, before, text, order, modified):
    model = fit(train, order, V, modified=modified)
    whole = before + text
    expected = [model.log_probs(whole[:t])[whole[t]] for t in range(len(before), len(whole))]
    np.testing.assert_allclose(model.score(text, before), expected, atol=1e-12)
    parts = [model.score(text[:4], before), model.score(text[4:], whole[: len(before) + 4])]
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-12)


@given(TEXT, TEXT, ORDER, st.booleans(), st.booleans())
def test_online_it_is_at_every_point_the_model_of_all_so_far(train, text, order, modified, goes_on):
    """Either the text goes on where the training text ends, or it is a text of its own."""
    model = fit(train, order, V, modified=modified)
    online = Online(model, train if goes_on else ())
    scored = []
    for t, symbol in enumerate(text):
        texts = (tuple(train + text[:t]),) if goes_on else (tuple(train), tuple(text[:t]))
        after = (train if goes_on else []) + text[:t]
        expected = by_definition(texts, order, V, model.discounts, after)
        np.testing.assert_allclose(np.exp(online.log_probs()), expected, atol=1e-12)
        scored.append(np.log(expected[symbol]))
        assert online.update(symbol) == pytest.approx(scored[-1], abs=1e-12)
    np.testing.assert_allclose(model.adaptive(text, train if goes_on else ()), scored, atol=1e-12)


@given(TEXT, TEXT, ORDER)
def test_online_it_becomes_the_model_fitted_on_both(train, text, order):
    """With the same discounts a model that has read on and one that is fitted on everything agree after any context."""
    online = Online(fit(train, order, V, discounts=[[0.6, 0.7, 0.8]] * order), train)
    for symbol in text:
        online.update(symbol)
    whole = fit(train + text, order, V, discounts=[[0.6, 0.7, 0.8]] * order)
    for context in itertools.product(range(V), repeat=order - 1):
        online.history = list(context)
        np.testing.assert_allclose(online.log_probs(), whole.log_probs(context), atol=1e-12)


def test_reading_on_leaves_the_fitted_model_as_it_was():
    model = fit(encode(TEXTS["abracadabra"]), 3, 5)
    before = [np.array(part) for part in model]
    model.adaptive([1, 2, 3, 1, 2, 3])
    model.step(np.array([1, 2]))
    for part, old in zip(model, before, strict=True):
        np.testing.assert_array_equal(part, old)


def test_what_a_reader_of_kneser_and_ney_expects():
    """Francisco is frequent, but stands only after San: in a new context it is less likely than a rarer word."""
    san, francisco, the, a, cat, other = range(6)
    text = [san, francisco, other] * 10 + [the, cat, other, a, cat, other]
    log_p = fit(text, 2, 7).log_probs([6])
    assert log_p[cat] > log_p[francisco]
    assert text.count(cat) < text.count(francisco)


def test_a_discount_that_the_formula_puts_out_of_range_is_replaced():
    """Where one symbol comes once, one three times, and three come four times, D_3 would be 3 - 4 · 3/1."""
    for counts in ([1, 3, 4, 4, 4], [1, 1, 2, 3, 3, 3, 3], [1, 1, 1, 2]):
        text = [v for v, n in enumerate(counts) for _ in range(n)]
        D = fit(text, 1, 8, modified=True).discounts[0]
        np.testing.assert_allclose(D, estimated((tuple(text),), 1, 8, True)[0], rtol=1e-14)
        assert (D <= [1, 2, 3]).all()
        assert np.exp(fit(text, 1, 8, modified=True).log_probs([])).sum() == pytest.approx(1)


def test_the_order_ends_the_context():
    text = encode(TEXTS["a topic"])
    for order in (1, 2, 3, 5):
        model = fit(text, order, 128)
        seen = text[100 : 100 + order - 1]
        np.testing.assert_array_equal(model.log_probs(text[:100] + seen), model.log_probs(seen))
        if order > 1:
            assert not np.allclose(model.log_probs(seen), model.log_probs(seen[1:]))


def test_numbers_do_not_overflow_with_many_symbols():
    """A run of eight words of 50,000 has no number of its own in 64 bits; a pair of a node and a word has."""
    rng = np.random.default_rng(0)
    text = np.tile(rng.integers(49_900, 50_000, 400), 2)
    model = fit(text, 8, 50_000)
    assert np.exp(model.log_probs(text[:7])).sum() == pytest.approx(1, abs=1e-10)
    assert np.argmax(model.log_probs(text[50:57])) == text[57]


@pytest.mark.parametrize("order", [1, 2, 4])
def test_a_step_reads_one_symbol_more(order):
    model = fit(encode(TEXTS["abracadabra"]), order, 5)
    rng = np.random.default_rng(order)
    ids = rng.integers(0, 5, (5, 6))
    state = None
    for t in range(6):
        out, state = model.step(ids[:, t], state)
        assert state.shape == (5, min(t + 1, order - 1))
        np.testing.assert_array_equal(out, [model.log_probs(row[: t + 1]) for row in ids])
    at_once, same = model.prefill(ids[:, 2:], model.prefill(ids[:, :2])[1])
    np.testing.assert_array_equal(at_once, out)
    np.testing.assert_array_equal(same, state)
    assert model.step(ids[:0, 0])[0].shape == (0, 5)


def test_the_decoders_go_on_with_a_text():
    """Two prompts that are not equally long; the scores are those of the model, and greedy is the most likely."""
    model = fit(encode(TEXTS["a rhyme"]), 4, 20)
    prompts = [np.array([3, 1, 4]), np.array([1, 5, 9, 2, 6])]
    most = decoding.greedy(model, prompts, max_length=8)
    drawn = decoding.sample(model, prompts, rng=np.random.default_rng(0), n=3, max_length=8)
    for found, copies in ((most, 1), (drawn, 3)):
        for row, log_p, prompt in zip(found.ids, found.log_probs, np.repeat([0, 1], copies), strict=True):
            np.testing.assert_allclose(log_p, model.score(row, prompts[prompt]), atol=1e-12)
    for t in range(8):
        assert most.ids[0, t] == model.log_probs([*prompts[0], *most.ids[0, :t]]).argmax()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: fit([0, 1], 0, V), "order must"),
        (lambda: fit([0, 1], 1.0, V), "order must"),
        (lambda: fit([0, 1], 2, 0), "V must"),
        (lambda: fit([0, V], 2, V), "ids must"),
        (lambda: fit([0.0], 2, V), "ids must"),
        (lambda: fit([[0]], 2, V), "ids must"),
        (lambda: fit([0], 2, V, discounts=np.ones((3, 3))), "discounts must"),
        (lambda: fit([0], 2, V, discounts=np.zeros((2, 3))), "discounts must"),
        (lambda: fit([0], 2, V, discounts=np.full((2, 3), 1.1)), "discounts must"),
        (lambda: fit([0], 2, V).log_probs([V]), "context must"),
        (lambda: fit([0], 2, V).log_probs(0), "context must"),
        (lambda: fit([0], 2, V).score([-1]), "ids must"),
        (lambda: fit([0], 2, V).score([0], [V]), "context must"),
        (lambda: fit([0], 2, V).adaptive([V]), "ids must"),
        (lambda: fit([0], 2, V).adaptive([0], [[0]]), "context must"),
        (lambda: Online(fit([0], 2, V)).update(V), "symbol must"),
        (lambda: Online(fit([0], 2, V)).update(0.0), "symbol must"),
        (lambda: fit([0], 2, V).step(np.array([V])), "tokens must"),
        (lambda: fit([0], 2, V).step(np.array([[0]])), "tokens must"),
        (lambda: fit([0], 2, V).step(np.array([0]), np.array([[0], [0]])), "state must"),
        (lambda: fit([0], 2, V).prefill(np.array([0])), "ids must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises((ValueError, TypeError), match=name):
        call()


def test_what_stands_before_the_beginning_is_nothing():
    """The first symbols have shorter contexts, also where the text begins with a run that has been seen."""
    model, text = fit([0, 0, 0, 1, 0, 0, 2, 0, 0, 0], 3, 3), [0, 0, 0]
    by_hand = [model.log_probs(text[:t])[symbol] for t, symbol in enumerate(text)]
    assert len({round(value, 6) for value in by_hand}) == 3
    np.testing.assert_allclose(model.score(text), by_hand, rtol=1e-12)
