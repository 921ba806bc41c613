"""Ways in which files are damaged on their way: cut, saved anew by other programs, edited by hand."""

import random
import re

WORDS = [
    "NaN",
    "nan",
    "NA",
    "",
    "inf",
    "-",
    "n/a",
    "#DIV/0!",
    "1e400",
    "1.5e3",
    "text",
    "é",
    "0x10",
    "１",
    "null",
    "-5",
]


def _lines(text):
    return re.split(r"(\r\n|\r|\n)", text)


def _cut(raw, rng):
    return raw[: rng.randrange(len(raw))]


def _begin_cut(raw, rng):
    return raw[rng.randrange(len(raw)) :]


def _ends(raw, rng):
    return re.sub(rb"\r\n|\r|\n", rng.choice([b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n"]), raw)


def _encoding(raw, rng):
    text = raw.decode("utf-8", "replace")
    name = rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252", "cp037", "utf-7"])
    return (text + "é").encode(name, "replace")


def _comma(raw, rng):
    return re.sub(rb"(?<=\d)\.(?=\d)", b",", raw)


def _comma_somewhere(raw, rng):
    return re.sub(rb"(?<=\d)\.(?=\d)", lambda found: b"," if rng.random() < 0.3 else found[0], raw)


def _separator(raw, rng):
    old = max((b",", b";", b"\t"), key=raw.count)
    return raw.replace(old, rng.choice([b",", b";", b"\t", b"|", b" ", b", "]))


def _word(raw, rng):
    text = raw.decode("utf-8", "replace")
    places = list(re.finditer(r"-?\d+(\.\d+)?", text))
    if not places:
        return raw
    place = rng.choice(places)
    return (text[: place.start()] + rng.choice(WORDS) + text[place.end() :]).encode()


def _column(raw, rng):
    parts = _lines(raw.decode("utf-8", "replace"))
    old = max((",", ";", "\t"), key="".join(parts).count)
    drop = rng.randrange(1 + max(part.count(old) for part in parts))
    rows = [part.split(old) for part in parts]
    return "".join(old.join(cell for n, cell in enumerate(row) if n != drop or len(row) == 1) for row in rows).encode()


def _drop_line(raw, rng):
    lines = raw.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def _repeat_line(raw, rng):
    lines = raw.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    lines.insert(rng.randrange(len(lines)), lines[place])
    return b"".join(lines)


def _flip(raw, rng):
    changed = bytearray(raw)
    for _ in range(rng.randint(1, 4)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _quote(raw, rng):
    place = rng.randrange(len(raw))
    return raw[:place] + rng.choice([b'"', b"'", b"<", b"&", b"]", b"{"]) + raw[place:]


def _upper(raw, rng):
    return raw.upper()


def _swap(raw, rng):
    lines = raw.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


KINDS = (
    _cut, _cut, _begin_cut, _ends, _encoding, _comma, _comma_somewhere, _separator, _word, _word, _word, _column,
    _column, _drop_line, _repeat_line, _flip, _flip, _quote, _upper, _swap,
)  # fmt: skip


def mutated(raw, seed):
    """The bytes after one or two mutations, which the seed decides."""
    rng = random.Random(seed)
    for _ in range(rng.choice([1, 1, 2])):
        if raw:
            raw = rng.choice(KINDS)(raw, rng)
    return raw
