"""The votes beside a verdict: those of one clip, by the rules of all analyses, without reading the others."""

import itertools
from collections import Counter

import numpy as np
import pytest

import db.answer_columns
import db.answers
import db.clips
import db.edits
import db.items
import db.raters
import db.studies
from app.domain.answers import Answer, AnswerKey, Circumstances
from app.domain.study import FACE_ONLY, FULL_CONTEXT
from app.domain.study_defaults import default_study
from app.services.labels.tables import load_project_ratings
from app.services.predict.clip_categories import clip_votes
from db.answers import NewAnswer
from db.project import Project
from tests.db.build import media_info

WORDS = ("happy", "sad", "angry")


@pytest.fixture
def judged(tmp_path):
    """Four clips, one with two items; five raters give categories in both conditions, some twice, some none."""
    rng = np.random.default_rng(3)
    with Project.create(tmp_path / "judged.affectograph") as project:
        for number in range(4):
            path = tmp_path / f"clip{number}.mp4"
            clip = db.clips.add(project, media_info(path), f"{number}" * 64, subject=f"S{number}")
            if number == 0:
                db.items.add(project, clip.id, name="its end", start_s=0.5, end_s=1.0)
        study = db.studies.save(project, default_study("people", trace=False))
        raters = [db.raters.add(project, f"R{number}").id for number in range(5)]
        items = [item.id for item in db.items.every(project)]
        every = itertools.product(items, raters, (FACE_ONLY, FULL_CONTEXT), (1, 2))
        for item, rater, condition, pass_no in every:
            word = rng.choice([*WORDS, ""])
            answer = Answer(category=word) if word else Answer(category_missing="cannot_tell")
            key = AnswerKey(study.id, rater, item, condition, pass_no)
            purpose = Circumstances(study_version=study.version, source="import")
            db.answers.add(project, NewAnswer(key, answer, purpose))
        yield project


def counted(project):
    """The same from the table of all answers: item → condition → category → raters."""
    table = load_project_ratings(project, None, with_traces=False)
    categories, out = table.categories, {each.rater for each in table.exclusions}
    found = {}
    for row in range(len(categories.item)):
        rater = categories.rater.names[categories.rater.codes[row]]
        if categories.pass_no[row] == 1 and categories.category.codes[row] >= 0 and rater not in out:
            name = categories.items.names[categories.item[row]]
            condition = categories.condition.names[categories.condition.codes[row]]
            word = categories.category.names[categories.category.codes[row]]
            found.setdefault(name, {}).setdefault(condition, Counter())[word] += 1
    return found


def test_the_votes_of_a_clip_are_those_of_the_whole_table(judged):
    names = {item.id: item.name for item in db.items.every(judged)}
    for left_out in (False, True):
        if left_out:
            db.edits.apply(judged, db.edits.exclude_rater(judged, db.raters.every(judged)[-1], "a trial", "owner"))
        whole = counted(judged)
        clips = db.clips.every(judged)
        mine = {names[item]: votes for clip in clips for item, votes in clip_votes(judged, clip.id).items()}
        assert len(mine) == 5
        assert mine == whole


def test_only_the_answers_on_the_clip_are_read(judged):
    first, *_ = db.clips.every(judged)
    items = {item.id for item in db.items.every(judged, clip_id=first.id)}
    some, every = db.answer_columns.answers(judged, clip_id=first.id), db.answer_columns.answers(judged)
    assert len(items) == 2
    assert set(some.item.tolist()) == items
    assert some.answer.tolist() == every.answer[np.isin(every.item, list(items))].tolist()
