"""The self-test: tries what an installation must be able to do."""
