"""Receives streams by LSL beside an open camera or a trace, while the settings name some."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.look.language import tr

if TYPE_CHECKING:
    from app.services.predict.lsl_in import LslIn, ReceivedStream

SETTING = "camera.lsl_record"


class LslReceiver(QObject):
    """Listens from `start` to `stop` to the streams that the setting names.

    Args:
        context: The settings and messages.
        setting: The setting.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None, *, setting: str = SETTING) -> None:
        super().__init__(parent)
        self._context, self._setting = context, setting
        self._in: LslIn | None = None
        self._left: list[LslIn] = []

    @property
    def listening(self) -> bool:
        """Whether streams are listened to."""
        return self._in is not None

    @property
    def told(self) -> str:
        """What is heard, in a few words; empty where nothing is wanted."""
        if self._in is None:
            return ""
        return f"LSL: {', '.join(self._in.names) or tr('no stream found yet')}"

    def start(self) -> None:
        """Begin to listen, if the setting names streams; where LSL is missing, that is said."""
        self.stop()
        wanted = self._context.settings.text(self._setting)
        if not wanted:
            return
        from app.services.predict.lsl_in import LslIn

        try:
            self._in = LslIn(wanted)
        except UserError as error:
            self._context.fail(error)

    def record(self) -> "Callable[[], list[ReceivedStream]]":
        """Keep what comes from now on, and return the function that ends this and gives it, in any thread."""
        if self._in is None:
            return list
        self._in.record()
        return self._in.take

    def rest(self) -> None:
        """Keep nothing more, and forget what was kept."""
        if self._in is not None:
            self._in.rest()

    def stop(self) -> None:
        """Stop to listen, without waiting. What was kept can still be taken."""
        self._left = [one for one in self._left if one.alive]
        heard, self._in = self._in, None
        if heard is not None:
            heard.leave()
            self._left.append(heard)

    def close(self) -> None:
        """Stop to listen, and wait for it."""
        self.stop()
        for heard in self._left:
            heard.close()
