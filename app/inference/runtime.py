"""ONNX Runtime with its telemetry off: import it from here.

On Linux and macOS `ORT_DISABLE_TELEMETRY`, which `app/__init__.py` sets, turns it off before it begins. On Windows,
events go to the system's tracing and are turned off by a call.
"""

import onnxruntime as ort

__all__ = ["ort"]

ort.disable_telemetry_events()
