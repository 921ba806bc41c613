"""What is told of a clip while it is analysed is what is stored of it in the end."""

import numpy as np
import pytest

from app.jobs import Context
from app.services.predict import analyse
from app.services.predict.analyse import Analyser
from app.synthetic.demo_clip import place_demo


@pytest.mark.slow
def test_the_parts_together_are_the_raw_predictions(tmp_path, monkeypatch):
    monkeypatch.setattr(analyse, "PART_S", 0.0)
    demo = place_demo(tmp_path / "demo.mp4")
    parts = []
    with Analyser(device="cpu", on_part=parts.append) as analyser:
        whole = analyser.analyse(demo.path, Context())
    (track,) = whole.tracks
    assert len(parts) > 3
    frames = np.concatenate([part.frame_idx for part in parts])
    told = len(frames)
    assert told > 0.5 * len(track)  # the rest is told by what is stored
    np.testing.assert_array_equal(frames, track.frame_idx[:told])
    np.testing.assert_array_equal(
        np.concatenate([part.valence_arousal for part in parts]), track.valence_arousal[:told]
    )
    np.testing.assert_array_equal(np.concatenate([part.probabilities for part in parts]), track.probabilities[:told])
    assert {part.model for part in parts} == {whole.key.model}
    assert {part.media_sha256 for part in parts} == {whole.key.media_sha256}
    assert {number for part in parts for number in part.track_ids.tolist()} == {track.track_id}
