"""Public tables of labels are read as they were published: who is seen is the subject."""

import json

import numpy as np
import pytest

from app.cli import main
from app.errors import UserError
from app.interchange.tidy import read_categories as tidy_categories
from app.interchange.tidy_ratings import read_categories, read_ratings

VOTE_HEADER = (
    '"","A","D","F","H","N","S","fileName","numResponses","agreement","emoVote","meanEmoResp","meanAngerResp",'
    '"meanDisgustResp","meanFearResp","meanHappyResp","meanNeutralResp","meanSadResp","medianEmoResp",'
    '"meanEmoRespNorm","meanAngerRespNorm","meanDisgustRespNorm","meanFearRespNorm","meanHappyRespNorm",'
    '"meanNeutralRespNorm","meanSadRespNorm","medianEmoRespNorm"\n'
)
RESPONSE_HEADER = (
    '"","localid","pos","ans","ttr","queryType","numTries","clipNum","questNum","subType","clipName","sessionNums",'
    '"respEmo","respLevel","dispEmo","dispVal","dispLevel"\n'
)
WORDS = "ADFHNS"


def crema_votes(path, actors=12, clips=4, seed=0):
    """A table of votes with CREMA-D's columns: three ways of presentation, six clips of each actor at most."""
    rng = np.random.default_rng(seed)
    lines = []
    for way in (1, 2, 3):
        for n in range(actors * clips):
            name = f"{1001 + n // clips}_{('DFA', 'IEO', 'ITH', 'TAI')[n % clips]}_ANG_XX"
            counts = rng.multinomial(10, np.roll([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], n))
            vote = ":".join(w for w, c in zip(WORDS, counts, strict=True) if c == counts.max())
            rest = ",".join("-1" if k % 2 else "53.5" for k in range(15))
            votes = ",".join(map(str, counts))
            lines.append(f'"{way}{n + 1:05d}",{votes},"{name}",10,{counts.max() / 10},"{vote}",51.5,{rest}\n')
    path.write_text(VOTE_HEADER + "".join(lines))
    return path


def crema_responses(path, actors=6, clips=3, people=5, seed=0):
    """A table of single answers with CREMA-D's columns."""
    rng = np.random.default_rng(seed)
    lines = []
    for k, (person, way, n) in enumerate(np.ndindex(people, 2, actors * clips)):
        name = f"{1001 + n // clips}_{('DFA', 'IEO', 'ITH')[n % clips]}_SAD_XX"
        said = WORDS[rng.integers(6)] if rng.random() < 0.3 else WORDS[n % 6]
        lines.append(
            f'"{k + 1}",{person + 1},{k},"{said}_60",2500,{way + 2},0,{n + 1},{k},4,"{name}","{person}","{said}",60,'
            '"S","X",50\n'
        )
    path.write_text(RESPONSE_HEADER + "".join(lines))
    return path


@pytest.mark.parametrize("name", ["actor", "Actor ID", "speaker", "participant", "person_id", "subject_id", "Speaker"])
def test_the_person_seen_is_the_subject_and_never_a_vote(tmp_path, name):
    path = tmp_path / "votes.csv"
    path.write_text(f"clip,{name},happy,sad\na,1,3,2\nb,1,0,5\nc,2,4,1\n")
    table = read_categories(path)
    assert table.categories == ("happy", "sad")
    assert [table.items.subject.names[code] for code in table.items.subject.codes] == ["1", "1", "2"]
    assert f"Column “{name}” was taken as the subject, the person who is seen." in table.notes


def test_a_column_subject_wins_and_other_names_of_people_are_no_votes(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("clip,speaker,subject,happy,sad\na,7,s1,3,2\nb,8,s2,0,5\n")
    table = read_categories(path)
    assert table.items.subject.names == ("s1", "s2")
    assert table.categories == ("happy", "sad")
    assert "Column “speaker” names people, too, and was left out." in table.notes


def test_a_participant_beside_a_rater_is_seen_and_one_without_may_be_the_rater(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("clip,participant,rater,emotion,score\na,p1,A,happy,1\na,p1,B,happy,2\n")
    assert read_ratings(path).items.subject.names == ("p1",)
    path.write_text("clip,participant,category\na,p1,happy\na,p2,sad\n")
    with pytest.raises(UserError):
        read_categories(path)


def test_labels_for_a_project_name_the_same_subject(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("clip,Actor,rater,category\na,24,A,happy\n")
    assert tidy_categories(path)[0].place.subject == "24"


def test_the_votes_of_crema_d_are_read_as_published(tmp_path):
    table = read_categories(crema_votes(tmp_path / "tabulatedVotes.csv"))
    assert table.categories == ("anger", "disgust", "fear", "happy", "neutral", "sad")
    assert table.condition.names == ("voice_only", "face_only", "audio_visual")
    assert len(table.items.subject.names) == 12
    assert len(table.items) == 48
    assert set(table.votes.sum(axis=1)) == {10.0}
    assert any("CREMA-D" in note and "actor" in note for note in table.notes)


def test_the_answers_of_crema_d_are_read_as_published(tmp_path):
    table = read_categories(crema_responses(tmp_path / "finishedResponses.csv"))
    assert table.condition.names == ("face_only", "audio_visual")
    assert table.rater.names == ("1", "2", "3", "4", "5")
    assert len(table.items.subject.names) == 6
    assert set(table.category.names) <= {"anger", "disgust", "fear", "happy", "neutral", "sad"}
    np.testing.assert_array_equal(table.response_s, 2.5)


@pytest.mark.parametrize(
    ("make", "name"), [(crema_votes, "tabulatedVotes.csv"), (crema_responses, "finishedResponses.csv")]
)
def test_a_report_of_crema_d_takes_the_actor_as_its_unit_and_says_so(tmp_path, capsys, make, name):
    path = make(tmp_path / name)
    out, page = tmp_path / "out.json", tmp_path / "page.html"
    assert main(["agreement", "--categories", str(path), "--json", str(out), "--html", str(page)]) == 0
    found = json.loads(out.read_text())
    assert found["settings"]["by"] == "subject"
    assert found["provenance"]["labels"][0]["subjects"] == (12 if make is crema_votes else 6)
    screen = capsys.readouterr().out
    assert "│ anger    │" in screen  # no long head takes the room of the rows' names
    assert "│ a │" not in screen
    printed = " ".join(screen.split())
    for text in (printed, " ".join(page.read_text().split())):
        assert "was read as a table of CREMA-D: the subject is the actor" in text
    assert {pair["kind"] for pair in found["pairs"]} == {"category"}
    # With equally many votes an indicator's variance is its mean's: nothing is left at an unchanged mean.
    left = [pair["prevalence_adjusted"] for pair in found["details"]["pairs"] if pair["emotion"]]
    assert all(one["value"] is None and "follows wholly from its mean" in one["reason"] for one in left)
