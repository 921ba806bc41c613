"""Disagreement, reliability, condition effects, raters and gold standards: pure functions over arrays.

Which estimator, formula and treatment of missing data stands behind each function: docs/statistics.md.
"""
