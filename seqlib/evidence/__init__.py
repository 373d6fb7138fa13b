"""Evidence on the page: `confirm` that an equation holds, `claim` a verdict that the measurements decide.

equations    an equation is confirmed together with its near misses: wrong versions that people write, which have
             to come out different on the same data
claims       a claim is stated as arms with bounds, and its verdict is computed
stored       what takes too long for a page, measured once, and read by it
statistics   the order-statistics interval of a median, the sign test, and rounding to significant digits
"""

from seqlib.evidence.claims import Bound, Measure, above, below, between, claim, hypothesis, outside, verdict
from seqlib.evidence.equations import EvidenceError, confirm, confirm_bound
from seqlib.evidence.statistics import Interval, interval, rounded, sign_test
from seqlib.evidence.stored import stored

__all__ = [
    "Bound",
    "EvidenceError",
    "Interval",
    "Measure",
    "above",
    "below",
    "between",
    "claim",
    "confirm",
    "confirm_bound",
    "hypothesis",
    "interval",
    "outside",
    "rounded",
    "sign_test",
    "stored",
    "verdict",
]
