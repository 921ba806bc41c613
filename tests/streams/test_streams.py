"""Every stream against what its pictures and sounds were made of."""

import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.item_frames import due
from app.domain.streams import TITLES
from app.errors import UserError
from app.inference.geometry import CropGeometry
from app.streams import audio, catalogue, flow, scene
from app.streams.audio import AudioFunctionals
from app.streams.context import ContextPictures
from app.streams.dynamic import dynamic_images
from app.streams.face_crops import GREY, FaceCrops
from app.streams.flow import FlowHistograms, flow_maps
from app.streams.scene import SceneStatistics
from app.streams.stream import Seen, StreamSpec, held

BOX = np.float32([40, 30, 60, 80])
POINTS = np.float32([[58, 62], [82, 62], [70, 76], [60, 92], [80, 92]])


def seen(image=None, turn=0.0):
    """A face in a grey frame of 160×140; `turn` tilts it around its middle."""
    image = np.full((140, 160, 3), 90, np.uint8) if image is None else image
    middle = np.float32([70, 75])
    cos, sin = np.cos(turn), np.sin(turn)
    points = (POINTS - middle) @ np.float32([[cos, sin], [-sin, cos]]) + middle
    return Seen(image, Face(BOX, points.astype(np.float32), 0.9))


def in_square(angle_rad):
    """A white frame with a black oval where the tilted face is, as a picture that shows where the mask lies."""
    return np.full((140, 160, 3), 255, np.uint8), angle_rad


@pytest.mark.parametrize("turn", [0.0, 0.5, -0.7])
def test_the_oval_stays_upright_in_the_aligned_crop_and_hides_its_corners(turn):
    image, angle = in_square(turn)
    square = FaceCrops(CropGeometry(size=64)).cut(seen(image, angle))
    oval = FaceCrops(CropGeometry(size=64), "oval").cut(seen(image, angle))
    assert (square == 255).all()
    assert oval.shape == (64, 64)
    for corner in (oval[:4, :4], oval[:4, -4:], oval[-2:, :2], oval[-2:, -2:]):
        assert (corner == GREY).all()
    assert oval[24:40, 28:36].min() == 255
    # The crop is level however the head is tilted, and so is the oval.
    np.testing.assert_allclose((oval == 255).sum(axis=1), (oval[:, ::-1] == 255).sum(axis=1))
    upright = FaceCrops(CropGeometry(size=64), "oval").cut(seen(image, 0.0))
    assert (np.abs(oval.astype(int) - upright) > 60).mean() < 0.12


def test_crops_come_in_any_size_and_in_colour():
    red = np.zeros((140, 160, 3), np.uint8)
    red[..., 0] = 200
    crop = FaceCrops(CropGeometry(size=33, grey=False)).cut(seen(red))
    assert crop.shape == (33, 33, 3)
    assert crop[16, 16].tolist() == [200, 0, 0]


def test_a_masked_context_hides_the_face_and_nothing_far_from_it():
    image = np.random.default_rng(0).integers(0, 120, (140, 160, 3), np.uint8)
    image[30:110, 40:100] = 250
    open_, masked = (ContextPictures(64, hidden).cut(seen(image)) for hidden in (False, True))
    assert open_.max() > 240
    assert masked.max() < 200
    np.testing.assert_array_equal(open_[:8, -12:], masked[:8, -12:])
    assert ContextPictures(40, cut_out="centre").cut(seen(image)).shape == (40, 40, 3)


def test_scene_statistics_tell_colours_apart_and_do_not_see_the_cover():
    stream = SceneStatistics("context_masked", masked=True, rate_hz=5.0)
    blue, red = np.zeros((2, 140, 160, 3), np.uint8)
    blue[..., 2], red[..., 0] = 220, 220
    rows = [stream.rows(stream.source.cut(seen(each))[None], np.zeros(1))[0] for each in (blue, red)]
    assert len(rows[0]) == scene.COLUMNS == stream.spec.columns
    hues = [row[: 4 * scene.HUES].reshape(4, scene.HUES).argmax(axis=1).tolist() for row in rows]
    assert hues == [[5] * 4, [0] * 4]  # hue 240° and 0° of 8 sectors
    # One colour all over: no pixel of the cover or of its rim counts, or there would be edges.
    assert rows[0][-(scene.FINE**2) * (scene.DIRECTIONS + 1) :].max() == 0
    elsewhere = Seen(blue, Face(BOX + np.float32([30, 20, 0, 0]), POINTS + np.float32([30, 20]), 0.9))
    np.testing.assert_allclose(stream.rows(stream.source.cut(elsewhere)[None], np.zeros(1))[0], rows[0], atol=1e-6)


