"""Applies edits that can be undone, and undoes them."""

import time

import db.edits
import db.raters
from app.domain.changes import Changes, Edit
from app.domain.project import RaterRecord
from app.domain.rescue import Named, Rescued
from app.services.projects import confirmed
from app.services.projects.keeping import rescuing, surely
from db.project import Project, Source
from db.schema import new_uid


def apply_edit(project: Project, edit: Edit) -> Changes:
    """Apply an edit; apply its `inverse()` to undo it.

    Args:
        project: The project, open for writing.
        edit: An edit, as services such as `app.services.agreement.decide` make it.

    Returns:
        The changes that were made.

    Raises:
        UserError: A row is not as the edit expects it, a name is taken, or labels depend on a row that would be
            removed.
        ProjectLost: The project is lost. A reviewer's or owner's change of answers and traces is then in its rescue
            file.
    """
    kinds = {change.kind for change in edit.changes}
    who = _person(project, edit.actor) if kinds and kinds <= {"answer", "trace"} and edit.actor else None
    if who is None:
        return _apply(project, edit, new_uid())
    entry = _entry(edit, who)
    with rescuing(project, lambda: entry):
        changes = _apply(project, edit, entry.uid)
    confirmed.add(project, entry)
    return changes


def _apply(project: Project, edit: Edit, uid: str) -> Changes:
    def known(now: Source) -> Changes | None:
        return (
            Changes.all_of(Changes.of(change.kind) for change in edit.changes) if db.audit.known(now, [uid]) else None
        )

    return surely(project, lambda: db.edits.apply(project, edit, uid=uid), known)


def _person(project: Project, code: str) -> RaterRecord | None:
    return next((one for one in db.raters.every(project) if one.code == code), None)


def _entry(edit: Edit, who: RaterRecord) -> Rescued:
    return Rescued(
        uid=new_uid(), what="edit", confirmed=True, at=time.time(), rater=Named(who.uid, who.code), item=None,
        study=None, study_version=0, condition="", pass_no=1, purpose="main", check="", kind="rating", blinded=False,
        edit=edit,
    )  # fmt: skip
