"""SDL's virtual game controller: the same code path as a real pad, from the driver's side up."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sdl2

BUTTONS = {
    "accept": sdl2.SDL_CONTROLLER_BUTTON_A,
    "redo": sdl2.SDL_CONTROLLER_BUTTON_B,
    "cannot_tell": sdl2.SDL_CONTROLLER_BUTTON_Y,
    "pause": sdl2.SDL_CONTROLLER_BUTTON_START,
}


class VirtualPad:
    """Plugged in within a with block."""

    def __enter__(self):
        sdl2.SDL_InitSubSystem(sdl2.SDL_INIT_GAMECONTROLLER)
        kind = sdl2.SDL_JOYSTICK_TYPE_GAMECONTROLLER
        self._index = sdl2.SDL_JoystickAttachVirtual(kind, 6, 15, 0)
        assert self._index >= 0, sdl2.SDL_GetError()
        self._joystick = sdl2.SDL_JoystickOpen(self._index)
        for axis in range(4):
            sdl2.SDL_JoystickSetVirtualAxis(self._joystick, axis, 0)
        return self

    def stick(self, x, y):
        sdl2.SDL_JoystickSetVirtualAxis(self._joystick, 0, round(32767 * x))
        sdl2.SDL_JoystickSetVirtualAxis(self._joystick, 1, round(-32767 * y))

    def button(self, name, down):
        sdl2.SDL_JoystickSetVirtualButton(self._joystick, BUTTONS[name], int(down))

    def __exit__(self, *_):
        sdl2.SDL_JoystickClose(self._joystick)
        sdl2.SDL_JoystickDetachVirtual(self._index)
        sdl2.SDL_JoystickUpdate()
        sdl2.SDL_QuitSubSystem(sdl2.SDL_INIT_GAMECONTROLLER)
