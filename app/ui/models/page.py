"""A model card as a readable page."""

import html
from collections.abc import Mapping
from typing import Any, Final

from app.inference.cards import ModelCard
from app.ui.tokens import Tokens

KINDS: Final = {
    "face_frame": "Expression, valence and arousal of a face",
    "face_detector": "Finds faces",
    "landmarks": "Finds landmarks",
    "sequence": "Valence and arousal over time",
}
"""What the kinds of cards mean, for people."""

_WORDS: Final = {
    "va": "valence and arousal",
    "fer": "FER2013",
    "ferplus": "FERPlus",
    "ece": "ECE",
    "ccc": "CCC",
    "mse": "MSE",
    "n": "n",
    "sha256": "SHA-256",
    "url": "URL",
    "licence": "licence",
    "fps": "frames/s",
}


def kind_words(kind: str) -> str:
    """What a kind of model does."""
    return KINDS.get(kind, kind.replace("_", " "))


def card_page(card: ModelCard, t: Tokens) -> str:
    """The page.

    Args:
        card: The card.
        t: Colours.

    Returns:
        HTML as QTextBrowser understands it.
    """
    size = sum(file.bytes for file in card.files.values())
    facts = [kind_words(card.kind), f"version {card.version}", f"licence {card.licence}"]
    if size:
        facts.append(f"{size / 1e6:.1f} MB")
    parts = [
        f"<p style='font-size:22px;font-weight:600;margin-bottom:4px'>{_text(card.title)}</p>",
        f"<p style='color:{t.text_soft}'>{_text(' · '.join(facts))}</p>",
        f"<p>{_text(card.summary)}</p>",
    ]
    if card.weaknesses:
        items = "".join(f"<li>{_text(weakness)}</li>" for weakness in card.weaknesses)
        parts += [_heading("Known weaknesses"), f"<ul>{items}</ul>"]
    for title, table in (("Measured", card.metrics), ("How it was made", card.training)):
        if table:
            parts += [_heading(title), _tree(table, t)]
    if card.variants:
        rows = [
            [
                v.name,
                ", ".join(v.devices) or "any device",
                "not measured" if v.accuracy_loss is None else f"{v.accuracy_loss:+.2f} points",
                "not measured" if v.speed is None else f"{v.speed:.2f}×",
            ]
            for v in card.variants
        ]
        parts += [
            _heading("Variants"),
            _table(["variant", "runs on", "accuracy against the main file", "speed"], rows, t),
        ]
    for title, tensors in (("Takes", card.inputs), ("Gives", card.outputs)):
        rows = [
            [
                key,
                "×".join(str(side) for side in spec.shape or ()),
                spec.dtype,
                ", ".join(str(name) for name in spec.more.get("classes", ())),
            ]
            for key, spec in tensors.items()
        ]
        if rows:
            parts += [_heading(title), _table(["name", "shape", "type", "classes"], rows, t)]
    rows = [[file.path, f"{file.bytes:,}" if file.bytes else "", file.sha256] for file in card.files.values()]
    parts += [_heading("Files"), _table(["file", "bytes", "SHA-256"], rows, t)]
    return "".join(parts)


def _text(value: object) -> str:
    return html.escape(str(value))


def _heading(text: str) -> str:
    return f"<p style='font-size:15px;font-weight:600;margin-top:20px;margin-bottom:6px'>{_text(text)}</p>"


def _name(key: str) -> str:
    return " ".join(_WORDS.get(part, part) for part in str(key).split("_"))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "−")
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    return _text(value)


def _tree(table: Mapping[str, Any], t: Tokens, level: int = 0) -> str:
    """Plain values as a table; tables within as sections; matrices of numbers as heat maps."""
    plain = [
        [_name(key), _value(value)]
        for key, value in table.items()
        if not isinstance(value, Mapping) and not _is_matrix(value)
    ]
    parts = [_pairs(plain, t)] if plain else []
    for key, value in table.items():
        if isinstance(value, Mapping):
            shares = all(isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= 1 for v in value.values())
            body = _bars(value, t) if shares and len(value) > 2 else _tree(value, t, level + 1)
            parts += [f"<p style='color:{t.text_soft};margin-top:10px;margin-bottom:2px'>{_text(_name(key))}</p>", body]
        elif _is_matrix(value):
            parts += [
                f"<p style='color:{t.text_soft};margin-top:10px;margin-bottom:2px'>{_text(_name(key))}</p>",
                _matrix(value, t),
            ]
    return "".join(parts)


def _is_matrix(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(row, list) for row in value)
        and all(isinstance(cell, int | float) for row in value for cell in row)
    )


def _pairs(rows: list[list[str]], t: Tokens) -> str:
    cells = "".join(
        f"<tr><td style='color:{t.text_soft};padding:3px 18px 3px 0'>{name}</td>"
        f"<td style='padding:3px 0'>{value}</td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing='0'>{cells}</table>"


def _bars(values: Mapping[str, Any], t: Tokens) -> str:
    rows = []
    for key, value in values.items():
        full = max(round(160 * float(value)), 1)
        rows.append(
            f"<tr><td style='color:{t.text_soft};padding:2px 14px 2px 0'>{_text(_name(key))}</td>"
            f"<td style='padding:2px 0'><table cellspacing='0' cellpadding='0'><tr>"
            f"<td width='{full}' bgcolor='{t.accent}'>&nbsp;</td><td width='{161 - full}' bgcolor='{t.border}'></td>"
            f"</tr></table></td><td style='padding:2px 0 2px 12px'>{100 * float(value):.1f} %</td></tr>"
        )
    return f"<table cellspacing='0'>{''.join(rows)}</table>"


def _matrix(value: list[list[float]], t: Tokens) -> str:
    rows = []
    for row in value:
        total = sum(row) or 1
        cells = []
        for cell in row:
            share = cell / total
            ground = _mix(t.sunken, t.accent, share)
            ink = t.on_accent if share > 0.55 else t.text
            cells.append(
                f"<td align='right' bgcolor='{ground}' style='padding:3px 7px;color:{ink}'>{_value(cell)}</td>"
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table cellspacing='1'>{''.join(rows)}</table>"


def _mix(low: str, high: str, share: float) -> str:
    pairs = zip((low[1:3], low[3:5], low[5:7]), (high[1:3], high[3:5], high[5:7]), strict=True)
    return "#" + "".join(f"{round(int(a, 16) + (int(b, 16) - int(a, 16)) * share):02x}" for a, b in pairs)


def _table(titles: list[str], rows: list[list[str]], t: Tokens) -> str:
    keep = [at for at in range(len(titles)) if any(row[at] for row in rows)]
    head = "".join(f"<td style='color:{t.text_faint};padding:3px 18px 3px 0'>{_text(titles[at])}</td>" for at in keep)
    body = "".join(
        "<tr>" + "".join(f"<td style='padding:3px 18px 3px 0'>{_text(row[at])}</td>" for at in keep) + "</tr>"
        for row in rows
    )
    return f"<table cellspacing='0'><tr>{head}</tr>{body}</table>"
