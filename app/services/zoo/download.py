"""Fetch one file over HTTP with progress, resume and checks. What arrives is either whole and right, or not there."""

import errno
import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

import requests

from app.errors import UserError
from app.jobs import Context

BLOCK = 1 << 16
TRIES = 4
"""How often a broken connection is taken up again, each time from where it broke."""

TIMEOUT_S = (10, 30)
"""Seconds to connect, and between two pieces of data."""

AGAIN = "What was fetched is kept: the same command goes on from there. Offline, install from a file or folder."


def download(url: str, target: Path, *, size: int | None, limit: int, ctx: Context) -> str:
    """Fetch `url` into `target`, going on from a `.part` file beside it where the server allows.

    Args:
        url: http or https.
        target: Where the whole file goes; its `.part` neighbour holds what has arrived so far.
        size: Bytes that are expected, None where unknown.
        limit: More bytes than this are refused.
        ctx: Progress in bytes, and cancel; a cancelled download can be taken up again.

    Returns:
        SHA-256 of the bytes, in hex.

    Raises:
        UserError: No connection, a refusal by the server, a web page instead of a file, a wrong length, a full disk.
        Cancelled: On request.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise UserError(f"{url} is not a web address.", "Give an address that begins with https:// or http://.")
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    problem: Exception | None = None
    for _ in range(TRIES):
        ctx.check()
        try:
            if _fetch(url, part, size=size, limit=limit, ctx=ctx):
                break
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            problem = error
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise UserError("The disk is full.", f"Free {_readable(size or limit)} and try again.") from error
            raise UserError(f"{part} cannot be written: {error}.", "Check the folder's permissions.") from error
    else:
        if part.exists() and part.stat().st_size == 0:
            part.unlink()
        raise UserError(f"{urlsplit(url).netloc} could not be reached or broke off.", AGAIN) from problem
    digest = hashlib.sha256()
    with part.open("rb") as file:
        while block := file.read(1 << 20):
            ctx.check()
            digest.update(block)
        os.fsync(file.fileno())
    part.replace(target)
    return digest.hexdigest()


def _fetch(url: str, part: Path, *, size: int | None, limit: int, ctx: Context) -> bool:
    """One connection. True when the file is whole, False when it ended early without an error of its own."""
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    # identity: a compressed transfer would make lengths and offsets mean something else
    headers["Accept-Encoding"] = "identity"
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
        if answer.status_code == 416 and have:  # nothing after what we have: whole, or another file by now
            if size is None or have == size:
                return True
            part.unlink()
            return False
        if not answer.ok:
            raise UserError(
                f"The server answered {answer.status_code} {answer.reason} for {url}.",
                "Check the address, or install from a file.",
            )
        kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            part.unlink(missing_ok=True)
            raise UserError(
                f"{url} led to a web page and not to a file.",
                "A login or a licence page may stand before it: fetch it by browser, then install from the file.",
            )
        resumed = answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        if not resumed:
            have = 0
        length = answer.headers.get("Content-Length")
        whole = have + int(length) if length and length.isdigit() else None
        _check_length(url, whole, size, limit, part)
        with part.open("ab" if resumed else "wb") as file:
            for block in answer.iter_content(BLOCK):
                have += len(block)
                _check_length(url, have if have > limit else None, None, limit, part)
                file.write(block)
                ctx.progress(have, whole or size or 0, f"downloading {Path(urlsplit(url).path).name}")
            file.flush()
            os.fsync(file.fileno())
    return have == (whole if whole is not None else have)


def _check_length(url: str, whole: int | None, size: int | None, limit: int, part: Path) -> None:
    if whole is None:
        return
    if whole > limit:
        part.unlink(missing_ok=True)
        raise UserError(f"{url} is larger than {_readable(limit)}.", "This is not the file it should be.")
    if size is not None and whole != size:
        part.unlink(missing_ok=True)
        raise UserError(
            f"{url} offers {whole:,} bytes where {size:,} are expected.",
            "The file has changed at its source: wait for a new list of models, or install a copy you trust.",
        )


def _readable(count: int) -> str:
    return f"{count / 1e6:,.0f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} kB"
