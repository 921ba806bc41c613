"""The shipped model, trained on photographs of real people, sees the demo clip's known valence."""

import numpy as np
import pytest

from app.faces.alignment import aligned_crop
from app.faces.mtcnn import MtcnnDetector
from app.inference.cards import load_card
from app.inference.face_frame import FaceFrameModel
from app.media.reader import VideoReader
from app.paths import SHIPPED_MODELS
from app.synthetic.demo_clip import place_demo


@pytest.mark.slow
def test_predicted_and_known_valence_correlate(tmp_path):
    folder = SHIPPED_MODELS / "affectograph_face"
    if not (folder / "card.toml").exists():
        pytest.skip("this clone has no frame model")
    clip = place_demo(tmp_path / "demo.mp4")
    model, detector = FaceFrameModel.open(load_card(folder), "cpu"), MtcnnDetector()
    crops, known = [], []
    with VideoReader(clip.path) as reader:
        for frame in reader.frames(step=10):
            faces = detector.detect(frame.image)
            assert len(faces) == 1
            crops.append(aligned_crop(frame.image, faces[0], model.crop_geometry))
            known.append(clip.truth.valence[frame.frame_idx])
    predicted = model.predict(crops).valence_arousal[:, 0]
    assert np.corrcoef(predicted, known)[0, 1] >= 0.5
