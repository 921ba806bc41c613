"""The check of sound and screen before a rater's first clip of a sitting: what is asked, and when it is passed.

A rater counts tones and reads faint digits, so that pressing a button is not enough.  What was found goes with every
presentation of the sitting.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

SoundState = Literal["not_asked", "passed", "failed", "no_output"]

TONES: Final = (3, 7)
"""Fewest and most tones that are played."""
DARK_LEVELS: Final = (10, 20, 34)
"""Grey of the digits on black (0), the faintest first."""
LIGHT_LEVELS: Final = (245, 235, 221)
"""Grey of the digits on white (255), the faintest first."""
STEPS_NEEDED: Final = 2
"""Of three steps on each ground so many must be read: the faintest is a matter of good light."""
LEAST_PICTURE: Final = 300
"""Pixels that the shorter side of the place for pictures needs at the least."""


@dataclass(frozen=True)
class SittingQuestions:
    """What one try asks; every try asks something else.

    Attributes:
        tones: How many tones are played.
        dark: The digits on black, left to right, the faintest first.
        light: The digits on white, likewise.
    """

    tones: int
    dark: str
    light: str


def draw_questions(seed: int | None = None) -> SittingQuestions:
    """Draw what is asked.

    Args:
        seed: Equal seeds ask the same; None takes the machine's own randomness.
    """
    chance = random.Random(seed) if seed is not None else random.SystemRandom()
    digits = ["".join(str(chance.randint(1, 9)) for _ in DARK_LEVELS) for _ in range(2)]
    return SittingQuestions(chance.randint(*TONES), *digits)


def steps_read(asked: str, given: str) -> int:
    """Count the steps that were read.

    The faintest digits stand first, so whoever sees two of three types the last two.

    Args:
        asked: The digits that stand there.
        given: The digits that were typed.

    Returns:
        How many were read; 0 where what was typed is not how `asked` ends.
    """
    typed = "".join(given.split())
    return len(typed) if typed and asked.endswith(typed) else 0


@dataclass(frozen=True)
class SittingCheck:
    """What a check found.

    Attributes:
        sound: "not_asked" where no condition of the study has sound, "no_output" where the machine plays none.
        tones_played: How many tones were played, 0 where sound was not asked.
        tones_heard: How many the rater counted, None where nothing was entered.
        dark_steps: Steps read on black, 0 to 3.
        light_steps: Steps read on white, 0 to 3.
        picture_width: Width of the place where pictures are shown, device pixels.
        picture_height: The same.
        picture_height_cm: The same in centimetres, as the screen says how large it is; None where it does not.
        skipped: Whether the rater went on without passing.
        tries: How often the rater tried.
    """

    sound: SoundState = "not_asked"
    tones_played: int = 0
    tones_heard: int | None = None
    dark_steps: int = 0
    light_steps: int = 0
    picture_width: int = 0
    picture_height: int = 0
    picture_height_cm: float | None = None
    skipped: bool = False
    tries: int = 1

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """The problems, each with what to do; empty if the check is passed."""
        return tuple(_problems(self))

    @property
    def passed(self) -> bool:
        """Whether sound (where it is needed), screen and size are as they must be."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Return plain values with the verdict, as a presentation stores them."""
        return {**asdict(self), "passed": self.passed}


def _problems(check: SittingCheck) -> list[tuple[str, str]]:
    found = []
    if check.sound == "no_output":
        found.append(
            (
                "This machine has no sound output.",
                "Plug in headphones or a loudspeaker, choose it in the sound settings of the system, and try again.",
            )
        )
    elif check.sound == "failed":
        found.append(
            ("The number of tones is not right.", "Turn the sound up, play the tones again, and count once more.")
        )
    for ground, steps in (("black", check.dark_steps), ("white", check.light_steps)):
        if steps < STEPS_NEEDED:
            found.append(
                (
                    f"The digits on {ground} were not read.",
                    "Turn the screen's brightness up, keep light off it, look at it straight, and try again.",
                )
            )
    if min(check.picture_width, check.picture_height) < LEAST_PICTURE:
        found.append(("Pictures would be too small to judge.", "Make the window larger and try again."))
    return found
