"""The practice of chapter 15, GPT: all exercises of the chapter in one place."""

from __future__ import annotations

from seqlib.exercises.gpt_bytes import bits_per_byte
from seqlib.exercises.gpt_cache import cached_step
from seqlib.exercises.gpt_encode import apply_merges
from seqlib.exercises.gpt_induction import induction
from seqlib.exercises.gpt_merge import merge_pair
from seqlib.exercises.gpt_preferences import dpo
from seqlib.exercises.gpt_size import gpt_size
from seqlib.exercises.gpt_targets import next_tokens

__all__ = [
    "apply_merges",
    "bits_per_byte",
    "cached_step",
    "dpo",
    "gpt_size",
    "induction",
    "merge_pair",
    "next_tokens",
]
