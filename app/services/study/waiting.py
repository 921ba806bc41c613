"""The studies and people with open tasks, which are offered to a person who wants to annotate."""

from dataclasses import dataclass

import db.assignments
import db.raters
import db.studies
from app.services.study.kits import guarded, kit_of
from db.project import Project


@dataclass(frozen=True)
class OpenStudy:
    """A study in which somebody can work.

    Attributes:
        name: Name of the study.
        title: Its title by language.
        languages: Languages that it is translated into, its own first.
        left: Number of presentations that each rater still has to do; raters without an assignment are left out.
        pins: Codes of raters who are asked for a PIN.
        listed: Whether the codes may be offered in a list; otherwise they must be typed.
    """

    name: str
    title: dict[str, str]
    languages: tuple[str, ...]
    left: dict[str, int]
    pins: frozenset[str]
    listed: bool = True


def open_studies(project: Project) -> list[OpenStudy]:
    """Return the studies of a project with the people who were given work in them; simulated raters are not offered."""
    hidden = guarded(project) and kit_of(project) is None  # a kit names one rater only
    with project.read() as session:
        pins = frozenset(rater.code for rater in db.raters.every(session) if rater.has_pin)
        active = {rater.code for rater in db.raters.every(session, active_only=True) if not rater.simulated}
        found = []
        for record in db.studies.every(session):
            progress = db.assignments.progress(session, record.id)
            left = {
                member.rater: progress[member.rater_id].left
                for member in db.studies.members(session, record.id)
                if member.left_at is None and member.rater in active and member.rater_id in progress
            }
            study = record.study
            listed = study.codes == "listed" or (study.codes == "auto" and not hidden)
            languages = tuple(dict.fromkeys((study.language, *study.languages)))
            found.append(OpenStudy(record.name, dict(study.title), languages, left, pins, listed))
    return found
