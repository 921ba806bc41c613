"""What else a cluster computes, streams, a random search and a bootstrap, is the same as on one computer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import db.clips
import db.items
from app.batch import Failures
from app.fusion.search import Scorer, SearchPlan, search
from app.jobs import Context
from app.services.predict import remote
from app.services.predict.kept import cache_folder
from app.services.predict.read_items import read_items
from app.services.predict.streams import StreamBank
from app.services.projects.files import add_clips, create_project, open_project
from app.streams.catalogue import open_streams
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip
from tests.cluster.local import local_workers
from tests.fusion.tables import world

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow
NAMES = ("face", "flow")


def in_a_process(code: str, *words: object) -> str:
    """Run lines that connect to a cluster: Dask leaves threads behind, which end with a process of their own."""
    made = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    place = tmp_path_factory.mktemp("study")
    with create_project(place / "study.affectograph") as project:
        for clip in act(ActorSpec(subjects=2, clips_per_subject=1, seconds=1.2, rate=8, seed=3)):
            add_clips(project, [write_clip(clip, place / f"{clip.name}.mp4", Context())], subject=clip.subject.code)
    return place / "study.affectograph"


READ = """
import sys
import db.items
from app.batch import Failures
from app.jobs import Context
from app.services.predict.read_items import read_items
from app.services.projects.files import open_project
with open_project(sys.argv[1]) as project:
    read_items(project, db.items.every(project), ("face", "flow"), Context(), Failures(), "cpu", sys.argv[2])
"""


def test_streams_arrive_in_the_cache_of_the_one_who_asked(study, tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "workers"))
    with local_workers() as workers:
        monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "far"))
        in_a_process(READ, study, workers.address)
    far = kept_files()
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "near"))
    with open_project(study) as project:
        rows = read_items(project, db.items.every(project), NAMES, Context(), Failures(), "cpu")
    assert all(len(each.times_s) for each in rows)
    near = kept_files()
    assert sorted(far) == sorted(near)
    for name, path in near.items():
        if name.endswith(".npy"):
            assert far[name].read_bytes() == path.read_bytes(), name
    assert sum(name.endswith(".npy") for name in near) == 2 * len(NAMES)


def kept_files() -> dict[str, Path]:
    folder = cache_folder()
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def test_a_worker_with_another_network_is_refused(study):
    with open_project(study) as project:
        (item, *_), (clip, *_) = db.items.every(project), db.clips.every(project)
    far = remote.Clip(clip.path, clip.path.stat().st_size, clip.sha256)
    facts = StreamBank(open_streams(NAMES, device="cpu"), "cpu").facts()
    with pytest.raises(remote.NotAlike, match="another model"):
        remote.read_streams([remote.FarItem(item, None, far)], NAMES, facts.replace("0", "1"), "cpu")


SEARCH = """
import json, sys
from app.cluster import Cluster
from app.fusion.far_search import FarScorer
from app.fusion.search import Scorer, SearchPlan, search
from app.jobs import Context
from tests.fusion.tables import world
scorer, plan = Scorer.of(world(20, 20)), SearchPlan(draws=7000, shrink=0.1, seed=4)
with Cluster(sys.argv[1], Context()) as cluster:
    print(json.dumps(search(FarScorer(scorer, cluster, Context()), plan).as_dict()))
"""
BOOTSTRAP = """
import json, sys
import app.agreement.resample
app.agreement.resample.CHUNK_BYTES = 800  # several blocks also of a small table
from app.agreement.as_json import report_json
from app.jobs import Context
from app.services.agreement.spread import spread
from app.agreement.example import choices, ratings
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
settings = AgreementSettings(unit="item", interval="bootstrap", replicates=500)
with spread(sys.argv[1], Context()) as each:
    found = report_json(agreement_report(ratings(), choices(), settings, each))
    print(json.dumps({key: found[key] for key in ("conditions", "pairs", "details")}))
"""


def test_search_and_bootstrap_are_the_same_to_the_last_digit():
    with local_workers() as workers:
        found, drawn = in_a_process(SEARCH, workers.address), in_a_process(BOOTSTRAP, workers.address)
    plan = SearchPlan(draws=7000, shrink=0.1, seed=4)
    assert json.loads(found) == json.loads(json.dumps(search(Scorer.of(world(20, 20)), plan).as_dict()))
    assert drawn == in_a_process(BOOTSTRAP, "")
