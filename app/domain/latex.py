"""Text as LaTeX reads it."""

from typing import Final

_LATEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "−": "$-$",
        "\n": " ", "\r": " ", "\t": " ",
    }
)  # fmt: skip


def latex_text(text: str) -> str:
    r"""Return a text with LaTeX's own characters escaped, in one line.

    Example:
        >>> latex_text("50 % of R_1")
        '50 \\% of R\\_1'
    """
    return text.translate(_LATEX)
