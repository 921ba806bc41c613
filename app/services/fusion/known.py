"""What a project knows of fusions: the models that can be members, the fusions so far, and the model in use."""

from dataclasses import dataclass

import db.models
from app.domain.project import TrainingRecord
from app.services.fusion.members import Candidate, candidates
from app.services.fusion.runs import RECIPE
from app.services.models.in_use import CATEGORY_ROLE
from db.project import Project


@dataclass(frozen=True)
class Fusions:
    """Everything about fusions in a project.

    Attributes:
        candidates: The models that can be members.
        records: The fusions, newest first.
        in_use_name: The model of categories in use; empty without one.
        in_use_sha256: Hash of that model.
    """

    candidates: tuple[Candidate, ...]
    records: tuple[TrainingRecord, ...]
    in_use_name: str
    in_use_sha256: str


def fusions(project: Project) -> Fusions:
    """Read the possible members, the fusions and the model of categories in use."""
    used = db.models.in_use(project, CATEGORY_ROLE)
    return Fusions(
        candidates(project),
        tuple(record for record in db.models.trainings(project) if record.recipe == RECIPE),
        used.name if used is not None else "",
        used.sha256 if used is not None else "",
    )
