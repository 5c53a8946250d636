"""The columnar reading: an expression over whole columns of exact whole numbers, without any floating point.

``lower`` turns the tree into steps (``steps``) over numerator and denominator columns (``numbers``), each proven to fit
by its range; ``stages`` evaluates steps with Polars. What cannot be proven raises ``ranges.TooWide``.
"""
