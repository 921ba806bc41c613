"""Turns ONNX Runtime's report on a file that it cannot load into words for people."""

import re
from typing import Final

LONGEST: Final = 160
"""Largest number of letters of ONNX Runtime's own words that are shown."""

_OPSET: Final = re.compile(r"Opset (\d+) is under development.*?till opset (\d+)", re.DOTALL)
_IR: Final = re.compile(r"IR version: (\d+), max supported IR version: (\d+)")
_OPERATOR: Final = re.compile(r"(?:No Op registered for|is not a registered function/op: ?)\s*([\w.:]+)")
_SOURCE: Final = re.compile(r"\S*onnxruntime_src\S*|\S+\.(?:cc|h|cpp):\d+|\b[\w:]+::[\w:~<>]+\([^)]*\)(?: \[[^\]]*\])?")
_CODE: Final = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ")


def load_words(error: Exception) -> tuple[str, str]:
    """Return why a file cannot be loaded and what to do, without paths of source files and names of C++ functions.

    Example:
        >>> load_words(RuntimeError("Unsupported model IR version: 99, max supported IR version: 13"))[0] 'it has the IR
        version 99, but this ONNX Runtime knows versions up to 13'
    """
    text = str(error)
    if found := _OPSET.search(text):
        has, knows = found.groups()
        return (
            f"it was made for opset {has}, but this ONNX Runtime knows opsets up to {knows}",
            f"Export the model again with opset {knows} or an older one, or install a newer version of this program.",
        )
    if found := _IR.search(text):
        has, knows = found.groups()
        return (
            f"it has the IR version {has}, but this ONNX Runtime knows versions up to {knows}",
            "Export the model again with an older version of the onnx package, or install a newer version of this "
            "program.",
        )
    if found := _OPERATOR.search(text):
        return (
            f"it needs the operator {found.group(1)}, which ONNX Runtime does not have",
            "Export the model without it.",
        )
    lines = [_SOURCE.sub("", _CODE.sub("", line)) for line in text.splitlines() if line.strip()]
    words = " ".join(" ".join(lines).split())
    short = words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} …"
    return f"ONNX Runtime cannot load it ({short or type(error).__name__})", "Use another file, or export it again."
