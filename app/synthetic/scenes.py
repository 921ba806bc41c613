"""The scenes around the synthetic actor, whose content tells what an ambiguous face means."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.synthetic.canvas import Image, blurred

SCENES: Final = ("room", "celebration", "storm")
"""A room says nothing; a celebration is pleasant, a storm is not."""
_Canvas = NDArray[np.uint8]


def _gradient(height: int, width: int, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> NDArray[np.float32]:
    t = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    rows = np.array(top, np.float32) * (1 - t) + np.array(bottom, np.float32) * t
    return np.ascontiguousarray(np.broadcast_to(rows, (height, width, 3)))


def _clouds(height: int, width: int, rng: np.random.Generator, size: float) -> NDArray[np.float32]:
    """Return smooth noise with values of about −1…1."""
    total = np.zeros((height, width), np.float32)
    for octave in range(3):
        cells = (max(2, int(height / size * 2**octave)), max(2, int(width / size * 2**octave)))
        noise = rng.standard_normal(cells).astype(np.float32)
        total += np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.float32) / 2**octave
    return total / np.float32(2)


def _room(height: int, width: int, rng: np.random.Generator) -> Image:
    hue = rng.uniform(-18, 18, 3)
    wall = np.array([188, 184, 176]) + hue
    top, bottom = (tuple(int(c) for c in wall + step) for step in (14, -22))
    out = _gradient(height, width, (top[0], top[1], top[2]), (bottom[0], bottom[1], bottom[2]))
    out += _clouds(height, width, rng, height / 2)[..., None] * 4
    canvas = np.clip(out, 0, 255).astype(np.uint8)
    x = int(width * rng.uniform(0.02, 0.12))
    w, h = int(width * 0.17), int(height * 0.5)
    y = int(height * 0.1)
    frame = [int(c) for c in rng.uniform(90, 150, 3)]
    cv2.rectangle(canvas, (x, y), (x + w, y + h), frame, -1)
    border = max(2, width // 90)
    cv2.rectangle(canvas, (x + border, y + border), (x + w - border, y + h - border), (205, 212, 214), -1)
    shelf = int(height * rng.uniform(0.28, 0.4))
    left = int(width * 0.78)
    cv2.rectangle(canvas, (left, shelf), (width, shelf + max(3, height // 60)), (120, 96, 74), -1)
    for at in range(left + 6, width - 4, max(6, width // 45)):
        tall = int(height * rng.uniform(0.09, 0.16))
        colour = [int(c) for c in rng.uniform(60, 170, 3)]
        cv2.rectangle(canvas, (at, shelf - tall), (at + max(4, width // 60), shelf - 1), colour, -1)
    return canvas


def _balloon(canvas: _Canvas, x: int, y: int, r: int, colour: list[int]) -> None:
    height = canvas.shape[0]
    cv2.line(
        canvas, (x, y + r), (x + r // 4, min(height - 1, y + 5 * r)), (225, 225, 225), max(1, r // 16), cv2.LINE_AA
    )
    cv2.ellipse(canvas, (x, y), (r, int(r * 1.22)), 0, 0, 360, colour, -1, cv2.LINE_AA)
    light = [min(255, c + 70) for c in colour]
    cv2.ellipse(canvas, (x - r // 3, y - r // 2), (max(1, r // 4), max(1, r // 3)), 30, 0, 360, light, -1, cv2.LINE_AA)


def _celebration(height: int, width: int, rng: np.random.Generator) -> Image:
    out = _gradient(height, width, (255, 224, 150), (255, 176, 140))
    out += _clouds(height, width, rng, height / 3)[..., None] * 8
    canvas = np.clip(out, 0, 255).astype(np.uint8)
    colours = [[232, 62, 76], [64, 150, 232], [250, 190, 40], [90, 190, 90], [190, 90, 210], [255, 130, 60]]
    # Pennants on a string across the top.
    count = 12
    for i in range(count + 1):
        x = int(width * i / count)
        sag = int(height * 0.09 * np.sin(np.pi * i / count) ** 2) + int(height * 0.02)
        half, tall = width // (count * 3), int(height * 0.1)
        flag = np.array([[x - half, sag], [x + half, sag], [x, sag + tall]], np.int32)
        cv2.fillConvexPoly(canvas, flag, colours[i % len(colours)], cv2.LINE_AA)
    for _ in range(int(rng.integers(8, 13))):
        side = rng.choice([-1.0, 1.0])
        x = int(width * (0.5 + side * rng.uniform(0.2, 0.48)))
        y, r = int(height * rng.uniform(0.15, 0.7)), int(height * rng.uniform(0.06, 0.1))
        _balloon(canvas, x, y, r, colours[int(rng.integers(len(colours)))])
    for _ in range(140):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        cv2.circle(canvas, (x, y), max(1, height // 150), colours[int(rng.integers(len(colours)))], -1, cv2.LINE_AA)
    return canvas


def _storm(height: int, width: int, rng: np.random.Generator) -> Image:
    out = _gradient(height, width, (34, 38, 52), (70, 76, 88))
    out += _clouds(height, width, rng, height / 2.2)[..., None] * 22
    canvas = np.clip(out, 0, 255).astype(np.uint8)
    glow = np.zeros((height, width), np.float32)
    for _ in range(2):
        x, y = width * rng.choice([rng.uniform(0.06, 0.24), rng.uniform(0.76, 0.94)]), 0.0
        bolt = [(x, y)]
        while y < height * 0.75:
            x, y = x + rng.normal(0, width * 0.025), y + height * rng.uniform(0.06, 0.13)
            bolt.append((x, y))
        points = np.array(bolt, np.int32)
        cv2.polylines(glow, [points], False, 1.0, max(2, height // 60), cv2.LINE_AA)
        cv2.polylines(canvas, [points], False, (240, 240, 255), max(1, height // 130), cv2.LINE_AA)
    lit = canvas + blurred(glow, height / 30)[..., None] * np.array([190, 190, 235], np.float32)
    canvas = np.clip(lit, 0, 255).astype(np.uint8)
    rain = canvas.copy()
    for _ in range(260):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(-10, height))
        length = int(height * rng.uniform(0.04, 0.08))
        cv2.line(rain, (x, y), (x - length // 4, y + length), (170, 178, 195), 1, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(rain, 0.6, canvas, 0.4, 0), np.uint8)


_DRAW: Final = {"room": _room, "celebration": _celebration, "storm": _storm}


@lru_cache(maxsize=32)
def scene(name: str, width: int, height: int, seed: int) -> Image:
    """Return the picture of a scene, which each seed arranges differently.

    Args:
        name: One of `SCENES`.
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed for the arrangement.

    Returns:
        uint8 height×width×3 RGB. The array is shared: do not write to it.

    Raises:
        KeyError: If the scene is unknown.
    """
    picture = _DRAW[name](height, width, np.random.default_rng([seed, 51]))
    picture.flags.writeable = False
    return picture


EVENT_SHARE: Final = 0.4
"""How much of an event's picture lies over the room: no more, or the tracker takes it for a cut."""


@lru_cache(maxsize=32)
def eventful(name: str, event: str, width: int, height: int, seed: int) -> Image:
    """Return the picture of a scene during an event: confetti and pennants, or lightning and rain.

    Args:
        name: One of `SCENES`.
        event: "celebration" or "storm".
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed for the arrangement.

    Returns:
        uint8 height×width×3 RGB. The array is shared: do not write to it.

    Raises:
        KeyError: If the scene or the event is unknown.
    """
    before, over = scene(name, width, height, seed), scene(event, width, height, seed + 1)
    picture = np.asarray(cv2.addWeighted(before, 1 - EVENT_SHARE, over, EVENT_SHARE, 0), np.uint8)
    picture.flags.writeable = False
    return picture
