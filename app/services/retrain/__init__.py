"""The closed loop: labels → frozen data → a training process → ONNX → compared → in use, or rolled back."""
