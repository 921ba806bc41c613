"""Each benchmark at its smallest size: it runs, and what it prints has the shape that pages quote. Never the times."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.media.writer import ClipWriter

# Five of them train in processes of their own, which takes long where many run at once.
pytestmark = pytest.mark.timeout(900)
ROOT = Path(__file__).resolve().parents[2]
NUMBER = r"\d[\d,]*\.?\d*"
ROW = (
    rf"^\| {{what}} \| {NUMBER}[^|]* \| {NUMBER}[^|:]*: [^|]+ \| (?:{NUMBER}|inf) \| [^|]+ \| (?:yes|–|\*\*no\*\*) \|$"
)
"""A row of `benchmarks.rows`, with what was measured in place of `what`."""


@pytest.fixture(scope="module")
def face_clip(tmp_path_factory):
    """The portrait that comes with the program, drifting for half a second."""
    path = tmp_path_factory.mktemp("clips") / "face.mp4"
    portrait = cv2.imread(str(ROOT / "app" / "synthetic" / "assets" / "portrait.png"))
    picture = cv2.cvtColor(cv2.resize(portrait, (256, 144)), cv2.COLOR_BGR2RGB)
    with ClipWriter(path, 256, 144, rate=25) as writer:
        for number in range(13):
            writer.write(np.ascontiguousarray(np.roll(picture, number, axis=1)))
    return path


def run(tmp_path, program, *words, good=(0,)):
    """What a program prints."""
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "AFFECTOGRAPH_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{program}", *map(str, words)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=850,
        check=False,
    )
    assert done.returncode in good, done.stderr[-2000:]
    return done.stdout


def test_flipped_bits(tmp_path):
    said = run(tmp_path, "bitflips", "--flips", 20)
    assert set(json.loads(said)["verdicts"]) <= {"found", "harmless", "refused"}


def holds(said, *patterns):
    for pattern in patterns:
        assert re.search(pattern, said, re.MULTILINE), f"{pattern!r} is not in:\n{said}"


def compares(said, *whats):
    """What a program prints has such rows of comparison."""
    holds(said, *(ROW.replace("{what}", what) for what in whats))


def test_every_program_has_a_test_here():
    texts = {path.stem: path.read_text("utf-8") for path in (ROOT / "benchmarks").glob("*.py")}
    programs = {name for name, text in texts.items() if "__main__" in text}
    tested = set(re.findall(r'run\(\s*tmp_path, "(\w+)"', Path(__file__).read_text(encoding="utf-8")))
    assert programs == tested


def test_eaf_import(tmp_path):
    said = run(tmp_path, "eaf_import", "--files", 2, "--annotations", 20)
    holds(said, r"^40 annotations of 2 files, progress told \d+ times$", rf"^ratio: {NUMBER}$")


def test_measures(tmp_path):
    rng = np.random.default_rng(5)
    portrait = cv2.imread(str(ROOT / "app" / "synthetic" / "assets" / "portrait.png"), cv2.IMREAD_GRAYSCALE)
    face = cv2.resize(portrait[55:185, 135:265], (48, 48), interpolation=cv2.INTER_AREA)
    images = np.stack([np.clip(face + rng.normal(0, 4, face.shape), 0, 255) for _ in range(4)]).astype(np.uint8)
    data = tmp_path / "stills.npz"
    np.savez(data, images=images, fer_label=np.array([0, 1, 0, 1]), fer_classes=np.array(["happy", "angry"]))
    said = run(tmp_path, "measures", "--runs", 1, "--data", data)
    holds(said, rf"^followed by its own points: {NUMBER} ms", rf"^MTCNN's search of the frame: {NUMBER} ms")
    holds(said, rf"^a face and frame: {NUMBER} ms, its networks alone {NUMBER} ms, ratio {NUMBER}$")
    holds(said, r"^4 of 4 images show a mesh", rf"^corner_pull separates happy: AUC {NUMBER}")


def test_measured_actor(tmp_path):
    said = run(tmp_path, "measured_actor", "--subjects", 1, "--count", 4, "--csv", tmp_path / "all.csv")
    holds(said, r"^4 of 4 pictures show a mesh", rf"^yaw_deg: r = {NUMBER}, least {NUMBER}, slope {NUMBER}")
    holds(said, rf"^gaze of 0: off by {NUMBER} {NUMBER}, mean place {NUMBER} {NUMBER}, ratio {NUMBER}$")
    assert len((tmp_path / "all.csv").read_text("utf-8").splitlines()) == 21


def test_face_masks(tmp_path, face_clip):
    said = run(tmp_path, "face_masks", face_clip.parent, "--out", tmp_path / "sheet.jpg")
    holds(said, rf"^face\.mp4: {NUMBER}% of the oval lies beyond the mesh")
    assert (tmp_path / "sheet.jpg").is_file()


def test_alike_faces(tmp_path, face_clip):
    said = run(tmp_path, "alike_faces", face_clip.parent)
    holds(said, r"^1 people; limit 0\.70", rf"^one person: 6 pairs, at least {NUMBER}, median {NUMBER}")


def test_measured_jitter(tmp_path, face_clip):
    said = run(tmp_path, "measured_jitter", face_clip.parent)
    holds(said, r"^face\.mp4: \d+ tracked faces, 0 without a mesh", rf"^  smoothed: median {NUMBER} %")


def test_analyze(tmp_path, face_clip):
    said = run(tmp_path, "analyze", face_clip, "--repeats", 1)
    compares(said, r"analysis of face\.mp4 \(1 tracks\)", r"analysis of face\.mp4 \(1 tracks\), processor time")


def test_clip_pictures(tmp_path, face_clip):
    said = run(tmp_path, "clip_pictures", face_clip.parent, tmp_path / "out")
    holds(said, r"^\| face\.mp4 \| 13 \| \d+ \| – \| – \|$")
    assert (tmp_path / "out" / "clip-face.jpg").stat().st_size > 5_000


def test_face_views(tmp_path, face_clip):
    said = run(tmp_path, "face_views", face_clip.parent, tmp_path / "out" / "sheet.jpg", "--frames", 8)
    holds(said, r"^\| face\.mp4 \| 1 \| \d+ \| 0\.0000 \|$")
    assert cv2.imread(str(tmp_path / "out" / "sheet.jpg")).shape[1] == 8 * 116


def test_faces(tmp_path):
    said = run(tmp_path, "faces", "--frames", 4, "--rounds", 1)
    for name in ("MTCNN, full detection", "MTCNN, output network alone", "tracker on MTCNN"):
        holds(said, rf"^{name} +{NUMBER} +{NUMBER} × full detection$")


def test_networks(tmp_path):
    streams = ("--streams", "face=2048,context=512", "--frames", 2, "--batch", 1, "--steps", 1)
    said = json.loads(run(tmp_path, "networks", "caca_a", *streams))
    assert said.pop("cpu_s_per_step") > 0
    assert said == {"recipe": "caca_a", "parameters": 790_792, "batch": 1, "frames": 2}


def test_search(tmp_path):
    said = run(tmp_path, "search", "--seconds", 2, "--size", 160, 90, "--rounds", 1)
    holds(said, rf"^without a face, .*every frame +{NUMBER} frames/s.*backing off +{NUMBER} frames/s.*ratio {NUMBER}")
    holds(said, r"^with a face, .*same faces: yes")


def test_seek(tmp_path):
    said = run(tmp_path, "seek", "--seeks", 3, "--frames", 30, "--size", 192, 112)
    blocks = re.findall(r"^\S+: 192 × 112, \w+, 30 frames", said, re.MULTILINE)
    assert len(blocks) == 4
    assert len(re.findall(rf"^  ours +right +3/3  median +{NUMBER} ms", said, re.MULTILINE)) == 4


def test_startup(tmp_path):
    said = run(tmp_path, "startup", "--repeats", 1)
    compares(said, "start to the first paint", "start to the first picture")


def test_synthetic(tmp_path):
    said = json.loads(run(tmp_path, "synthetic", "--rounds", 1))
    assert said["rounds"] == 1
    assert all(said[key] > 0 for key in ("frames_per_s_640x360", "ratio", "crops_per_s_48", "crops_per_s_112"))


def test_timeline(tmp_path):
    said = run(tmp_path, "timeline", "--samples", 3000, "--repeats", 1)
    compares(said, "redraw, 3,000 samples", "playhead, 3,000 samples", "taking over a live answer")
    compares(said, "smoothing 3,000 frames")


def test_agreement(tmp_path):
    said = run(tmp_path, "agreement", "--items", 40, "--bootstrap", 20, "--runs", 1, good=(0, 1))
    holds(said, rf"^{NUMBER} intensities, \d+ cells, B = 20", rf"again: .*\n +checked and read +{NUMBER} s wall")
    holds(said, rf"^  ratio +{NUMBER} x wall")


def test_labels(tmp_path):
    said = json.loads(run(tmp_path, "labels", "--ratings", 500, "--answers", 10))
    assert set(said["p99_ms"]) == {"ours", "bare", "bare_one_row"}
    assert said["ratings"] == 500
    assert said["p99_ratio"] > 0


def test_labels_against_another_version(tmp_path):
    # Against itself: whether it is another version makes no difference to what is printed.
    said = json.loads(run(tmp_path, "labels_before", ROOT, "--ratings", 500, "--answers", 10, "--openings", 2))
    for act in ("commit", "step", "open", "open_empty"):
        assert said[act]["ratio"] == pytest.approx(said[act]["ours_ms"] / said[act]["before_ms"], rel=0.01)


def test_kill(tmp_path):
    said = json.loads(run(tmp_path, "kill", "--kills", 2))
    assert said["kills"] == 2
    assert said["lost_answers"] == 0
    assert said["problems"] == []


@pytest.mark.slow
def test_halfway(tmp_path):
    said = json.loads(run(tmp_path, "halfway", "--kills", 4, "--seed", 3))
    assert [one["work"] for one in said["works"]] == ["export", "backup", "kit", "merge", "upgrade"]
    assert all(one["steps"] > 5 for one in said["works"])
    assert sum(one["kills"] for one in said["works"]) >= 10
    assert said["problems"] == []


def test_coverage(tmp_path):
    words = ("--repetitions", 2, "--designs", "traces6,6x10", "--truth-items", 3000)
    said = run(tmp_path, "coverage", *words, good=(0, 1))
    holds(said, r"^\| 6x10 \| 6 \| disagreement \| \d\.\d+ \| \d\.\d+ \|", r"^\| design \| false positives")


def test_coverage_condition(tmp_path):
    words = ("--repetitions", 1, "--items", 40, "--bootstrap", 20, "--truth-items", 2000)
    said = run(tmp_path, "coverage_condition", *words, good=(0, 1))
    holds(said, r"^1 repetitions, 40 items", r"^family-wise false positives \d+\.\d% \(wanted at most 7 %\)$")


@pytest.mark.slow
def test_responsive(tmp_path):
    pytest.importorskip("torch")
    said = run(tmp_path, "responsive", "--seconds", 0.3, "--stretches", 1)
    holds(said, rf"^idle: p50 {NUMBER} ms, p99 {NUMBER} ms over \d+ events", rf"^p99 while training / idle: {NUMBER}")


@pytest.mark.slow
def test_window_times(tmp_path):
    said = run(tmp_path, "window_times", "--rounds", 1, "--screens", 3)
    for name in ("theme", "screen by key", "first visit, name", "first visit, screen", "analyse"):
        holds(said, rf"^{name} +{NUMBER} ms +{NUMBER} ms +{NUMBER} ms +{NUMBER}$")


@pytest.mark.slow
def test_frame_recipes(tmp_path):
    pytest.importorskip("torch")
    said = run(tmp_path, "frame_recipes", "--repeats", 1, "--recipe", "student")
    holds(said, rf"^\| student \| {NUMBER} \| {NUMBER} \| {NUMBER} \| {NUMBER} \| 1\.00 \|$")


@pytest.mark.slow
def test_train(tmp_path, face_clip):
    pytest.importorskip("torch")
    said = run(tmp_path, "train", "--rounds", 1, "--clip", face_clip)
    holds(said, rf"^training: \d+ frames/s, bare torch loop \d+ — ratio {NUMBER}", rf"^features: .* ratio {NUMBER}")


@pytest.mark.slow
def test_kill_training(tmp_path):
    pytest.importorskip("torch")
    said = run(tmp_path, "kill_training", "--kills", 1, "--epochs", 2)
    holds(said, r"^killed after epochs \[\d+\]; held-out CCC unbroken", r"^largest difference \d")


def test_lost(tmp_path):
    said = json.loads(run(tmp_path, "lost", "--rounds", 1, "--clips", 4))
    assert said["rounds"] == 1
    assert said["confirmed_answers"] > 0
    assert said["problems"] == []
    said = json.loads(run(tmp_path, "lost", "--writers", 2, "--minutes", 0.05, "--clips", 4))
    assert said["writers"] == 2
    assert said["problems"] == []


def test_lags(tmp_path):
    said = run(tmp_path, "lags", "--repetitions", 1)
    holds(said, r"^\| 10 of 30 s \| 300 \| 5 \| 0\.50 \| \d+% \|")


def test_categories(tmp_path):
    out = tmp_path / "out.json"
    said = run(tmp_path, "categories", "--clips", 2, "--starts", 4, "--items", 100, "--json", out)
    found = json.loads(out.read_text())
    assert found["items"] == 100
    assert found["items_per_s"] > 0
    assert found["second_reading_times_faster"] > 0
    assert min(found["first_start_s"], found["second_start_s"]) > 0
    assert "training on 100 items" in said


SMALL = ("--frames", 90, "--size", 320, 180)


@pytest.mark.slow
def test_overload(tmp_path):
    clip = tmp_path / "clip.mp4"
    said = run(tmp_path, "overload", *SMALL, "--seconds", 0.5, "--repeats", 1, "--spin", 1, "--keep", clip)
    compares(said, "60 frames/s at 4×: painted", "60 frames/s, cores taken: longest gap", "counter of dropped frames")
    compares(said, "30 frames/s, cores taken, window of 1920, live predictions: painted")
    holds(said, r"^\| pictures in the wrong order \| 0 \| 0: bound \| 1 \| ≤ 1 \| yes \|$")
    said = run(tmp_path, "seek", "--groups", clip, "--seeks", 3)
    compares(said, "random seek, p95", "first step back, p95", "second seek nearby, p95")
    holds(said, r"^\| frames that are the right one \| 12 \| 12: asked for \| 1 \| ≥ 1 \| yes \|$")


@pytest.mark.slow
def test_playback(tmp_path):
    out = tmp_path / "rows.json"
    words = ("--seconds", 0.5, "--repeats", 1, "--hours", 0.01, "--json", out)
    said = run(tmp_path, "playback", *SMALL, *words)
    compares(said, "1080p, 60 frames/s, live predictions: on time", "1,200 frames on the timeline: on time")
    rows = json.loads(out.read_text("utf-8"))
    assert len(rows) == len(re.findall(r"^\| .* \|$", said, re.MULTILINE)) - 2
    assert [row["ours"] for row in rows if row["what"] == "pictures in the wrong order"] == [0, 0]


@pytest.mark.slow
def test_scrub(tmp_path):
    said = run(tmp_path, "scrub", *SMALL, "--seconds", 0.5, "--repeats", 1)
    compares(said, "dragging: pictures", "exact frame after the release")
    holds(said, r"^\| drags that end on the exact frame \| 2 \| 2: drags \| 1 \| ≥ 1 \| yes \|$")


@pytest.mark.slow
def test_opening(tmp_path):
    said = run(tmp_path, "opening", *SMALL, "--clips", 9, "--beginning", 40, "--repeats", 1)
    compares(said, "index of a clip", "first picture of a chosen clip while thumbnails are made")


@pytest.mark.slow
def test_many_clips(tmp_path):
    said = run(tmp_path, "many_clips", "--clips", 200, "--repeats", 1)
    compares(said, "adding a clip to 200", "list of 200 clips is read", "first picture, list of 200")


@pytest.mark.slow
def test_cluster(tmp_path):
    said = run(tmp_path, "cluster", "--quick")
    compares(
        said, r"analysis of 2 clips of 1 s: all processes, two workers", r"random search, 5,000 draws a stage: all.*"
    )


@pytest.mark.slow
def test_memory(tmp_path):
    said = run(tmp_path, "memory", "--minutes", 0.1)
    holds(said, r"^Playing with live predictions for 0\.1 minutes while [1-9]\d* clips are analysed$")
    compares(said, "memory in the last quarter", "threads in the last quarter")


@pytest.mark.slow
def test_growth(tmp_path):
    said = run(tmp_path, "growth", "--share", 20, "--repeats", 1)
    compares(said, "growth with clips, 20 → 200", "growth with raters, 5 → 50", "growth with tracks, 2 → 20")


@pytest.mark.slow
def test_player(tmp_path):
    out = tmp_path / "table.md"
    said = run(tmp_path, "player", "--quick", "--only", "timeline", "--out", out)
    holds(said, r"^.* cores, .*\. [0-4] of 4 targets are met\.$")
    holds(out.read_text("utf-8"), rf"^\| timeline \| playhead, 1,000,000 samples \| {NUMBER} ms \|")


def test_fusion(tmp_path):
    words = ("--items", 40, "--classes", 3, "--members", 2, "--draws", 50, "--loop", 100)
    found = json.loads(run(tmp_path, "fusion", *words))
    assert found["draws"] == 82 * 50
    assert found["same_optimum"] is True
    assert found["times_faster"] > 0


@pytest.mark.slow
def test_fusion_study(tmp_path):
    pytest.importorskip("torch")
    words = ("--people", 7, "--clips", 2, "--seconds", 0.5, "--folds", 2, "--members", "voice,scene", "--shuffled")
    found = json.loads(run(tmp_path, "fusion_study", "--work", tmp_path / "work", *words))
    assert set(found["accuracy"]) == {"voice", "scene", "equal weights", "fusion"}
    assert found["best"] in ("voice", "scene")
    assert 0 < found["answer_cpu_s"] <= found["whole_cpu_s"]


def test_the_script_for_graphics_cards_is_sound():
    script = ROOT / "benchmarks" / "gpu.sh"
    subprocess.run(["bash", "-n", str(script)], check=True)
    program = script.read_text("utf-8").split("<< 'PROGRAM'", 1)[1].split("\n", 1)[1].split("\nPROGRAM\n", 1)[0]
    compile(program, "gpu.sh", "exec")
    limits = [int(found) for found in re.findall(r"timeout (\d+)", script.read_text("utf-8"))]
    assert sum(limits) <= 8 * 60, "the whole script ends within 8 minutes"


def test_networks_of_the_papers(tmp_path):
    said = run(tmp_path, "paper_sizes", "caca_a", "--work", tmp_path / "work", "--set", "size=scaled")
    row = re.fullmatch(rf"\| `caca_a` \|( {NUMBER} \|){{4}} (\S+) \|", said.splitlines()[-1])
    assert row is not None
    assert float(row[2]) <= 1e-4


def test_coverage_of_the_model_of_raters(tmp_path):
    said = run(tmp_path, "bayes_coverage", "--only", "ratings", "--studies", 1, "--resume", tmp_path / "bayes.jsonl")
    assert re.search(rf"\| truth \| {NUMBER} \| {NUMBER} % \|", said)
    assert (tmp_path / "bayes.jsonl").read_text("utf-8").count("\n") == 1


def test_coverage_of_the_model_of_traces(tmp_path):
    said = run(tmp_path, "bayes_coverage", "--only", "traces", "--studies", 1)
    assert re.search(rf"\| traces: lag \| 4 \| {NUMBER} % \|", said)


def test_time_of_the_model_of_raters(tmp_path):
    said = run(tmp_path, "bayes", "--sizes", "4x2x1")
    assert re.search(rf"\| 4 \| 2 \| 1 \| {NUMBER} \| {NUMBER} \| {NUMBER} \|", said)


def test_model_of_raters_against_sampling(tmp_path):
    said = run(tmp_path, "bayes_hmc", "--items", 3, "--raters", 2, "--draws", 20, "--warm-up", 20)
    assert re.search(rf"\| log noise \| 2 \| {NUMBER} \| {NUMBER} \|", said)


def test_next_best(tmp_path):
    said = run(
        tmp_path, "next_best", "--seeds", 1, "--items", 4, "--raters", 5, "--emotions", 1, "--batch", 8,
        "--json", tmp_path / "next.json",
    )  # fmt: skip
    assert re.search(rf"seed 0: at 40 judgements width {NUMBER} at random, {NUMBER} asked", said)
    (one,) = json.loads((tmp_path / "next.json").read_text("utf-8"))
    assert one["random"][-1]["judgements"] == 40
    assert 16 < one["asking"][-1]["judgements"] <= 40  # bare faces are closed where a context was asked for before


def test_suspects(tmp_path):
    said = run(tmp_path, "suspects", "--seeds", 1, "--items", 12, "--raters", 4, "--emotions", 2)
    assert re.search(r"inverted: named in [01] of 1 studies", said)
    assert re.search(r"named at any look: \d as suspects and \d as tired, of 4", said)
    assert re.search(rf"without: width {NUMBER}, error {NUMBER}, held {NUMBER}", said)


def test_soft_targets(tmp_path):
    said = run(tmp_path, "soft_targets", "--seeds", 2, "--subjects", 6, "--clips", 4)
    assert re.search(
        rf"^\| model of raters \| {NUMBER} \| {NUMBER} \| [+-]{NUMBER} ± {NUMBER} \| [+-]{NUMBER} ± {NUMBER} \|$", said,
        re.M,
    )  # fmt: skip


def test_votes(tmp_path):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.full(4, 0.4), 12)
    votes = np.array([rng.multinomial(10, row) for row in shares], dtype=np.uint8)
    np.savez(tmp_path / "votes.npz", ferplus_votes=votes)
    said = run(tmp_path, "votes", tmp_path / "votes.npz", "--items", 10, "--seen", 5)
    assert re.search(rf"^5 votes seen: model -{NUMBER}$", said, re.M)
    assert re.search(rf"^  shares -{NUMBER}, model better by -?{NUMBER} ± {NUMBER}$", said, re.M)
