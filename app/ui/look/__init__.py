"""How the window looks: tokens, theme, style sheet, icons, and pictures of it."""
