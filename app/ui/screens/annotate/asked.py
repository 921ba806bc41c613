"""The questions of the annotation screen to the rater's session; the desk runs them beside the window."""

from typing import TYPE_CHECKING, Any

from app.domain.answers import StoredAnswer
from app.domain.study import TaskKind
from app.domain.study_records import RaterProgress, Waiting
from app.services.study.tasks import Task

if TYPE_CHECKING:
    from app.services.study.session import AnnotateSession


def next_tasks(session: "AnnotateSession") -> tuple[list[Task], RaterProgress, dict[TaskKind, Waiting]]:
    """Return the tasks for one screen, how far the rater is, and what is left of each kind."""
    task = session.current()
    tasks: list[Any] = [] if task is None else [task]
    if task is not None and not task.is_trace and session.study.batch_size > 1:
        tasks = session.batch()
    return tasks, session.progress(), session.waiting()


def answer_to(session: "AnnotateSession", task: Task) -> StoredAnswer | None:
    """Return the rater's present answer to a task; None if there is none."""
    slot = task.slot.slot
    wanted = (task.slot.item_id, slot.condition, slot.pass_no, slot.purpose)
    of = [a for a in session.history() if a.current]
    return next(
        (a for a in reversed(of) if (a.key.item_id, a.key.condition, a.key.pass_no, a.key.purpose) == wanted), None
    )
