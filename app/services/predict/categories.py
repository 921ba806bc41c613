"""Predicts the category of whole items, and repeatedly that of the last seconds, with a model of categories."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.items
import db.spans
from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.item_frames import item_range, last_seconds
from app.domain.missing import missing_clip
from app.domain.project import ClipRecord, ItemRecord
from app.domain.spans import ClipVerdicts, ItemVerdict, WindowVerdicts
from app.errors import UserError
from app.inference.cards import ModelCard, find_model, load_card
from app.inference.clip_category import ClipCategoryModel, HeadAnswer
from app.jobs import Context
from app.media.probe import probe
from app.services.labels.faces import face_of
from app.services.models.in_use import category_card
from app.services.predict.kept import digest
from app.services.predict.silent import HearingBank
from app.services.predict.streams import ItemStreams
from app.services.predict.tracks import ClipTracks, TrackBank
from app.services.predict.work import Work
from app.streams.catalogue import open_streams
from app.streams.stream import Stored, Stream, StreamSpec
from db.project import Project

VERSION: Final = 2
"""Raise it when the same model gives other verdicts of the same clip."""
LEAST_SHARE: Final = 0.5
"""A window speaks as soon as so much of it has been seen."""


class CategoryReader:
    """A model of categories with the streams that it reads, opened once for many clips.

    Args:
        card: The model's card.
        project_path: The project whose own models count, too; None for no project.
        device: The device for the detector and the networks.

    Attributes:
        model: The head of the model.
        streams: The streams that it reads.

    Raises:
        UserError: A part is missing, or a stream gives other numbers here than in the model's training.
    """

    def __init__(self, card: ModelCard, project_path: Path | None = None, device: str = "auto") -> None:
        self.model = ClipCategoryModel(card, device)
        names = [str(each.get("name", "")) for each in self.model.streams]
        # A model's folder holds the frame networks of its streams: another machine needs nothing else.
        own = own_networks(card, project_path)
        self.streams: list[Stream] = open_streams(names, project_path, device, own)
        for stream, known in zip(self.streams, self.model.streams, strict=True):
            _require_same(card, stream.spec, known)
        self._tracks = TrackBank(device)
        self._bank = HearingBank(self.streams, device, self._tracks)
        self._sound_of, self._sound = Path(), True

    def features(self, rows: Sequence[Stored]) -> Stored:
        """Return the rows T×D that the head reads, made from the T×columns rows of each stream."""
        return read_features([stream.spec for stream in self.streams], rows, self.model.reads)

    def of_item(self, project: Project, item: ItemRecord, ctx: Context) -> HeadAnswer | None:
        """Return the verdict on an item, read exactly as in training; None if its face is never seen.

        Args:
            project: The project that holds the item's target face.
            item: The item.
            ctx: Receives the progress, and can cancel.

        Raises:
            UserError: The clip is missing or cannot be read.
            Cancelled: The user cancelled.
        """
        clip = db.clips.get(project, item.clip_id)
        if not clip.path.is_file():
            raise missing_clip(clip.name)
        sound = clip.has_audio or not self.model.members
        found = self._bank.read(project, item, clip.path, clip.sha256, ctx, sound=sound)
        if not len(found.times_s):
            return None
        return self.model.verdict(self.features(found.rows), found.times_s, sound=sound)

    def key(self, analysis: ClipAnalysis) -> RunKey:
        """Return the key of the verdicts on a clip, which holds everything that they depend on."""
        card, window = self.model.card, self.model.window
        rate = (window.frame_rate,) if window.frame_rate else ()
        facts = {
            "version": VERSION,
            "faces": json.loads(analysis.key.parameters),
            "streams": digest([dict(each) for each in self.model.streams]),
            "window": [window.seconds, window.stride_s, window.rate_hz, window.most_frames, *rate],
        }
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
        return RunKey(analysis.key.media_sha256, card.name, card.file().sha256, text)

    def of_clip(
        self, path: Path, analysis: ClipAnalysis, spans: Sequence[tuple[int, float, float]], ctx: Context
    ) -> ClipVerdicts:
        """Return the verdicts on spans of a clip, and on the last seconds along every face track.

        Args:
            path: The clip's file.
            analysis: The predictions of the clip, which hold the places of the faces.
            spans: For each range the number of the face, and the beginning and end in seconds.
            ctx: Receives the progress, and can cancel.

        Raises:
            UserError: The clip cannot be read.
            Cancelled: The user cancelled.
        """
        tracks = self._tracks.of_analysis(analysis)
        items = [self._item(path, tracks, *span, ctx) for span in spans]
        windows = [self._windows(path, tracks, track.track_id, ctx) for track in analysis.tracks]
        window = self.model.window
        return ClipVerdicts(
            self.key(analysis),
            self.model.provider,
            self.model.classes,
            window.seconds,
            window.stride_s,
            tuple(each for each in items if each is not None),
            tuple(each for each in windows if len(each.end_s)),
        )

    def _item(
        self, path: Path, tracks: ClipTracks, track_id: int, start_s: float, end_s: float, ctx: Context
    ) -> ItemVerdict | None:
        within = (tracks.track_id == track_id) & (tracks.times_s >= start_s) & (tracks.times_s <= end_s)
        rows = np.flatnonzero(within)
        if not len(rows):
            return None
        sound = self._sounds(path)
        found = self._bank.read_rows(path, tracks, rows, ctx, sound=sound)
        said = self.model.verdict(self.features(found.rows), found.times_s, sound=sound)
        read_s, weight = np.zeros(0), np.zeros(0, np.float32)
        if said.attention is not None:
            read_s, weight = found.times_s[said.rows], said.attention
        return ItemVerdict(track_id, start_s, end_s, said.probabilities, read_s, weight)

    def _sounds(self, path: Path) -> bool:
        """Return whether a clip has sound; only a fusion with a member that listens asks."""
        if not any(member.listens for member in self.model.members):
            return True
        if self._sound_of != path:
            self._sound_of, self._sound = path, probe(path).has_audio
        return self._sound

    def _windows(self, path: Path, tracks: ClipTracks, track_id: int, ctx: Context) -> WindowVerdicts:
        if any(stream.spec.geometry.get("whole") for stream in self.streams):
            # Such a stream describes all that it is given: no part of a longer one is its past.
            none = np.zeros(0)
            return WindowVerdicts(track_id, none, none, np.zeros((0, len(self.model.classes)), np.float32))
        sound, mine = self._sounds(path), np.flatnonzero(tracks.track_id == track_id)
        found: ItemStreams = self._bank.read_rows(path, tracks, mine, ctx, sound=sound)
        window = self.model.window
        said = []
        for end_s in _ends(found.times_s, window.seconds, window.stride_s):
            ctx.check()
            rows = last_seconds(found.times_s, end_s, window.seconds, window.rate_hz)
            if len(rows):
                start_s = max(end_s - window.seconds, float(found.times_s[0]))
                # Window by window: pixels of a long clip do not fit into memory as floats.
                features = self.features([each[rows] for each in found.rows])
                answer = self.model.verdict(features, found.times_s[rows], sound=sound)
                said.append((start_s, end_s, answer.probabilities))
        ends = np.array([each[1] for each in said], np.float64)
        starts = np.array([each[0] for each in said], np.float64)
        values = np.array([each[2] for each in said], np.float32).reshape(len(said), len(self.model.classes))
        return WindowVerdicts(track_id, starts, ends, values)


def read_features(specs: Sequence[StreamSpec], rows: Sequence[Stored], reads: str) -> Stored:
    """Return the rows that a head reads, made from the rows of streams.

    Args:
        specs: The specifications of the streams, in order.
        rows: The T×columns rows of each stream.
        reads: "features" for those of all streams side by side, "probabilities" for those of the first network, or
            "both", the features first; "all" for everything, the columns of each stream one after the other.
    """
    if reads == "all":
        return np.concatenate(list(rows), axis=1, dtype=np.float32)
    parts = [mine[:, : spec.columns - len(spec.frame_classes)] for spec, mine in zip(specs, rows, strict=True)]
    said = [
        mine[:, spec.columns - len(spec.frame_classes) :]
        for spec, mine in zip(specs, rows, strict=True)
        if spec.frame_classes
    ]
    if reads != "features" and said:
        parts = said[:1] if reads == "probabilities" else [*parts, said[0]]
    if len(parts) == 1:
        return parts[0]  # as it lies on the disk: pixels of a long clip do not fit into memory as floats
    return np.concatenate(parts, axis=1, dtype=np.float32)


def wanted_spans(
    project: Project | None, clip: ClipRecord | None, analysis: ClipAnalysis
) -> list[tuple[int, float, float]]:
    """Return the ranges of a clip that want a verdict: those of its items, and the whole clip for every face."""
    if not len(analysis.times_s):
        return []
    first_s, last_s = float(analysis.times_s[0]), float(analysis.times_s[-1])
    found = {(track.track_id, first_s, last_s): None for track in analysis.tracks}
    if project is not None and clip is not None:
        for item in db.items.every(project, clip_id=clip.id):
            face = face_of(project, analysis, item)
            if face is not None:
                found[face.track_id, *item_range(item, analysis)] = None
    return list(found)


def category_reader(name: str | None, project: Project | None, device: str) -> CategoryReader | None:
    """Open the model of categories that is named, or else in use in the project; None if there is none.

    Args:
        name: Name or folder of a model.
        project: The open project; None without one.
        device: The device that it runs on.

    Raises:
        UserError: The model cannot be used.
    """
    card = category_card(name, project)
    return None if card is None else CategoryReader(card, project.home if project is not None else None, device)


def said_of(
    reader: CategoryReader,
    project: Project | None,
    path: Path,
    analysis: ClipAnalysis,
    ctx: Context,
    work: Work | None = None,
) -> ClipVerdicts:
    """Return the verdicts on a clip that was analysed; see `verdicts_of`."""
    clip = None if project is None else db.clips.by_hash(project, analysis.key.media_sha256)
    return verdicts_of(reader, project, clip, path, analysis, ctx, work)


def verdicts_of(
    reader: CategoryReader,
    project: Project | None,
    clip: ClipRecord | None,
    path: Path,
    analysis: ClipAnalysis,
    ctx: Context,
    work: Work | None = None,
) -> ClipVerdicts:
    """Return the verdicts on a clip: the stored ones if all that is wanted is stored, otherwise new ones.

    Args:
        reader: The model.
        project: The project, open for writing, which stores new verdicts; None stores nothing.
        clip: The clip in the project.
        path: The clip's file.
        analysis: The clip's predictions, which are stored in the project if there is one.
        ctx: Receives the progress, and can cancel.
        work: Who computes; None for the reader.

    Raises:
        UserError: The clip cannot be read.
        Cancelled: The user cancelled; nothing is stored.
    """
    spans = wanted_spans(project, clip, analysis)
    if project is not None:
        known = db.spans.find(project, reader.key(analysis))
        if known is not None and all(_answered(known, analysis, span) for span in spans):
            return known
    found = (reader.of_clip if work is None else work.judge)(path, analysis, spans, ctx)
    if project is not None and clip is not None:
        db.spans.save(project, clip.id, analysis, found)
    return found


def _answered(known: ClipVerdicts, analysis: ClipAnalysis, span: tuple[int, float, float]) -> bool:
    """Return whether a span has its verdict, or can have none because its face is not seen within it."""
    track_id, start_s, end_s = span
    if known.item(*span) is not None:
        return True
    times_s = next(track.times_s for track in analysis.tracks if track.track_id == track_id)
    return not ((times_s >= start_s) & (times_s <= end_s)).any()


def _ends(times_s: NDArray[np.float64], seconds: float, stride_s: float) -> Iterator[float]:
    """When verdicts are given along a track: from half a window on, every stride."""
    if not len(times_s):
        return
    first_s, last_s = float(times_s[0]), float(times_s[-1])
    steps = int(np.floor((last_s - first_s - LEAST_SHARE * seconds) / stride_s + 1e-6))
    yield from (first_s + LEAST_SHARE * seconds + step * stride_s for step in range(steps + 1))


def own_networks(card: ModelCard, project_path: Path | None) -> dict[str, ModelCard]:
    """Return for streams the frame network in the model's own folder where the one installed is another or missing.

    Args:
        card: Card of a model of categories.
        project_path: The project whose own models count as installed; None for no project.
    """
    places = {file.sha256: file.path for key, file in card.files.items() if key.partition("_")[0] == "frame"}
    found = {}
    for each in card.raw.get("streams", ()):
        weights, name = str(each.get("weights", "")), str(each.get("name", ""))
        if weights in places and weights not in _installed(str(each["geometry"]["network"]), project_path):
            found[name] = load_card((card.folder / places[weights]).parent)
    return found


def _installed(network: str, project_path: Path | None) -> set[str]:
    """Return the check sums of the files of an installed network; none where it is missing."""
    try:
        return {file.sha256 for file in find_model(network, project_path).files.values()}
    except UserError:
        return set()


def _require_same(card: ModelCard, spec: StreamSpec, known: Mapping[str, Any]) -> None:
    """Refuse a stream that gives other numbers here than those that a model learned from."""
    here: dict[str, Any] = json.loads(json.dumps(spec.facts()))
    there = {key: value for key, value in known.items() if key != "features"}
    if here != json.loads(json.dumps(there)):
        what = "another frame model" if here.get("weights") != there.get("weights") else "another version of the stream"
        raise UserError(
            f"{card.name} learned from {what} than the one here (stream {spec.name}).",
            "Train again with what is installed, or install what it learned from.",
        )
