"""Where the clips of a project on a server lie: in a folder that all computers share, or at a web address.

A server holds rows, and no clips. From a web address each computer fetches the clips into its cache; a file that is not
the clip, byte for byte, is never taken.
"""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import db.clips
import db.settings
from app.addresses import is_address, without_credentials
from app.batch import Failures
from app.domain.project import ClipRecord
from app.errors import UserError
from app.jobs import Context
from app.services.models.zoo.download import Download, download
from app.services.projects.health import stop_only
from app.services.team.members import require_server
from db.places import CLIPS, clips_folder
from db.project import Project


class Fetched(NamedTuple):
    """What came of fetching clips.

    Attributes:
        clips: Number of clips that are now in the cache.
        refused: Why others are not, each naming its clip.
    """

    clips: int
    refused: list[UserError]


def clips_place(project: Project) -> str:
    """Return where a project says that its clips lie; empty where it says nothing.

    Raises:
        UserError: The project is a file.
    """
    require_server(project)
    return str(db.settings.get(project, CLIPS, ""))


def set_clips_place(project: Project, place: str) -> None:
    """Say where the clips lie, for all who use the project.

    Args:
        project: The project, open for writing by an owner.
        place: An absolute folder, or an address with http or https.

    Raises:
        UserError: It is neither, or holds a password, which everybody who may open the project could read.
    """
    require_server(project)
    if is_address(place):
        if without_credentials(place) != place or not place.startswith(("https://", "http://")):
            raise UserError(
                f"{without_credentials(place)} cannot be kept as the place of clips.",
                "Give an address that begins with https:// or http://, without user, password or token.",
            )
    elif not Path(place).is_absolute():
        raise UserError(f"{place} is not a whole path.", "Give the folder from its root, as all computers know it.")
    db.settings.put(project, CLIPS, place)
    project.folder = clips_folder(place, project.home)


def fetch_clips(project: Project, ctx: Context) -> Fetched:
    """Fetch the clips that this computer lacks from the project's web address; a refused one does not stop the others.

    Args:
        project: The open project.
        ctx: Receives the progress, and can cancel; what has arrived stays.

    Raises:
        UserError: The project names no web address.
        Cancelled: The user cancelled.
    """
    place = clips_place(project)
    if not is_address(place):
        raise UserError(
            "The clips of this project do not come from a web address.",
            "Say where they lie first.",
            "Say where they lie first: `affectograph team clips URL --set https://…`.",
        )
    missing = [clip for clip in db.clips.every(project) if clip.missing]
    failures, done = Failures(), 0
    for number, clip in enumerate(missing):
        ctx.progress(number, len(missing), clip.name)
        with failures.of(clip.name):
            _fetch(project.folder, place, clip, ctx)
            done += 1
    return Fetched(done, failures.errors)


def _fetch(folder: Path, place: str, clip: ClipRecord, ctx: Context) -> None:
    inside, goal = folder.resolve(), clip.path.resolve()
    if not goal.is_relative_to(inside):
        raise UserError(
            "Its path does not begin at the folder of the clips.", "Add it again from that folder, or fetch it by hand."
        )
    url = f"{place.rstrip('/')}/{quote(goal.relative_to(inside).as_posix())}"
    arrived = inside / ".arriving" / clip.sha256
    sha256 = download(Download(url, clip.size_bytes, clip.size_bytes, pinned=True), arrived, stop_only(ctx))
    if sha256 != clip.sha256:
        arrived.unlink()
        raise UserError("What lies at its address is another file.", "Ask whoever keeps the clips.")
    goal.parent.mkdir(parents=True, exist_ok=True)
    arrived.replace(goal)
