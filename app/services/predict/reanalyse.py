"""Brings a project's stored predictions up to the model in use: finds clips that are behind and analyses them again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import db.clips
import db.models
import db.runs
import db.spans
from app.batch import Failures
from app.domain.analysis import AnalysedPart
from app.domain.project import ClipRecord
from app.errors import UserError
from app.jobs import Context
from app.services.models.in_use import CATEGORY_ROLE, card_in_use, is_of, wished_model
from db.project import Project

if TYPE_CHECKING:
    from app.services.predict.categories import CategoryReader


@dataclass(frozen=True)
class Behind:
    """Clips whose stored predictions do not come from the model in use.

    Attributes:
        model: Name of the model in use; empty where it is unknown.
        clips: Clips with predictions that are to be analysed again; those whose file is missing are left out.
        silent: Number of clips that lack only the verdict of the model of categories.
    """

    model: str
    clips: tuple[ClipRecord, ...]
    silent: int = 0

    @property
    def sentence(self) -> str:
        """A sentence for people; empty if no clip is behind."""
        n = len(self.clips)
        if not n:
            return ""
        if n == self.silent:
            what = "One clip has" if n == 1 else f"{n} clips have"
            return f"{what} no verdict of the model of categories yet."
        what = "One clip still shows" if n == 1 else f"{n} clips still show"
        return f"{what} the curves of another model."


def clips_behind(project: Project, setting: str = "") -> Behind:
    """Return the clips whose stored predictions all come from other models than those in use, or lack the category.

    Args:
        project: The open project.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
    """
    try:
        card = card_in_use(wished_model(setting, project), project)
    except UserError:  # said where somebody wants to predict
        return Behind("", ())
    seen, current = db.runs.newest(project), db.runs.newest(project, model=card.name)
    promoted = db.models.in_use(project, CATEGORY_ROLE)
    said = set(seen) if promoted is None else db.spans.clips_of(project, promoted.sha256)
    here = [clip for clip in db.clips.every(project) if clip.id in seen and not clip.missing]
    old = {clip.id for clip in here if not (clip.id in current and is_of(current[clip.id].key, card))}
    found = tuple(clip for clip in here if clip.id in old or clip.id not in said)
    return Behind(card.name, found, sum(clip.id not in old for clip in found))


def analyse_into(
    ctx: Context,
    project: Project,
    paths: Sequence[Path],
    model: str | None,
    device: str,
    on_part: Callable[[AnalysedPart], None] | None = None,
) -> list[str]:
    """Analyse files into the project, one after the other. Stored results are not computed again.

    Args:
        ctx: Receives the progress, and can cancel; clips finished before a cancel stay.
        project: The project, open for writing.
        paths: The clips' files.
        model: See `app.services.models.in_use.wished_model`.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        on_part: See `app.services.predict.analyse.Analyser`.

    Returns:
        Sentences on clips that were refused, are damaged or show no face.

    Raises:
        UserError: The model cannot run, or the only clip cannot be read.
        Cancelled: The user cancelled.
    """
    from app.services.predict.analyse import Analyser
    from app.services.predict.categories import said_of

    said: list[str] = []
    failures = Failures(on_failure=lambda error: said.append(str(error)))
    with Analyser(model, device, project_path=project.home, on_part=on_part) as analyser:
        reader = _category_reader(project, device, said)
        for path in paths:
            ctx.check()
            with failures.of(path.name):
                analysis = analyser.analyse(path, ctx, project=project)
                if reader is not None:
                    said_of(reader, project, path, analysis, ctx)
                if analysis.note:
                    said.append(f"{path.name}: {analysis.note}")
                elif not analysis.tracks:
                    said.append(f"No face was found in {path.name}.")
    if failures and len(paths) == 1:
        raise failures.errors[0]
    return said


def _category_reader(project: Project, device: str, said: list[str]) -> "CategoryReader | None":
    """Return the project's model of categories; where it cannot be used, that is said and the rest goes on."""
    from app.services.predict.categories import category_reader

    try:
        return category_reader(None, project, device)
    except UserError as error:
        said.append(str(error))
        return None


def analyse_clips(
    ctx: Context,
    project: Project,
    paths: Sequence[Path],
    setting: str,
    device: str,
    on_part: Callable[[AnalysedPart], None] | None = None,
) -> list[str]:
    """Analyse files with the model that the project or the user has chosen; see `analyse_into`.

    Args:
        ctx: Receives the progress, and can cancel; clips finished before a cancel stay.
        project: The project, open for writing.
        paths: The clips' files.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        on_part: See `app.services.predict.analyse.Analyser`.
    """
    return analyse_into(ctx, project, paths, wished_model(setting, project), device, on_part)


def renew(ctx: Context, project: Project, setting: str, device: str) -> list[str]:
    """Analyse the clips whose stored predictions come from another model again.

    Arguments are as for `analyse_clips`.
    """
    paths = [clip.path for clip in clips_behind(project, setting).clips]
    return analyse_clips(ctx, project, paths, setting, device)
