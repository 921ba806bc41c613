"""The five systems and the shipped models: features, networks, training and ONNX export. Runs in a separate process."""
