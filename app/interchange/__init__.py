"""Readers and writers of files that other tools share with us."""
