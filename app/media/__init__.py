"""Clips, images, sound and cameras through PyAV: the only package that imports `av`.

libav writes nothing to the terminal: PyAV's default log callback drops its messages, and nothing here turns it on.
"""
