"""The Exchange screen: files of other tools come in, with a preview and one undo."""
