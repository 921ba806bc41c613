"""A real HTTP server on the loopback interface that can misbehave in the ways real ones do."""

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STALL_AFTER = 40_960
"""Enough for something to be in the file, and not the whole of the smallest model."""


@dataclass
class Served:
    """What is offered, and how it goes wrong.

    Attributes:
        data: The file.
        cut_after: Break the connection after so many bytes of an answer; one entry for each request, None for whole.
        ranges: Answer Range requests.
        if_range: Heed If-Range (a server that does not joins two versions).
        shift: Go on so many bytes beside the place asked for.
        etag: Send one; a weak one where it begins with W/.
        length: Send Content-Length.
        kind: Content-Type; None sends none.
        redirect: Send everybody there.
        statuses: Answer with these first.
        stall_after: Fall silent after so many bytes, and break the connection at `stop`.
        requests: (path, headers) of every request, in order.
    """

    data: bytes = b""
    cut_after: list[int | None] = field(default_factory=list)
    ranges: bool = True
    if_range: bool = True
    shift: int = 0
    etag: str | None = None
    length: bool = True
    kind: str | None = "application/octet-stream"
    redirect: str | None = None
    statuses: list[int] = field(default_factory=list)
    stall_after: int | None = None
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def asked_ranges(self):
        return [headers.get("Range") for _, headers in self.requests]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def do_GET(self):
        served: Served = self.server.served
        served.requests.append((self.path, dict(self.headers)))
        if served.redirect and not self.path.endswith("landed"):
            self.send_response(302)
            self.send_header("Location", served.redirect)
            self.end_headers()
            return
        if served.statuses:
            self.send_error(served.statuses.pop(0))
            return
        etag = served.etag if served.etag is not None else f'"{hashlib.sha256(served.data).hexdigest()[:12]}"'
        start = self._start(served, etag)
        if start is not None and start >= len(served.data):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(served.data)}")
            self.end_headers()
            return
        self._send(served, etag, start)

    def _start(self, served, etag):
        wish = self.headers.get("Range")
        if not wish or not served.ranges:
            return None
        if served.if_range and self.headers.get("If-Range") not in (None, etag):
            return None
        return int(wish.removeprefix("bytes=").rstrip("-")) + served.shift

    def _send(self, served, etag, start):
        body = served.data[start or 0 :]
        self.send_response(200 if start is None else 206)
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(served.data) - 1}/{len(served.data)}")
        if etag:
            self.send_header("ETag", etag)
        if served.kind:
            self.send_header("Content-Type", served.kind)
        if served.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = served.cut_after.pop(0) if served.cut_after else None
        body = body if cut is None else body[:cut]
        for at in range(0, len(body), 4096):
            if served.stall_after is not None and at >= served.stall_after:
                served.stop.wait()
                return
            try:
                self.wfile.write(body[at : at + 4096])
                self.wfile.flush()
            except OSError:
                return


class Server:
    """Context manager: `url` and `served`."""

    def __init__(self, served):
        self.served = served
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.served = served
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.served.stop.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def url(self, name="model.onnx"):
        return f"http://127.0.0.1:{self._http.server_port}/{name}"
