"""How good answers are: likelihood, overlap with a reference, edits, alignments.

`perplexity` and its kin judge the probabilities of a language model. `bleu`, `sentence_bleu` and `chrf` compare text
with one or several references, equal to sacrebleu's. `edit_distance`, `edits` and `word_error_rate` count what must be
changed. `alignment_error_rate` compares links between words with those that people drew.
"""

from seqlib.metrics.alignments import alignment_error_rate
from seqlib.metrics.bleu import NgramCounts, bleu, bleu_of_counts, ngram_counts, sentence_bleu
from seqlib.metrics.chrf import chrf
from seqlib.metrics.edits import Edit, edit_distance, edits, word_error_rate
from seqlib.metrics.likelihood import bits_per_byte, bits_per_character, bits_per_symbol, mean_loss, perplexity

__all__ = [
    "Edit",
    "NgramCounts",
    "alignment_error_rate",
    "bits_per_byte",
    "bits_per_character",
    "bits_per_symbol",
    "bleu",
    "bleu_of_counts",
    "chrf",
    "edit_distance",
    "edits",
    "mean_loss",
    "ngram_counts",
    "perplexity",
    "sentence_bleu",
    "word_error_rate",
]
