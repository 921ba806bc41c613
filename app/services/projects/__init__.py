"""Project files: opened, examined, repaired, and their clips found again."""
