"""The small pictures of a list: made for the rows that are seen, behind all other work; few are held."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.errors import UserError
from app.files import replacing
from app.jobs import Context, Job
from app.paths import data_dir
from app.ui.core.context import AppContext

if TYPE_CHECKING:
    from app.domain.project import ClipRecord

SIDE: Final = 320
"""Longer side of a picture in pixels."""

HELD: Final = 300
"""Largest number of pictures in memory; each takes about a quarter of a megabyte."""

WISHES: Final = 48
"""Largest number of pictures that wait: more rows than this are not seen at a time."""

Maker = Callable[[Context], QImage]
"""Makes a picture."""

PLACE: Final = 1 / 3
"""Where in the clip the picture is taken."""


class Pictures(QObject):
    """Makes one picture after the other, those that were asked for last first.

    Args:
        context: The context with jobs and errors.

    Signals:
        made: The picture of this key can be had now.
    """

    made = Signal(str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._held: OrderedDict[str, QImage] = OrderedDict()
        self._without: set[str] = set()
        self._wishes: OrderedDict[str, Maker] = OrderedDict()
        self._job: tuple[str, Job] | None = None

    def __len__(self) -> int:
        return len(self._held)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The keys of the pictures that were asked for and not begun; the next one comes last."""
        return tuple(self._wishes)

    def get(self, key: str, make: Maker | None) -> QImage | None:
        """Return a picture; None if it is not there yet, and `made` may follow.

        Args:
            key: What the picture is called.
            make: Makes it off the window's thread; None where it cannot be made.
        """
        picture = self._held.get(key)
        if picture is not None:
            self._held.move_to_end(key)
        elif make is not None and key not in self._without:
            self._wish(key, make)
        return picture

    def only(self, here: Collection[str]) -> None:
        """Make only pictures of these keys from now on; the others' rows are gone."""
        for key in [key for key in self._wishes if key not in here]:
            del self._wishes[key]
        self._without &= set(here)
        if self._job is not None and self._job[0] not in here:
            self._job[1].cancel()

    def _wish(self, key: str, make: Maker) -> None:
        if self._job is not None and self._job[0] == key:
            return
        self._wishes[key] = make
        self._wishes.move_to_end(key)
        while len(self._wishes) > WISHES:
            self._wishes.popitem(last=False)
        self._next()

    def _next(self) -> None:
        if self._job is not None or not self._wishes:
            return
        key, make = self._wishes.popitem()

        def done(picture: QImage) -> None:
            self._held[key] = picture
            while len(self._held) > HELD:
                self._held.popitem(last=False)
            over()
            self.made.emit(key)

        def failed(error: Exception) -> None:
            # A clip without a small picture is told of when it is opened.
            self._without.add(key)
            over()
            if not isinstance(error, UserError):
                self._context.fail(error)

        def over() -> None:
            self._job = None
            self._next()

        job = self._context.jobs.start("behind", make, on_done=done, on_error=failed, on_cancel=over)
        self._job = (key, job)


class ClipPictures(Pictures):
    """The pictures of clips by the SHA-256 of their bytes."""

    def of(self, clip: "ClipRecord") -> QImage | None:
        """Return a clip's picture; None if it is not there yet, and `made` may follow."""
        return self.get(clip.sha256, None if clip.missing else lambda ctx: _picture(ctx, clip))

    def keep(self, clips: "list[ClipRecord]") -> None:
        """Make only pictures of these clips from now on; the others' rows are gone."""
        self.only({clip.sha256 for clip in clips if not clip.missing})


def _picture(ctx: Context, clip: "ClipRecord") -> QImage:
    """Return a small picture of a clip, from about a third into it; kept for the next time."""
    from app.media.still import still

    kept = data_dir() / "cache" / f"{clip.sha256}.png"
    picture = QImage(str(kept)) if kept.exists() else QImage()
    if not picture.isNull():
        return picture
    frame = still(clip.path, PLACE, "bgra", ctx)
    height, width, _ = frame.image.shape
    whole = QImage(frame.image.data, width, height, frame.image.strides[0], QImage.Format.Format_RGB32)
    picture = whole.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    with suppress(UserError), replacing(kept) as new:
        picture.save(str(new))
    return picture
