"""Analyses several clips into a folder with CSV, picture and summary. A refused clip does not stop the others."""

import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.clips
from app.addresses import Place
from app.batch import Failures
from app.cluster import Cluster
from app.domain.analysis import ClipAnalysis
from app.domain.item_frames import item_range
from app.domain.measures import COLUMNS, TrackMeasures
from app.domain.media_endings import VIDEO_ENDINGS
from app.domain.path_text import json_safe
from app.domain.spans import ClipVerdicts
from app.domain.stretch import Stretch
from app.errors import UserError
from app.faces.mesh import MeshFinder
from app.files import check_writable, shortened
from app.interchange.predictions_csv import write_predictions
from app.interchange.verdicts_csv import write_verdicts
from app.jobs import Context
from app.media.folder import media_below, strays_below
from app.media.source import read_head
from app.results import LEDGER, refuse_foreign, result
from app.services.consent.covered import Uncovered
from app.services.consent.gate import covered_clips
from app.services.consent.left import note_left
from app.services.predict.analyse import Analyser
from app.services.predict.categories import CategoryReader, category_reader, said_of
from app.services.predict.clip_figure import write_clip_figure
from app.services.predict.face_files import ENDINGS, write_faces
from app.services.predict.measures import MeasureWish, by_track, measures_of, told
from app.services.predict.people import people_of
from app.services.predict.several import Here, SeveralClips
from app.services.predict.thumbnails import clip_thumbnails
from app.services.predict.work import Work, WorkInTurn
from app.services.study.views import NOBODY, Looker, look_as, note_clips
from db.project import Project

SUMMARY: Final = "summary.json"
VERDICTS: Final = ".categories.csv"
"""Ending of the file of verdicts."""


@dataclass(frozen=True, eq=False)
class Done:
    """One analysed clip.

    Attributes:
        path: The clip.
        csv: The file of its predictions.
        analysis: The predictions.
        seconds: Wall-clock seconds that it took; few if a project had the predictions.
        verdicts: The verdicts of the model of categories; None without one.
    """

    path: Path
    csv: Path
    analysis: ClipAnalysis
    seconds: float
    verdicts: ClipVerdicts | None = None


def analyse_clips(
    clips: Sequence[Path],
    out: Path,
    *,
    model: str | None = None,
    device: str = "auto",
    detector: str = "mtcnn",
    project_path: Place | None = None,
    who: Looker = NOBODY,
    thumbnails: bool = False,
    categories: str | None = None,
    measures: MeasureWish | None = None,
    layouts: Sequence[str] = (),
    stretch: Stretch | None = None,
    scheduler: str = "",
    on_done: Callable[[Done], None],
    on_refused: Callable[[UserError], None],
    ctx: Context,
) -> None:
    """Write `<stem>.csv`, `<stem>.png` for each clip and one `summary.json`.

    Where a model of categories is named or in use in the project, `<stem>.categories.csv` holds its verdicts.

    Args:
        clips: Videos or images, or folders whose videos are all taken in the order of their names. Equal stems get a
            suffix in the given order.
        out: The folder, which is made if it is missing.
        model: Name of a model; None for the one in use.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        detector: "mtcnn" or "yunet".
        project_path: A project whose stored predictions are reused and which keeps new ones.
        who: The person who sees the predictions of the project's clips.
        thumbnails: Whether to show frames under the curves of the pictures.
        categories: Name or folder of a model of categories; None for the one in use in the project, if any.
        measures: How to measure head pose, eyes and movements; None leaves them out.
        layouts: Keys of `app.services.predict.face_files.ENDINGS`: programs in whose layout the measured faces are
            written, too; only with `measures`.
        stretch: The part of each clip to predict, of which nothing is kept in a project; None for whole clips. Only
            without a project, measures and a model of categories.
        scheduler: Address of a Dask cluster whose workers compute; empty for this process. The results are the same.
        on_done: Called for each clip that was analysed and written.
        on_refused: Called with the reason for each clip that was not.
        ctx: Receives the progress, and can cancel; what was finished before a cancel stays written and summarised.

    Raises:
        UserError: The folder cannot be written, the summary would replace a file that this program did not write (both
            are checked first), no file is named, or the model or the project cannot be used at all.
        Cancelled: The user cancelled.
    """
    check_writable(out)
    failures = Failures(on_failure=on_refused)
    files = list(_files(clips, out, failures))
    refuse_foreign([out / SUMMARY], inputs=files)
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        project = None
        if project_path is not None:
            from app.services.projects.files import open_sound

            project = stack.enter_context(open_sound(project_path))
            look_as(project, who)
        analyser = stack.enter_context(Analyser(model, device, detector, project_path))
        reader = category_reader(categories, project, device)
        finder = None if measures is None else MeshFinder(device)
        work: WorkInTurn | None = None
        view = measures.field_of_view_deg if measures is not None else 0.0
        if scheduler:
            from app.services.predict.farm import ClipFarm, Wanted

            wanted = Wanted(analyser, device, project, stretch, finder, view, reader)
            work = ClipFarm(stack.enter_context(Cluster(scheduler, ctx)), files, wanted)
        elif len(files) > 1 and analyser.pipeline.provider == "CPU":
            spare = stack.enter_context(Analyser(model, device, detector, project_path))
            here = Here(project, stretch, finder, view, reader)
            work = stack.enter_context(SeveralClips(files, [analyser, spare], here, ctx))
        writer = _Writer(
            out, files, project, analyser, reader, finder, measures, tuple(layouts), stretch, thumbnails, work, ctx
        )
        stems = result_stems(files, writer.endings)
        try:
            for number, (path, stem) in enumerate(zip(files, stems, strict=True)):
                if work is not None:
                    work.turn(number)
                with failures.of(path.name):
                    done, row = writer.write(path, stem)
                    rows.append(row)
                    on_done(done)
        finally:
            if rows or not failures:
                _end(project, out, rows, failures)


