"""BLEU against sacrebleu, on thousands of pairs; its parts by hand; tokens and strings; bad input."""

import math

import numpy as np
import pytest
from sacrebleu.metrics import BLEU

from seqlib.metrics import NgramCounts, bleu, bleu_of_counts, ngram_counts, sentence_bleu

SMOOTHING = [("exp", None), ("floor", None), ("floor", 0.5), ("add-k", None), ("add-k", 0.3), ("none", None)]
NAMES = {"smoothing": "smooth_method", "order": "max_ngram_order"}
OPTIONS = [{"smoothing": name, "smooth_value": value} for name, value in SMOOTHING]
OPTIONS += [{"order": 1}, {"order": 2, "smoothing": "none"}, {"order": 6}]


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Sacrebleu advises to use effective_order, of which both ways are tested."""
    caplog.set_level("ERROR", logger="sacrebleu")


def theirs(**options):
    """Sacrebleu's metric with these options."""
    return BLEU(**{NAMES.get(name, name): value for name, value in options.items()})


def test_the_signature_is_the_one_that_is_named():
    metric = BLEU(tokenize="none")
    metric.corpus_score(["a"], [["a"]])
    assert str(metric.get_signature()).startswith("nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:2.")
    assert "nrefs:1|case:mixed|eff:no|tok:none|smooth:exp" in bleu.__doc__


@pytest.mark.parametrize("tokenize", ["none", "13a"])
@pytest.mark.parametrize("effective", [False, True])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_sentences_and_corpora_are_scored_as_sacrebleu_scores_them(options, effective, tokenize, corpus):
    hypotheses, references = corpus
    metric = theirs(tokenize=tokenize, effective_order=effective, **options)
    mine = {"tokenize": tokenize, "effective_order": effective, **options}
    step = 1 if options == OPTIONS[0] and effective else 29
    scored = set()
    for hypothesis, reference in zip(hypotheses[::step], references[::step], strict=True):
        wanted = metric.sentence_score(hypothesis, [reference]).score
        assert sentence_bleu(hypothesis, reference, **mine) == pytest.approx(wanted, rel=0, abs=1e-9)
        scored.add(round(wanted, 3))
    assert len(scored) > (10 if step > 1 else 300)
    for size in (2, 7, 60):
        for k in range(0, 5 * size, size):
            wanted = metric.corpus_score(hypotheses[k : k + size], [references[k : k + size]]).score
            got = bleu(hypotheses[k : k + size], references[k : k + size], **mine)
            assert got == pytest.approx(wanted, rel=0, abs=1e-9)


@pytest.mark.parametrize("tokenize", ["none", "13a"])
def test_the_whole_corpus_at_once(tokenize, corpus):
    hypotheses, references = corpus
    wanted = BLEU(tokenize=tokenize).corpus_score(hypotheses, [references]).score
    assert bleu(hypotheses, references, tokenize=tokenize) == pytest.approx(wanted, rel=0, abs=1e-9)
    assert 20 < wanted < 90


@pytest.mark.parametrize("tokenize", ["none", "13a"])
def test_of_several_references(tokenize, several):
    hypotheses, references = several
    metric = BLEU(tokenize=tokenize, effective_order=True)
    for hypothesis, choices in zip(hypotheses, references, strict=True):
        wanted = metric.sentence_score(hypothesis, choices).score
        assert sentence_bleu(hypothesis, choices, tokenize=tokenize) == pytest.approx(wanted, rel=0, abs=1e-9)
    streams = [list(stream) for stream in zip(*references, strict=True)]
    wanted = BLEU(tokenize=tokenize).corpus_score(hypotheses, streams).score
    assert bleu(hypotheses, references, tokenize=tokenize) == pytest.approx(wanted, rel=0, abs=1e-9)


def test_what_is_cut_how():
    line = 'He said: "3.14, or -1,000.5-7 (e.g. don\'t)"  &lt;b&gt; well-known... a/b 5.'
    for tokenize, first in (("none", "He said:"), ("13a", "He said :")):
        counts = ngram_counts([line], [first], tokenize=tokenize)
        wanted = BLEU(tokenize=tokenize).corpus_score([line], [[first]])
        assert (counts.hypothesis_length, list(counts.correct)) == (wanted.sys_len, wanted.counts)
        assert counts.correct[0] == counts.reference_length == len(first.split())


