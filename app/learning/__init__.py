"""The five systems and the shipped models: features, networks, training, fusion and ONNX export. Started in its own process."""
