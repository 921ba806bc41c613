"""Sets documents on pages and writes them as PDF."""
