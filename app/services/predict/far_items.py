"""Fills the cache of streams from the workers of a cluster; what is read afterwards is found there."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from app.cluster import Cluster
from app.domain.project import ClipRecord, ItemRecord
from app.errors import ClusterLost, UserError
from app.files import replacing
from app.jobs import Context
from app.services.predict import remote
from app.services.predict.kept import clip_folder
from app.services.predict.streams import StreamBank
from app.services.predict.tracks import place_of_item
from app.streams.catalogue import open_streams
from db.project import Project


def fetch_streams(
    project: Project,
    items: Iterable[tuple[ItemRecord, ClipRecord]],
    names: Sequence[str],
    ctx: Context,
    device: str,
    scheduler: str,
) -> None:
    """Let the workers of a cluster read the streams of items that are not kept here, and keep what they found.

    Items that cannot be read stay missing: whoever reads them afterwards meets the reason.

    Args:
        project: The project with the items.
        items: The items with their clips.
        names: Names of the streams.
        ctx: Receives the progress in clips, and can cancel; what has arrived stays.
        device: The device on which workers run networks.
        scheduler: Address of the cluster.

    Raises:
        UserError: There is no such cluster or stream, or a worker has other clips or networks.
        Cancelled: The user cancelled.
    """
    bank = StreamBank(open_streams(names, project.home, device), device)
    by_clip: dict[str, list[remote.FarItem]] = {}
    for item, clip in items:
        if clip.missing:
            continue
        far = remote.Clip(clip.path.absolute(), clip.path.stat().st_size, clip.sha256)
        where = place_of_item(project, item)
        if not bank.kept(where, item, clip.sha256):
            by_clip.setdefault(clip.sha256, []).append(remote.FarItem(item, where, far))
    if not by_clip:
        return
    with Cluster(scheduler, ctx) as cluster:
        facts = bank.facts()
        waiting = {
            sha256: cluster.send(remote.read_streams, mine, tuple(names), facts, device)
            for sha256, mine in by_clip.items()
        }
        for number, (sha256, part) in enumerate(waiting.items()):
            name = by_clip[sha256][0].clip.path.name

            def meanwhile(number: int = number, name: str = name) -> None:
                ctx.progress(number, len(waiting), f"waiting for {name}")

            try:
                found = part.result(ctx, meanwhile)
            except (remote.NotAlike, ClusterLost):
                raise
            except UserError:
                continue
            _keep(sha256, found)
            cluster.drop([part])


def _keep(sha256: str, files: dict[str, bytes]) -> None:
    """Keep files of a clip's folder of the cache that are not there yet."""
    for name, content in files.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts:
            raise ValueError(f"a worker sent a file outside the folder of its clip: {name}")
        place = clip_folder(sha256) / inside
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            with replacing(place) as temporary:
                temporary.write_bytes(content)
