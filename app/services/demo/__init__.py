"""The demo: its project, its report page and the closed loop shown on it."""
