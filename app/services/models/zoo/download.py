"""Fetches one file over HTTP with progress, resuming and checks. A file appears only if it is complete and correct."""

import contextlib
import errno
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3

from app.addresses import without_credentials
from app.domain.words import file_size
from app.errors import UserError
from app.files import sha256_of
from app.jobs import Context
from app.services.models.zoo.partial import Partial

BLOCK: Final = 1 << 16
PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds to wait before each retry of a broken connection; arriving bytes reset the sequence."""

MOST_TRIES: Final = 30
TIMEOUT_S: Final = (10, 30)
"""Seconds to connect, and between two pieces of data."""

AGAIN: Final = (
    "What has arrived is kept: the same command continues from there. Offline, install from a file or folder (--from)."
)
_NOTHING_CAME: Final = "Check address and network. Offline, install from a file or folder (--from)."
_WEB_PAGE: Final = "A login or a licence page may stand before it: fetch it by browser, then install from the file."
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_SAME: Final = {"Accept-Encoding": "identity"}
"""Headers that forbid compressed transfers, which would change lengths and offsets."""


@dataclass(frozen=True)
class Download:
    """The file to fetch.

    Attributes:
        url: Address with http or https.
        size: Expected number of bytes; None where unknown.
        limit: Largest number of bytes that is accepted.
        pinned: Whether the file's hash is known and is checked afterwards.
    """

    url: str
    size: int | None
    limit: int
    pinned: bool

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def shown(self) -> str:
        """The address as it may be shown, logged and kept."""
        return without_credentials(self.url)

    @property
    def name(self) -> str:
        """The file's name in the address."""
        return Path(urlsplit(self.url).path).name or self.host


class _Broken(Exception):
    """The connection ended too early or never came up; another try may help."""


def download(wanted: Download, target: Path, ctx: Context) -> str:
    """Fetch a file into `target`, continuing from a `.part` file beside it if the server allows it.

    Args:
        wanted: The file and its address.
        target: The path of the whole file; its `.part` neighbour holds what has arrived so far.
        ctx: Progress in bytes, and cancel; a cancelled download can be continued.

    Returns:
        SHA-256 of the bytes, in hex.

    Raises:
        UserError: There is no connection, the server refuses, sends a web page instead of a file or sends a wrong
            length, or the disk is full. Only a broken connection leaves its `.part` file behind.
        Cancelled: The user cancelled.
    """
    if not _is_web_address(wanted.url):
        raise UserError(
            f"{wanted.shown} is not a web address.", "Give an address that begins with https:// or http://."
        )
    partial = Partial(target)
    try:
        partial.path.parent.mkdir(parents=True, exist_ok=True)
        _arrive(wanted, partial, ctx)
        digest = sha256_of(partial.path, lambda _done: ctx.check())
        partial.finish(target)
    except requests.RequestException as error:
        partial.discard()
        raise UserError(f"{wanted.shown} cannot be fetched: {error}.", "Check the address.") from error
    except OSError as error:
        partial.discard()
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            space = f" {file_size(wanted.size)}" if wanted.size else " some space"
            raise UserError(
                f"The disk is full: {wanted.name} could not be kept.", f"Free{space}, try again."
            ) from error
        raise UserError(f"{partial.path} cannot be written: {error.strerror}.", "Check the folder's rights.") from error
    except UserError as error:
        if error.todo != AGAIN:
            partial.discard()
        raise
    return digest


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _arrive(wanted: Download, partial: Partial, ctx: Context) -> None:
    """Try until the file is complete, or several tries in a row have brought nothing."""
    fruitless, most = 0, partial.have
    for _ in range(MOST_TRIES):
        try:
            _fetch(wanted, partial, ctx)
            return
        except _Broken as error:
            ctx.check()
            problem = error
        fruitless = 0 if partial.have > most else fruitless + 1
        most = max(most, partial.have)
        if fruitless >= len(PAUSES_S):
            break
        _wait(PAUSES_S[fruitless], wanted, partial.have, ctx)
    if partial.have:
        raise UserError(f"{wanted.host}: {problem}.", AGAIN) from problem
    raise UserError(f"{wanted.host}: {problem}.", _NOTHING_CAME) from problem


def _wait(seconds: float, wanted: Download, have: int, ctx: Context) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        ctx.progress(have, wanted.size or 0, f"{wanted.host} does not answer, trying again")
        time.sleep(0.05)


