"""The recording of traces with the mouse."""
