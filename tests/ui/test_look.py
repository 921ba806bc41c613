"""The look: contrast of text and controls, the edge of what has the focus, and colours for every eye."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QToolButton

from app.ui.look.stylesheet import style_sheet
from app.ui.look.tokens import DARK, LIGHT


def contrast(a, b):
    def light(colour):
        parts = np.array(QColor(colour).getRgbF()[:3])
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("window", "surface", "raised", "sunken", "accent_soft")
TEXTS = ("text", "text_soft", "text_faint", "accent", "valence", "arousal", "ok", "warning", "danger")


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_controls_have_the_contrast_of_wcag_aa(t):
    for ground in GROUNDS:
        assert contrast(t.text, getattr(t, ground)) >= 7
        for name in TEXTS:
            assert contrast(getattr(t, name), getattr(t, ground)) >= 4.5, f"{name} on {ground}"
        for name in ("outline", "accent"):  # the edge of a control, and its edge with the focus
            assert contrast(getattr(t, name), getattr(t, ground)) >= 3, f"{name} on {ground}"
    for name in ("text", "danger"):
        assert contrast(getattr(t, name), t.danger_soft) >= 4.5
    for name in ("text", "warning"):
        assert contrast(getattr(t, name), t.warning_soft) >= 4.5
    for ground in (t.accent, t.accent_hover):
        assert contrast(t.on_accent, ground) >= 4.5


CONTROLS = ("QPushButton", "QToolButton", "QLineEdit", "QSpinBox", "QPlainTextEdit", "QComboBox", "QTabBar::tab")


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_what_has_the_focus_has_an_edge_of_two_pixels(t):
    rules = [rule for rule in style_sheet(t, 1.0).split("}") if "{" in rule]
    for control in CONTROLS:
        mine = [rule for rule in rules if f"{control}:focus" in rule.split("{")[0]]
        assert any(f"border: 2px solid {t.accent}" in rule for rule in mine), control
    for rule in rules:
        names, body = rule.split("{", 1)
        if "focus" in names and "border" in body and "border: none" not in body:
            assert "2px" in body or ("border-color" in body and "QListView" in names), names


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("make", [lambda: QPushButton("Start"), lambda: QLineEdit("words"), QComboBox, QToolButton])
def test_a_control_keeps_its_size_with_the_focus(qapp, t, make):
    control = make()
    control.setStyleSheet(style_sheet(t, 1.0))
    control.show()
    before = control.sizeHint()
    control.setFocus()
    qapp.processEvents()
    assert control.sizeHint() == before
    control.close()
    control.deleteLater()


@pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
def test_an_unticked_box_looks_unticked(qapp, t):
    box = QCheckBox("One")
    box.setStyleSheet(style_sheet(t, 1.0))
    box.resize(120, 30)

    def middle():
        picture = box.grab().toImage()
        return picture.pixelColor(8, 12).name()

    unticked = middle()
    box.setChecked(True)
    assert contrast(unticked, t.accent) >= 3
    assert contrast(middle(), unticked) >= 3
    box.deleteLater()


def test_valence_and_arousal_stay_apart_without_red_or_green_cones():
    # Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
    protan = np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    )
    deutan = np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    )
    for t in (LIGHT, DARK):
        for matrix in (protan, deutan):
            a, b = (matrix @ (np.array(QColor(c).getRgbF()[:3]) ** 2.2) for c in (t.valence, t.arousal))
            assert np.abs(a - b).max() > 0.25
