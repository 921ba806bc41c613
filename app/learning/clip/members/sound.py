"""The sound of an item: principal components and an RBF support vector machine. Kahou et al. 2015, section 3."""

from typing import Final

import numpy as np

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.blocks.onnx_graph import Graph, columns
from app.learning.clip.base.graph_rows import GraphRows, unsqueezed
from app.learning.clip.base.member import Arrays, Float, Machine, Solved, Values
from app.learning.clip.base.pooled import solve_svm
from app.learning.clip.base.svm_graph import svm_graph


def sound_blocks(data: ItemData) -> list[slice]:
    """Return the columns of the streams of sound.

    Raises:
        UserError: There is none.
    """
    streams = data.manifest.get("streams", ())
    found = [
        block
        for each, block in zip(streams, data.blocks, strict=False)
        if each.get("geometry", {}).get("of") == "sound"
    ]
    if not found:
        raise UserError(
            "This recipe listens, and none of the streams is one of sound.", "Name the stream audio or is10."
        )
    return found


def heard(data: ItemData) -> Float:
    """Return the mean and the deviation over the frames of each item's sound: N×2D.

    Raises:
        UserError: No stream is one of sound.
    """
    blocks = sound_blocks(data)
    rows = []
    for item in range(len(data)):
        frames = data.features[data.frames(item)]
        sound = np.concatenate([frames[:, block] for block in blocks], axis=1).astype(np.float64)
        rows.append(np.concatenate([sound.mean(axis=0), sound.std(axis=0)]))
    return np.stack(rows)


def components(x: Float, share: float, most: int) -> dict[str, Float]:
    """Return the numbers that map vectors to their principal components.

    Args:
        x: N×D vectors to learn from; each column is brought to deviation one first.
        share: Share of the variance that is kept, 0–1.
        most: Largest number of components; 0 for no limit.

    Returns:
        `pca_mean` and `pca_scale`, D; `pca`, D×C.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-6 * np.maximum(np.abs(mean), 1e-2), scale, 1.0)
    unit = (x - mean) / scale
    if len(x) > x.shape[1]:  # the matrix of products is smaller
        power, vectors = np.linalg.eigh(unit.T @ unit)
        size, across = np.sqrt(np.maximum(power[::-1], 0.0)), vectors.T[::-1]
    else:
        _, size, across = np.linalg.svd(unit, full_matrices=False)
    held = np.cumsum(size**2) / max(float((size**2).sum()), 1e-30)
    count = min(int(np.searchsorted(held, share - 1e-12)) + 1, max(int((size > 1e-7 * size[0]).sum()), 1))
    if most:
        count = min(count, most)
    # The sign of a component is arbitrary: its largest weight is positive, so that equal data give equal numbers.
    kept = across[:count]
    kept = kept * np.sign(kept[np.arange(count), np.abs(kept).argmax(axis=1)])[:, None]
    return {"pca_mean": mean, "pca_scale": scale, "pca": kept.T}


def projected(x: Float, numbers: Arrays) -> Float:
    """Return the principal components of N×D vectors: N×C."""
    found: Float = ((x - numbers["pca_mean"]) / numbers["pca_scale"]) @ numbers["pca"]
    return found


def graph_projected(graph: Graph, x: str, numbers: Arrays) -> str:
    """Add `projected` of N×D double: N×C."""
    x = graph.one("Sub", x, graph.constant(numbers["pca_mean"].astype(np.float64)))
    x = graph.one("Div", x, graph.constant(numbers["pca_scale"].astype(np.float64)))
    return graph.one("MatMul", x, graph.constant(numbers["pca"].astype(np.float64)))


def graph_heard(graph: Graph, rows: GraphRows, x: str) -> str:
    """Add mean and deviation over an item's own frames of N×T×D double: N×2D."""
    mean = rows.mean(x)
    apart = graph.one("Sub", x, unsqueezed(graph, mean, 1))
    deviation = graph.one("Sqrt", rows.mean(graph.one("Mul", apart, apart)))
    return graph.one("Concat", mean, deviation, axis=1)


def graph_sound(graph: Graph, x: str, blocks: np.ndarray) -> str:
    """Return the columns of the streams of sound in N×T×D."""
    parts = [columns(graph, x, block) for block in blocks]
    return parts[0] if len(parts) == 1 else graph.one("Concat", *parts, axis=2)


def places_of(blocks: list[slice]) -> np.ndarray:
    """Return blocks of columns as int64 B×2, as numbers of a machine hold them."""
    return np.array([(block.start, block.stop) for block in blocks], np.int64)


def _pool(values: Values, data: ItemData) -> Float:
    return heard(data)


def _solve(values: Values, data: ItemData, pooled: Float, split: Split) -> Solved:
    known = data.items_of((*split.train, *split.validation))
    numbers = components(pooled[known], float(values["variance"]), int(values["components"]))
    more = numbers | {"blocks": places_of(sound_blocks(data))}
    return solve_svm("rbf", values, data, projected(pooled, numbers), split, more)


def _head(graph: Graph, numbers: Arrays, rows: GraphRows) -> str:
    x = graph_heard(graph, rows, graph_sound(graph, rows.double, numbers["blocks"]))
    return svm_graph(graph, graph_projected(graph, x, numbers), numbers)


MEMBERS: Final = (Machine("audio", _pool, _solve, _head),)
