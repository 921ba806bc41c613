"""What refers to each clip: faces, answers and studies."""

from sqlalchemy import func, select

from app.domain.clip_use import ClipUse
from db.project import Source, reading
from db.schema import Answer, Item, Run, RunTrack, Study, StudyItem


def every(source: Source) -> dict[int, ClipUse]:
    """Return what refers to each clip, by the clip's number; clips to which nothing refers are left out."""
    latest = select(func.max(Run.id)).group_by(Run.clip_id)
    faces = (
        select(Run.clip_id, func.count())
        .join(RunTrack, RunTrack.run_id == Run.id)
        .where(Run.id.in_(latest))
        .group_by(Run.clip_id)
    )
    answers = (
        select(Item.clip_id, func.count())
        .join(Answer, Answer.item_id == Item.id)
        .where(Answer.current, Answer.purpose == "main")
        .group_by(Item.clip_id)
    )
    judged = (
        select(Item.clip_id, Study.name, Study.id)
        .join(StudyItem, StudyItem.item_id == Item.id)
        .join(Study, Study.id == StudyItem.study_id)
        .where(~Item.removed)
        .order_by(Study.id)
        .distinct()
    )
    with reading(source) as session:
        faces_of = {clip: int(count) for clip, count in session.execute(faces)}
        answers_of = {clip: int(count) for clip, count in session.execute(answers)}
        studies_of: dict[int, list[str]] = {}
        for clip, name, _ in session.execute(judged):
            studies_of.setdefault(clip, []).append(name)
    return {
        clip: ClipUse(faces_of.get(clip, 0), answers_of.get(clip, 0), tuple(studies_of.get(clip, ())))
        for clip in faces_of.keys() | answers_of.keys() | studies_of.keys()
    }