def test_flow_is_the_shift_of_the_picture_and_its_histogram_the_direction():
    rng = np.random.default_rng(1)
    rough = np.kron(rng.integers(0, 255, (20, 20)), np.ones((5, 5))).astype(np.uint8)
    pictures = np.stack([rough[18:82, 20 - shift : 84 - shift] for shift in (0, 2, 4)])
    maps = flow_maps(pictures)
    assert not maps[0].any()
    np.testing.assert_allclose(np.median(maps[1:, 16:48, 16:48], axis=(1, 2)), [[2, 0], [2, 0]], atol=0.2)
    stream = FlowHistograms("flow")
    rows = stream.rows(pictures, np.array([0.0, 0.1, 0.2]))
    assert rows.shape == (3, stream.spec.columns)
    inner = rows[1, : flow.CELLS**2 * flow.DIRECTIONS].reshape(flow.CELLS, flow.CELLS, -1)[1:3, 1:3].sum(axis=(0, 1))
    assert {int(k) for k in np.argsort(inner)[-2:]} == {0, flow.DIRECTIONS - 1}  # rightwards
    # 2 pixels of 64 in a tenth of a second.
    assert rows[1, -(flow.CELLS**2) :].reshape(4, 4)[1:3, 1:3].mean() == pytest.approx(2 / 64 / 0.1, rel=0.15)


