"""Every screen in the sizes of the tour: no text is cut, every control has a name, the rail is one tab stop."""

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSlider,
    QTabWidget,
    QWidget,
)

from app.inference.cards import find_model
from app.services.models.titles import title_of
from app.services.projects.files import create_project
from app.ui.look.icons import icon
from app.ui.parts.exporting.numbers import NumbersDialog
from app.ui.parts.widgets.basic import label
from app.ui.parts.widgets.scrolled import ScrolledForm
from app.ui.tours.annotate import Guide
from app.ui.tours.clipped import cut_texts
from app.ui.tours.looks import LOOKS, looked_at, picture
from tests.ui.agreement.conftest import demo_folder, study_path  # noqa: F401
from tests.ui.waiting import idle, settle

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QSlider, QAbstractItemView, QTabWidget)


@pytest.fixture
def stage(window):
    """An empty widget of a fixed size, to be filled."""
    made = QWidget()
    made.resize(120, 40)
    yield made
    made.close()
    made.deleteLater()


def test_a_form_that_is_wider_than_what_shows_it_is_found(stage):
    wide = QWidget()
    wide.setMinimumWidth(200)
    wide.resize(200, 30)
    area = QScrollArea(stage)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(wide)
    area.resize(120, 40)
    stage.show()
    settle(area.isVisible)
    assert any("its content is 200" in str(cut) for cut in cut_texts(stage))
    form = ScrolledForm(area.takeWidget(), stage)
    assert form.minimumSizeHint().width() > 200


@pytest.mark.parametrize(
    ("make", "cut"),
    [
        (lambda: label("Short"), False),
        (lambda: label("A sentence that is much too long for it"), True),
        (lambda: label("A sentence that is much too long for it", wrap=True), True),
        (lambda: QPushButton("Start"), False),
        (lambda: QPushButton("Start the whole training"), True),
    ],
)
def test_text_without_room_is_found(stage, make, cut):
    part = make()
    part.setParent(stage)
    part.setGeometry(0, 0, 100, 30)
    stage.show()
    assert bool(cut_texts(stage)) == cut
    if cut and isinstance(part, QLabel) and not part.wordWrap():
        part.setToolTip(part.text())
        assert cut_texts(stage) == []
        part.move(90, 0)
        assert "outside the window" in cut_texts(stage)[0].why


def guide():
    return Guide(lambda _name: None, lambda done, what: settle(done, what=what), lambda s: settle(seconds=s), print)


@pytest.mark.slow
def test_no_text_is_cut_in_a_small_window(window, study_path):  # noqa: F811
    """Two light looks of those that `affectograph tour --looks` draws, the second with large text."""
    window.projects.open(study_path)
    settle(lambda: window.context.project is not None)
    idle(window.context)
    assert looked_at(window, guide(), LOOKS[0], None) == []
    assert looked_at(window, guide(), LOOKS[-1], None) == []
    unnamed = [part for part in controls(window) if not said(part)]
    assert [(type(part).__name__, part.objectName(), type(part.parentWidget()).__name__) for part in unnamed] == []


def controls(window):
    """All controls of all screens, without the parts of which Qt and pyqtgraph make theirs."""
    for part in window.findChildren(QWidget):
        parents = []
        above = part.parentWidget()
        while above is not None:
            parents.append(above)
            above = above.parentWidget()
        inner = isinstance(part, CONTROLS) and any(
            isinstance(one, (QComboBox, QAbstractSpinBox, QLineEdit, QMenu)) for one in parents
        )
        made_by_qt = part.objectName().startswith("qt_") or isinstance(part, QHeaderView)
        if isinstance(part, CONTROLS) and not inner and not made_by_qt:
            if isinstance(part, QAbstractButton) and part.isHidden():
                continue  # it gets its words when it is shown
            yield part


def said(part):
    found = QAccessible.queryAccessibleInterface(part)
    return found.text(QAccessible.Text.Name) if found is not None else part.accessibleName()


def test_tab_stops_once_at_the_rail_and_arrows_lead_on(window):
    window.show_screen("models")
    entries = window.rail.findChildren(QAbstractButton)
    stops = [made.objectName() for made in entries if made.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["rail.models"]
    window.activateWindow()
    settle(window.isActiveWindow)
    here = window.findChild(QAbstractButton, "rail.models")
    here.setFocus()
    QTest.keyClick(here, Qt.Key.Key_Down)
    assert window.focusWidget().objectName() == "rail.camera"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert window.screen_id == "camera"
    stops = [made.objectName() for made in entries if made.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["rail.camera"]


def test_icons_and_pictures_have_the_pixels_of_the_device(qapp):
    once, twice = (icon("play").pixmap(QSize(20, 20), ratio).toImage() for ratio in (1.0, 2.0))
    assert (once.width(), twice.width(), twice.devicePixelRatio()) == (20, 40, 2.0)
    blown = once.scaled(40, 40, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    sharp = sum(twice.pixelColor(x, y).alpha() in (0, 255) for x in range(40) for y in range(40))
    soft = sum(blown.pixelColor(x, y).alpha() in (0, 255) for x in range(40) for y in range(40))
    assert sharp > soft  # drawn at its size, not made larger
    host = QWidget()
    QHBoxLayout(host).addWidget(QLabel("text"))
    host.resize(50, 30)
    assert picture(host, 2.0).size() == QSize(100, 60)
    host.deleteLater()


def test_review_says_what_to_do_in_a_project_without_clips(window, tmp_path):
    with create_project(tmp_path / "empty.affectograph"):
        pass
    window.resize(960, 640)
    window.projects.open(tmp_path / "empty.affectograph")
    settle(lambda: window.context.project is not None)
    centre = window.show_screen("review").desk.centre
    settle(centre.none.isVisible, what="the words in place of a black picture")
    assert [made.text() for made in centre.none.buttons] == ["Add clips…"]
    assert cut_texts(window) == []


def test_models_are_called_by_their_titles(tmp_path):
    assert title_of("affectograph_face", None) == find_model("affectograph_face").title != "affectograph_face"
    assert title_of("gone", tmp_path) == "gone"


def test_the_numbers_of_plots_are_behind_a_key(desk, window):
    window.activateWindow()
    settle(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    (dialog,) = (one for one in window.findChildren(NumbersDialog) if one.isVisible())
    assert dialog.what.count() >= 1
    table = dialog.view
    assert table.model().rowCount() > 0
    assert table.accessibleName() == dialog.what.currentText()
    assert "nan" not in {text for row in table.rows.rows for text in row}  # what is undefined is left empty
    dialog.close()
    for one in window.findChildren(pg.PlotWidget):
        assert one.accessibleName(), type(one).__name__
        assert "numbers" in one.accessibleDescription(), type(one).__name__