def _end(project: Project | None, out: Path, rows: Sequence[dict[str, Any]], failures: Failures) -> None:
    """Write the table of all clips, and note in the project what has left it."""
    table = {"clips": rows, "failed": failures.as_json()}
    with result(out / SUMMARY) as temporary:
        temporary.write_text(json_safe(json.dumps(table, indent=2, ensure_ascii=False)) + "\n", "utf-8")
    if rows and project is not None:
        note_left(project, "predictions", out, counts={"clips": len(rows)})


@dataclass(frozen=True, eq=False)
class _Writer:
    """Writes what is wanted of each clip; the attributes are the arguments of `analyse_clips`, opened."""

    out: Path
    files: Sequence[Path]
    project: Project | None
    analyser: Analyser
    reader: CategoryReader | None
    finder: MeshFinder | None
    measures: MeasureWish | None
    layouts: tuple[str, ...]
    stretch: Stretch | None
    thumbnails: bool
    work: Work | None
    ctx: Context

    @property
    def endings(self) -> list[str]:
        """The endings of the files of a clip."""
        own = [ENDINGS[layout] for layout in self.layouts]
        return [".csv", ".png", *own, *([VERDICTS] if self.reader is not None else [])]

    def write(self, path: Path, stem: str) -> tuple[Done, dict[str, Any]]:
        """Write the files of a clip, and return what was done and its row of the summary."""
        began_s, project, ctx = time.perf_counter(), self.project, self.ctx
        refuse_foreign([self.out / f"{stem}{ending}" for ending in self.endings], inputs=self.files)
        analysis = self.analyser.analyse(path, ctx, project=project, stretch=self.stretch, work=self.work)
        if project is not None:
            _let_out(project, analysis)
        measured = self._measured(path, stem, analysis)
        names = () if self.measures is None else COLUMNS
        seen = None if project is None else people_of(project, analysis)
        csv = self.out / f"{stem}.csv"
        write_predictions(csv, analysis, measured, names, seen)
        frames = clip_thumbnails(path, analysis, ctx) if self.thumbnails else ()
        write_clip_figure(self.out / f"{stem}.png", analysis, path.name, frames)
        verdicts = None
        if self.reader is not None:
            verdicts = said_of(self.reader, project, path, analysis, ctx, self.work)
            write_verdicts(self.out / f"{stem}{VERDICTS}", verdicts)
        blinks = {} if self.measures is None else {"measures": by_track(measured)}
        row = _summary(path, analysis) | blinks | _category_summary(verdicts, analysis)
        return Done(path, csv, analysis, time.perf_counter() - began_s, verdicts), row

    def _measured(self, path: Path, stem: str, analysis: ClipAnalysis) -> tuple[TrackMeasures, ...]:
        """Measure the faces of a clip if that is wanted, and write them in the layouts of other programs."""
        if self.finder is None or self.measures is None:
            return ()
        view = self.measures.field_of_view_deg
        found = measures_of(
            self.project, path, analysis, self.ctx, finder=self.finder, field_of_view_deg=view, work=self.work
        )
        measured = told(found, analysis, self.measures.baseline)
        for layout in self.layouts:
            write_faces(layout, self.out / f"{stem}{ENDINGS[layout]}", path.name, analysis, found, view)
        return measured


