"""Affectograph: live affect prediction, human annotation, agreement and retraining."""

import os

__version__ = "0.1.0"

# From 1.29 on, ONNX Runtime's official builds upload events (with names of model files) and keep a device identifier in
# the user's cache from the moment they are imported. Only this variable, set before that, prevents both; child
# processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
