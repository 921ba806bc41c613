"""A model card as a readable page."""

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.domain.words import figure, file_size
from app.inference.cards import ModelCard
from app.services.models.card_words import classes_of, is_matrix, is_nested, kind_words, name_words, value_words
from app.ui.look.language import tr
from app.ui.look.tokens import Tokens

if TYPE_CHECKING:
    from app.services.models.zoo.manifest import ZooEntry


def card_page(card: ModelCard, t: Tokens) -> str:
    """Return a model card as a page.

    Args:
        card: The card.
        t: The colours.

    Returns:
        HTML as QTextBrowser understands it.
    """
    size = sum(file.bytes for file in card.files.values())
    facts = [
        kind_words(card.kind),
        tr("version {version}", version=card.version),
        tr("licence {licence}", licence=card.licence),
    ]
    if size:
        facts.append(file_size(size))
    parts = [
        f"<p style='font-size:22px;font-weight:600;margin-bottom:4px'>{_text(card.title)}</p>",
        f"<p style='color:{t.text_soft}'>{_text(' · '.join(facts))}</p>",
        f"<p>{_text(card.summary)}</p>",
    ]
    if card.non_commercial:
        parts.append(
            tr(
                "<p style='color:{warning}'><b>Non-commercial:</b> it may not be used commercially.</p>",
                warning=t.warning,
            )
        )
    if card.weaknesses:
        items = "".join(f"<li>{_text(weakness)}</li>" for weakness in card.weaknesses)
        parts += [_heading(tr("Known weaknesses")), f"<ul>{items}</ul>"]
    for title, table in ((tr("Measured"), card.metrics), (tr("How it was made"), card.training)):
        if table:
            parts += [_heading(title), _tree(table, t)]
    if card.variants:
        rows = [
            [
                v.name,
                ", ".join(v.devices) or tr("any device"),
                tr("not measured")
                if v.accuracy_loss is None
                else tr("{accuracy_loss} points", accuracy_loss=figure(v.accuracy_loss, sign=True)),
                tr("not measured") if v.speed is None else f"{v.speed:.2f}×",
            ]
            for v in card.variants
        ]
        parts += [
            _heading(tr("Variants")),
            _table(["variant", tr("runs on"), tr("accuracy against the main file"), "speed"], rows, t),
        ]
    for title, tensors in ((tr("Takes"), card.inputs), (tr("Gives"), card.outputs)):
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
    parts += _members(card, t)
    rows = [[file.path, f"{file.bytes:,}" if file.bytes else "", file.sha256] for file in card.files.values()]
    parts += [_heading(tr("Files")), _table(["file", "bytes", "SHA-256"], rows, t)]
    return "".join(parts)


def entry_page(entry: "ZooEntry", t: Tokens) -> str:
    """Return the page of a model that can be fetched, with its terms first.

    Args:
        entry: The entry in the list of vetted models.
        t: The colours.

    Returns:
        HTML as QTextBrowser understands it.
    """
    card = entry.card
    tone = t.warning_soft if entry.non_commercial else t.sunken
    terms = tr("<b>Licence</b><br>{value}", value=_text(entry.licence))
    if entry.non_commercial:
        terms += tr(
            "<br><span style='color:{warning}'><b>Non-commercial:</b> it may not be used commercially.</span>",
            warning=t.warning,
        )
    size = file_size(entry.bytes or None)
    facts = [kind_words(str(card["kind"])), size, tr("not installed")]
    parts = [
        f"<p style='font-size:22px;font-weight:600;margin-bottom:4px'>{_text(card['title'])}</p>",
        f"<p style='color:{t.text_soft}'>{_text(' · '.join(facts))}</p>",
        f"<p>{_text(card['summary'])}</p>",
        f"<table width='100%' cellpadding='12'><tr><td bgcolor='{tone}'>{terms}</td></tr></table>",
    ]
    if card.get("weaknesses"):
        items = "".join(f"<li>{_text(weakness)}</li>" for weakness in card["weaknesses"])
        parts += [_heading(tr("Known weaknesses")), f"<ul>{items}</ul>"]
    rows = [[tr("made by"), _text(entry.source)], ["address", _text(entry.url)]]
    rows.append(["SHA-256", entry.sha256 or tr("not pinned; it is shown and kept at the first installation")])
    for title, tensors in (("takes", card.get("input", {})), ("gives", card.get("output", {}))):
        rows += [[title, _text(f"{name_words(key)}: {', '.join(table.get('classes', ())) or _shape(table)}")]
                 for key, table in tensors.items()]  # fmt: skip
    return "".join([*parts, _heading(tr("Where it comes from")), _pairs(rows, t)])


