"""A small snapshot with something to learn: valence lies in the features, arousal in how they moved."""

import hashlib
import json

import numpy as np


def write_snapshot(folder, *, subjects=6, clips=2, frames=60, seed=0, images=False, shuffle=False):
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        name: [] for name in ("features", "landmarks", "target", "times_s", "sequence", "subject", "clip", "images")
    }
    for subject in range(subjects):
        offset = rng.normal(0, 0.2, 4)
        for number in range(clips):
            t = np.arange(frames) / 25
            phase = rng.uniform(0, 6, 2)
            valence = 0.8 * np.sin(1.3 * t + phase[0])
            arousal = 0.8 * np.cos(1.3 * t + phase[0])  # the derivative's sign: only time tells
            features = np.c_[valence, valence**2, rng.normal(0, 0.3, (frames, 2))] + offset
            rows["features"].append(features + rng.normal(0, 0.15, features.shape))
            rows["landmarks"].append(rng.normal(0, 0.1, (frames, 10)) + valence[:, None] * 0.3)
            rows["target"].append(np.c_[valence, arousal])
            rows["times_s"].append(t)
            rows["sequence"].append(np.full(frames, subject * clips + number))
            rows["subject"].append(np.full(frames, subject))
            rows["clip"].append(np.full(frames, subject * clips + number))
            picture = np.zeros((frames, 16, 16))
            picture[:, :8] = valence[:, None, None]
            picture[:, 8:] = arousal[:, None, None]
            rows["images"].append(np.clip(picture * 100 + 128 + rng.normal(0, 10, picture.shape), 0, 255))
    types = {"times_s": np.float64, "sequence": np.int32, "subject": np.int32, "clip": np.int32, "images": np.uint8}
    arrays = {name: np.concatenate(parts).astype(types.get(name, np.float32)) for name, parts in rows.items()}
    if shuffle:
        arrays["target"] = arrays["target"][rng.permutation(len(arrays["target"]))]
    arrays["target"][:3] = np.nan
    if not images:
        del arrays["images"]
    np.savez(folder / "data.npz", **arrays)
    manifest = {
        "sha256": hashlib.sha256((folder / "data.npz").read_bytes()).hexdigest(),
        "subjects": [f"S{i}" for i in range(subjects)],
        "clips": [f"c{i}" for i in range(subjects * clips)],
    }
    (folder / "snapshot.json").write_text(json.dumps(manifest))
    return folder
