"""Passages of many lines are measured once, and then are as high as any other label."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.parts.widgets.passage import Passage

TEXT = "Agreement was computed by Krippendorff's alpha. " * 60


def shown(app, made):
    holder = QWidget()
    box = QVBoxLayout(holder)
    box.addWidget(made)
    holder.resize(400, 300)
    holder.show()
    app.processEvents()
    return holder


def label(text):
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def test_it_is_as_large_as_a_label_and_follows_its_text_and_its_font(qapp):
    passage, plain = Passage(), label("")
    holders = [shown(qapp, passage), shown(qapp, plain)]
    for text, pixels in ((TEXT, 13), ("Short.", 13), (TEXT, 20)):
        for one in (passage, plain):
            one.setText(text)
            one.setStyleSheet(f"font-size: {pixels}px")
        qapp.processEvents()
        for wide in (200, 380):
            assert passage.heightForWidth(wide) == plain.heightForWidth(wide) > 0
        assert passage.sizeHint() == plain.sizeHint()
        assert passage.minimumSizeHint() == plain.minimumSizeHint()
    for holder in holders:
        holder.close()
        holder.deleteLater()


def test_another_colour_does_not_break_its_lines_anew(qapp):
    passage = Passage()
    passage.setText(TEXT)
    holder = shown(qapp, passage)
    holder.setStyleSheet("QLabel { color: black; font-size: 13px }")
    qapp.processEvents()
    before = passage.measured
    assert before
    for colour in ("white", "black", "white"):
        holder.setStyleSheet(f"QLabel {{ color: {colour}; font-size: 13px }}")
        qapp.processEvents()
    passage.heightForWidth(passage.width())
    assert passage.measured - before <= 3
    holder.close()
    holder.deleteLater()
