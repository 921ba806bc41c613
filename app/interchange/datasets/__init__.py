"""Readers of data sets with a category for each clip or picture: one layout a file, all listed in `catalogue`.

The data sets are not shipped; most need a signed licence.
"""