def _let_out(project: Project, analysis: ClipAnalysis) -> None:
    """Note that predictions of a clip are about to be written; of one that the project lacks nothing can be kept.

    Raises:
        Uncovered: The consent of the clip's subject does not cover it. Their predictions stay in the project.
    """
    clip = db.clips.by_hash(project, analysis.key.media_sha256)
    if clip is not None:
        try:
            covered_clips(project, [clip])
        except Uncovered as error:
            raise Uncovered(error.purpose, error.refusals, way="clip") from error
        note_clips(project, [clip.id], "predictions")


def _files(clips: Sequence[Path], out: Path, failures: Failures) -> Iterator[Path]:
    """Return the files, and the videos below the folders except those in the folder of the results.

    What is named like a video in a folder but is not a file is a failure.
    """
    results = Path(os.path.abspath(out))
    for path in clips:
        if not path.is_dir():
            yield path
            continue
        videos = [
            file for file in media_below(path, VIDEO_ENDINGS) if not Path(os.path.abspath(file)).is_relative_to(results)
        ]
        for stray in strays_below(path, VIDEO_ENDINGS):
            with failures.of(stray.name):
                read_head(stray)  # refuses it in a sentence
        if not videos:
            none = UserError(f"The folder {path} holds no video.", "Choose a folder with clips, or name the files.")
            if len(clips) == 1:
                raise none
            failures.add(str(path), none)
        yield from videos


def result_stems(files: Sequence[Path], endings: Sequence[str]) -> list[str]:
    """Return each file's stem, or with the first free suffix, so that no two results of the batch have one name.

    Names are compared without case and in one form of their accents, as some file systems do. `a.categories.mp4` beside
    `a.mp4` would share a name, too.
    """
    taken = {SUMMARY, LEDGER}
    longest = max(endings, key=len)
    names = []
    for file in files:
        name, number = shortened(file.stem, longest), 2
        while taken & (mine := {_alike(f"{name}{ending}") for ending in endings}):
            name = f"{shortened(file.stem, f'-{number}', longest)}-{number}"
            number += 1
        taken |= mine
        names.append(name)
    return names


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _category_summary(verdicts: ClipVerdicts | None, analysis: ClipAnalysis) -> dict[str, Any]:
    """Return the verdict on the whole clip for each face."""
    if verdicts is None:
        return {}
    found = []
    for track in analysis.tracks:
        said = verdicts.item(track.track_id, *item_range(None, analysis))
        if said is not None:
            shares = zip(verdicts.classes, said.probabilities, strict=True)
            top = verdicts.classes[int(said.probabilities.argmax())]
            found.append(
                {
                    "track": track.track_id,
                    "category": top,
                    "probabilities": {name: round(float(share), 4) for name, share in shares},
                }
            )
    return {"categories": {"model": verdicts.key.model, "whole_clip": found}}


def _summary(path: Path, analysis: ClipAnalysis) -> dict[str, Any]:
    total_s, part = analysis.seconds.get("total", 0.0), analysis.stretch
    return {
        "path": str(path),
        "sha256": analysis.key.media_sha256,
        "model": analysis.key.model,
        "provider": analysis.provider,
        "frames": len(analysis.looked_at),
        "frames_lost": len(analysis.lost_idx),
        "frames_with_face": analysis.frames_with_face,
        "tracks": len(analysis.tracks),
        "complete": analysis.complete,
        "note": analysis.note,
        "seconds": {name: round(value, 4) for name, value in analysis.seconds.items()},
        "fps": round(len(analysis.looked_at) / total_s, 2) if total_s > 0 else None,
        **({} if part is None else {"first_frame": part[0], "last_frame": part[1] - 1}),
    }
