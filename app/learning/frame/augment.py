"""Augmentation of whole batches: geometry in one resampling, then the effects of cameras and codecs on video."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Augment:
    """Strengths of the augmentation. Lengths are in pixels of the 48-pixel source, angles in degrees.

    Attributes:
        rotation: Standard deviation of the rotation.
        scale: Standard deviation of the logarithm of the scale.
        aspect: Standard deviation of the logarithm of the aspect ratio.
        shift: Largest translation each way, uniform.
        view: Side of the square of the source that is seen at scale one.
        gamma: Largest |log gamma|, uniform; it is applied to half of the images.
        light: Largest amplitude of a linear brightness rampin grey levels; it is applied to half of the images.
        soften: Share of images that are reduced to a lower resolution and enlarged again.
        jpeg: Share of images whose 8×8 blocks are quantised like a JPEG of poor quality.
        noise: Share of images with Gaussian noise; its standard deviation goes up to `noise_level` grey levels.
        noise_level: See `noise`.
        erase: Share of images with one rectangle filled with one grey level.
    """

    rotation: float = 8.0
    scale: float = 0.06
    aspect: float = 0.04
    shift: float = 4.0
    view: float = 42.0
    gamma: float = 0.4
    light: float = 30.0
    soften: float = 0.12
    jpeg: float = 0.1
    noise: float = 0.12
    noise_level: float = 10.0
    erase: float = 0.25


def _uniform(n: int, low: float, high: float, rng: torch.Generator) -> Tensor:
    return torch.rand(n, generator=rng) * (high - low) + low


def geometry(images: Tensor, size: int, how: Augment, rng: torch.Generator, maps: Tensor | None = None) -> Tensor:
    """Flip, rotate, scale, shift and crop images in one bilinear resampling.

    Args:
        images: N×1×H×W float32, H = W.
        size: Side of the result in pixels.
        how: The strengths.
        rng: Source of all randomness.
        maps: N×2×3 alignment of each image; the strengths then refer to the aligned face.

    Returns:
        N×1×size×size float32; outside the source, its edge is repeated.
    """
    n, side = images.shape[0], images.shape[-1]
    angle = torch.randn(n, generator=rng) * math.radians(how.rotation)
    zoom = torch.exp(torch.randn(n, generator=rng) * how.scale) * (how.view / side)
    stretch = torch.exp(torch.randn(n, generator=rng) * (how.aspect / 2))
    flip = torch.where(torch.rand(n, generator=rng) < 0.5, -1.0, 1.0)
    reach = 2 * how.shift / side
    theta = torch.empty(n, 2, 3)
    theta[:, 0, 0] = torch.cos(angle) * zoom * stretch * flip
    theta[:, 0, 1] = -torch.sin(angle) * zoom / stretch
    theta[:, 1, 0] = torch.sin(angle) * zoom * stretch * flip
    theta[:, 1, 1] = torch.cos(angle) * zoom / stretch
    theta[:, 0, 2] = _uniform(n, -reach, reach, rng)
    theta[:, 1, 2] = _uniform(n, -reach, reach, rng)
    if maps is not None:
        shifted = maps[:, :, :2] @ theta
        shifted[:, :, 2] += maps[:, :, 2]
        theta = shifted
    grid = F.affine_grid(theta, [n, 1, size, size], align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _dct_matrix() -> Tensor:
    k = torch.arange(8, dtype=torch.float32)
    basis = torch.cos(math.pi * (2 * k[None, :] + 1) * k[:, None] / 16) * 0.5
    basis[0] *= math.sqrt(0.5)
    return basis


# Luminance table of ITU-T T.81, annex K.1.
_JPEG_TABLE = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
_DCT = _dct_matrix()


def jpeg_like(images: Tensor, strength: Tensor) -> Tensor:
    """Quantise the cosine coefficients of 8×8 blocks, as JPEG does.

    Args:
        images: N×1×H×W float32, 0..255, H and W multiples of eight.
        strength: N, factor on the standard quantisation table (1 is JPEG quality 50, 2 is quality 25).

    Returns:
        N×1×H×W float32.
    """
    n, _, height, width = images.shape
    blocks = images.reshape(n, height // 8, 8, width // 8, 8).permute(0, 1, 3, 2, 4) - 128
    table = _JPEG_TABLE * strength.view(n, 1, 1, 1, 1)
    coefficients = torch.round(_DCT @ blocks @ _DCT.T / table) * table
    back = _DCT.T @ coefficients @ _DCT + 128
    return back.permute(0, 1, 3, 2, 4).reshape(n, 1, height, width)


def _chosen(n: int, share: float, rng: torch.Generator) -> Tensor:
    return torch.nonzero(torch.rand(n, generator=rng) < share).flatten()


def camera(images: Tensor, how: Augment, rng: torch.Generator) -> Tensor:
    """Apply gamma, uneven light, low resolution, JPEG blocks and sensor noise.

    Args:
        images: N×1×H×W float32, 0..255, H and W multiples of eight.
        how: The strengths.
        rng: Source of all randomness.

    Returns:
        N×1×H×W float32, 0..255, a new tensor.
    """
    n, _, height, width = images.shape
    images = images.clone()
    pick = _chosen(n, 0.5, rng)
    gamma = torch.exp(_uniform(len(pick), -how.gamma, how.gamma, rng)).view(-1, 1, 1, 1)
    images[pick] = (images[pick] / 255).clamp(0, 1) ** gamma * 255
    pick = _chosen(n, 0.5, rng)
    ramp_x = _uniform(len(pick), -how.light, how.light, rng).view(-1, 1, 1, 1) * torch.linspace(-1, 1, width)
    ramp_y = _uniform(len(pick), -how.light, how.light, rng).view(-1, 1, 1, 1) * torch.linspace(-1, 1, height)[:, None]
    images[pick] = images[pick] + ramp_x + ramp_y
    pick = _chosen(n, how.soften, rng)
    if len(pick):
        low = int(torch.randint(height // 2, height * 5 // 6, (1,), generator=rng))
        small = F.interpolate(images[pick], size=(low, low), mode="area")
        images[pick] = F.interpolate(small, size=(height, width), mode="bilinear", align_corners=False)
    pick = _chosen(n, how.jpeg, rng)
    if len(pick):
        images[pick] = jpeg_like(images[pick], _uniform(len(pick), 0.7, 3.0, rng))
    pick = _chosen(n, how.noise, rng)
    level = _uniform(len(pick), 0, how.noise_level, rng).view(-1, 1, 1, 1)
    images[pick] += torch.randn(images[pick].shape, generator=rng) * level
    return images.clamp_(0, 255)


def erase(images: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Fill a rectangle of 15–45 % of each side with one grey level in a share of the images, in place."""
    side = images.shape[-1]
    for row in _chosen(images.shape[0], share, rng).tolist():
        height, width = (int(v) for v in torch.randint(side * 15 // 100, side * 45 // 100, (2,), generator=rng))
        top = int(torch.randint(0, side - height, (1,), generator=rng))
        left = int(torch.randint(0, side - width, (1,), generator=rng))
        images[row, 0, top : top + height, left : left + width] = 255 * float(torch.rand(1, generator=rng))
    return images


def augment(images: Tensor, size: int, how: Augment, rng: torch.Generator, maps: Tensor | None = None) -> Tensor:
    """Apply the whole chain: geometry, camera and erasing.

    Args:
        images: N×H×W uint8, H = W, a multiple of eight.
        size: Side of the result.
        how: The strengths.
        rng: Source of all randomness.
        maps: See `geometry`.

    Returns:
        N×1×size×size float32, 0..255.
    """
    batch = camera(images.unsqueeze(1).float(), how, rng)
    return erase(geometry(batch, size, how, rng, maps), how.erase, rng)
