"""The first gamepad or joystick that is connected, read through SDL (docs/decisions/0040). SDL is loaded on first use.

All calls must come from one thread, the window's. Pads may be connected and removed while the program runs; `poll`
notices both.
"""

import logging
import warnings
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.inputs.marker import without_dead_zone

log = logging.getLogger(__name__)

Press = Literal["accept", "redo", "pause", "cannot_tell"]
_FULL: Final = 32767.0


@dataclass(frozen=True)
class PadState:
    """The present state of a pad.

    Attributes:
        x: Deflection to the right, −1…1, without the dead zone.
        y: Deflection upwards, −1…1, likewise.
        pressed: Buttons that went down since the last poll.
    """

    x: float
    y: float
    pressed: frozenset[Press] = field(default_factory=frozenset)


class Gamepad:
    """Reads a pad. Without SDL or a pad, `poll` returns None and everything else works."""

    def __init__(self) -> None:
        self._sdl: Any = None
        self._tried = False
        self._pad: Any = None
        self._stick: Any = None
        self._down: frozenset[Press] = frozenset()
        self.name = ""

    @property
    def connected(self) -> bool:
        """Whether a pad is connected. If there was none, this looks for one."""
        return self._found()

    @property
    def held(self) -> frozenset[Press]:
        """The buttons that were down when the pad was polled last."""
        return self._down

    def poll(self) -> PadState | None:
        """Return the pad's state now; None without a pad."""
        if not self._found():
            return None
        self._sdl.SDL_GameControllerUpdate()
        if not self._sdl.SDL_JoystickGetAttached(self._stick):
            self._drop()
            return None
        x, y = max(self._sticks(), key=lambda at: at[0] ** 2 + at[1] ** 2)
        down = self._buttons()
        pressed, self._down = down - self._down, down
        return PadState(*without_dead_zone(x, y), pressed)

    def close(self) -> None:
        """Release the pad and SDL."""
        self._drop()
        if self._sdl is not None:
            self._sdl.SDL_QuitSubSystem(self._sdl.SDL_INIT_GAMECONTROLLER)
            self._sdl, self._tried = None, False

    def _found(self) -> bool:
        if self._stick is not None:
            return True
        sdl = self._load()
        if sdl is None:
            return False
        sdl.SDL_GameControllerUpdate()
        for number in range(sdl.SDL_NumJoysticks()):
            if sdl.SDL_IsGameController(number):
                self._pad = sdl.SDL_GameControllerOpen(number)
                self._stick = sdl.SDL_GameControllerGetJoystick(self._pad) if self._pad else None
            else:
                self._stick = sdl.SDL_JoystickOpen(number)
            if self._stick:
                self.name = (sdl.SDL_JoystickName(self._stick) or b"gamepad").decode("utf-8", "replace")
                self._down = self._buttons()
                return True
            self._pad = self._stick = None
        return False

    def _drop(self) -> None:
        if self._sdl is not None and self._pad is not None:
            self._sdl.SDL_GameControllerClose(self._pad)
        elif self._sdl is not None and self._stick is not None:
            self._sdl.SDL_JoystickClose(self._stick)
        self._pad = self._stick = None
        self._down, self.name = frozenset(), ""

    def _load(self) -> Any:
        if self._tried:
            return self._sdl
        self._tried = True
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it tells at import where its library lies
                import sdl2
        except ImportError as error:
            log.info("no gamepad: %s", error)
            return None
        # Qt owns signals and focus; SDL gives nothing but the pad's state.
        sdl2.SDL_SetHint(sdl2.SDL_HINT_NO_SIGNAL_HANDLERS, b"1")
        sdl2.SDL_SetHint(sdl2.SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, b"1")
        if sdl2.SDL_InitSubSystem(sdl2.SDL_INIT_GAMECONTROLLER) != 0:
            log.info("no gamepad: %s", sdl2.SDL_GetError())
            return None
        # Nobody reads SDL's event queue, so it must not fill.
        sdl2.SDL_JoystickEventState(sdl2.SDL_IGNORE)
        sdl2.SDL_GameControllerEventState(sdl2.SDL_IGNORE)
        self._sdl = sdl2
        return sdl2

    def _sticks(self) -> list[tuple[float, float]]:
        """Left and right stick, y upwards; either hand may be used."""
        sdl = self._sdl
        if self._pad is not None:
            pairs = (
                (sdl.SDL_CONTROLLER_AXIS_LEFTX, sdl.SDL_CONTROLLER_AXIS_LEFTY),
                (sdl.SDL_CONTROLLER_AXIS_RIGHTX, sdl.SDL_CONTROLLER_AXIS_RIGHTY),
            )
            return [(self._axis(x), -self._axis(y)) for x, y in pairs]
        return [(self._raw_axis(0), -self._raw_axis(1))]

    def _axis(self, axis: int) -> float:
        return max(float(self._sdl.SDL_GameControllerGetAxis(self._pad, axis)) / _FULL, -1.0)

    def _raw_axis(self, axis: int) -> float:
        return max(float(self._sdl.SDL_JoystickGetAxis(self._stick, axis)) / _FULL, -1.0)

    def _buttons(self) -> frozenset[Press]:
        sdl = self._sdl
        if self._pad is not None:
            wanted: tuple[tuple[Press, int], ...] = (
                ("accept", sdl.SDL_CONTROLLER_BUTTON_A),
                ("redo", sdl.SDL_CONTROLLER_BUTTON_B),
                ("cannot_tell", sdl.SDL_CONTROLLER_BUTTON_Y),
                ("pause", sdl.SDL_CONTROLLER_BUTTON_START),
            )
            return frozenset(name for name, code in wanted if sdl.SDL_GameControllerGetButton(self._pad, code))
        raw: tuple[tuple[Press, int], ...] = (("accept", 0), ("redo", 1), ("pause", 2), ("cannot_tell", 3))
        return frozenset(name for name, code in raw if sdl.SDL_JoystickGetButton(self._stick, code))
