"""Making, opening and filling projects."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import db.audit
import db.check
from app.domain.project import ClipRecord
from app.domain.words import many
from app.errors import UserError
from app.interchange.manifest import ClipToAdd, read_manifest
from app.jobs import Context
from app.media.folder import media_below, strays_below
from app.reach import within
from app.services.consent.retention import due
from app.services.machine.at_work import refuse_while_rated
from app.services.projects import confirmed
from app.services.projects.adding import Adding, SubjectDiffers
from app.services.projects.health import ProjectInfo, check_project, incomplete, project_info
from app.services.projects.relink import SearchResult, relink_missing
from app.services.projects.trace_journal import recover_traces
from db.project import Project

__all__ = [
    "AddResult",
    "ClipToAdd",
    "Project",
    "ProjectInfo",
    "SearchResult",
    "SubjectDiffers",
    "add_clip",
    "add_clips",
    "check_project",
    "create_project",
    "open_project",
    "open_sound",
    "project_info",
    "read_manifest",
    "relink_missing",
]

log = logging.getLogger(__name__)
notice = logging.getLogger("affectograph")
"""What it says is shown by every command, under the program's name."""


class AddResult(NamedTuple):
    """The outcome of adding clips.

    Attributes:
        added: All clips that are now in the project, whether new, known or found again, in the requested order.
        refused: The reasons why other files were refused, each naming its file; `SubjectDiffers` for clips of the
            project that were to have another subject.
        known: Those of the added clips that the project had already, once for each file; a clip that was found again
            is not among them.
    """

    added: list[ClipRecord]
    refused: list[UserError]
    known: list[ClipRecord]


def create_project(where: str | Path) -> Project:
    """Make a new project file (or the tables in an empty PostgreSQL database) and open it.

    Raises:
        UserError: The name is taken, or the folder cannot be written.
    """
    return Project.create(where)


def open_project(where: str | Path, *, read_only: bool = False) -> Project:
    """Open a project; traces that a crash cut short are closed as interrupted.

    A copy that lacks its log, or a project whose log is broken, is opened, too. Commands say so on standard error;
    the window shows it by itself.

    Raises:
        UserError: The file is missing, not a project, damaged, newer than this program, locked or read-only.
    """
    project = _open(where, read_only=read_only)
    _tell_incomplete(project)
    return project


def _tell_incomplete(project: Project) -> None:
    for said in incomplete(project):
        notice.error("%s: %s %s", project.path or project.address, said.what, said.command or said.todo)
    reminder = due(project)
    if reminder is not None:
        notice.error("%s: %s", project.path or project.address, reminder.at_command_line)


def _open(where: str | Path, *, read_only: bool) -> Project:
    project = Project.open(where, read_only=read_only)
    if not read_only:
        try:
            left = recover_traces(project)
            lost = confirmed.recover(project)
        except BaseException:
            project.close()
            raise
        if left:
            log.warning("%d interrupted traces were recovered", left)
        if lost:
            notice.error(
                "%s: %s not in this file that had been confirmed: it is another one, or has lost its log. "
                "`affectograph project rescue` lists them, and stores them with `--into`.",
                project.path or project.address,
                many(lost, "answer or trace is", "answers and traces are"),
            )
    return project


def open_sound(where: str | Path, *, read_only: bool = False) -> Project:
    """Open a project whose numbers will be shown or exported; one with a damaged row is refused.

    One whose log has just turned out to be broken is refused once, so that nobody takes older numbers for the newest.

    Raises:
        UserError: See `open_project`. It is also raised if a row is not as it was saved, which the message names, or if
            a rater is signed in in a window of this user, who must see nothing of it.
    """
    refuse_while_rated()
    project = _open(where, read_only=read_only)
    try:
        db.check.require_newest(project)
        _tell_incomplete(project)
        db.check.require_sound(project)
    except BaseException:
        project.close()
        raise
    return project


def add_clips(
    project: Project,
    paths: Sequence[Path],
    subject: str = "",
    manifest: Path | None = None,
    ctx: Context | None = None,
    *,
    listed: bool = True,
) -> AddResult:
    """Add clips, each with one item that is the whole clip. One refused file does not stop the others.

    A file is recognised by its bytes. Added twice it stays one clip, and a clip whose file was moved is found again.

    Args:
        project: The open project.
        paths: Files, and folders that are searched for files.
        subject: Code of the person seen in all of them, unless the manifest says otherwise. A clip of the project
            without a subject takes it; one with another subject keeps that.
        manifest: A CSV file with `path` and optionally `subject`, `name`, `start_s`, `end_s` and `item`; paths are
            relative to it. A line with a range makes an item. A file that is also in `paths` takes the facts of its
            line.
        ctx: Receives the progress, and can cancel; what was added before a cancel stays.
        listed: Whether new clips appear in the lists.

    Raises:
        UserError: The manifest cannot be read.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    lines = read_manifest(manifest) if manifest is not None else []
    said = {line.path for line in lines}
    wanted = [ClipToAdd(path) for path in _files(paths) if path not in said] + lines
    adding = Adding(project, subject, listed=listed)
    try:
        for number, one in enumerate(wanted):
            ctx.progress(number, len(wanted), one.path.name)
            with adding.failures.of(one.path.name):
                adding.add(one, ctx)
    finally:
        adding.store()
    ctx.progress(len(wanted), len(wanted), "")
    return AddResult(adding.clips, adding.failures.errors, adding.known)


def add_clip(project: Project, path: Path, ctx: Context | None = None, *, listed: bool = True) -> ClipRecord:
    """Add one clip, see `add_clips`.

    Raises:
        UserError: The file cannot be read.
        Cancelled: The user cancelled.
    """
    result = add_clips(project, [path], ctx=ctx, listed=listed)
    if result.refused:
        raise result.refused[0]
    return result.added[0]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """List files, and what is named like a media file below folders, each once and as an absolute path."""
    seen: set[Path] = set()
    for path in paths:
        path = Path(os.path.abspath(path.expanduser()))
        found = [path]
        if within(path, path.is_dir):
            found = sorted([*media_below(path), *strays_below(path)])
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file
