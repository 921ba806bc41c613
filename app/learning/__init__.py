"""The five systems and the shipped models: features, networks, training, ONNX export. Runs in its own process."""
