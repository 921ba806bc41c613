"""Which way up: rotation of clips, EXIF orientation of images, pixel formats."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.media.exif import exif_orientation
from app.media.probe import probe
from app.media.reader import VideoReader

from .clips import HEIGHT, WIDTH, number_in, picture, write_clip


def quarters(width=96, height=64):
    """Four plain quarters: red, green / blue, white."""
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, : width // 2, 0] = image[: height // 2, width // 2 :, 1] = 255
    image[height // 2 :, : width // 2, 2] = 255
    image[height // 2 :, width // 2 :] = 255
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_images_are_turned_as_exif_says(tmp_path, orientation, kind):
    path = tmp_path / f"image.{kind.lower()}"
    stored = Image.fromarray(quarters())
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(path, kind, exif=exif)
    wanted = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")).astype(int)
    with VideoReader(path) as reader:
        frame = reader.frame(0)
        info = reader.info
    assert (info.kind, info.n_frames, info.duration_s, info.time_base) == ("image", 1, 0.0, None)
    assert (info.height, info.width) == frame.image.shape[:2] == wanted.shape[:2]
    assert (frame.frame_idx, frame.time_s) == (0, 0.0)
    assert np.abs(frame.image.astype(int) - wanted).mean() < 6, "the same quarters in the same places"


def test_orientation_of_damaged_headers_is_upright():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(quarters()).save(file, "JPEG", exif=exif)
    head = file.getvalue()
    assert exif_orientation(head) == 6
    assert [exif_orientation(head[:n]) for n in (0, 3, 12, 25, 30)] == [1] * 5
    assert exif_orientation(b"II*\x00\xff\xff\xff\xff") == 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_clips_are_turned_as_their_matrix_says(tmp_path, turn):
    path = write_clip(tmp_path / "turned.mp4", 8, rotation_deg=turn)
    with VideoReader(path) as reader:
        info, image = reader.info, reader.frame(5).image
    assert info.rotation_deg == turn
    assert (info.width, info.height) == ((HEIGHT, WIDTH) if turn % 180 else (WIDTH, HEIGHT))
    assert image.shape == (info.height, info.width, 3)
    # Turned clockwise for display, so turned back counter-clockwise it is what was stored.
    assert number_in(np.rot90(image, turn // 90)) == 5
    assert np.abs(np.rot90(image, turn // 90).astype(int) - picture(5)).mean() < 20


def test_pixel_formats_hold_the_same_picture(clips):
    with VideoReader(clips("rotated90.mp4")) as reader:
        rgb, bgr, bgra, gray = (reader.frame(9, f).image for f in ("rgb24", "bgr24", "bgra", "gray"))
        assert all(image.flags.c_contiguous and image.dtype == np.uint8 for image in (rgb, bgr, bgra, gray))
        np.testing.assert_array_equal(rgb, bgr[:, :, ::-1])
        np.testing.assert_array_equal(bgra[:, :, :3], bgr)
        assert (bgra[:, :, 3] == 255).all()
        assert gray.shape == rgb.shape[:2]


def test_a_frame_belongs_to_its_receiver(tmp_path):
    path = tmp_path / "own.png"
    Image.fromarray(picture(3)).save(path)
    with VideoReader(path) as reader:
        first = reader.frame(0).image
        first[:] = 0
        np.testing.assert_array_equal(reader.frame(0).image, picture(3))


def test_an_image_is_known_by_its_content_and_may_have_any_name(tmp_path):
    for name in ("shot%03d.jpg", "photo.mp4"):
        Image.fromarray(picture(7)).save(tmp_path / name, "JPEG", quality=95)
        assert probe(tmp_path / name).kind == "image"


def test_half_an_image_is_said_to_be_half(tmp_path):
    path = tmp_path / "whole.jpg"
    Image.fromarray(picture(7)).save(path, "JPEG")
    assert probe(path).complete
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    info = probe(path)
    assert not info.complete
    assert "cut off" in info.note


def test_a_moving_gif_is_a_clip(tmp_path):
    path = tmp_path / "moving.gif"
    images = [Image.fromarray(picture(n)) for n in range(6)]
    images[0].save(path, save_all=True, append_images=images[1:], duration=[50, 100, 50, 100, 50, 100])
    with VideoReader(path) as reader:
        assert reader.info.kind == "video"
        assert reader.info.variable_rate
        assert [number_in(f.image) for f in reader.frames()] == list(range(6))
        np.testing.assert_allclose(np.diff(reader.index.times_s), [0.05, 0.1, 0.05, 0.1, 0.05])


def test_real_image(shared):
    info = probe(shared / "media" / "multi_face.jpg")
    assert (info.kind, info.width, info.height, info.complete) == ("image", 1000, 667, True)
