"""What a project knows of fusions: the models that can be members, the fusions so far, and the models in use."""

from dataclasses import dataclass
from pathlib import Path

import db.models
from app.domain.project import ModelRecord, TrainingRecord
from app.services.fusion import affect
from app.services.fusion.affect_members import affect_candidates
from app.services.fusion.affect_outcome import AffectOutcome
from app.services.fusion.members import Candidate, candidates
from app.services.fusion.outcome import FusionOutcome, outcome_of
from app.services.fusion.runs import RECIPE
from app.services.models.in_use import CATEGORY_ROLE, ROLE
from app.services.retrain.category_report import REPORT
from app.services.retrain.runs import run_folder
from db.project import Project

Found = FusionOutcome | AffectOutcome


@dataclass(frozen=True)
class Fusions:
    """Everything about fusions in a project.

    Attributes:
        candidates: The models that can be members, those of categories first.
        records: The fusions, newest first.
        category_model: The model of categories in use; None without one.
        affect_model: The model of valence and arousal in use, if one was promoted.
    """

    candidates: tuple[Candidate, ...]
    records: tuple[TrainingRecord, ...]
    category_model: ModelRecord | None
    affect_model: ModelRecord | None

    @property
    def enough(self) -> bool:
        """Whether there are two models that predict the same, so that something can be fused."""
        kinds = [each.predicts for each in self.candidates]
        return any(kinds.count(kind) > 1 for kind in kinds)

    def used(self, record: TrainingRecord) -> ModelRecord | None:
        """Return the model in use that predicts what a fusion predicts; None without one."""
        return self.affect_model if of_affect(record) else self.category_model

    def in_use(self, record: TrainingRecord) -> bool:
        """Return whether a fusion is the model in use."""
        used = self.used(record)
        return used is not None and record.model is not None and record.model.sha256 == used.sha256


def of_affect(record: TrainingRecord) -> bool:
    """Return whether a fusion predicts valence and arousal, and not categories."""
    return record.recipe == affect.RECIPE


def role_of(record: TrainingRecord) -> str:
    """Return the role in which a fusion can be in use."""
    return ROLE if of_affect(record) else CATEGORY_ROLE


def fusions(project: Project) -> Fusions:
    """Read the possible members, the fusions and the models in use."""
    return Fusions(
        (*candidates(project), *affect_candidates(project)),
        tuple(record for record in db.models.trainings(project) if record.recipe in (RECIPE, affect.RECIPE)),
        db.models.in_use(project, CATEGORY_ROLE),
        db.models.in_use(project, ROLE),
    )


def read_fusion(project: Project, record: TrainingRecord) -> tuple[Found, Path | None]:
    """Return what a finished fusion found, and its page if there is one.

    Raises:
        UserError: Its files are gone or incomplete.
    """
    found = AffectOutcome.of(record.metrics[affect.FACTS]) if of_affect(record) else outcome_of(project, record)
    page = run_folder(project, record) / REPORT
    return found, page if page.is_file() else None
