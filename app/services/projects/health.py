"""Checks a project and counts its contents, for `project check` and `project info`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import db.check
import db.clips
import db.leftovers
import db.runs
import db.summary
import db.upgrades
from app.addresses import Place
from app.batch import Failures
from app.domain.leftovers import Leftover
from app.domain.project import ClipRecord, Problem
from app.errors import UserError
from app.files import dated_beside
from app.jobs import Context
from app.media.probe import media_hash
from app.reach import within
from app.services.projects.relink import way_to_missing
from app.services.projects.run_numbers import numbered_otherwise
from db.project import Project


@dataclass(frozen=True)
class ProjectInfo:
    """The contents of a project.

    Attributes:
        path: The file, None on a server.
        size_bytes: Size in bytes of the file, 0 on a server.
        videos: Videos in the lists.
        images: Images in the lists.
        missing: Number of clips whose file is not where it was.
        duration_s: Length in seconds of all videos together.
        rows: Number of rows of every table by its name.
        runs: Number of clips that each model has run over, by model.
        traces: Number of traces by status.
        clips: The clips in the lists.
    """

    path: Path | None
    size_bytes: int
    videos: int
    images: int
    missing: int
    duration_s: float
    rows: dict[str, int]
    runs: dict[str, int]
    traces: dict[str, int]
    clips: tuple[ClipRecord, ...] = field(repr=False)


def project_info(project: Project) -> ProjectInfo:
    """Count the contents of a project."""
    clips = db.clips.every(project)
    rows = db.summary.counts(project)
    return ProjectInfo(
        path=project.path,
        size_bytes=0 if project.path is None else project.path.stat().st_size,
        videos=rows.pop("videos"),
        images=rows.pop("images"),
        missing=sum(clip.missing for clip in clips),
        duration_s=sum(clip.duration_s for clip in clips),
        rows=rows,
        runs=db.summary.runs_by_model(project),
        traces=db.summary.traces_by_status(project),
        clips=tuple(clips),
    )


def incomplete(project: Project) -> list[Problem]:
    """Return the findings on a project whose log is missing, broken or that of another file; none for a whole one."""
    return db.check.incomplete(project)


def check_project(
    project: Project, *, thorough: bool = True, hash_files: bool = True, ctx: Context | None = None
) -> list[Problem]:
    """Find everything that is wrong with a project: pages, arrays, rows that contradict each other, and clips' files.

    Args:
        project: The open project.
        thorough: Whether to unpack every stored array instead of a quick look.
        hash_files: Whether to read every clip's file whole and compare it with what was added, instead of only checking
            that it exists and has its length.
        ctx: Receives the progress, and can cancel.

    Returns:
        The problems; `damage` is False for those that come only from a moved file.

    Raises:
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    ctx.progress(0, 0, "Checking the database")
    found = db.check.problems(project, thorough=thorough, check=ctx.check)
    found += [Problem(one.what, one.todo, damage=False) for one in left_behind(project)]
    try:
        clips = db.clips.every(project)
    except UserError:  # so damaged that it cannot be read: that is in the list already
        return found
    failures = Failures(on_failure=lambda error: found.append(Problem(error.what, error.todo, command=error.command)))
    way = way_to_missing(project)
    total = sum(clip.size_bytes for clip in clips)
    done = 0
    for clip in clips:
        ctx.progress(done, max(total, 1), f"Checking {clip.name}")
        with failures.of(clip.name):
            problem = _of_file(clip, way, hash_files, stop_only(ctx))
            found += _of_old_runs(project, clip) if problem is None else [problem]
        done += clip.size_bytes
    ctx.progress(max(total, 1), max(total, 1), "")
    return found


def left_behind(project: Project) -> list[Leftover]:
    """List what faults of older versions left in a project; nothing where the file is too damaged to be read."""
    try:
        return db.leftovers.find(project)
    except (UserError, ValueError, KeyError):
        return []  # the check of the project names what is damaged


def backup_project(project: Place, copy: Path | None = None) -> Path:
    """Copy a project as one consistent file, even while it is open and being written.

    Args:
        project: The project's file. A server is copied with its own tools.
        copy: Path of the copy; by default beside the project, with date and time in its name.

    Returns:
        The path of the copy.

    Raises:
        UserError: The project is on a server, it cannot be opened, or the copy already exists or cannot be written.
    """
    with Project.open(project, read_only=True) as source:
        if source.path is None:
            raise UserError(
                "A project on a server is not copied byte by byte.",
                "Ask its administrator for a backup (pg_dump).",
            )
        target = copy or dated_beside(source.path, "-", source.path.suffix)
        db.upgrades.backup(source.path, target.absolute())
    return target


class _StopOnly(Context):
    def __init__(self, outer: Context) -> None:
        super().__init__()
        self._outer = outer

    def check(self) -> None:
        self._outer.check()

    @property
    def cancelled(self) -> bool:
        return self._outer.cancelled

    @contextmanager
    def interrupting(self, interrupt: Callable[[], object]) -> Iterator[None]:
        with self._outer.interrupting(interrupt):
            yield


def stop_only(ctx: Context) -> Context:
    """Return a context that passes on the request to stop but not the progress within one file."""
    return _StopOnly(ctx)


def _of_old_runs(project: Project, clip: ClipRecord) -> Iterator[Problem]:
    """Find predictions of a damaged clip that number its frames otherwise than the program does today."""
    for run in db.runs.for_clip(project, clip.id):
        if run.complete or run.n_frames < clip.n_frames:
            continue  # the check of the database tells the latter
        if numbered_otherwise(db.runs.load(project, run.id), clip):
            yield Problem(
                f"Prediction run {run.id} numbers {run.n_frames} frames of {clip.name}, without the damaged ones: from "
                "the first of them on, its numbers mean other frames today.",
                "Analyse the clip again: the run is then replaced.",
                damage=False,
            )


def _of_file(clip: ClipRecord, way: str, hash_files: bool, ctx: Context) -> Problem | None:
    if clip.missing:
        return Problem(
            f"The file of clip {clip.name} is not at {clip.path}.",
            way,
            damage=False,
        )
    try:
        same = within(clip.path, clip.path.stat).st_size == clip.size_bytes and (
            not hash_files or media_hash(clip.path, ctx) == clip.sha256
        )
    except (OSError, UserError) as error:
        return Problem(f"The file of clip {clip.name} cannot be read: {error}", "Check its permissions and its disk.")
    if same:
        return None
    return Problem(
        f"The file of clip {clip.name} has changed since it was added: its labels belong to other content.",
        "Put the original file back, or add the new one as another clip.",
    )
