"""Bringing labels of other tools into a project, with a preview and one undo, and writing them for other tools."""
