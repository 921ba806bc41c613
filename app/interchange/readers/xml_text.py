"""XML of other tools, parsed so that it can do no harm: without a document type, so without entities."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.parsers import expat

from app.errors import UserError
from app.interchange.readers.text import Text

Element = ElementTree.Element


class _Begun(Exception):
    """The first element was reached."""


def is_xml(text: Text, root: str) -> bool:
    """Return whether a file is XML with this root element, as far as its beginning tells."""
    begin = text.text[:4000].lstrip("\ufeff \t\r\n")
    return begin.startswith("<") and f"<{root}" in begin


def parse(text: Text, root: str) -> Element:
    """Return the root element of an XML file.

    A document type is refused: it could define entities that grow without end, or that read other files.

    Raises:
        UserError: The file is not well-formed XML, has a document type, or has another root.
    """
    content = text.raw or text.text.encode()
    encoding = None if text.raw and not text.notes else "utf-8"
    if encoding is not None:
        content = text.text.encode()
    _refuse_doctype(text, content, encoding)
    try:
        parser = ElementTree.XMLParser(encoding=encoding)
        parser.feed(content)
        found: Element = parser.close()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise _broken(text, line, column, error.code) from error
    except (LookupError, ValueError) as error:
        raise UserError(
            f"{text.name} states an encoding that is not known.", "Save it as UTF-8 and try again."
        ) from error
    if found.tag != root:
        raise UserError(f"{text.name} is XML of another kind: <{found.tag}>.", f"Choose a file with <{root}>.")
    return found


def _refuse_doctype(text: Text, content: bytes, encoding: str | None) -> None:
    """Refuse a document type, which can stand only before the first element; nothing of it is expanded."""
    parser = expat.ParserCreate(encoding)

    def doctype(*_: object) -> None:
        raise UserError(
            f"{text.name}, line {parser.CurrentLineNumber}: it defines a document type, which could hide other files "
            "or grow without end.",
            "Remove the line with <!DOCTYPE, or save the file again in the tool that made it.",
        )

    def begun(*_: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = begun
    try:
        parser.Parse(content, True)
    except _Begun:
        pass
    except expat.ExpatError as error:
        raise _broken(text, error.lineno, error.offset, error.code) from error
    except (LookupError, ValueError) as error:
        raise UserError(
            f"{text.name} states an encoding that is not known.", "Save it as UTF-8 and try again."
        ) from error


def _broken(text: Text, line: int, column: int, code: int) -> UserError:
    return UserError(
        f"{text.name}, line {line}, column {column + 1}: this is not well-formed XML ({expat.ErrorString(code)}).",
        "The file may be cut off; save it again in the tool that made it.",
    )


def number(text: Text, element: Element, name: str, value: str | None) -> float:
    """Return the number in an attribute.

    Raises:
        UserError: It is missing, or no finite number.
    """
    try:
        found = float(value.replace(",", ".")) if value is not None else None
    except ValueError:
        found = None
    if found is None or found != found or abs(found) > 1e50:
        said = "has no" if value is None else f"has “{value[:60]}” as its"
        raise UserError(
            f"{text.name}: <{element.tag}> {said} {name}, where a number belongs.", "Save it again in its tool."
        )
    return found