def test_the_parts_by_hand():
    """The example with which clipping is explained, and one for the brevity penalty."""
    counts = ngram_counts(
        ["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]], order=2
    )
    assert counts == NgramCounts((2, 0), (7, 6), 7, 7)
    short = ngram_counts(["a b c"], ["a b d e"], order=2)
    assert short == NgramCounts((2, 1), (3, 2), 3, 4)
    assert bleu(["a b c"], ["a b d e"], order=2) == pytest.approx(100 * math.exp(1 - 4 / 3) * (2 / 3 * 1 / 2) ** 0.5)
    assert bleu(["a b d e f"], ["a b d e"], order=2) == pytest.approx(100 * (4 / 5 * 3 / 4) ** 0.5)
    assert bleu_of_counts(NgramCounts((3, 0, 0), (4, 3, 2), 4, 4)) == pytest.approx(100 * (3 / 4 / 6 / 8) ** (1 / 3))
    tie = ngram_counts(["a b c"], [["a b", "a b c d"]], order=1)
    assert tie.reference_length == 2  # of two as close, the shorter


def test_a_corpus_is_not_the_mean_of_its_sentences():
    hypotheses, references = ["a b c d e", "x"], ["a b c d e", "y"]
    mean = np.mean([sentence_bleu(h, r) for h, r in zip(hypotheses, references, strict=True)])
    assert mean == pytest.approx(50)
    assert bleu(hypotheses, references) == pytest.approx(100 * (5 / 6) ** 0.25)


def test_tokens_are_what_strings_are_cut_into(corpus):
    hypotheses, references = (side[:200] for side in corpus)
    wanted = bleu(hypotheses, references)
    assert bleu([h.split() for h in hypotheses], [r.split() for r in references]) == wanted
    number = {word: i for i, word in enumerate({w for s in hypotheses + references for w in s.split()})}
    ids = [[np.array([number[w] for w in s.split()], int) for s in side] for side in (hypotheses, references)]
    assert bleu(*ids) == wanted
    assert bleu(ids[0], [[r, r[:1]] for r in ids[1]]) == bleu(
        hypotheses, [[r, r.split()[0] if r.split() else ""] for r in references]
    )
    assert sentence_bleu(["a", "b"], ["a", "b"], order=2) == pytest.approx(100)


def test_limits():
    assert bleu(["a b c d"], ["a b c d"]) == pytest.approx(100)
    assert bleu(["", "a"], ["a b", ""]) == 0
    assert bleu([""], [""]) == 0
    assert bleu(["a b c"], ["a b c"]) == 0  # no 4-grams, which the docstring says
    assert bleu(["a b c"], ["a b c"], effective_order=True) == pytest.approx(100)
    assert sentence_bleu("a", "a") == pytest.approx(100)
    assert sentence_bleu("a b", "a c", smoothing="floor", smooth_value=0) == 0
    assert sentence_bleu("a b", "a c", smoothing="floor") == pytest.approx(100 * (1 / 2 * 0.1) ** 0.5)


BAD = [
    (lambda: bleu("a b", ["a b"]), TypeError, "hypotheses must be a list with one entry for each sentence, got str"),
    (lambda: bleu(["a"], "a"), TypeError, "references must be a list with one entry for each sentence, got str"),
    (lambda: bleu(["a"], ["a", "b"]), ValueError, "references must have one entry, .* of the 1 hypotheses, got 2"),
    (lambda: bleu([], []), ValueError, "hypotheses must have at least one sentence, got none"),
    (lambda: bleu(["a"], [[]]), ValueError, r"references\[0\] must be a reference or a list of at least one"),
    (lambda: bleu([3], ["a"]), TypeError, r"hypotheses\[0\] must be a string or a sequence of tokens, got int"),
    (lambda: bleu(["a"], [None]), TypeError, r"references\[0\] must be a string or a sequence of tokens, got NoneType"),
    (lambda: bleu([b"a"], ["a"]), TypeError, r"hypotheses\[0\] must be .*, got bytes"),
    (lambda: bleu([["a", ["b"]]], [["a"]]), TypeError, r"hypotheses\[0\] must hold tokens, .*, got list in it"),
    (lambda: bleu(["a"], ["a"], order=0), ValueError, "order must be at least 1, got 0"),
    (lambda: bleu(["a"], ["a"], tokenize="intl"), ValueError, "tokenize must be one of 'none', '13a', got 'intl'"),
    (lambda: bleu(["a"], ["a"], smoothing="k"), ValueError, "smoothing must be one of 'exp', 'floor', 'add-k', 'none'"),
    (lambda: bleu(["a"], ["a"], smooth_value=-1), ValueError, "smooth_value must be at least 0"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
