"""Brings a project's stored predictions up to the model in use: finds clips that are behind and analyses them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import db.clips
import db.runs
from app.batch import Failures
from app.domain.project import ClipRecord
from app.errors import UserError
from app.jobs import Context
from app.services.models.in_use import card_in_use, is_of, wished_model
from db.project import Project


@dataclass(frozen=True)
class Behind:
    """Clips whose stored predictions are not of the model in use.

    Attributes:
        model: Name of the model in use; empty where it cannot be said.
        clips: Clips with predictions, none of which is of the model in use; those whose file is missing are left out.
    """

    model: str
    clips: tuple[ClipRecord, ...]

    @property
    def sentence(self) -> str:
        """A sentence for people; empty where nothing is behind."""
        n = len(self.clips)
        if not n:
            return ""
        what = "One clip still shows" if n == 1 else f"{n} clips still show"
        return f"{what} the curves of another model."


def clips_behind(project: Project, setting: str = "") -> Behind:
    """The clips whose stored predictions are all of other models than the one in use.

    Args:
        project: The open project.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
    """
    try:
        card = card_in_use(wished_model(setting, project), project)
    except UserError:  # said where somebody wants to predict
        return Behind("", ())
    seen, current = db.runs.newest(project), db.runs.newest(project, model=card.name)
    found = [
        clip
        for clip in db.clips.every(project)
        if clip.id in seen and not clip.missing and not (clip.id in current and is_of(current[clip.id].key, card))
    ]
    return Behind(card.name, tuple(found))


def analyse_into(ctx: Context, project: Project, paths: Sequence[Path], model: str | None, device: str) -> list[str]:
    """Analyse files into the project, one after the other. Stored results are not computed again.

    Args:
        ctx: Progress and cancel; clips finished before a cancel stay.
        project: The project, open for writing.
        paths: The clips' files.
        model: See `app.services.models.in_use.wished_model`.
        device: auto, cpu, cuda, tensorrt or coreml.

    Returns:
        Sentences on what the user should know: clips that were refused, that are damaged or show no face.

    Raises:
        UserError: The model cannot run, or the only clip cannot be read.
        Cancelled: On request.
    """
    from app.services.predict.analyse import Analyser

    said: list[str] = []
    failures = Failures(on_failure=lambda error: said.append(str(error)))
    with Analyser(model, device, project_path=project.path) as analyser:
        for path in paths:
            ctx.check()
            with failures.of(path.name):
                analysis = analyser.analyse(path, ctx, project=project)
                if analysis.note:
                    said.append(f"{path.name}: {analysis.note}")
                elif not analysis.tracks:
                    said.append(f"No face was found in {path.name}.")
    if failures and len(paths) == 1:
        raise failures.errors[0]
    return said


def analyse_clips(ctx: Context, project: Project, paths: Sequence[Path], setting: str, device: str) -> list[str]:
    """Analyse files with the model that the project or the user has chosen; see `analyse_into`.

    Args:
        ctx: Progress and cancel; clips finished before a cancel stay.
        project: The project, open for writing.
        paths: The clips' files.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
        device: auto, cpu, cuda, tensorrt or coreml.
    """
    return analyse_into(ctx, project, paths, wished_model(setting, project), device)


def renew(ctx: Context, project: Project, setting: str, device: str) -> list[str]:
    """Analyse again the clips whose stored predictions are of another model; arguments as in `analyse_clips`."""
    paths = [clip.path for clip in clips_behind(project, setting).clips]
    return analyse_clips(ctx, project, paths, setting, device)
