"""The look of the window: tokens, theme, style sheet, icons, and pictures of it."""
