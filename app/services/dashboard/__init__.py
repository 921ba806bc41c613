"""What the agreement screen asks for, without Qt: choosing labels, results, items, trace fans, exports, exclusions."""
