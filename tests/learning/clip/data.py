"""Items with something to learn: the category lies in the level of the features and in the order of what happens."""

import numpy as np

from app.domain.item_data import save_items

CLASSES = ("calm_then_tense", "tense_then_calm", "tense", "calm")


def made_up(place, *, subjects=12, clips=8, seed=0, shuffle=False, raters=3, frames=(6, 30)):
    """Freeze made-up items; the first two categories differ in their order alone."""
    rng = np.random.default_rng(seed)
    features, times, first, said, subject = [], [], [0], [], []
    for person in range(subjects):
        offset = rng.normal(0, 0.2, 6)
        for number in range(clips):
            kind = (person + number) % len(CLASSES)
            count = int(rng.integers(*frames))
            late = np.arange(count) >= count // 2
            level = {0: late, 1: ~late, 2: np.ones(count, bool), 3: np.zeros(count, bool)}[kind]
            rows = rng.normal(0, 0.3, (count, 6)) + offset
            rows[:, 0] += np.where(level, 1.5, -1.5)
            features.append(rows)
            times.append(np.arange(count) / 25)
            first.append(first[-1] + count)
            wrong = rng.random(raters) < 0.15
            said.append(np.where(wrong, rng.integers(0, len(CLASSES), raters), kind))
            subject.append(person)
    said = np.array(said, np.int16)
    if shuffle:
        said = said[rng.permutation(len(said))]
    votes = np.stack([(said == k).sum(axis=1) for k in range(len(CLASSES))], axis=1)
    every = np.concatenate(features)
    arrays = {
        "features": every.astype(np.float32),
        "probabilities": _softmax(np.c_[every[:, 0], -every[:, 0], np.zeros(len(every))]).astype(np.float32),
        "times_s": np.concatenate(times),
        "first": np.array(first, np.int64),
        "target": (votes / votes.sum(axis=1, keepdims=True)).astype(np.float32),
        "said": said,
        "subject": np.array(subject, np.int32),
    }
    names = [f"S{i}" for i in range(subjects)]
    test, validation = names[: subjects // 3], names[subjects // 3 : subjects // 3 + max(1, subjects // 6)]
    facts = {
        "items": [f"item {i}" for i in range(len(said))],
        "subjects": names,
        "classes": list(CLASSES),
        "frame_classes": ["tense", "calm", "other"],
        "split": {"train": [n for n in names if n not in test + validation], "validation": validation, "test": test},
    }
    return save_items(arrays, facts, place)


def _softmax(values):
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
