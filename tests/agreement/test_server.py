"""Agreement of a project on a PostgreSQL server; `make test-postgres` starts one."""

import json

import db.clips
import db.items
from app.cli import main
from app.services.projects.files import create_project
from app.services.study.simulate import simulate_study
from tests.study.helpers import add_face, make_study, media_info


def test_agreement_of_a_server_names_it_without_its_password(postgres, tmp_path, capsys):
    with create_project(postgres) as project:
        for number in range(4):
            name = tmp_path / f"clip{number}.mp4"
            db.clips.add(project, media_info(name), f"{number:064x}", subject=f"S{number}")
        make_study(project, [add_face(project, item) for item in db.items.every(project)])
        assert simulate_study(project, "faces", 2, seed=1) > 0
    out = tmp_path / "agreement.json"
    secret = postgres.replace("tester@", "tester:geheim@")
    assert main(["agreement", secret, "--json", str(out)]) == 0
    assert "geheim" not in out.read_text("utf-8") + capsys.readouterr().out
    (source,) = json.loads(out.read_text("utf-8"))["provenance"]["inputs"]
    assert source["sha256"] is None
