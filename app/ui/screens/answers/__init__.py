"""The reviewer's screen: every answer and trace of a study, shown as it was given, and corrected with undo."""
