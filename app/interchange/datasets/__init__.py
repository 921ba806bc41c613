"""Readers of data sets that give a category to each clip or picture. Each module reads one layout.

`catalogue` lists them. The data sets are not shipped; most need a signed licence.
"""
