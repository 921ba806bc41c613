"""The assistant for a new study, page by page."""
