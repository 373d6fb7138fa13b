"""The practice of chapter 16, recurrence returns: all exercises of the chapter in one place."""

from __future__ import annotations

from seqlib.exercises.linear_recurrence_attention import linear_attention_step
from seqlib.exercises.linear_recurrence_combine import combine_steps
from seqlib.exercises.linear_recurrence_costs import scan_costs
from seqlib.exercises.linear_recurrence_gradient import scan_gradients
from seqlib.exercises.linear_recurrence_hold import zero_order_hold
from seqlib.exercises.linear_recurrence_light import light_steps
from seqlib.exercises.linear_recurrence_mingru import mingru_states
from seqlib.exercises.linear_recurrence_scan import scan_states

__all__ = [
    "combine_steps",
    "light_steps",
    "linear_attention_step",
    "mingru_states",
    "scan_costs",
    "scan_gradients",
    "scan_states",
    "zero_order_hold",
]
