"""The words at the ends of a scale."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.core.context import AppContext
from app.ui.parts.widgets.basic import label


class Anchors(QWidget):
    """The meanings of the ends of the scale, above the columns.

    Args:
        context: What all screens share; the theme is taken from it.
        anchors: The words of each point of the scale; empty if it has none.
        title_width: Characters of the longest title of a row.
    """

    def __init__(self, context: AppContext, anchors: dict[int, str], title_width: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(round(8 + title_width * 9.0 * context.theme.scale + 12), 0, 8, 0)
        ends = [p for p, words in anchors.items() if words]
        if ends:
            grid.addWidget(label(f"{ends[0]} = {anchors[ends[0]]}", "caption"), 0, 0)
        if len(ends) > 1:
            right = label(f"{ends[-1]} = {anchors[ends[-1]]}", "caption")
            grid.addWidget(right, 0, 1, Qt.AlignmentFlag.AlignHCenter)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 4)
