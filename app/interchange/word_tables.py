"""Tables as a Word document (.docx) in APA style, written as Office Open XML (ECMA-376) without a library.

Only what a table needs is written, so that python-docx and lxml are not (docs/decisions/0119). Word, LibreOffice and
python-docx read it. Equal tables give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.domain.tables import Table
from app.interchange.apa import ApaTable, apa_tables

_FONT: Final = "Times New Roman"
_HALF_POINTS: Final = 22
"""11 points, so that a table of six columns fits a page."""
_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def write_word(path: Path, tables: Sequence[Table]) -> None:
    """Write tables into a new Word document, one after the other.

    Args:
        path: The file.
        tables: The tables; more than eight columns turn the pages to landscape.
    """
    document = _document(apa_tables(tables))
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        parts = (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document))
        for name, text in parts:
            packed.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode(), ZIP_DEFLATED)


def _document(tables: Sequence[ApaTable]) -> str:
    wide = any(len(table.head) > 8 for table in tables)
    size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if wide else '<w:pgSz w:w="11906" w:h="16838"/>'
    body = "".join(map(_one, tables))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{_MAIN}"><w:body>{body}'
        f'<w:sectPr>{size}<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" '
        'w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _one(table: ApaTable) -> str:
    head = "".join(_cell(text, words, top=True, bottom=True) for text, words in _pairs(table.head, table.words))
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for at, row in enumerate(table.rows, 1):
        last = at == len(table.rows)
        cells = "".join(_cell(text, words, bottom=last) for text, words in _pairs(row, table.words))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    grid = "<w:gridCol/>" * len(table.head)
    note = _paragraph(_run("Note. ", italic=True) + _run(table.note), after=480) if table.note else _paragraph("")
    return (
        _paragraph(_run(f"Table {table.number}", bold=True), keep=True)
        + _paragraph(_run(table.title, italic=True), keep=True, after=120)
        + '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="autofit"/>'
        '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{note}"
    )


def _pairs(cells: Sequence[str], words: Sequence[bool]) -> list[tuple[str, bool]]:
    return list(zip(cells, words, strict=True))


def _cell(text: str, words: bool, *, top: bool = False, bottom: bool = False) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
        for side, there in (("top", top), ("bottom", bottom))
        if there
    )
    borders = f"<w:tcBorders>{rules}</w:tcBorders>" if rules else ""
    return f"<w:tc><w:tcPr>{borders}</w:tcPr>{_paragraph(_run(text), centred=not words)}</w:tc>"


def _paragraph(runs: str, *, keep: bool = False, centred: bool = False, after: int = 0) -> str:
    together = "<w:keepNext/>" if keep else ""
    side = '<w:jc w:val="center"/>' if centred else ""
    return f'<w:p><w:pPr>{together}<w:spacing w:before="0" w:after="{after}"/>{side}</w:pPr>{runs}</w:p>'


def _run(text: str, *, bold: bool = False, italic: bool = False) -> str:
    style = f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
    font = f'<w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/>'
    said = escape(_NOT_IN_XML.sub("\ufffd", text))
    return (
        f'<w:r><w:rPr>{font}{style}<w:sz w:val="{_HALF_POINTS}"/></w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>'
    )
