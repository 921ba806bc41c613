"""A model card as text."""

import textwrap
from collections.abc import Mapping
from typing import Any

from app.inference.cards import ModelCard

WIDTH = 100


def card_text(card: ModelCard) -> str:
    """The card for a terminal: what it is, wants, gives, how it was made, how good it is, where it is weak."""
    lines = [f"{card.title}  ({card.name} {card.version})", *_wrapped(card.summary), ""]
    lines += [f"kind       {card.kind}", f"licence    {card.licence}", f"folder     {card.folder}"]
    for key, file in card.files.items():
        lines.append(f"file       {key}: {file.path}, {file.bytes:,} bytes, SHA-256 {file.sha256 or 'not pinned'}")
    for word, tensors in (("wants", card.inputs), ("gives", card.outputs)):
        for tensor in tensors.values():
            shape = "×".join(str(size) for size in tensor.shape) if tensor.shape else ""
            lines.append(f"{word:<10} {tensor.key} {shape} {tensor.dtype} {_short(tensor.more)}".rstrip())
    for title, table in (("training", card.training), ("smoothing", card.smoothing), ("metrics", card.metrics)):
        if table:
            lines += ["", title.capitalize(), *_table(table)]
    for variant in card.variants:
        loss = "not measured" if variant.accuracy_loss is None else f"{variant.accuracy_loss:+.2f} points"
        lines.append(f"variant    {variant.name}: {variant.file.path}, accuracy loss {loss}")
    if card.weaknesses:
        lines += ["", "Weaknesses"]
        for weakness in card.weaknesses:
            lines += textwrap.wrap(weakness, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)


def _short(more: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in more.items())


def _table(table: Mapping[str, Any], indent: str = "  ") -> list[str]:
    lines: list[str] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{key}", *_table(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], list):
            lines.append(f"{indent}{key} (rows are labels)")
            lines += [indent + "  " + " ".join(f"{cell:>6}" for cell in row) for row in value]
        else:
            text = f"{value:.4f}" if isinstance(value, float) else str(value)
            lines += textwrap.wrap(f"{key}: {text}", WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
    return lines
