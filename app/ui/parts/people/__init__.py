"""People and their rights: consent, erasing, the audit log."""
