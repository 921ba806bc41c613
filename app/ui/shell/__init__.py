"""The window around the screens: main, window, project menu and dialogs."""
