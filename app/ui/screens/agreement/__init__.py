"""The agreement screen: disagreement with and without context, reliability, raters, items, traces, model."""
