"""Local motion: a synchrony autoencoder on blocks of frames, words of motion, and a support vector machine.

Source: Kahou et al. 2015, section 4, after Le et al. 2011 and Konda et al. 2014.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph
from app.learning.blocks.pictures import PictureColumns, colour_pictures
from app.learning.blocks.synchrony import train_synchrony
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Arrays, Float, Machine, Solved, Values
from app.learning.clip.base.pooled import solve_svm
from app.learning.clip.base.svm_graph import svm_graph
from app.learning.clip.members.sound import components, graph_projected, projected

SPACE: Final = 16
TIME: Final = 10
"""Side and frames of a block, as in the paper."""
GREY: Final = (0.299, 0.587, 0.114)
"""Shares of red, green and blue (ITU-R BT.601)."""
AT_ONCE: Final = 4096
"""Largest number of blocks that are coded at once."""


def corners(side: int, step: int) -> NDArray[np.int64]:
    """Return the first row or column of each block along a side; the last block ends within the picture."""
    return np.arange(0, side - SPACE + 1, step, dtype=np.int64)


def patch_places(side: int, step: int) -> NDArray[np.int64]:
    """Return the places of the pixels of each patch of a picture, row by row: int64 P×256."""
    inside = np.arange(SPACE, dtype=np.int64)
    first = corners(side, step)
    rows = (first[:, None] + inside)[:, None, :, None]
    columns = (first[:, None] + inside)[None, :, None, :]
    return np.asarray((rows * side + columns).reshape(len(first) ** 2, SPACE**2), np.int64)


def block_frames(count: int, step: int) -> NDArray[np.int64]:
    """Return the frames of the blocks of an item: int64 M×10, M ≥ 1. Items of fewer frames repeat them locally.

    Example:
        >>> block_frames(16, 5).tolist()
        [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]]
        >>> block_frames(5, 5).tolist()
        [[0, 0, 1, 1, 2, 2, 3, 3, 4, 4]]
    """
    within = np.arange(TIME, dtype=np.int64)
    within = np.minimum(within, within * count // TIME)
    return np.arange(0, max(count - TIME, 0) + 1, step, dtype=np.int64)[:, None] + within


def blocks_of(data: ItemData, item: int, values: Values, where: PictureColumns) -> Float:
    """Return the blocks of an item as rows of brightness, 0–1: M·P×2560, time before space."""
    frames = data.frames(item)
    read = FrameRule.of(values).rows(data.times_s[frames])
    pixels = np.asarray(data.features[frames][read, where.start : where.stop], np.float64)
    grey = pixels.reshape(len(pixels), -1, 3) @ np.array(GREY) / 255.0
    patches = grey[:, patch_places(where.height, int(values["step"]))]  # T×P×256
    chosen = patches[block_frames(len(patches), int(values["time_step"]))]  # M×10×P×256
    return np.ascontiguousarray(chosen.transpose(0, 2, 1, 3)).reshape(-1, TIME * SPACE**2)


def centred(blocks: Float) -> Float:
    """Take the mean brightness off each block, so that light has no effect."""
    found: Float = blocks - blocks.mean(axis=1, keepdims=True)
    return found


def coded(blocks: Float, numbers: Arrays) -> Float:
    """Return the code of each block by the autoencoder, behind the whitening."""
    white = projected(centred(blocks), numbers) / numbers["spread"]
    found: Float = 1.0 / (1.0 + np.exp(-((white @ numbers["filters"].T) ** 2)))
    return found


def words(code: Float, centres: Float) -> NDArray[np.int64]:
    """Return the nearest centre of each code."""
    distance = (centres**2).sum(axis=1) - 2 * code @ centres.T
    return np.asarray(distance.argmin(axis=1), np.int64)


def _histogram(data: ItemData, item: int, values: Values, where: PictureColumns, numbers: Arrays) -> Float:
    blocks = blocks_of(data, item, values, where)
    centres = np.asarray(numbers["centres"], np.float64)
    found = np.zeros(len(centres))
    for start in range(0, len(blocks), AT_ONCE):
        found += np.bincount(words(coded(blocks[start : start + AT_ONCE], numbers), centres), minlength=len(centres))
    return np.sqrt(found / len(blocks))


def _pool(values: Values, data: ItemData) -> Float:
    """Nothing is pooled before the filters are known, which differ from fold to fold."""
    where = colour_pictures(data)
    if where.height < SPACE:
        raise UserError(
            f"Pictures of {where.height} pixels hold no block of {SPACE}.", "Name context_pixels:48 or more."
        )
    return np.zeros((len(data), 0))


def _learned(values: Values, data: ItemData, split: Split, where: PictureColumns) -> dict[str, Float]:
    """Learn whitening, filters and words from blocks of the training subjects alone."""
    from sklearn.cluster import MiniBatchKMeans  # every training imports this module, and this takes a second

    seed, most = int(values["seed"]), int(values["blocks"])
    items = data.items_of((*split.train, *split.validation))
    if not len(items):
        raise UserError("No training subject has a labelled item.", "Label more clips, or set their subjects.")
    rng = np.random.default_rng([seed, 29])
    each = -(-most // len(items))
    parts = []
    for item in items:
        blocks = centred(blocks_of(data, int(item), values, where))
        parts.append(blocks[rng.permutation(len(blocks))[:each]])
    drawn = np.concatenate(parts)
    numbers = components(drawn, float(values["variance"]), int(values["components"]))
    white = projected(drawn, numbers)
    numbers["spread"] = np.maximum(white.std(axis=0), 1e-6)
    numbers["filters"] = train_synchrony(
        white / numbers["spread"],
        int(values["hidden"]),
        epochs=int(values["passes"]),
        rate=float(values["rate"]),
        contraction=float(values["contraction"]),
        seed=seed,
    )
    code = coded(drawn, numbers)
    count = min(int(values["words"]), len(code))
    means = MiniBatchKMeans(count, random_state=seed, n_init=3, batch_size=1024).fit(code)
    return numbers | {"centres": np.asarray(means.cluster_centers_, np.float64)}


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    where = colour_pictures(data)
    numbers = _learned(values, data, split, where)
    seen = data.items_of((*split.train, *split.validation, *split.test))
    told = np.zeros((len(data), len(numbers["centres"])))
    for item in seen:
        told[item] = _histogram(data, int(item), values, where, numbers)
    more = numbers | {
        "places": patch_places(where.height, int(values["step"])),
        "time_step": np.array(int(values["time_step"])),
        "pixels": np.array([where.start, where.stop], np.int64),
    }
    return solve_svm("rbf", values, data, told, split, more)


def _head(graph: Graph, numbers: Arrays, rows: GraphRows) -> str:
    blocks, inside, size = _graph_blocks(graph, numbers, rows)
    across = graph.constant(np.array([1], np.int64))
    blocks = graph.one("Sub", blocks, graph.one("ReduceMean", blocks, across, keepdims=1))
    white = graph.one("Div", graph_projected(graph, blocks, numbers), graph.constant(numbers["spread"]))
    factor = graph.one("MatMul", white, graph.constant(numbers["filters"].T))
    code = graph.one("Sigmoid", graph.one("Mul", factor, factor))
    centres = numbers["centres"]
    near = graph.one("MatMul", code, graph.constant((-2.0 * centres).T))
    near = graph.one("Add", near, graph.constant((centres**2).sum(axis=1)[None]))
    word = graph.one("ArgMin", near, axis=1, keepdims=1)
    one_hot = graph.one("Equal", word, graph.constant(np.arange(len(centres), dtype=np.int64)[None]))
    ends = graph.constant(np.array([len(numbers["places"]), len(centres)], np.int64))
    shape = graph.one("Concat", size, ends, axis=0)
    counted = graph.one("Reshape", graph.cast(one_hot, TensorProto.DOUBLE), shape)  # N×M×P×words
    share = graph.one("ReduceMean", counted, graph.constant(np.array([2], np.int64)), keepdims=0)  # N×M×words
    weight = unsqueezed(graph, graph.cast(inside, TensorProto.DOUBLE), 2)
    total = graph.one("ReduceSum", graph.one("Mul", share, weight), across, keepdims=0)
    told = graph.one("Sqrt", graph.one("Div", total, graph.one("ReduceSum", weight, across, keepdims=0)))
    return svm_graph(graph, told, numbers)


def _graph_blocks(graph: Graph, numbers: Arrays, rows: GraphRows) -> tuple[str, str, str]:
    """Return the blocks of all items (N·M·P×2560 double), which of N×M are within their item, and the shape N, M."""
    start, stop = (graph.constant(np.array([int(v)], np.int64)) for v in numbers["pixels"])
    x = graph.one("Slice", rows.double, start, stop, graph.constant(np.array([2], np.int64)))
    x = graph.one("Reshape", x, graph.constant(np.array([0, 0, -1, 3], np.int64)))
    grey = graph.one("MatMul", x, graph.constant(np.array(GREY, np.float64)[:, None] / 255.0))
    grey = graph.one("Squeeze", grey, graph.constant(np.array([3], np.int64)))  # N×T×S²
    zero, ten = graph.constant(np.int64(0)), graph.constant(np.int64(TIME))
    step = graph.constant(np.int64(int(numbers["time_step"])))
    size = graph.one("Squeeze", rows.size, graph.constant(np.array([0], np.int64)))
    last = graph.one("Add", graph.one("Max", graph.one("Sub", size, ten), zero), graph.constant(np.int64(1)))
    first = graph.one("Range", zero, last, step)  # M
    length = unsqueezed(graph, rows.length, 1)  # N×1
    within = graph.constant(np.arange(TIME, dtype=np.int64)[None])
    shown = graph.one("Min", within, graph.one("Div", graph.one("Mul", within, length), ten))  # N×10
    frames = graph.one("Add", unsqueezed(graph, shown, 1), unsqueezed(graph, first, 0, 2))  # N×M×10
    # Blocks beyond the end of a shorter item are read from its last frames and do not count.
    frames = graph.one("Min", frames, unsqueezed(graph, graph.one("Sub", length, graph.constant(np.int64(1))), 2))
    spare = graph.one("Max", graph.one("Sub", length, ten), zero)
    inside = graph.one("LessOrEqual", unsqueezed(graph, first, 0), spare)  # N×M
    chosen = graph.one("GatherND", grey, unsqueezed(graph, frames, 3), batch_dims=1)  # N×M×10×S²
    places = numbers["places"]
    cut = graph.one("Gather", chosen, graph.constant(places.astype(np.int64)), axis=3)  # N×M×10×P×256
    cut = graph.one("Transpose", cut, perm=[0, 1, 3, 2, 4])
    blocks = graph.one("Reshape", cut, graph.constant(np.array([-1, TIME * SPACE**2], np.int64)))
    return blocks, inside, graph.one("Shape", inside)


MEMBERS: Final = (Machine("activity", _pool, _solve, _head),)
