"""The practice of chapter 14, BERT: all exercises of the chapter in one place."""

from __future__ import annotations

from seqlib.exercises.bert_gelu import gelu
from seqlib.exercises.bert_gradient import tied_gradient
from seqlib.exercises.bert_guess import guess_hole
from seqlib.exercises.bert_input import bert_input
from seqlib.exercises.bert_loss import masked_loss
from seqlib.exercises.bert_masking import hide_words
from seqlib.exercises.bert_pairs import same_topic
from seqlib.exercises.bert_shown import guess_shown

__all__ = [
    "bert_input",
    "gelu",
    "guess_hole",
    "guess_shown",
    "hide_words",
    "masked_loss",
    "same_topic",
    "tied_gradient",
]
