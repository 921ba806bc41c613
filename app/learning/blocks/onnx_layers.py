"""Layers of convolutional networks as ONNX nodes, in evaluation mode."""

from typing import Any

import numpy as np
import torch
from torch import nn

from app.learning.blocks.backbones import Bottleneck
from app.learning.blocks.frame_networks import ProjectedBlock
from app.learning.blocks.onnx_graph import Floats, Graph, array, linear
from app.learning.blocks.slim_resnet import SlimBlock


def chain(graph: Graph, layers: nn.Module, x: str) -> str:
    """Add the nodes of a `Sequential` of the layers that the papers' networks are made of.

    Args:
        graph: The graph that receives them.
        layers: Convolutions and maximum pooling in two or three dimensions, normalisations, residual blocks, linear
            layers; dropout is left out.
        x: Name of the input.

    Returns:
        Name of the output.

    Raises:
        TypeError: A layer has no form here.
    """
    if isinstance(layers, nn.Sequential):
        for layer in layers:
            x = chain(graph, layer, x)
        return x
    return _layer(graph, layers, x)


def adaptive_pool(graph: Graph, x: str, size: int, to: int) -> str:
    """Average N×C×S×S in to×to parts, as torch's adaptive pooling does; N×C×to×to."""
    share = adaptive_shares(size, to)
    rows = graph.one("MatMul", graph.constant(share), x)
    return graph.one("MatMul", rows, graph.constant(share.T))


def adaptive_shares(size: int, to: int) -> Floats:
    """Return to×size, the weight of each place in each part; rows sum to one."""
    pooled = torch.nn.functional.adaptive_avg_pool1d(torch.eye(size)[None], to)[0]
    return np.asarray(pooled.T.numpy(), np.float32)


def _layer(graph: Graph, layer: nn.Module, x: str) -> str:
    if isinstance(layer, nn.Conv2d | nn.Conv3d):
        return _convolution(graph, layer, x)
    if isinstance(layer, nn.BatchNorm2d):
        return _normalisation(graph, layer, x)
    if isinstance(layer, Bottleneck | ProjectedBlock | SlimBlock):
        short = x if isinstance(layer.shortcut, nn.Identity) else chain(graph, layer.shortcut, x)
        return graph.one("Relu", graph.one("Add", chain(graph, layer.body, x), short))
    if isinstance(layer, nn.MaxPool2d | nn.MaxPool3d):
        return _pooling(graph, layer, x)
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return graph.one("GlobalAveragePool", x)
    if isinstance(layer, nn.ReLU):
        return graph.one("Relu", x)
    if isinstance(layer, nn.Flatten):
        return graph.one("Flatten", x, axis=1)
    if isinstance(layer, nn.Linear):
        return linear(graph, x, layer)
    if isinstance(layer, nn.Dropout | nn.Identity):
        return x
    raise TypeError(f"{type(layer).__name__} has no ONNX form here")


def _convolution(graph: Graph, layer: nn.Conv2d | nn.Conv3d, x: str) -> str:
    names = [graph.constant(array(each)) for each in (layer.weight, layer.bias) if each is not None]
    pad = [int(v) for v in layer.padding] * 2
    return graph.one("Conv", x, *names, strides=list(layer.stride), pads=pad)


def _pooling(graph: Graph, layer: nn.MaxPool2d | nn.MaxPool3d, x: str) -> str:
    axes = 3 if isinstance(layer, nn.MaxPool3d) else 2
    sizes: tuple[Any, ...] = (layer.kernel_size, layer.stride, layer.padding)
    kernel, stride, pad = ([int(v) for v in size] if isinstance(size, tuple) else [int(size)] * axes for size in sizes)
    return graph.one("MaxPool", x, kernel_shape=kernel, strides=stride, pads=pad * 2)


def _normalisation(graph: Graph, layer: nn.BatchNorm2d, x: str) -> str:
    values = (layer.weight, layer.bias, layer.running_mean, layer.running_var)
    names = [graph.constant(np.asarray(v.detach().cpu().numpy(), np.float32)) for v in values if v is not None]
    return graph.one("BatchNormalization", x, *names, epsilon=float(layer.eps))
