"""Faces and subjects: which face tracks are of one person. The program proposes, and a person decides."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLineEdit, QTableView, QWidget

import app.services.predict.people as people
from app.domain.changes import Changes, Edit
from app.domain.words import many
from app.jobs import Job
from app.services.predict.people import FoundFace
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.people.face_model import SIDE, FaceModel
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.tables import dress_table

ABOUT = tr(
    "A face that leaves and comes back, or that is seen in several clips, has a track for each. Here they become one "
    "subject, whose code goes into items, exports and the splits of trainings. Faces are compared within this project "
    "only."
)


class FacesDialog(QDialog):
    """The window on faces, which stays open beside the main window.

    Args:
        context: The context with the open project.
        parent: The main window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Faces and subjects"))
        self.resize(1040, 640)
        self._context = context
        self._job: Job | None = None
        self._proposed: dict[int, FoundFace] = {}
        self._order: list[int] = []
        self.model = FaceModel(context.theme)
        self.table = QTableView()
        self._dress()
        self.compare = button(
            tr("Find alike faces"), "primary", tip=tr("Compares the faces of all clips; nothing is stored")
        )
        self.take = button(tr("Take proposals"), tip=tr("For the selected faces, or for all if none is selected"))
        self.code = QLineEdit()
        self.code.setPlaceholderText(tr("Subject, such as S01"))
        self.code.setAccessibleName(tr("Subject of the selected faces"))
        self.code.setMinimumWidth(220)
        self.set_code = button(tr("Set subject"), tip=tr("Whose faces the selected ones are; empty if not known"))
        self.count = label(kind="small")
        close = button(tr("Close"))
        for each, pressed in (
            (self.compare, self.find_alike),
            (self.take, self._on_take),
            (self.set_code, self._on_set),
            (close, self.close),
        ):
            each.setAutoDefault(False)
            each.clicked.connect(lambda _=False, run=pressed: run())
        self.code.returnPressed.connect(self._on_set)
        top = row(self.compare, self.take, None, self.count, spacing=SPACE_M)
        foot = row(self.code, self.set_code, None, close, spacing=SPACE_M)
        self.setLayout(
            column(label(ABOUT, "small", wrap=True), top, self.table, foot, spacing=SPACE_S, margins=SPACE_L)
        )
        for keys, stack in (("Ctrl+Z", context.undo.undo), ("Ctrl+Shift+Z", context.undo.redo)):
            QShortcut(keys, self, stack)
        self.model.edited.connect(lambda face, code: self._set([face], code))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        context.closing.connect(self.close)
        self.reload()

    def _dress(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(tr("Faces of the project"))
        dress_table(table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setIconSize(self.model.picture_size())
        scale = self._context.theme.scale
        table.verticalHeader().setDefaultSectionSize(round((SIDE + 6) * scale))
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)
        for at, width in enumerate((130, 160, 96, 120, 90)):
            table.setColumnWidth(at, round(width * scale))

    @property
    def selected(self) -> list[FoundFace]:
        """The selected faces, from above."""
        picked = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.faces[at] for at in picked]

    def reload(self) -> None:
        """Read the faces again; proposals and pictures stay."""
        self._context.query(people.faces_of, on_done=self._fill, replace="faces of people")

    @while_there
    def _fill(self, faces: list[FoundFace]) -> None:
        chosen = {face.track_id for face in self.selected}
        merged = []
        for face in faces:
            known = self._proposed.get(face.track_id)
            if known is not None:
                face = replace(face, proposed=known.proposed, group=known.group, why=known.why, picture=known.picture)
            merged.append(face)
        place = {track_id: at for at, track_id in enumerate(self._order)}
        self.model.fill(sorted(merged, key=lambda face: place.get(face.track_id, len(place))))
        picks = self.table.selectionModel()
        for at, face in enumerate(self.model.faces):
            if face.track_id in chosen:
                picks.select(self.model.index(at, 0), picks.SelectionFlag.Select | picks.SelectionFlag.Rows)
        self._tell()

    def find_alike(self) -> None:
        """Compare all faces; the table shows the proposals at the end."""
        project = self._context.project
        if project is None or self._job is not None:
            return
        self.compare.setEnabled(False)
        self._job = self._context.work.start(
            tr("Comparing faces"),
            "infer",
            people.propose_people,
            project,
            on_done=self.show_found,
            on_end=self._on_end,
            at_once=True,
        )

    @while_there
    def _on_end(self) -> None:
        self._job = None
        self.compare.setEnabled(True)

    @while_there
    def show_found(self, found: tuple[list[FoundFace], list[str]]) -> None:
        """Show faces with their proposals, and say which clips could not be read."""
        faces, said = found
        self._proposed = {face.track_id: face for face in faces}
        self._order = [face.track_id for face in faces]
        self._fill(faces)
        self.reload()
        if said:
            self._context.notify(" ".join(said), tone="warning")

    def _on_take(self) -> None:
        faces = [face for face in self.selected or self.model.faces if face.proposed and face.proposed != face.person]
        by_code: dict[str, list[int]] = {}
        for face in faces:
            by_code.setdefault(face.proposed, []).append(face.track_id)
        if by_code:
            self._context.query(people.people_edit, by_code, on_done=self._apply)

    def _on_set(self) -> None:
        self._set(self.selected, self.code.text())

    def _set(self, faces: list[FoundFace], code: str) -> None:
        if faces:
            wanted = {code.strip(): [face.track_id for face in faces]}
            self._context.query(people.people_edit, wanted, on_done=self._apply)

    def _apply(self, edit: Edit) -> None:
        if edit.changes:
            self._context.apply(edit)

    def _tell(self) -> None:
        faces, chosen = self.model.faces, len(self.selected)
        known = len({face.person for face in faces if face.person})
        words = f"{many(len(faces), tr('face'), tr('faces'))}, {many(known, tr('subject'), tr('subjects'))}"
        self.count.setText(tr("{words}, {chosen} selected", words=words, chosen=chosen) if chosen else words)
        self.set_code.setEnabled(chosen > 0)
        self.compare.setEnabled(bool(faces) and self._job is None)
        open_ones = [face for face in self.selected or faces if face.proposed and face.proposed != face.person]
        self.take.setEnabled(bool(open_ones))

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("clip", "subject", "run"):
            self.reload()

    def _on_project(self) -> None:
        """The faces are another project's now, or nobody sits here any more who may see them."""
        if self._context.project is None:
            self.close()
        else:
            self._proposed, self._order = {}, []
            self.reload()

    def done(self, result: int) -> None:
        """Close, and end a comparison that still runs."""
        if self._job is not None:
            self._job.cancel()
        super().done(result)
