"""Figures: finding them in a text, and holding those of a claim against those of a passage.

Stands beside the verifier, which reads meaning and is weak at figures. The grammar is our own, on `Decimal`.
"""

from pipeline.quantities.comparison import Alignment, align_quantities, compare_quantities, same_value
from pipeline.quantities.currency import currency_context
from pipeline.quantities.grammar import find_quantities

__all__ = ["Alignment", "align_quantities", "compare_quantities", "currency_context", "find_quantities", "same_value"]
