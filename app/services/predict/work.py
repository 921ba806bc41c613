"""Who computes what is written of clips: this process, or the workers of a cluster (`app.services.predict.farm`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.measures import ClipMeasures
from app.domain.spans import ClipVerdicts
from app.domain.stretch import Stretch
from app.jobs import Context


class Work(Protocol):
    """Computes on clips and writes nothing. Without one, whoever needs a result computes it in its own process."""

    def fingerprint(self, path: Path, ctx: Context) -> str:
        """Return the SHA-256 of a clip's bytes."""

    def predict(self, path: Path, key: RunKey, stretch: Stretch | None, ctx: Context) -> ClipAnalysis:
        """Return the predictions of a clip that belong to a key."""

    def measure(self, path: Path, analysis: ClipAnalysis, ctx: Context) -> ClipMeasures:
        """Return the measures of the faces of a clip's predictions."""

    def judge(
        self, path: Path, analysis: ClipAnalysis, spans: Sequence[tuple[int, float, float]], ctx: Context
    ) -> ClipVerdicts:
        """Return the verdicts of the model of categories on spans of a clip; see `CategoryReader.of_clip`."""


class WorkInTurn(Work, Protocol):
    """Computes on the clips of a batch, which are taken in their order, some of them ahead."""

    def turn(self, number: int) -> None:
        """Take the clip of a number from now on, and begin those that follow it."""
