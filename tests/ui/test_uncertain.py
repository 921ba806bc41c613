"""Below which quality a face is drawn as uncertain: the number that the pages for users name."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.domain.faces import UNCERTAIN
from app.settings import Settings
from app.ui.look.theme import Theme
from app.ui.parts.plane.now import NowWidget
from app.ui.parts.player.overlay import OverlayFace, OverlayParts, paint_overlay


def face(quality):
    box = np.array([40, 40, 80, 80], np.float32)
    return OverlayFace(1, box, np.zeros((0, 2), np.float32), quality, np.zeros(0, np.float32), (), 0.5, 0.5)


def overlay(theme, quality):
    picture = QImage(200, 160, QImage.Format.Format_RGB32)
    picture.fill(0xFF404040)
    painter = QPainter(picture)
    place = QRectF(0, 0, 200, 160)
    paint_overlay(painter, (face(quality),), 1, place, 200, theme, OverlayParts(), place)
    painter.end()
    return picture


def now(theme, quality):
    widget = NowWidget(theme)
    widget.resize(280, 230)
    widget.show_face(face(quality))
    picture = widget.grab().toImage()
    widget.deleteLater()
    return picture


@pytest.fixture
def theme(qapp):
    made = Theme(qapp, Settings())
    yield made
    made.close()


@pytest.mark.parametrize("drawn", [overlay, now])
def test_one_quality_divides_the_sure_from_the_uncertain(theme, drawn):
    below, above = drawn(theme, UNCERTAIN - 0.01), drawn(theme, UNCERTAIN + 0.01)
    assert below == drawn(theme, 0.01)
    assert above == drawn(theme, 0.99)
    assert below != above


def test_the_page_names_the_number():
    page = Path(__file__).parents[2] / "docs" / "analyze.md"
    assert f"below {UNCERTAIN:g} the window shows it as uncertain" in page.read_text("utf-8")
