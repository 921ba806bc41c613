"""The first page: the clips and faces that are judged, each with its picture and a box to tick."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.clock import clock_text
from app.domain.words import many
from app.jobs import Context
from app.services.predict.face_pictures import face_picture
from app.services.study.draft import Choice, Draft, Material
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.clips.pictures import ClipPictures, Pictures
from app.ui.parts.widgets.basic import button, column, label, row, tip_text
from app.ui.screens.study.assistant.page import Page

CLIP: Final = QSize(85, 48)
FACE: Final = QSize(48, 48)
ICON: Final = QSize(CLIP.width() + 4 + FACE.width(), CLIP.height())
SIDE: Final = 128
"""Longer side of a face's picture in pixels."""
_Index = QModelIndex | QPersistentModelIndex


class FaceModel(QAbstractListModel):
    """The items that can be judged, as rows with a box to tick.

    Args:
        context: The context with jobs and the project.
    """

    ticked = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._choices: tuple[Choice, ...] = ()
        self.chosen: set[str] = set()
        self._clips, self._faces = ClipPictures(context, self), Pictures(context, self)
        self._clips.made.connect(self._on_picture)
        self._faces.made.connect(self._on_picture)

    def set_choices(self, choices: tuple[Choice, ...], chosen: frozenset[str]) -> None:
        """Show items, some of them ticked."""
        if choices == self._choices:
            if self.chosen != chosen:
                self.chosen = set(chosen)
                self._tell_all()
            return
        self.beginResetModel()
        self._choices, self.chosen = choices, set(chosen)
        self._clips.keep([choice.clip for choice in choices])
        self._faces.only({_key(choice) for choice in choices if choice.has_face})
        self.endResetModel()

    def tick_all(self, on: bool) -> None:
        """Tick every row, or none."""
        self.chosen = {choice.item.name for choice in self._choices} if on else set()
        self._tell_all()
        self.ticked.emit()

    def toggle(self, index: _Index) -> None:
        """Tick a row, or no longer."""
        self.chosen ^= {self._choices[index.row()].item.name}
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._choices)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if choice.item.name in self.chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{choice.clip.name}\n{facts(choice)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{choice.clip.name}, {facts(choice)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(f"{choice.item.name}\n{choice.clip.path}")
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(choice)
        return None

    def _picture(self, choice: Choice) -> QPixmap:
        face = self._faces.get(_key(choice), self._maker(choice)) if choice.item.track_id is not None else None
        return _both(self._context.theme, self._clips.of(choice.clip), face, self._context.app.devicePixelRatio())

    def _maker(self, choice: Choice) -> Any:
        project = self._context.project
        return None if project is None or choice.clip.missing else partial(_face, project=project, item=choice.item)

    def _on_picture(self, key: str) -> None:
        for at, choice in enumerate(self._choices):
            if key in (choice.clip.sha256, _key(choice)):
                self.dataChanged.emit(self.index(at), self.index(at), [Qt.ItemDataRole.DecorationRole])

    def _tell_all(self) -> None:
        if self._choices:
            self.dataChanged.emit(self.index(0), self.index(len(self._choices) - 1), [Qt.ItemDataRole.CheckStateRole])


class _Ticks(QStyledItemDelegate):
    """A click anywhere on a row ticks it, and so does Space."""

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        spaced = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        pressed = spaced and event.type() == QEvent.Type.KeyPress
        if pressed or event.type() == QEvent.Type.MouseButtonRelease:
            if isinstance(model, FaceModel):
                model.toggle(index)
            return True
        return False


class ClipsPage(Page):
    """The clips and faces, with their number.

    Args:
        context: The context with jobs and the project.
    """

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.count = label(kind="section")
        self.all, self.none = button(tr("All")), button(tr("None"))
        self.model = FaceModel(context)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Ticks(self.list))
        self.list.setIconSize(ICON)
        self.list.setSpacing(2)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Clips and faces to judge"))
        words = label(tr("Raters judge what is ticked. Space ticks the chosen line."), "small", wrap=True)
        head = row(self.count, None, self.all, self.none, spacing=SPACE_S)
        box = column(head, words, self.list, spacing=SPACE_M)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.setFocusProxy(self.list)
        self.model.ticked.connect(self.changed)
        self.all.clicked.connect(lambda: self.model.tick_all(True))
        self.none.clicked.connect(lambda: self.model.tick_all(False))

    def show_draft(self, draft: Draft, found: Material) -> None:
        self.model.set_choices(found.choices, draft.items)
        chosen = [choice for choice in found.choices if choice.item.name in draft.items]
        clips = len({choice.clip.id for choice in chosen})
        faces = sum(choice.has_face for choice in chosen)
        self.count.setText(f"{many(clips, tr('clip'), tr('clips'))}, {many(faces, tr('face'), tr('faces'))}")

    def into(self, draft: Draft) -> Draft:
        return replace(draft, items=frozenset(self.model.chosen))


def facts(choice: Choice) -> str:
    """Describe an item in words for the list."""
    item, clip = choice.item, choice.clip
    said = ["image" if clip.kind == "image" else clock_text(clip.duration_s, millis=False)]
    if clip.missing:
        said.append("missing")
    if item.track_no is not None:
        said.append(tr("face {track_no}", track_no=item.track_no))
    elif item.target:
        said.append(tr("face marked by hand"))
    else:
        said.append(tr("no face found") if choice.analysed else tr("not analysed yet"))
    if item.start_s is not None or item.end_s is not None:
        said.append(item.name)
    if clip.subject:
        said.append(clip.subject)
    return " · ".join(said)


def _key(choice: Choice) -> str:
    return f"{choice.clip.sha256}:{choice.item.track_id}"


def _face(ctx: Context, project: Any, item: Any) -> QImage:
    pixels = face_picture(project, item, ctx)
    height, width, _ = pixels.shape
    whole = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
    return whole.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _both(theme: Theme, clip: QImage | None, face: QImage | None, ratio: float) -> QPixmap:
    """Draw the clip's picture and the face beside it; what is not there yet stays dark."""
    made = QPixmap(ICON * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for picture, left, size in ((clip, 0, CLIP), (face, CLIP.width() + 4, FACE)):
        frame = QRectF(left, 0, size.width(), size.height())
        painter.fillRect(frame, theme.colour("stage"))
        if picture is not None:
            fitted = picture.size().scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            place = QRectF(0, 0, fitted.width(), fitted.height())
            place.moveCenter(frame.center())
            painter.save()
            painter.setClipRect(frame)
            painter.drawImage(place, picture)
            painter.restore()
    painter.end()
    return made
