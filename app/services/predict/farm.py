"""Has clips analysed by the workers of a cluster, some clips ahead of the process that writes what they find.

Each clip goes through steps (fingerprint, predictions, measures, verdicts). A step is sent as soon as what it needs has
arrived, unless the project has its result. Nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import db.clips
import db.measures
import db.spans
from app.cluster import Cluster, Sent
from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.measures import ClipMeasures
from app.domain.spans import ClipVerdicts
from app.domain.stretch import Stretch
from app.errors import UserError
from app.faces.mesh import MeshFinder
from app.jobs import Context
from app.media.source import read_head
from app.services.predict import remote
from app.services.predict.analyse import Analyser
from app.services.predict.categories import CategoryReader, wanted_spans
from app.services.predict.measures import key_of
from app.services.predict.stored import analysis_for
from db.project import Project

T = TypeVar("T")

AHEAD: Final = 3
"""Clips for each worker that are under way or wait to be written: results of more would fill the memory."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of each clip.

    Attributes:
        analyser: The analyser whose predictions are wanted; it computes nothing itself.
        device: The device on which workers run models.
        project: The project whose results are reused; None for none.
        stretch: The part of each clip; None for whole clips.
        finder: The finder of meshes for measures; None measures nothing.
        field_of_view_deg: Horizontal field of view for measures, in degrees.
        reader: The model of categories; None for none.
    """

    analyser: Analyser
    device: str
    project: Project | None
    stretch: Stretch | None
    finder: MeshFinder | None
    field_of_view_deg: float
    reader: CategoryReader | None


@dataclass(eq=False)
class _Steps:
    """How far a clip is.

    Attributes:
        clip: The clip.
        sent: The parts that were sent, by the name of the step.
        over: Steps of which nothing is sent ahead any more: their turn says why.
    """

    clip: remote.Clip
    sent: dict[str, Sent[Any]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)


class ClipFarm:
    """The `Work` of a cluster on clips, which are taken in their order.

    Args:
        cluster: The cluster.
        files: The clips, in the order in which they are written.
        wanted: What is wanted of each.
    """

    def __init__(self, cluster: Cluster, files: Sequence[Path], wanted: Wanted) -> None:
        self._cluster, self._files, self._wanted = cluster, list(files), wanted
        self._steps: dict[Path, _Steps] = {}
        self._begun = self._turn = 0

    def turn(self, number: int) -> None:
        """Begin the clips up to some ahead of one that is taken now, and forget the one before it."""
        if number:
            before = self._steps.pop(self._files[number - 1], None)
            self._cluster.drop(() if before is None else before.sent.values())
        self._turn = number
        for path in self._files[self._begun : number + AHEAD * self._cluster.workers]:
            self._begun += 1
            try:
                self._of(path)
            except UserError:
                continue  # it is refused at its turn

    def fingerprint(self, path: Path, ctx: Context) -> str:
        """Return the SHA-256 of a clip's bytes; see `Work`."""
        part: Sent[str] = self._of(path).sent["fingerprint"]
        return self._taken(path, part, ctx)

    def predict(self, path: Path, key: RunKey, stretch: Stretch | None, ctx: Context) -> ClipAnalysis:
        """Return the predictions of a clip; see `Work`."""
        steps = self._of(path)
        if "predict" not in steps.sent:
            self._send_predict(steps, key, stretch)
        part: Sent[ClipAnalysis] = steps.sent["predict"]
        return self._taken(path, part, ctx)

    def measure(self, path: Path, analysis: ClipAnalysis, ctx: Context) -> ClipMeasures:
        """Return the measures of a clip; see `Work`."""
        steps = self._of(path)
        if "measure" not in steps.sent:
            self._send_measure(steps, analysis)
        part: Sent[ClipMeasures] = steps.sent["measure"]
        return self._taken(path, part, ctx)

    def judge(
        self, path: Path, analysis: ClipAnalysis, spans: Sequence[tuple[int, float, float]], ctx: Context
    ) -> ClipVerdicts:
        """Return the verdicts on a clip; see `Work`."""
        steps = self._of(path)
        if "judge" not in steps.sent:
            self._send_judge(steps, analysis, spans)
        part: Sent[ClipVerdicts] = steps.sent["judge"]
        return self._taken(path, part, ctx)

    def _of(self, path: Path) -> _Steps:
        if path not in self._steps:
            read_head(path)
            clip = remote.Clip(path.absolute(), path.stat().st_size)
            self._steps[path] = _Steps(clip, {"fingerprint": self._cluster.send(remote.fingerprint, clip)})
        return self._steps[path]

    def _taken(self, path: Path, part: Sent[T], ctx: Context) -> T:
        def meanwhile() -> None:
            ctx.progress(self._turn, len(self._files), f"waiting for {path.name}")
            self._move_on()

        return part.result(ctx, meanwhile)

    def _move_on(self) -> None:
        """Send the next step of every clip whose last one has arrived."""
        for steps in self._steps.values():
            for name, move in (("fingerprint", self._after_fingerprint), ("predict", self._after_predict)):
                part = steps.sent.get(name)
                if part is None or not part.done or name in steps.over:
                    continue
                steps.over.add(name)
                try:
                    move(steps, self._cluster.found(part))
                except Exception:  # noqa: BLE001  # raised at the turn of this clip, which takes or sends the same part
                    continue

    def _after_fingerprint(self, steps: _Steps, sha256: str) -> None:
        wanted, key = self._wanted, self._wanted.analyser.key(sha256)
        clip = None if wanted.project is None else db.clips.by_hash(wanted.project, sha256)
        known = None
        if wanted.project is not None and clip is not None:
            known = analysis_for(wanted.project, clip, key)
        if known is None:
            self._send_predict(steps, key, wanted.stretch)
        else:
            self._after_predict(steps, known)
        if wanted.finder is None:
            return
        if known is None or wanted.project is None:
            self._send_measure(steps, steps.sent["predict"])
        elif db.measures.find(wanted.project, key_of(known, wanted.finder, wanted.field_of_view_deg)) is None:
            self._send_measure(steps, known)

    def _after_predict(self, steps: _Steps, analysis: ClipAnalysis) -> None:
        wanted = self._wanted
        if wanted.reader is None or "judge" in steps.sent:
            return
        clip = None
        if wanted.project is not None:
            clip = db.clips.by_hash(wanted.project, analysis.key.media_sha256)
            if db.spans.find(wanted.project, wanted.reader.key(analysis)) is not None:
                return
        self._send_judge(steps, analysis, wanted_spans(wanted.project, clip, analysis))

    def _send_predict(self, steps: _Steps, key: RunKey, stretch: Stretch | None) -> None:
        wanted, pipeline = self._wanted, self._wanted.analyser.pipeline
        model = remote.FarModel.of(pipeline.card)
        words = (model, key, wanted.device, pipeline.detector_name, stretch)
        steps.sent["predict"] = self._cluster.send(remote.predict, steps.clip, *words)

    def _send_measure(self, steps: _Steps, analysis: ClipAnalysis | Sent[ClipAnalysis]) -> None:
        words = (analysis, self._wanted.device, self._wanted.field_of_view_deg)
        steps.sent["measure"] = self._cluster.send(remote.measure, steps.clip, *words)

    def _send_judge(self, steps: _Steps, analysis: ClipAnalysis, spans: Sequence[tuple[int, float, float]]) -> None:
        reader = self._wanted.reader
        if reader is None:
            raise RuntimeError("there is no model of categories")
        words = (analysis, spans, remote.FarModel.of(reader.model.card), reader.key(analysis), self._wanted.device)
        steps.sent["judge"] = self._cluster.send(remote.judge, steps.clip, *words)
