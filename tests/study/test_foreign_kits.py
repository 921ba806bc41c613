"""Kits that say what no rater can have said are refused whole, before anything is written."""

import json
import shutil
import sqlite3
import struct
import zlib

import pytest
from sqlalchemy import text

import db.answers
import db.items
from app.errors import UserError
from app.services.study.kits import make_kit, merge_kit
from db.project import Project
from tests.study.helpers import make_study
from tests.study.test_kits import calibrate, work


def bomb(gib):
    """A few megabytes that inflate to many times as much."""
    n = int(gib * (1 << 30)) // 8
    header = json.dumps({"dtype": "<f8", "shape": [n]}).encode()
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1 << 24)) for _ in range(n * 8 >> 24)) + packer.flush()
    rest = struct.pack("<I", len(header)) + header + body
    return b"AFB1" + struct.pack("<I", zlib.crc32(rest)) + rest


@pytest.fixture(scope="module")
def worked(tmp_path_factory, six_clips):
    """A folder with a project and, in `kit`, a rater's kit with two answers."""
    folder = shutil.copytree(six_clips, tmp_path_factory.mktemp("worked"), dirs_exist_ok=True)
    with Project.open(folder / "study.affectograph") as project:
        record = make_study(project, db.items.every(project))
        path = make_kit(project, "R01", folder / "kit")
        with Project.open(path) as kit:
            calibrate(kit, record, 0.375, path.parent)
            work(kit, "R01", 2)
    return folder, path.name


@pytest.fixture
def project(worked, tmp_path):
    """A copy of that project, open; its kit lies beside it."""
    shutil.copytree(worked[0], tmp_path, dirs_exist_ok=True)
    with Project.open(tmp_path / "study.affectograph") as project:
        yield project


@pytest.fixture
def kit(project, worked):
    return project.folder / "kit" / worked[1]


WRONG = {
    "a score beyond the scale": "UPDATE intensity SET score = 65 WHERE score = 3",
    "a score that is text": "UPDATE intensity SET score = 'abc' WHERE answer_id = 1",
    "a moment at infinity": "UPDATE answer SET answered_at = 9e999",
    "a text with a zero byte": "UPDATE answer SET comment = 'a' || char(0) || 'b'",
    "a fraction that is none": "UPDATE clip SET time_base = 'x/y'",
    "a broken document": "UPDATE presentation SET detail = '{'",
    "a broken array": "UPDATE trace_chunk SET times_s = x'00'",
    "another scale": """UPDATE study_version SET document = replace(document, '"high": 5', '"high": 90')""",
    "a category of nobody": "UPDATE answer SET category_id = (SELECT min(id) FROM term WHERE text LIKE 'f%_%')",
    "a confidence of 99": "UPDATE answer SET confidence = 99",
    "a lag of a year": "UPDATE rater SET lag_s = 3e7",
    "two answers that count": "UPDATE answer SET item_id = 1, condition_id = 1, pass_no = 1, current = 1",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_nobody_can_have_said_is_refused(project, kit, name):
    with Project.open(kit) as other, other.write() as session:  # sealed, as by a program that makes such kits
        session.execute(text(WRONG[name]))
        if name == "another scale":
            session.execute(text("UPDATE intensity SET score = 65 WHERE score = 3"))
    with pytest.raises(UserError, match="erged"):
        merge_kit(project, kit)
    assert db.answers.count(project, 1) == 0


@pytest.mark.slow
def test_an_array_that_inflates_beyond_measure_is_refused(project, kit):
    blob = bomb(0.3)
    assert len(blob) < 1 << 20
    with Project.open(kit) as other, other.write() as session:
        session.execute(text("UPDATE trace_chunk SET times_s = :blob, n_samples = 40265318"), {"blob": blob})
        session.execute(text("UPDATE trace SET n_samples = 40265318"))
    with pytest.raises(UserError, match="impossible shape"):
        merge_kit(project, kit)


def test_a_row_that_another_program_wrote_is_refused(project, kit):
    connection = sqlite3.connect(kit)
    connection.execute("UPDATE intensity SET score = 4 WHERE answer_id = 1")  # on the scale, but not what was saved
    connection.commit()
    connection.close()
    with pytest.raises(UserError, match="Row 1 of table answer is not as it was saved"):
        merge_kit(project, kit)
    assert db.answers.count(project, 1) == 0