def _fetch(wanted: Download, partial: Partial, ctx: Context) -> None:
    """One connection.

    Raises:
        _Broken: It ended early; what arrived is kept.
    """
    ctx.check()
    if wanted.size is not None and partial.have > wanted.size:
        partial.discard()
    have, mark = partial.have, partial.mark(wanted.url)
    if wanted.pinned and have == wanted.size:
        return
    headers = dict(_SAME)
    if have and (mark or wanted.pinned):
        headers["Range"] = f"bytes={have}-"
        if mark:
            headers["If-Range"] = mark
    try:
        with requests.get(wanted.url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
            _no_worse_than_asked(wanted, answer)
            if answer.status_code == 416 and have:
                # Nothing after what we have. If that is not the whole file, it is another one by now.
                total = answer.headers.get("Content-Range", "").removeprefix("bytes */")
                _check_length(wanted, int(total) if total.isdigit() else None, partial.path.parent, have)
                if mark and total == str(have):
                    return
                partial.discard()
                raise _Broken("the file changed on the server")
            _check_status(wanted, answer)
            _receive(wanted, answer, partial, ctx)
    except requests.Timeout as error:
        raise _Broken("no answer within the time allowed") from error
    except requests.exceptions.SSLError as error:
        raise UserError(f"{wanted.host} could not prove who it is.", "Check the clock and the network.") from error
    except requests.ConnectionError as error:
        raise _Broken("it could not be reached, or the connection broke off") from error


def _no_worse_than_asked(wanted: Download, answer: requests.Response) -> None:
    if urlsplit(wanted.url).scheme == "https" and urlsplit(answer.url).scheme != "https":
        raise UserError(
            f"{wanted.host} led from https to plain {without_credentials(answer.url)}.",
            "Install from a file instead.",
        )


def _check_status(wanted: Download, answer: requests.Response) -> None:
    if answer.status_code in _BUSY:
        raise _Broken(f"it answered {answer.status_code} {answer.reason}")
    if not answer.ok:
        raise UserError(
            f"The server answered {answer.status_code} {answer.reason} for {wanted.shown}.",
            "Check the address, or install from a file.",
        )
    kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise UserError(f"{wanted.shown} led to a web page and not to a file.", _WEB_PAGE)


def _receive(wanted: Download, answer: requests.Response, partial: Partial, ctx: Context) -> None:
    """Write the incoming bytes: after those at hand if the server continues exactly there, else from the beginning."""
    have = partial.have
    length = answer.headers.get("Content-Length", "")
    coming = int(length) if length.isdigit() else None
    if answer.status_code == 206:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", answer.headers.get("Content-Range", "").strip())
        if found is None or int(found[1]) != have:
            partial.discard()
            raise _Broken("the server went on at another place than asked")
        whole: int | None = int(found[3]) if found[3] != "*" else int(found[2]) + 1
    else:
        partial.begin(wanted.url, answer.headers)
        have, whole = 0, coming
    _check_length(wanted, whole, partial.path.parent, have)
    # A silent server must not hold up a cancel: reading is broken off from outside.
    with partial.path.open("ab") as file, ctx.interrupting(lambda: _break_off(answer)):
        try:
            # Not iter_content: it waits for full blocks, and drops the last one when the connection breaks.
            while block := answer.raw.read1(BLOCK, decode_content=False):
                if not have:
                    _check_beginning(wanted, block)
                have += len(block)
                if have > wanted.limit or (wanted.size is not None and have > wanted.size):
                    raise UserError(f"{wanted.shown} sends more than it should.", "This is not the file it should be.")
                file.write(block)
                ctx.progress(have, whole or wanted.size or 0, f"downloading {wanted.name}")
        except urllib3.exceptions.HTTPError as error:
            raise _Broken("the connection broke off") from error
        file.flush()
        os.fsync(file.fileno())
    expected = whole if whole is not None else wanted.size
    if expected is not None and have < expected:
        raise _Broken(f"only {have:,} of {expected:,} bytes came")


def _break_off(answer: requests.Response) -> None:
    with contextlib.suppress(Exception):  # the connection may be gone already
        answer.raw.shutdown()


def _check_beginning(wanted: Download, block: bytes) -> None:
    """Refuse web pages that a server sends in place of the file, such as a login page."""
    start = block[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<!--")):
        raise UserError(f"{wanted.shown} led to a web page and not to a file.", _WEB_PAGE)
    if start.startswith(b"version https://git-lfs"):
        raise UserError(
            f"{wanted.shown} gives a pointer to the file, not the file.", "Use the address of the file's own content."
        )


def _check_length(wanted: Download, whole: int | None, folder: Path, have: int) -> None:
    if whole is None:
        return
    if wanted.size is not None and whole != wanted.size:
        raise UserError(
            f"{wanted.shown} offers {whole:,} bytes where {wanted.size:,} are expected.",
            "The file has changed at its source: wait for a new list of models, or install a copy you trust.",
        )
    if whole > wanted.limit:
        raise UserError(
            f"{wanted.shown} is larger than {file_size(wanted.limit)}.", "This is not the file it should be."
        )
    if shutil.disk_usage(folder).free < whole - have:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
