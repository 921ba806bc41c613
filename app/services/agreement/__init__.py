"""Use cases of the agreement screen and command: choosing labels, results, items, trace fans, exports, exclusions."""
