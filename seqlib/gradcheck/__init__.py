"""Derivatives by central differences and by the complex step: the two judges of every hand-derived gradient.

central_difference, complex_step  the gradient of a scalar function
check, Report                     a gradient held against both
relative_error                    how far two arrays are apart
"""

from seqlib.gradcheck.derivatives import central_difference, complex_step
from seqlib.gradcheck.report import Report, check, relative_error

__all__ = ["Report", "central_difference", "check", "complex_step", "relative_error"]
