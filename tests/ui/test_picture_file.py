"""Pictures of the window as small files that still look like it."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from app.ui.look.picture_file import main, shrink, with_palette

pytestmark = pytest.mark.slow


def window_picture():
    """A photograph's noise beside flat ground, with a thin blue curve and an orange one across."""
    rng = np.random.default_rng(0)
    picture = np.full((300, 500, 3), 238, np.uint8)
    shades = rng.normal(120, 40, (300, 300, 1)) + rng.normal(0, 12, (300, 300, 3))
    picture[:, :300] = shades.clip(0, 255)
    picture[150, :] = (31, 102, 204)
    picture[200, :] = (181, 71, 8)
    return picture


def test_thin_curves_keep_their_colour():
    before = window_picture()
    after = np.asarray(with_palette(Image.fromarray(before)).convert("RGB")).astype(int)
    assert np.abs(after[150] - before[150]).max() <= 12
    assert np.abs(after[200] - before[200]).max() <= 12
    assert np.abs(after[10:140, 310:] - before[10:140, 310:]).max() <= 2
    assert np.sqrt(((after - before) ** 2).mean()) < 12


def test_few_colours_stay_exact():
    before = np.repeat(np.arange(0, 250, 5, np.uint8)[:, None, None], 3, axis=2) * np.ones((1, 40, 1), np.uint8)
    after = np.asarray(with_palette(Image.fromarray(before)).convert("RGB"))
    np.testing.assert_array_equal(after, before)


def test_a_picture_of_the_window_gets_a_palette(tmp_path):
    colours = window_picture()
    image = QImage(colours.tobytes(), 500, 300, 1500, QImage.Format.Format_RGB888)
    path = tmp_path / "window.png"
    image.save(str(path))
    large = path.stat().st_size
    assert main([str(path)]) == 0
    assert path.stat().st_size < 0.6 * large
    with Image.open(path) as picture:
        assert picture.mode == "P"
        assert picture.size == (500, 300)
    assert not shrink(path), "what has a palette is left alone"
