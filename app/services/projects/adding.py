"""Adds files to a project one after the other; those that are new are stored several at a time."""

import time
from dataclasses import dataclass
from typing import Final

import db.clips
import db.edits
import db.items
from app.batch import Failures
from app.domain.clip_times import check_times
from app.domain.project import ClipRecord
from app.errors import UserError
from app.interchange.manifest import ClipToAdd
from app.jobs import Context
from app.media.probe import first_time_s, media_hash, probe
from app.media.steady import steady
from app.services.projects.health import stop_only
from db.clips import NewClip
from db.places import SUFFIX
from db.project import Project

TOGETHER: Final = 100
"""Clips that are stored in one transaction at most."""
WAIT_S: Final = 1.0
"""Seconds after which the next new clip has all of them stored: a list shows clips as they come."""


class SubjectDiffers(UserError):
    """The error for a clip of the project that has another subject than the one named now. The clip stays as it is."""


@dataclass(frozen=True)
class _Waiting:
    """A new clip that waits to be stored, and its place among the clips."""

    one: ClipToAdd
    new: NewClip
    place: int


class Adding:
    """Adds files to a project. A transaction for each would take longer than reading a short clip.

    Args:
        project: The open project.
        subject: Code of the person seen in all of them, unless the line of a file says otherwise.
        listed: Whether new clips appear in the lists.

    Attributes:
        failures: The files that were refused.
        known: The clips that the project lists already and whose files lie where they lay: nothing came of adding them.
    """

    def __init__(self, project: Project, subject: str, *, listed: bool) -> None:
        self._project, self._subject, self._listed = project, subject, listed
        self._clips: list[ClipRecord | None] = []
        self._waiting: dict[str, _Waiting] = {}
        self._since_s = 0.0
        self.failures = Failures()
        self.known: list[ClipRecord] = []

    @property
    def clips(self) -> list[ClipRecord]:
        """All clips that are now in the project, each once, in the order of their files; only after `store`."""
        return list({clip.id: clip for clip in self._clips if clip is not None}.values())

    def add(self, one: ClipToAdd, ctx: Context) -> None:
        """Add a file. A new clip may wait for the next call, or for `store`.

        Raises:
            UserError: The file is refused.
            Cancelled: The user cancelled.
        """
        if one.path.suffix == SUFFIX:
            # Reading an open project's bytes would drop its locks, too: see app.held.
            raise UserError(f"{one.path} is a project, not a clip.", "Name video or image files, or folders with some.")
        with steady(one.path):
            known = self._known(one, media_hash(one.path, stop_only(ctx)), ctx)
        if known is not None:
            self._clips.append(known)
            self._finish(one, known)
        elif len(self._waiting) >= TOGETHER or time.monotonic() - self._since_s > WAIT_S:
            self.store()

    def store(self) -> None:
        """Store the clips that wait."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if not waiting:
            return
        try:
            clips = db.clips.add_all(self._project, [each.new for each in waiting], listed=self._listed)
        except Exception as error:
            for each in waiting:
                with self.failures.of(each.one.path.name):
                    raise error
            return
        for each, clip in zip(waiting, clips, strict=True):
            self._clips[each.place] = clip
            with self.failures.of(each.one.path.name):
                self._finish(each.one, clip)

    def _known(self, one: ClipToAdd, sha256: str, ctx: Context) -> ClipRecord | None:
        """Return the clip of a file if the project lists it; else the file waits to be stored."""
        if sha256 in self._waiting:
            self.store()
        project, subject = self._project, one.subject or self._subject
        known = db.clips.by_hash(project, sha256)
        if known is None or known.removed:
            info = probe(one.path, stop_only(ctx))
            _check_range(one, info.duration_s)
            new = NewClip.of(project, info, sha256, subject, one.name)
            self._since_s = self._since_s if self._waiting else time.monotonic()
            self._waiting[sha256] = _Waiting(one, new, len(self._clips))
            self._clips.append(None)
            return None
        _check_range(one, known.duration_s)
        if known.missing:
            known = db.clips.relink(project, known.id, one.path, sha256)
        elif one.start_s is None and one.end_s is None:
            self.known.append(known)
        if subject and not known.subject:
            db.edits.apply(project, db.edits.set_subject(project, [known.id], subject))
            known = db.clips.get(project, known.id)
        return known

    def _finish(self, one: ClipToAdd, clip: ClipRecord) -> None:
        """Add the range of a line, and refuse a line that names another subject than the clip has."""
        if one.start_s is not None or one.end_s is not None:
            _add_range(self._project, clip, one)
        told = (one.subject or self._subject).strip()
        if told and told != clip.subject:
            raise _differs(clip, told)


def _differs(clip: ClipRecord, subject: str) -> SubjectDiffers:
    # A list that is read again must not go over what somebody has corrected since.
    return SubjectDiffers(
        f"{clip.name} is in the project already, with subject {clip.subject}, not {subject}.",
        f"To change that, enter {subject} under File → Clips and subjects….",
        f'To change that: `affectograph project set P "{clip.name}" --subject {subject}`.',
    )


def _check_range(one: ClipToAdd, duration_s: float) -> None:
    """Refuse a line whose range lies outside its clip, before anything of the line is stored."""
    if one.start_s is None and one.end_s is None:
        return
    begins = first_time_s(one.path)
    first = begins if one.start_s is None else one.start_s
    last = begins + duration_s if one.end_s is None else one.end_s
    where = f"{one.where}: the range" if one.where else "The range"
    check_times(where, first, max(first, last), one.path.name, begins, duration_s)


def _add_range(project: Project, clip: ClipRecord, one: ClipToAdd) -> None:
    for item in db.items.every(project, clip_id=clip.id):
        if (item.start_s, item.end_s) == (one.start_s, one.end_s):
            return
    end_s = one.end_s
    db.items.add(
        project, clip.id, name=one.item or f"{clip.name} {one.start_s or 0:g}", start_s=one.start_s, end_s=end_s
    )
