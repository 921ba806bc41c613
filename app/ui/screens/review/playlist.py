"""Plays a list of places one after the other, with a line of progress and buttons above the picture."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.domain.media import Frame
from app.ui.core.context import AppContext, ClipList, ClipPlace
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.player.player import Player
from app.ui.parts.widgets.basic import ElidedLabel, button, row


class PlayListBar(QFrame):
    """The bar of the list that is played, which is hidden without one.

    Args:
        context: The context, which says when the project is closed.
        player: The player, which says when a clip has ended.
        play: Function that opens a place and plays from there.
    """

    def __init__(
        self, context: AppContext, player: Player, play: Callable[[ClipPlace], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._player, self._play = player, play
        self._list: ClipList | None = None
        self._at = 0
        self._moved = False
        self.said = ElidedLabel()
        self.before = button(tr("Previous"), tip=tr("The previous clip of this list"))
        self.after = button(tr("Next"), tip=tr("The next clip of this list"))
        self.end = button(tr("Close"), tip=tr("Leave the list; the clip stays"))
        self.before.clicked.connect(lambda: self.go(self._at - 1))
        self.after.clicked.connect(lambda: self.go(self._at + 1))
        self.end.clicked.connect(self.close_list)
        for each in (self.before, self.after, self.end):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inside = row(self.said, self.before, self.after, self.end, spacing=SPACE_S)
        inside.setStretch(0, 1)
        inside.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self.setLayout(inside)
        player.ended.connect(self._on_ended)
        player.frame_shown.connect(self._on_frame)
        context.project_changed.connect(self.close_list)
        self.hide()

    @property
    def place(self) -> ClipPlace | None:
        """The place that is played; None without a list."""
        return self._list.places[self._at] if self._list is not None else None

    def show_list(self, wanted: ClipList) -> None:
        """Play a list of places from the first on."""
        self._list = wanted
        self.show()
        self.go(0)

    def go(self, at: int) -> None:
        """Play the place with a number; beyond the ends nothing happens."""
        wanted = self._list
        if wanted is None or not 0 <= at < len(wanted.places):
            return
        self._at = at
        self._moved = True
        self.before.setEnabled(at > 0)
        self.after.setEnabled(at + 1 < len(wanted.places))
        self.said.set_text(tr("{title}: {at} of {places}", title=wanted.title, at=at + 1, places=len(wanted.places)))
        self._play(wanted.places[at])

    def close_list(self) -> None:
        """Stop playing the list."""
        self._list = None
        self.hide()

    def take_clip(self, clip_id: int | None) -> None:
        """End the list if another clip than one of the list is shown."""
        place = self.place
        if place is not None and clip_id is not None and clip_id != place.clip_id:
            self.close_list()

    def _on_frame(self, frame: Frame) -> None:
        """An item that ends before its clip does is over at its end."""
        place = self.place
        if place is None or place.end_s is None or not self._player.playing:
            return
        if frame.time_s < place.end_s:
            self._moved = False
        elif not self._moved:
            self._player.pause()
            self._on_ended()

    def _on_ended(self) -> None:
        self.go(self._at + 1)
