"""Models behind cards: the only place that knows ONNX Runtime."""
