"""Items of pixels with something to learn: a spot that brightens or moves in a way that is the category."""

import numpy as np

from app.domain.item_data import save_items

CLASSES = ("left", "right", "still")
SIDE = 20


def made_pixels(place, *, subjects=9, clips=4, seed=0, frames=(3, 30), extra=0):
    """Freeze made-up items of one pixel stream; `extra` columns of another stream follow if there are any."""
    rng = np.random.default_rng(seed)
    rows, first, kinds, subject, times = [], [0], [], [], []
    across = np.arange(SIDE)
    for person in range(subjects):
        shade = rng.integers(60, 120)
        for number in range(clips):
            kind = (person + number) % len(CLASSES)
            count = int(rng.integers(*frames))
            pictures = rng.normal(shade, 5, (count, SIDE, SIDE, 3))
            for t in range(count):
                share = t / max(count - 1, 1)
                middle = {0: 16 - 12 * share, 1: 4 + 12 * share, 2: 10}[kind]
                pictures[t] += 110 * np.exp(-((across - middle) ** 2)[None, :, None] / 6)
            rows.append(np.clip(pictures, 0, 255).astype(np.uint8).reshape(count, -1))
            times.append(np.arange(count) / 25)
            first.append(first[-1] + count)
            kinds.append(kind)
            subject.append(person)
    features = np.concatenate(rows)
    streams = [{"name": f"face_pixels:{SIDE}", "features": features.shape[1], "geometry": {"shape": [SIDE, SIDE, 3]}}]
    if extra:
        features = np.concatenate([features, rng.normal(0, 1, (len(features), extra))], axis=1).astype(np.float32)
        streams.append({"name": "audio", "features": extra, "geometry": {}})
    names = [f"S{i}" for i in range(subjects)]
    test, validation = names[:3], names[3:5]
    arrays = {
        "features": features,
        "probabilities": np.zeros((len(features), 0), np.float32),
        "times_s": np.concatenate(times),
        "first": np.array(first, np.int64),
        "target": np.eye(len(CLASSES), dtype=np.float32)[kinds],
        "said": np.array(kinds, np.int16)[:, None],
        "subject": np.array(subject, np.int32),
    }
    facts = {
        "items": [f"item {i}" for i in range(len(kinds))],
        "subjects": names,
        "classes": list(CLASSES),
        "frame_classes": [],
        "streams": streams,
        "split": {"train": names[5:], "validation": validation, "test": test},
    }
    return save_items(arrays, facts, place)
