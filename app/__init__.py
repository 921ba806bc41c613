"""Affectograph: live affect prediction, human annotation, agreement and retraining."""

import os

__version__ = "0.1.0"

# From 1.29 on, ONNX Runtime's official builds upload events (with names of model files) and keep a device identifier in
# the user's cache from the moment they are imported. Only this variable, set before that, prevents both; child
# processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# After each parallel function, the threads of OpenCV's pool wait busily for the next one, for about a millisecond
# each: a face that is cut out of every frame keeps another core busy for nothing. Set to 0, they sleep at once, and
# nothing takes longer (docs/performance.md). OpenCV reads the variable when it is imported.
os.environ.setdefault("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "0")