def test_a_dynamic_image_is_the_mean_of_the_window_and_forgets_the_order():
    pictures = np.random.default_rng(2).integers(0, 255, (20, 6, 6)).astype(np.uint8)
    found = dynamic_images(pictures, 16)
    np.testing.assert_allclose(found[4], pictures[:5].mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(found[19], pictures[4:20].mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(dynamic_images(pictures[:16])[-1], dynamic_images(pictures[15::-1])[-1], rtol=1e-5)


class Tone:
    """A tone of some loudness and pitch at all times."""

    def __init__(self, hertz, loud):
        self.hertz, self.loud = hertz, loud

    def read(self, start_s, duration_s, rate):
        t = start_s + np.arange(round(duration_s * rate)) / rate
        return (self.loud * np.sign(np.sin(2 * np.pi * self.hertz * t + 0.1))).astype(np.float32)


def contour(row, name, functional="mean"):
    at = 2 * audio.BANDS + audio.CONTOURS.index(name) * len(audio.FUNCTIONALS) + audio.FUNCTIONALS.index(functional)
    return row[at]


def test_sound_is_told_by_pitch_level_and_bands():
    stream = AudioFunctionals("audio")
    times_s = np.array([1.0, 1.5])
    low, high, quiet = (stream.heard(Tone(*each), times_s)[1] for each in ((120, 0.4), (240, 0.4), (120, 0.04)))
    assert len(low) == stream.spec.columns
    assert contour(low, "pitch") == pytest.approx(np.log2(1.2), abs=0.05)
    assert contour(high, "pitch") == pytest.approx(np.log2(2.4), abs=0.05)
    assert contour(low, "level") - contour(quiet, "level") == pytest.approx(np.log(10), abs=0.05)
    assert contour(low, "level", "slope") == pytest.approx(0, abs=0.05)
    assert contour(low, "voiced") > 0.9
    assert stream.heard(Tone(120, 0.4), np.zeros(0)).shape == (0, stream.spec.columns)


def test_silence_has_no_pitch_and_filters_cover_the_spectrum():
    row = AudioFunctionals("audio").heard(Tone(100, 0.0), np.array([2.0]))[0]
    assert contour(row, "pitch") == contour(row, "voiced") == 0
    hertz = np.fft.rfftfreq(512, 1 / audio.RATE)
    filters = audio.mel_filters(hertz)
    np.testing.assert_allclose(filters.sum(axis=1), 1)
    assert (np.diff(filters @ hertz) > 0).all()


def test_pixels_are_the_pictures_and_their_name_says_size_and_rate():
    image = np.random.default_rng(3).integers(0, 255, (140, 160, 3), np.uint8)
    (face, context, masked) = catalogue.open_streams(
        ("face_pixels:20", "context_pixels:16@5", "context_masked_pixels:16")
    )
    assert (face.spec.columns, face.spec.dtype, face.spec.rate_hz) == (20 * 20 * 3, "uint8", 0.0)
    assert (context.spec.geometry["shape"], context.spec.rate_hz) == ([16, 16, 3], 5.0)
    for stream in (face, context):
        picture = stream.source.cut(seen(image))
        rows = stream.rows(np.stack([picture, picture[::-1]]), np.zeros(2))
        assert rows.dtype == np.uint8
        np.testing.assert_array_equal(rows[0].reshape(stream.spec.geometry["shape"]), picture)
    assert (masked.source.cut(seen(image)) != context.source.cut(seen(image))).any()
    assert [catalogue.open_streams((name,))[0].spec.columns for name in ("face_pixels", "context_pixels")] == [
        128 * 128 * 3,
        224 * 224 * 3,
    ]


def test_pixels_of_motion_are_the_shift_of_a_square():
    (stream,) = catalogue.open_streams(("flow_pixels:64",))
    assert (stream.spec.columns, stream.spec.dtype) == (64 * 64 * 2, "uint8")
    texture = np.random.default_rng(5).integers(40, 220, (24, 24), np.uint8)
    pictures = np.full((3, 64, 64), 128, np.uint8)
    for number, (across, down) in enumerate(((20, 20), (22, 19), (22, 19))):  # 2 pixels right, 1 up, then still
        pictures[number, down : down + 24, across : across + 24] = texture
    rows = stream.rows(pictures, np.arange(3) / 25)
    maps = rows.reshape(3, *stream.spec.geometry["shape"]).astype(int) - flow.STILL
    assert (maps[0] == 0).all()
    step = flow.PIXEL_STEPS / 64
    np.testing.assert_allclose(np.median(maps[1, 25:38, 27:40], axis=(0, 1)), [2 * step, -step], atol=2)
    assert np.abs(maps[2]).max() <= 1
    oval = catalogue.open_streams(("flow_oval_pixels:64",))[0]
    assert oval.spec.facts() != stream.spec.facts() | {"name": "flow_oval_pixels:64"}


@pytest.mark.parametrize(
    "name", ["face_pixels:x", "face_pixels:4", "face_pixels:9999", "face_pixels:", "context_pixels@0", "face_pixels@x"]
)
def test_sides_and_rates_of_pixels_out_of_range_are_refused(name):
    with pytest.raises(UserError):
        catalogue.read_names(name)


def test_rows_are_held_until_the_next():
    times_s = np.arange(10) / 25
    which = due(times_s, 5.0)
    assert which.tolist() == [0, 5]
    rows = np.float32([[1], [2]])
    assert held(rows, which, 10)[:, 0].tolist() == [1] * 5 + [2] * 5
    assert due(times_s, 0.0).tolist() == list(range(10))


def test_names_are_read_and_wrong_ones_refused():
    assert catalogue.read_names("face, context_masked") == ("face", "context_masked")
    assert catalogue.read_names("face,face:affectograph_face") == ("face", "face:affectograph_face")
    for text in ("", "faces", "face,face", "audio:x", "face:"):
        with pytest.raises(UserError):
            catalogue.read_names(text)
    names = tuple(TITLES)
    streams = catalogue.open_streams(names, device="cpu")
    assert [stream.spec.name for stream in streams] == list(names)
    assert len({str(stream.spec.facts()) for stream in streams}) == len(names)


def test_the_specification_is_plain_and_whole():
    spec = StreamSpec("x", 1, 3, "ab", {"size": 4}, 5.0, ("a",))
    assert spec.facts() == {
        "name": "x", "version": 1, "columns": 3, "weights": "ab", "geometry": {"size": 4}, "rate_hz": 5.0,
        "frame_classes": ["a"],
    }  # fmt: skip
