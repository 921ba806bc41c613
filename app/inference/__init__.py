"""Models and their cards. Only this package uses ONNX Runtime."""
