"""Two clips of a batch are analysed at a time, and what is written is the same as of each alone."""

import threading

import numpy as np
import pytest

from app.errors import Cancelled, UserError
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.predict import several
from app.services.predict.analyse import Analyser
from app.services.predict.batch import analyse_clips
from app.services.projects.files import create_project
from tests.faces.pictures import portrait
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Three short clips of a face that moves."""
    folder, face = tmp_path_factory.mktemp("clips"), portrait()
    made = []
    for number in range(3):
        made.append(folder / f"{number}.mp4")
        with ClipWriter(made[-1], face.shape[1], face.shape[0], rate=10) as writer:
            for frame in range(6 + number):
                writer.write(np.roll(face, 2 * frame * (number + 1), axis=1))
    return made


def analysed(paths, out, **words):
    done, refused = [], []
    analyse_clips(paths, out, device="cpu", on_done=done.append, on_refused=refused.append, ctx=Context(), **words)
    return done, refused


def same(one, other):
    assert one.key == other.key
    assert len(one.tracks) == len(other.tracks) > 0
    for ours, theirs in zip(one.tracks, other.tracks, strict=True):
        np.testing.assert_array_equal(ours.valence_arousal, theirs.valence_arousal)
        np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)
        np.testing.assert_array_equal(ours.smooth, theirs.smooth)


@pytest.mark.slow
def test_two_are_computed_at_a_time_and_written_in_order_as_each_alone(clips, tmp_path, monkeypatch):
    together, computed = threading.Barrier(2), several.computed

    def both(analysers, path, *words):
        if path in clips[:2]:
            together.wait(PATIENCE_S)
        return computed(analysers, path, *words)

    monkeypatch.setattr(several, "computed", both)
    bad = tmp_path / "bad.mp4"
    bad.write_text("no clip" * 99)
    done, refused = analysed([*clips[:2], bad, clips[2]], tmp_path / "out")
    assert [one.path for one in done] == clips
    assert [error.what for error in refused] == ["bad.mp4 is not a video or image that can be read."]
    with Analyser(device="cpu") as alone:
        for one in done:
            same(one.analysis, alone.analyse(one.path, Context()))


@pytest.mark.slow
def test_what_a_project_knows_is_not_computed_again(clips, tmp_path, monkeypatch):
    create_project(tmp_path / "p").close()
    project = tmp_path / "p.affectograph"
    first, _ = analysed(clips, tmp_path / "one", project_path=project)
    monkeypatch.setattr(several, "computed", None)
    again, refused = analysed(clips, tmp_path / "two", project_path=project)
    assert refused == []
    for one, other in zip(first, again, strict=True):
        same(one.analysis, other.analysis)


@pytest.mark.slow
def test_a_cancel_ends_the_clips_that_are_ahead(clips, tmp_path, monkeypatch):
    ctx, begun = Context(), threading.Semaphore(0)

    def endless(_analysers, _path, _sha256, part, _stretch):
        begun.release()
        while True:
            part.check()

    monkeypatch.setattr(several, "computed", endless)
    stopper = threading.Thread(target=lambda: (begun.acquire(), begun.acquire(), ctx.cancel()))
    stopper.start()
    with pytest.raises(Cancelled):
        analyse_clips(clips, tmp_path / "out", device="cpu", on_done=print, on_refused=print, ctx=ctx)
    stopper.join()


@pytest.mark.slow
def test_an_error_of_whoever_writes_ends_them_too(clips, tmp_path, monkeypatch):
    def endless(_analysers, path, _sha256, part, _stretch):
        while path != clips[0]:
            part.check()
        raise UserError("Spoilt.", "Mend it.")

    def told(error):
        raise RuntimeError(error.what)

    monkeypatch.setattr(several, "computed", endless)
    with pytest.raises(RuntimeError, match=r"Spoilt\."):
        analyse_clips(clips, tmp_path / "out", device="cpu", on_done=print, on_refused=told, ctx=Context())
