"""The closed loop: labels, frozen data, a training process, an ONNX file, a comparison, and putting it into use."""
