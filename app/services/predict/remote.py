"""What the workers of a cluster do with clips. They open models once, and write nothing into a project.

Functions are called by name on other computers, with everything that they need as arguments. A worker refuses a clip or
a model that is not the one on the computer that asks, so that results never depend on who computed them.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from app.domain.analysis import ClipAnalysis, RunKey
from app.domain.measures import ClipMeasures
from app.domain.project import ItemRecord, TrackGeometry
from app.domain.spans import ClipVerdicts
from app.domain.stretch import Stretch
from app.errors import UserError
from app.faces.mesh import MeshFinder
from app.inference.cards import CARD_NAME, ModelCard, find_model
from app.jobs import Context
from app.media.probe import media_hash
from app.media.steady import steady
from app.services.predict.analyse import Analyser, computed
from app.services.predict.categories import CategoryReader
from app.services.predict.kept import clip_folder
from app.services.predict.measures import measure_clip
from app.services.predict.streams import StreamBank
from app.streams.catalogue import open_streams

T = TypeVar("T")
_OPEN: Final = threading.local()
"""What this thread has opened: models are not used by two threads at the same time."""


class NotAlike(UserError):
    """A worker has another clip or model than the computer that asks, so that nothing of it can be used."""


@dataclass(frozen=True)
class FarModel:
    """A model that a worker is to open.

    Attributes:
        name: Its name.
        folder: Its folder on the computer that asks, where the worker looks first: it may be shared.
    """

    name: str
    folder: str

    @classmethod
    def of(cls, card: ModelCard) -> "FarModel":
        """Return what a worker needs to find a model."""
        return cls(card.name, str(card.folder))

    def here(self) -> str:
        """Return the folder if this computer has it, too, else the name."""
        return self.folder if (Path(self.folder) / CARD_NAME).is_file() else self.name


@dataclass(frozen=True)
class Clip:
    """A clip on a disk that all computers of a cluster share.

    Attributes:
        path: Its path, which is the same on all of them.
        size: Its size in bytes, by which a worker knows that it sees the same file.
        sha256: SHA-256 of its bytes; empty where it is not known yet.
    """

    path: Path
    size: int
    sha256: str = ""

    def require(self) -> Path:
        """Return the path, once this computer is known to have the same file there.

        Raises:
            NotAlike: It has none there, or another one.
        """
        try:
            size = self.path.stat().st_size
        except OSError:
            size = -1
        if size != self.size:
            has = "does not find" if size < 0 else "finds another file as"
            raise NotAlike(
                f"The worker on {socket.gethostname()} {has} {self.path}.",
                "Put the clips into a folder that all computers know by the same path.",
            )
        return self.path


def fingerprint(clip: Clip) -> str:
    """Return the SHA-256 of a clip's bytes.

    Raises:
        UserError: The worker has another file there, or it cannot be read.
    """
    return media_hash(clip.require())


def predict(
    clip: Clip, model: FarModel, key: RunKey, device: str, detector: str, stretch: Stretch | None
) -> ClipAnalysis:
    """Return the predictions of a clip.

    Args:
        clip: The clip.
        model: The frame model.
        key: The key that the results must have; its clip counts only if `clip` has no hash.
        device: "auto", "cpu", "cuda", "tensorrt" or "coreml".
        detector: "mtcnn" or "yunet".
        stretch: The part of the clip to predict; None for the whole clip.

    Raises:
        UserError: The clip cannot be read, or the worker has another clip, model or program.
    """
    path = clip.require()
    analyser = _once(f"analyser {model} {device} {detector}", lambda: Analyser(model.here(), device, detector))
    if analyser.key(key.media_sha256) != key:
        raise _other_model(model.name)
    with steady(path):
        return computed([analyser], path, key.media_sha256, Context(), stretch)[0]


def measure(clip: Clip, analysis: ClipAnalysis, device: str, field_of_view_deg: float) -> ClipMeasures:
    """Return the measures of the faces of a clip; see `measure_clip`.

    Raises:
        UserError: The clip cannot be read, or the worker has another one.
    """
    finder = _once(f"mesh {device}", lambda: MeshFinder(device))
    return measure_clip(clip.require(), analysis, Context(), finder=finder, field_of_view_deg=field_of_view_deg)


def judge(
    clip: Clip,
    analysis: ClipAnalysis,
    spans: Sequence[tuple[int, float, float]],
    model: FarModel,
    key: RunKey,
    device: str,
) -> ClipVerdicts:
    """Return the verdicts of a model of categories; see `CategoryReader.of_clip`.

    Raises:
        UserError: The clip cannot be read, or the worker has another clip or model.
    """
    reader = _once(f"categories {model} {device}", lambda: CategoryReader(find_model(model.here()), None, device))
    if reader.key(analysis) != key:
        raise _other_model(model.name)
    return reader.of_clip(clip.require(), analysis, spans, Context())


@dataclass(frozen=True, eq=False)
class FarItem:
    """An item whose streams a worker is to read.

    Attributes:
        item: The item.
        where: The place of its face; None where no track was chosen.
        clip: Its clip, with its hash.
    """

    item: ItemRecord
    where: TrackGeometry | None
    clip: Clip


def read_streams(items: Sequence[FarItem], names: Sequence[str], facts: str, device: str) -> dict[str, bytes]:
    """Read the streams of items of one clip.

    Args:
        items: The items.
        names: Names of the streams.
        facts: `stream_facts` of the computer that asks.
        device: The device for the detector and the networks.

    Returns:
        The files that keep what was read, by their names in the clip's folder of the cache; those of items that cannot
        be read are missing.

    Raises:
        UserError: The worker has another clip or network.
    """
    bank = _once(f"streams {names} {device}", lambda: StreamBank(open_streams(names, None, device), device))
    if bank.facts() != facts:
        raise _other_model(", ".join(names))
    folder = clip_folder(items[0].clip.sha256)
    found: dict[str, bytes] = {}
    for each in items:
        path = each.clip.require()
        try:
            kept = bank.keep(each.where, each.item, path, each.clip.sha256, Context())
        except UserError:
            continue  # whoever asked meets the same, and says it of the item
        found |= {str(place.relative_to(folder).as_posix()): place.read_bytes() for place in kept}
    return found


def _once(what: str, make: Callable[[], T]) -> T:
    found: dict[str, T] = _OPEN.__dict__.setdefault("made", {})
    if what not in found:
        found[what] = make()
    return found[what]


def _other_model(name: str) -> NotAlike:
    return NotAlike(
        f"The worker on {socket.gethostname()} has another model {name} than this computer.",
        "Install the same models on all computers, or keep them in a folder that all know by the same path.",
    )
