"""Reads the streams of many items, some clips side by side: while one is decoded, another is computed."""

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Final

import db.clips
from app.batch import Failures
from app.domain.missing import missing_clip
from app.domain.project import ClipRecord, ItemRecord
from app.errors import Cancelled, ProjectLost
from app.inference.providers import default_threads
from app.jobs import Context
from app.services.predict.streams import ItemStreams, StreamBank
from app.streams.catalogue import open_streams
from db.project import Project

MOST_WORKERS: Final = 4
"""Clips that are read at a time at most; each has networks and some tens of megabytes of frames of its own."""
LOOK_S: Final = 0.1
"""How often somebody who waits looks whether to stop."""
Outcome = ItemStreams | Exception


def read_items(
    project: Project,
    items: Sequence[ItemRecord],
    streams: Sequence[str],
    ctx: Context,
    failures: Failures,
    device: str = "auto",
    scheduler: str = "",
) -> list[ItemStreams | None]:
    """Read the streams of items; the items of one clip are read by one worker, so that its faces are found once.

    Args:
        project: The project with the items.
        items: The items to read.
        streams: Names of the streams.
        ctx: Receives the progress in items, and can cancel.
        failures: Receives every item that cannot be read, in the order of the items; the others are read.
        device: The device for the detector and the networks.
        scheduler: Address of a Dask cluster whose workers read; empty for this process alone.

    Returns:
        The rows of the streams for each item, None for one that failed.

    Raises:
        UserError: There is no such stream.
        ProjectLost: The project can no longer be read.
        Cancelled: The user cancelled.
    """
    by_clip: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        by_clip.setdefault(item.clip_id, []).append(number)
    clips = db.clips.some(project, by_clip)
    if scheduler:
        from app.services.predict.far_items import fetch_streams

        fetch_streams(project, [(items[n], clips[items[n].clip_id]) for n in range(len(items))], streams, ctx,
                      device, scheduler)  # fmt: skip
    found: dict[int, Outcome] = {}
    own, quiet = threading.local(), Context()

    def work(numbers: Sequence[int]) -> dict[int, Outcome]:
        if not hasattr(own, "bank"):
            own.bank = StreamBank(open_streams(streams, project.home, device), device)
        clip = clips[items[numbers[0]].clip_id]
        return {number: _read(project, items[number], clip, own.bank, quiet) for number in numbers}

    workers = max(min(MOST_WORKERS, default_threads(), len(by_clip)), 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="read-items")
    try:
        waiting = {pool.submit(work, numbers) for numbers in by_clip.values()}
        while waiting:
            done, waiting = wait(waiting, LOOK_S, FIRST_COMPLETED)
            for each in done:
                found |= each.result()
            last = items[max(found)].name if found else items[0].name
            ctx.progress(len(found), len(items), f"Reading {last}")
    finally:
        quiet.cancel()
        pool.shutdown(cancel_futures=True)
    return [_taken(found[number], item.name, failures) for number, item in enumerate(items)]


def _read(project: Project, item: ItemRecord, clip: ClipRecord, bank: StreamBank, ctx: Context) -> Outcome:
    """Read an item; what is wrong with it is returned, so that the others go on."""
    try:
        ctx.check()
        if clip.missing:
            raise missing_clip(clip.name)
        return bank.read(project, item, clip.path, clip.sha256, ctx)
    except (Cancelled, ProjectLost):
        raise
    except Exception as error:  # noqa: BLE001  # told by whoever asked, with the name of the item
        return error


def _taken(outcome: Outcome, name: str, failures: Failures) -> ItemStreams | None:
    with failures.of(name):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
    return None
