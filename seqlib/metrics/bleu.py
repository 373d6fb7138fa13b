"""BLEU: n-grams that a hypothesis shares with a reference, over a corpus or for one sentence."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, NamedTuple

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.metrics.segments import TOKENIZERS, Tokens, pairs, words

__all__ = ["SMOOTHING", "NgramCounts", "bleu", "bleu_of_counts", "ngram_counts", "sentence_bleu"]

SMOOTHING = {"exp": 0.0, "floor": 0.1, "add-k": 1.0, "none": 0.0}  # name -> its value, where it has one


class NgramCounts(NamedTuple):
    """All that BLEU is made of; over a corpus they are added up.

    correct[n-1]: n-grams of the hypotheses that are in a reference, each counted as often as it is in that one
    reference where it is most often, at most (the counts are clipped). total[n-1]: all n-grams of the hypotheses.
    hypothesis_length: tokens of the hypotheses. reference_length: those of the references, of several that one whose
    length is closest, and of two such the shorter.
    """

    correct: tuple[int, ...]
    total: tuple[int, ...]
    hypothesis_length: int
    reference_length: int


def bleu(
    hypotheses: Any,
    references: Any,
    *,
    tokenize: str = "none",
    order: int = 4,
    smoothing: str = "exp",
    smooth_value: float | None = None,
    effective_order: bool = False,
) -> float:
    """BLEU of a corpus, from 0 to 100.

        BLEU = 100 · BP · exp( (1/N) Σ_n log p_n )      p_n = correct n-grams / all n-grams of the hypotheses
        BP   = 1 if c > r, else exp(1 - r / c)          c, r the lengths of hypotheses and references

    with N = `order`. The counts are those of the whole corpus: BLEU is not the mean over its sentences.
    `references`: for each hypothesis one, or a list of several. All may be strings or sequences of tokens.
    `tokenize`: how strings are cut: "none", at blanks; "13a", as mteval-v13a, where punctuation stands alone.
    `smoothing` of an order without a correct n-gram: "exp", half as much each time: 1 / (2 total), 1 / (4 total), …;
    "floor", `smooth_value` (0.1) for the count; "none", so that BLEU is 0. "add-k" adds `smooth_value` (1) to both
    counts of all orders above 1. No n-gram correct at all is 0 in any case.
    `effective_order`: average over the orders that the hypotheses have n-grams of. Without it, hypotheses that are all
    shorter than N tokens get 0.

    Equal to sacrebleu 2 with the signature nrefs:1|case:mixed|eff:no|tok:none|smooth:exp, or what the arguments say.

    Shapes:  N hypotheses, N references or lists of them -> a number
    Raises:  TypeError or ValueError naming the argument
    Source:  Papineni et al. 2002; Post 2018 (the signature); Chen & Cherry 2014 (the smoothing)
    Differs: tokenize is "none" by default, and sacrebleu's "13a"; case is kept
    Book:    chapters/11_encoder_decoder
    """
    counts = ngram_counts(hypotheses, references, tokenize=tokenize, order=order)
    return bleu_of_counts(counts, smoothing, smooth_value, effective_order)


def sentence_bleu(
    hypothesis: Any,
    references: Any,
    *,
    tokenize: str = "none",
    order: int = 4,
    smoothing: str = "exp",
    smooth_value: float | None = None,
    effective_order: bool = True,
) -> float:
    """BLEU of one sentence, from 0 to 100: `bleu` of a corpus that is this sentence, with effective_order.

    Shapes:  a hypothesis, and a reference or a list of several -> a number
    Raises:  TypeError or ValueError naming the argument
    Source:  as `bleu`
    Book:    chapters/11_encoder_decoder
    """
    counts = ngram_counts([hypothesis], [references], tokenize=tokenize, order=order)
    return bleu_of_counts(counts, smoothing, smooth_value, effective_order)


def ngram_counts(hypotheses: Any, references: Any, *, tokenize: str = "none", order: int = 4) -> NgramCounts:
    """What `bleu` counts, over all sentences.

    Shapes:  as `bleu` -> NgramCounts
    Raises:  TypeError or ValueError naming the argument
    Source:  Papineni et al. 2002
    Book:    chapters/11_encoder_decoder
    """
    order = check_integer("order", order, low=1)
    check_choice("tokenize", tokenize, TOKENIZERS)
    correct, total, c, r = [0] * order, [0] * order, 0, 0
    for hypothesis, choices, number in pairs(hypotheses, references):
        mine = words(f"hypotheses{number}", hypothesis, tokenize)
        theirs = [words(f"references{number}", choice, tokenize) for choice in choices]
        c += len(mine)
        r += min((abs(len(other) - len(mine)), len(other)) for other in theirs)[1]
        for n in range(1, order + 1):
            found, allowed = _ngrams(mine, n), Counter[tuple[Any, ...]]()
            for other in theirs:
                allowed |= _ngrams(other, n)  # of each n-gram the most in any reference
            correct[n - 1] += (found & allowed).total()
            total[n - 1] += found.total()
    return NgramCounts(tuple(correct), tuple(total), c, r)


def bleu_of_counts(
    counts: NgramCounts, smoothing: str = "exp", smooth_value: float | None = None, effective_order: bool = False
) -> float:
    """BLEU of what was counted.

    Shapes:  NgramCounts -> a number from 0 to 100
    Raises:  TypeError or ValueError naming the argument
    Source:  as `bleu`
    Book:    chapters/11_encoder_decoder
    """
    default = SMOOTHING[check_choice("smoothing", smoothing, SMOOTHING)]
    value = default if smooth_value is None else check_number("smooth_value", smooth_value, low=0)
    if not any(counts.correct):
        return 0.0
    logs, halved = [], 1.0
    for n, (correct, total) in enumerate(zip(counts.correct, counts.total, strict=True), 1):
        right, of = float(correct), float(total)
        if smoothing == "add-k" and n > 1:
            right, of = right + value, of + value
        if of == 0:
            break  # and longer ones there are neither
        if right == 0 and smoothing == "exp":
            halved /= 2
            right = halved
        elif right == 0 and smoothing == "floor":
            right = value
        logs.append(math.log(right / of) if right > 0 else -math.inf)
    if len(logs) < len(counts.total) and not effective_order:
        return 0.0
    c, r = counts.hypothesis_length, counts.reference_length
    brevity = 1.0 if c >= r else math.exp(1 - r / c)
    return 100 * brevity * math.exp(sum(logs) / len(logs))


def _ngrams(tokens: Tokens, n: int) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