def result_page(result: Mapping[str, Any], t: Tokens) -> str:
    """Return the result of an evaluation (see `app.services.models.evaluate`) as HTML."""
    lead = tr(
        "{kind} on {data}: {count} images, {speed} per second",
        kind=result["model"],
        data=result["data"],
        count=f"{result['n']:,}",
        speed=f"{result['images_per_s']:.0f}",
    )
    numbers = {
        key: result[key]
        for key in ("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy", "provider", "file")
    }
    rows = [[name_words(key), tr("not given") if value is None else _value(value)] for key, value in numbers.items()]
    parts = [f"<p style='font-size:15px;font-weight:600'>{_text(lead)}</p>", _pairs(rows, t)]
    for key, title in (("expression", tr("Expression (FERPlus)")), ("fer", "FER2013")):
        if result["confusion"].get(key):
            table = {"per_class_recall": result["per_class_recall"][key], "confusion": result["confusion"][key]}
            parts += [_heading(title), _tree(table, t)]
    return "".join(parts)


def _members(card: ModelCard, t: Tokens) -> list[str]:
    """Return the members of a fusion with what each reads, its weights and its licence; nothing for other models."""
    names = card.raw.get("classes", ("valence", "arousal"))
    rows = [
        [
            str(each["name"]),
            ", ".join(map(str, each.get("streams", ()))),
            ", ".join(f"{name} {value:.2f}" for name, value in zip(names, each.get("weights", ()), strict=False)),
            str(each.get("licence", "")),
            str(each.get("sha256", "")),
        ]
        for each in card.raw.get("members", ())
    ]
    return (
        [_heading(tr("Members")), _table(["member", "reads", "weights", "licence", "SHA-256"], rows, t)] if rows else []
    )


def _shape(table: Mapping[str, Any]) -> str:
    if "shape" in table:
        return f"{table.get('colour', '')} {'×'.join(str(side) for side in table['shape'])}".strip()
    return tr("two numbers") if "columns" in table else tr("numbers")


def _text(value: object) -> str:
    return html.escape(str(value))


def _heading(text: str) -> str:
    return f"<p style='font-size:15px;font-weight:600;margin-top:20px;margin-bottom:6px'>{_text(text)}</p>"


def _value(value: object) -> str:
    return _text(value_words(value))


def _tree(table: Mapping[str, Any], t: Tokens) -> str:
    """Plain values as a table; tables within as sections; matrices of numbers as heat maps."""
    if "rows_are_labels" in table:
        return _matrix(table["rows_are_labels"], t, tuple(table["classes"]))
    nested = {name: value for name, value in table.items() if is_nested(value)}
    plain = [[name_words(name), _value(value)] for name, value in table.items() if name not in nested and value != []]
    parts = [_pairs(plain, t)] if plain else []
    for name, value in nested.items():
        if isinstance(value, Mapping):
            shown = [(name, _bars(value, t) if _is_shares(value) else _tree(value, t))]
        elif is_matrix(value):
            shown = [(name, _matrix(value, t, classes_of(name, len(value))))]
        else:
            shown = [(f"{name}_{at}" if len(value) > 1 else name, _tree(v, t)) for at, v in enumerate(value, 1)]
        for title, body in shown:
            parts.append(
                f"<p style='color:{t.text_soft};margin-top:10px;margin-bottom:2px'>{_text(name_words(title))}</p>"
            )
            parts.append(body)
    return "".join(parts)


def _is_shares(table: Mapping[str, Any]) -> bool:
    """Return whether these are several numbers of 0…1, such as recalls; a class that never occurs has none."""
    known = [value for value in table.values() if value is not None]
    return len(known) > 2 and all(
        isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1 for value in known
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
        share = 0.0 if value is None else float(value)
        full = max(round(160 * share), 1)
        said = tr("none there") if value is None else f"{100 * share:.1f} %"
        rows.append(
            f"<tr><td style='color:{t.text_soft};padding:2px 14px 2px 0'>{_text(name_words(key))}</td>"
            f"<td style='padding:2px 0'><table cellspacing='0' cellpadding='0'><tr>"
            f"<td width='{full}' bgcolor='{t.accent}'>&nbsp;</td><td width='{161 - full}' bgcolor='{t.border}'></td>"
            f"</tr></table></td><td style='padding:2px 0 2px 12px'>{said}</td></tr>"
        )
    return f"<table cellspacing='0'>{''.join(rows)}</table>"


def _matrix(value: list[list[float]], t: Tokens, names: tuple[str, ...] = ()) -> str:
    """Return a heat map: rows are labels, columns predictions, shaded by the share of the row."""
    soft = tr("style='color:{text_soft};padding:3px 7px", text_soft=t.text_soft)
    rows = []
    if names:
        heads = "".join(
            f"<td align='right' {soft}'>{_text(name if len(name) < 6 else name[:4] + '.')}</td>" for name in names
        )
        rows.append(
            tr(
                "<tr><td style='color:{text_faint};padding:3px 12px 3px 0'>label → predicted</td>{heads}</tr>",
                text_faint=t.text_faint,
                heads=heads,
            )
        )
    for at, row in enumerate(value):
        total = sum(row) or 1
        cells = [f"<td {soft} 3px 0'>{_text(names[at])}</td>"] if names else []
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
