"""chrF and chrF++ against sacrebleu, on thousands of pairs; by hand; bad input."""

import pytest
from sacrebleu.metrics import CHRF

from seqlib.metrics import chrf

OPTIONS = [
    {},
    {"word_order": 2},
    {"beta": 1},
    {"beta": 3, "word_order": 1},
    {"char_order": 2},
    {"char_order": 0, "word_order": 2},
]


def test_the_signature_is_the_one_that_is_named():
    for options, name in (({}, "nc:6|nw:0"), ({"word_order": 2}, "nc:6|nw:2")):
        metric = CHRF(**options)
        metric.corpus_score(["a"], [["a"]])
        said = str(metric.get_signature())
        assert said.startswith(f"nrefs:1|case:mixed|eff:yes|{name}|space:no|version:2.")
    assert "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no" in chrf.__doc__


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_sentences_and_corpora_are_scored_as_sacrebleu_scores_them(options, corpus):
    hypotheses, references = corpus
    metric = CHRF(**options)
    step = 2 if options == {} else 31
    scored = set()
    for hypothesis, reference in zip(hypotheses[::step], references[::step], strict=True):
        wanted = metric.sentence_score(hypothesis, [reference]).score
        assert chrf([hypothesis], [reference], **options) == pytest.approx(wanted, rel=0, abs=1e-9)
        scored.add(round(wanted, 3))
    assert len(scored) > 20
    for size in (2, 7, 60):
        for k in range(0, 6 * size, size):
            wanted = metric.corpus_score(hypotheses[k : k + size], [references[k : k + size]]).score
            got = chrf(hypotheses[k : k + size], references[k : k + size], **options)
            assert got == pytest.approx(wanted, rel=0, abs=1e-9)


@pytest.mark.parametrize("options", OPTIONS[:2], ids=str)
def test_of_several_references(options, several):
    hypotheses, references = several
    metric = CHRF(**options)
    streams = [list(stream) for stream in zip(*references, strict=True)]
    wanted = metric.corpus_score(hypotheses, streams).score
    assert chrf(hypotheses, references, **options) == pytest.approx(wanted, rel=0, abs=1e-9)
    for hypothesis, choices in zip(hypotheses[:100], references[:100], strict=True):
        wanted = metric.sentence_score(hypothesis, choices).score
        assert chrf([hypothesis], [choices], **options) == pytest.approx(wanted, rel=0, abs=1e-9)


def test_by_hand():
    """abc against abd: of one character 2 of 3, of two 1 of 2, of three 0 of 1; against abde recall is lower."""
    assert chrf(["a bc"], ["ab d"]) == pytest.approx(100 * (2 / 3 + 1 / 2 + 0) / 3)
    P, R = (2 / 3 + 1 / 2) / 3, (2 / 4 + 1 / 3) / 3
    assert chrf(["abc"], ["abde"]) == pytest.approx(100 * 5 * P * R / (4 * P + R))
    assert chrf(["abc"], ["abde"], beta=1) == pytest.approx(100 * 2 * P * R / (P + R))
    assert chrf([["a", "bc."]], [["a", "bc", "."]], word_order=2) == pytest.approx(100)
    assert chrf([["(a"]], [["(", "a"]], word_order=2) == pytest.approx(100)
    assert chrf([["a", "b"]], [["ab"]], word_order=1) == chrf(["a b"], ["ab"], word_order=1) < 70
    assert chrf(["ab"], ["ab"]) == pytest.approx(100)
    assert chrf([""], ["ab"]) == chrf(["ab"], [""]) == chrf([""], [""]) == 0


BAD = [
    (lambda: chrf([[1, 2]], ["a"]), TypeError, r"hypotheses\[0\] must be a string or hold strings, got int in it"),
    (lambda: chrf(["a"], [3]), TypeError, r"references\[0\] must be a string or a sequence of tokens, got int"),
    (lambda: chrf(["a"], []), ValueError, "references must have one entry"),
    (lambda: chrf(["a"], ["a"], char_order=0), ValueError, "char_order must be at least 1 if word_order is 0, got 0"),
    (lambda: chrf(["a"], ["a"], word_order=-1), ValueError, "word_order must be at least 0"),
    (lambda: chrf(["a"], ["a"], beta=0), ValueError, "beta must be greater than 0"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
