"""Files of labels as laboratories and public corpora write them."""

import numpy as np
import pytest

from app.domain.ratings import CategoryTable, CountTable
from app.errors import UserError
from app.interchange.tidy_ratings import read_categories, read_ratings


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_ratings_with_only_the_required_columns(tmp_path):
    table = read_ratings(
        written(tmp_path, "clip,condition,rater,emotion,score\nc1,face_only,A,happy,3\nc1,face_only,B,happy,\n")
    )
    assert table.items.names == ("c1",)
    assert table.score[0] == 3
    assert np.isnan(table.score[1])
    assert table.pass_no.tolist() == [1, 1]
    assert table.answered_s is None
    assert (table.items.subject.codes == -1).all()


def test_ratings_with_every_column_and_any_order(tmp_path):
    text = (
        "score,emotion,pass,rater,condition,subject,clip_sha256,clip,item,study,missing_reason,answered_at,response_s\n"
        "2,sad,1,A,full_context,s1,ff,c1,c1#0,st,,2026-01-02T03:04:05Z,1.5\n"
        ",sad,2,A,full_context,s1,ff,c1,c1#0,st,unclear,2026-01-02T04:04:05+01:00,\n"
    )
    table = read_ratings(written(tmp_path, text))
    assert table.items.names == ("c1#0",)
    assert table.items.clip.names == ("c1",)
    assert table.items.subject.names == ("s1",)
    assert table.pass_no.tolist() == [1, 2]
    assert table.answered_s[0] == table.answered_s[1] == 1767323045.0
    assert table.response_s[0] == 1.5


def test_items_of_the_same_name_in_different_clips_stay_apart(tmp_path):
    table = read_ratings(written(tmp_path, "clip,item,condition,rater,emotion,score\nc1,1,f,A,e,3\nc2,1,f,A,e,3\n"))
    assert table.items.names == ("c1/1", "c2/1")


def test_the_last_of_repeated_answers_counts(tmp_path):
    table = read_ratings(written(tmp_path, "clip,condition,rater,emotion,score\nc,f,A,e,1\nc,f,A,e,4\nc,f,B,e,2\n"))
    assert table.score.tolist() == [4.0, 2.0]
    assert "repeat" in table.notes[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("clip,A,B\nc1,2,3\nc2,0,5\n", "utf-8"),
        ("\ufeffclip,A,B\r\nc1,2,3\r\nc2,0,5\r\n", "utf-8"),
        ("clip;A;B\nc1;2,0;3,0\nc2;;5\n", "utf-8"),
        ("clip\tA\tB\nc1\t2.0\t3.0\nc2\tNA\t5\n", "utf-16"),
        ("# published votes\n\nclip,condition,A,B\nc1,all,2,3\n\nc2,all,0,5\n,,,\n", "utf-8"),
        (" clip , A , B \n c1 , 2 , 3 \n c2 , , 5 \n", "utf-8"),
        ("A,clip,B,\n2,c1,3,\n0,c2,5,\n", "utf-8"),
        ("clip,file,A,B,total\nc1,a.jpg,2,3,5\nc2,b.jpg,0,5,5\n", "utf-8"),
        ("clip,A,B\nc1,1,1\nc2,0,5\nc1,1,2\n", "utf-8"),
        ("clip,A,B,pass\nc1,2,3,1\nc2,0,5,1\nc2,7,7,2\n", "utf-8"),
        (",clip,A,,B\n0,c1,2,,3\n1,c2,0,,5\n", "utf-8"),
        ("Unnamed: 0,Clip,Condition,A,B\n0,c1,all,2,3\n1,c2,all,0,5\n", "utf-8"),
        ("clip,category,A,B\nc1,A,2,3\nc2,B,0,5\n", "utf-8"),
    ],
)
def test_votes_in_every_dress_give_the_same_table(tmp_path, text, encoding):
    table = read_categories(written(tmp_path, text, encoding))
    assert isinstance(table, CountTable)
    assert table.categories == ("A", "B")
    assert table.condition.names == ("all",)
    assert [table.items.names[i] for i in table.item] == ["c1", "c2"]
    np.testing.assert_array_equal(table.votes, [[2, 3], [0, 5]])


def test_single_letter_categories_are_not_taken_for_totals(tmp_path):
    table = read_categories(written(tmp_path, "clip,condition,subject,A,N\nc1,voice,7,2,2\nc2,face,8,1,1\n"))
    assert table.categories == ("A", "N")
    assert table.items.subject.names == ("7", "8")


def test_labels_per_rater_become_votes(tmp_path):
    text = "clip,condition,rater,category,pass\nc1,f,A,happy,1\nc1,f,B,sad,1\nc1,f,C,,1\nc1,f,A,sad,2\nc2,f,A,happy,1\n"
    table = read_categories(written(tmp_path, text))
    assert isinstance(table, CategoryTable)
    votes = table.counts()
    assert votes.categories == ("happy", "sad")
    np.testing.assert_array_equal(votes.votes, [[1, 1], [1, 0]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("clip,condition,rater,emotion\n", "no column score"),
        ("clip,condition,emotion,score\n", "no column rater"),
        ("clip,condition,rater,emotion,score\nc,f,A,e,much\n", "line 2: score is “much”"),
        ("clip,condition,rater,emotion,score\nc,f,A,e,inf\n", "not a finite number"),
        ("clip,condition,rater,emotion,score\nc,f,A,e,1\n,f,A,e,1\n", "line 3: the clip is empty"),
        ("clip,condition,rater,emotion,score\nc,,A,e,1\n", "the condition is empty"),
        ("clip,condition,rater,emotion,score\nc,f,,e,1\n", "the rater is empty"),
        ("clip,condition,rater,emotion,score\nc,f,A,e,1,7,8\n", "header names 5 columns"),
        ("clip,condition,rater,emotion,score,pass\nc,f,A,e,1,0\n", "pass is “0”"),
        ("clip,clip,condition,rater,emotion,score\n", "of the same name: clip"),
        ("clip,condition,rater,category\nc,f,A,happy\n", "Give it as a categories file"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, said):
    with pytest.raises(UserError) as caught:
        read_ratings(written(tmp_path, text))
    assert said in str(caught.value)
    assert caught.value.todo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clip,A,B\nc,-1,2\n", "not a number of votes"),
        ("clip,A,B\nc,0.4,0.6\n", "multiply shares"),
        ("clip,A,B\nc,2,3\nd,x,1\n", "line 3: A is “x”"),
        ("clip,condition,subject\nc,f,s\n", "neither a column `category`"),
        ("A,B\n1,2\n", "no column clip"),
        ("clip,rater,condition,emotion,score\nc,A,f,e,1\n", "Give it as a ratings file"),
    ],
)
def test_votes_that_cannot_be_are_refused(tmp_path, text, said):
    with pytest.raises(UserError) as caught:
        read_categories(written(tmp_path, text))
    assert said in str(caught.value)


def test_binary_and_missing_files_are_refused(tmp_path):
    with pytest.raises(UserError, match="not UTF-8"):
        read_ratings(written(tmp_path, "clip,rater,emotion,score\nÄ", "latin-1"))
    with pytest.raises(UserError, match="cannot be read"):
        read_ratings(tmp_path / "absent.csv")
