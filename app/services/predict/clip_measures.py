"""Measures of a clip's faces for the window: reads those that the project stores, and measures what is missing."""

from collections.abc import Sequence
from pathlib import Path

import db.measures
from app.batch import Failures
from app.domain.analysis import ClipAnalysis
from app.domain.measured_faces import MeasuredFaces
from app.domain.project import ClipRecord
from app.faces.mesh import MeshFinder
from app.jobs import Context
from app.services.models.in_use import wished_model
from app.services.predict.measures import measures_of, told
from db.project import Project


def stored_measures(
    project: Project, clip: ClipRecord, analysis: ClipAnalysis | None, baseline: str, *, mesh: bool
) -> MeasuredFaces | None:
    """Return the stored measures of the faces of a clip's predictions; None if there are none.

    Args:
        project: The open project.
        clip: The clip.
        analysis: Its predictions; None without any.
        baseline: "median" or "none", the reference of the movements.
        mesh: Whether to read the points of the meshes, too.
    """
    if analysis is None:
        return None
    stored = db.measures.newest(project, clip.id, analysis, points=mesh)
    return None if stored is None else MeasuredFaces(analysis, stored, told(stored, analysis, baseline))


def measure_clips(
    ctx: Context, project: Project, paths: Sequence[Path], setting: str, device: str, field_of_view_deg: float
) -> list[str]:
    """Measure the faces of clips, one after the other; a clip without predictions is analysed first.

    Args:
        ctx: Receives the progress, and can cancel; clips finished before a cancel stay.
        project: The project, open for writing.
        paths: The clips' files.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        field_of_view_deg: Horizontal field of view of the camera in degrees.

    Returns:
        Sentences on clips that were refused or show no face.

    Raises:
        UserError: A model cannot run, or the only clip cannot be read.
        Cancelled: The user cancelled.
    """
    from app.services.predict.analyse import Analyser

    said: list[str] = []
    failures = Failures(on_failure=lambda error: said.append(str(error)))
    finder = MeshFinder(device)
    with Analyser(wished_model(setting, project), device, project_path=project.home) as analyser:
        for path in paths:
            ctx.check()
            with failures.of(path.name):
                analysis = analyser.analyse(path, ctx, project=project)
                if not analysis.tracks:
                    said.append(f"No face was found in {path.name}.")
                measures_of(project, path, analysis, ctx, finder=finder, field_of_view_deg=field_of_view_deg)
    if failures and len(paths) == 1:
        raise failures.errors[0]
    return said
