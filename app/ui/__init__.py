"""The window: the only place that knows PySide6, pyqtgraph and QtAwesome."""
