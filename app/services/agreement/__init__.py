"""What the agreement screen and command ask for: choosing labels, results, items, trace fans, exports, exclusions."""
