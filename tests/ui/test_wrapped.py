"""A row of controls that goes on in another row where it has no room."""

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSizePolicy, QWidget

from app.ui.parts.widgets.basic import row
from app.ui.parts.widgets.changing import ChangingLabel
from app.ui.parts.widgets.wrapped import WrappedRow


class Requests(QObject):
    """Counts how often a widget is to be laid out again."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def stage(qapp):
    made = QWidget()
    yield made
    made.close()
    made.deleteLater()


def lay(stage, *widths, push=None, spacing=10):
    parts = [QPushButton(parent=stage) for _ in widths]
    for part, width in zip(parts, widths, strict=True):
        part.setFixedSize(width, 20)
    layout = WrappedRow(*parts, push=None if push is None else parts[push], spacing=spacing)
    stage.setLayout(layout)
    return layout, parts


def places(parts):
    return [(part.x(), part.y()) for part in parts]


def test_parts_go_on_in_another_row_where_they_have_no_room(stage):
    layout, parts = lay(stage, 50, 60, 70)
    layout.setGeometry(QRect(0, 0, 200, 20))
    assert places(parts) == [(0, 0), (60, 0), (130, 0)]
    assert layout.heightForWidth(200) == 20
    assert layout.heightForWidth(199) == 50
    assert layout.heightForWidth(60) == 80
    layout.setGeometry(QRect(0, 0, 199, 50))
    assert places(parts) == [(0, 0), (60, 0), (0, 30)]
    assert layout.minimumSize().width() == 70
    assert layout.sizeHint().width() == 200


def test_what_is_pushed_stands_at_the_right_and_hidden_parts_take_no_room(stage):
    layout, parts = lay(stage, 50, 60, 70, push=1)
    stage.show()
    layout.setGeometry(QRect(0, 0, 300, 20))
    assert places(parts) == [(0, 0), (160, 0), (230, 0)]
    parts[0].hide()
    layout.setGeometry(QRect(0, 0, 300, 20))
    assert places(parts[1:]) == [(160, 0), (230, 0)]
    assert layout.heightForWidth(140) == 20


def test_a_field_takes_what_is_left_of_its_row(stage):
    field, button = QLineEdit(parent=stage), QPushButton(parent=stage)
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setFixedSize(80, 20)
    layout = WrappedRow(field, button, spacing=10)
    stage.setLayout(layout)
    layout.setGeometry(QRect(0, 0, 600, 40))
    assert field.width() == 510
    assert button.x() == 520
    assert layout.count() == 2
    assert layout.takeAt(1).widget() is button
    assert layout.itemAt(1) is None
    assert layout.takeAt(5) is None


def test_sizes_are_asked_for_again_once_a_part_has_changed(stage):
    layout, parts = lay(stage, 50, 60)
    assert (layout.heightForWidth(200), layout.sizeHint().width(), layout.minimumSize().width()) == (20, 120, 60)
    parts[0].setFixedSize(150, 40)
    assert (layout.heightForWidth(200), layout.sizeHint().width(), layout.minimumSize().width()) == (70, 220, 150)


def test_words_of_the_same_width_lay_nothing_out_again(stage):
    clock = ChangingLabel()
    clock.setParent(stage)
    stage.setLayout(row(clock))
    clock.setText("0:01.234")
    stage.show()
    QApplication.processEvents()
    requests = Requests(stage)
    clock.setText("0:01.243")  # other words of the same digits
    QApplication.processEvents()
    assert requests.count == 0
    narrow = clock.width()
    clock.setText("1:00:01.234")
    QApplication.processEvents()
    assert clock.width() > narrow
    assert requests.count > 0
    clock.setFont(QFont(clock.font().family(), 30))
    assert clock.minimumSize() == clock.sizeHint()
