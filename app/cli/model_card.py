"""Model cards as text for a terminal."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from app.inference.cards import ModelCard, TensorSpec, Variant
from app.services.models.card_words import classes_of, is_matrix, is_nested, kind_words, name_words, value_words

WIDTH: Final = 100
_WIDEST: Final = 22
"""Greatest width of the column of names, in letters; a longer name does not move the values of the others."""


def card_text(card: ModelCard) -> str:
    """Return a model card as text: what the model is, what it reads and gives, how it was made, how good it is."""
    lines = [f"{card.title}  ({card.name} {card.version})", *textwrap.wrap(card.summary, WIDTH), ""]
    facts: dict[str, Any] = {"kind": kind_words(card.kind), "licence": card.licence}
    if card.non_commercial:
        facts["NON-COMMERCIAL"] = "this model may not be used commercially"
    lines += _table(facts | {"folder": str(card.folder)}, "")
    for title, tensors in (("Takes", card.inputs), ("Gives", card.outputs)):
        if tensors:
            lines += ["", title]
        for tensor in tensors.values():
            lines += _tensor(tensor)
    for title, table in (("Smoothing", card.smoothing), ("How it was made", card.training), ("Measured", card.metrics)):
        if table:
            lines += ["", title, *_table(table)]
    lines += _members(card)
    lines += ["", "Files"]
    for key, file in card.files.items():
        lines += [f"  {key}: {file.path}, {file.bytes:,} bytes", f"    SHA-256 {file.sha256 or 'not pinned'}"]
    for variant in card.variants:
        lines += [f"  {_variant(variant)}", f"    SHA-256 {variant.file.sha256 or 'not pinned'}"]
    if card.weaknesses:
        lines += ["", "Known weaknesses"]
        for weakness in card.weaknesses:
            lines += textwrap.wrap(weakness, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join(lines)


def _members(card: ModelCard) -> list[str]:
    """Return the members of a fusion: what each reads, its weights by class, its licence and the hash of its file."""
    lines: list[str] = []
    for each in card.raw.get("members", ()):
        weights = dict(zip(card.raw.get("classes", ()), each.get("weights", ()), strict=False))
        facts = {key: value for key, value in each.items() if key not in ("name", "title", "weights")}
        told = {"weights": ", ".join(f"{name} {value:.2f}" for name, value in weights.items()), **facts}
        lines += [f"  {each['name']}", *_table({key: value for key, value in told.items() if value != ""}, "    ")]
    return ["", "Members", *lines] if lines else []


def _tensor(tensor: TensorSpec) -> list[str]:
    shape = "×".join(str(size) for size in tensor.shape) if tensor.shape else ""
    facts = ", ".join(fact for fact in (shape, tensor.dtype) if fact)
    return [f"  {name_words(tensor.key)}  {facts}".rstrip(), *_table(tensor.more, "    ")]


def _variant(variant: Variant) -> str:
    loss, speed = "accuracy not measured", ""
    if variant.accuracy_loss is not None:
        loss = f"{variant.accuracy_loss:.2f} points of accuracy lost"
    if variant.speed is not None:
        speed = f", {variant.speed:.2f}× as fast"
    where = f" for {', '.join(variant.devices)}" if variant.devices else ""
    return f"{variant.name}: {variant.file.path}, {variant.file.bytes:,} bytes{where}, {loss}{speed}"


def _table(table: Mapping[str, Any], indent: str = "  ") -> list[str]:
    """Return plain values in a column beside their names, and tables and matrices below their own names."""
    plain = [name_words(key) for key, value in table.items() if not is_nested(value)]
    column = len(indent) + min(max(map(len, plain), default=0), _WIDEST) + 2
    lines: list[str] = []
    for key, value in table.items():
        name = name_words(key)
        if not is_nested(value):
            lead = f"{indent}{name}  ".ljust(column)
            text = _range(value) if key == "range" else value_words(value)
            lines += textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * column) or [lead.rstrip()]
        elif isinstance(value, Mapping):
            lines += [indent + name, *_table(value, indent + "  ")]
        elif is_matrix(value):
            lines += [f"{indent}{name}: rows are labels", *_matrix(value, classes_of(key, len(value)), indent + "  ")]
        else:
            for number, each in enumerate(value, 1):
                count = f" {number}" if len(value) > 1 else ""
                lines += [f"{indent}{name}{count}", *_table(each, indent + "  ")]
    return lines


def _range(value: Any) -> str:
    ends = value_words(value).split(", ")
    return " … ".join(ends)


def _matrix(rows: list[list[float]], names: tuple[str, ...], indent: str) -> list[str]:
    cells = [[value_words(cell) for cell in row] for row in rows]
    wide = max(map(len, names), default=0)
    heads = [name if len(name) <= 8 else f"{name[:7]}." for name in names]
    width = max(len(cell) for row in [*cells, heads] for cell in row)
    lines = []
    if names:
        lines.append(indent + " " * wide + "".join(f"  {head:>{width}}" for head in heads))
    for at, row in enumerate(cells):
        lead = names[at].ljust(wide) if names else ""
        lines.append((indent + lead + "".join(f"  {cell:>{width}}" for cell in row)).rstrip())
    return lines
