"""Fields, columns and the overlay's panel where there is little room."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QWheelEvent
from PySide6.QtWidgets import QSpinBox

from app.domain.words import figure
from app.ui.parts.clips.delegate import two_lines
from app.ui.parts.player.face_names import tag_place
from app.ui.parts.player.overlay import LineColumns as PanelColumns
from app.ui.parts.player.overlay import panel_place
from app.ui.parts.widgets.columns import LEGIBLE, fitted
from app.ui.parts.widgets.fields import ChoiceBox, roomy
from app.ui.parts.widgets.tables import RowsTable

NAME = "participant_017_session_2_camera_left_reaction.mp4"
CLASSES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")


def test_a_choice_keeps_both_ends_of_its_words_and_tells_the_whole(qapp):
    choice = ChoiceBox("Clip", 8)
    choice.addItem(NAME)
    choice.setFixedWidth(200)
    choice.show()
    shown = choice.shown_text()
    assert shown.startswith("part")
    assert shown.endswith("mp4")
    assert shown != NAME
    assert choice.tip() == NAME
    choice.setToolTip("Which clip is drawn")
    assert choice.tip() == f"{NAME}\nWhich clip is drawn"
    choice.setFixedWidth(800)
    assert choice.shown_text() == NAME
    assert choice.tip() == "Which clip is drawn"
    choice.close()


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_changes_a_number_only_while_it_has_focus(qapp, focused):
    spin = roomy(QSpinBox())
    spin.setValue(5)
    spin.show()
    spin.activateWindow()
    if focused:
        spin.setFocus()
        while not spin.hasFocus():
            qapp.processEvents()
    else:
        spin.clearFocus()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    qapp.sendEvent(spin, wheel)
    assert spin.value() == (6 if focused else 5)
    spin.close()


def test_columns_fill_the_room_and_give_way_in_order():
    natural = [60, 200, 80, 90]
    assert fitted(natural, 600, stretch=1) == [60, 370, 80, 90]
    assert fitted(natural, 380, stretch=1) == [60, 150, 80, 90]
    assert fitted(natural, 320, stretch=1, drop=(3, 2)) == [60, 180, 80, 0]
    assert fitted(natural, 240, stretch=1, drop=(3, 2)) == [60, 180, 0, 0]
    # Where nothing more may go, words stay legible and the table scrolls.
    assert fitted(natural, 200, stretch=1) == [60, LEGIBLE, 80, 90]


def test_the_last_column_of_a_table_is_never_cut(qapp):
    heads = ("Rater", "Clip", "Condition", "State")
    table = RowsTable(heads, "Assignment", stretch=1, drop=(2,))
    table.show_rows([("R1", NAME, "full_context", "answered")] * 30)
    table.show()
    for width in (640, 420, 330):
        table.resize(width, 300)
        qapp.processEvents()
        seen = [column for column in range(4) if not table.isColumnHidden(column)]
        assert sum(table.columnWidth(column) for column in seen) == table.viewport().width()
        assert 3 in seen
        needed = table.sizeHintForColumn(3)
        assert table.columnWidth(3) >= needed
    assert table.isColumnHidden(2)
    told = table.model().data(table.model().index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "Condition: full_context" in told
    assert NAME in told
    table.close()


def test_sentences_of_a_table_go_on_in_the_next_line(qapp):
    sentence = (
        "The face is lost for longer than the limit of this study, in the condition that shows nothing else. " * 2
    )
    table = RowsTable(("What", "Rater", "What to do"), "Problems", stretch=0, drop=(1,), wrap=True)
    table.show_rows([(sentence, "R1", sentence), ("Short.", "R2", "Short.")])
    table.show()
    table.resize(480, 300)
    qapp.processEvents()
    metrics = table.fontMetrics()
    for column in (0, 2):
        width = table.columnWidth(column)
        lines = metrics.boundingRect(0, 0, width - 8, 10_000, Qt.TextFlag.TextWordWrap, sentence)
        assert table.rowHeight(0) >= lines.height()
    short = RowsTable(("What",), "One line", wrap=True)
    short.show_rows([("Short.",)])
    assert table.rowHeight(1) == short.rowHeight(0) < table.rowHeight(0)
    short.close()
    wide = table.rowHeight(0)
    table.resize(1600, 300)
    qapp.processEvents()
    assert table.rowHeight(0) < wide
    table.close()


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_the_panel_of_bars_lies_beside_the_face_or_nowhere(qapp, scale):
    font = QFont()
    font.setPixelSize(round(11 * scale))
    metrics = QFontMetrics(font)
    columns = PanelColumns.measured(metrics, CLASSES, scale)
    # No number that can be shown reaches into the bar at its left.
    assert columns.gap >= 5
    for value in np.linspace(-1, 1, 41):
        assert metrics.horizontalAdvance(figure(float(value), sign=True)) <= columns.number
    small, large = QRectF(0, 0, 300, 170), QRectF(0, 0, 1280, 720)
    for box in (QRectF(20, 30, 90, 110), QRectF(110, 30, 90, 110), QRectF(195, 30, 90, 110)):
        assert panel_place(columns, len(CLASSES), box, small, scale) is None
    for left in (40, 560, 1100):
        box = QRectF(left, 200, 150, 190)
        place = panel_place(columns, len(CLASSES), box, large, scale)
        assert place is not None
        assert large.contains(place)
        assert not place.intersects(box)
        # Where another face is in the way, the panel takes another place, or none.
        others = (QRectF(place), QRectF(600, 20, 90, 110))
        elsewhere = panel_place(columns, len(CLASSES), box, large, scale, others)
        assert elsewhere is not None
        assert not any(elsewhere.intersects(face) for face in (box, *others))
    crowd = [QRectF(x, y, 110, 130) for x in range(0, 1280, 130) for y in range(0, 720, 140)]
    assert panel_place(columns, len(CLASSES), crowd[0], large, scale, crowd[1:]) is None


def test_names_of_faces_cover_neither_faces_nor_each_other():
    picture, size = QRectF(0, 0, 640, 360), QSizeF(120, 18)
    faces = [QRectF(100 + 90 * at, 100, 88, 110) for at in range(3)]
    taken = []
    for at, face in enumerate(faces):
        others = [one for number, one in enumerate(faces) if number != at]
        place = tag_place(size, face, picture, [*taken, *others], must=False)
        if at < 2:
            assert place is not None
            assert picture.contains(place)
            assert not any(place.intersects(one) for one in [*taken, *faces])
            taken.append(place)
    assert taken[0].bottom() < 100 < 210 < taken[1].top()  # the second goes below its face
    high = QRectF(10, 2, 100, 340)  # neither above nor below is room
    assert tag_place(size, high, picture, [], must=False) is None
    assert picture.contains(tag_place(size, high, picture, [], must=True))


def test_a_long_name_takes_two_lines_and_breaks_between_its_parts(qapp):
    metrics = QFontMetrics(QFont())
    assert two_lines(metrics, "a.mp4", 200) == ["a.mp4"]
    name = "actor01_path000.mp4"
    width = metrics.horizontalAdvance("actor01_pathMM")
    assert two_lines(metrics, name, width) == ["actor01_", "path000.mp4"]
    first, second = two_lines(metrics, NAME, width)
    assert NAME.startswith(first)
    assert first.endswith("_")
    assert second.endswith(NAME[-3:])
    assert all(metrics.horizontalAdvance(line) <= width for line in (first, second))
