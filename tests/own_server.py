"""A PostgreSQL server for one test, which may be killed and started again."""

import os
import shutil
import subprocess
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg


class OwnServer:
    """A server in a folder of its own, reached by a socket there.

    Args:
        port: Port of this computer at which it listens too, with TLS only; 0 for none.

    Attributes:
        certificate: With a port, the file of its certificate, which it has signed itself for the name localhost.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        # The name of a socket may have 107 bytes, and the server refuses to be root.
        self._sockets = Path(tempfile.mkdtemp(prefix="pg"))
        self._data = self._sockets / "data"
        self._log = self._sockets / "log"
        if os.getuid() == 0:
            shutil.chown(self._sockets, "nobody")
        self._run("initdb", "-D", str(self._data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.certificate = self._sockets / "server.crt"
        if port:
            self._take_certificate()
        self.start()

    def _take_certificate(self) -> None:
        key = self._sockets / "server.key"
        self._run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(self.certificate),
        )  # fmt: skip
        key.chmod(0o600)
        (self._data / "pg_hba.conf").write_text("local all all trust\nhostssl all all all trust\n", "utf-8")

    @staticmethod
    def can_start() -> bool:
        """Whether the server's programs are there."""
        return shutil.which("initdb") is not None and shutil.which("pg_ctl") is not None

    @property
    def url(self) -> str:
        """The address of its first database, as the user who may do everything."""
        return self.url_of("tester")

    def url_of(self, user: str, database: str = "postgres") -> str:
        """The address of a database for one user."""
        port = f"&port={self._port}" if self._port else ""
        return f"postgresql://{user}@/{database}?host={self._sockets}{port}"

    def url_over(self, host: str, **parameters: str) -> str:
        """The address of its first database over the network."""
        return f"postgresql://tester@{host}:{self._port}/postgres?{urlencode(parameters)}"

    def fresh(self, owner: str = "tester") -> str:
        """Make an empty database, as its administrator would, and return its address for the user who owns it."""
        name = f"study_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            if owner != "tester":
                connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE")
            connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
        return self.url_of(owner, name)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        how = f"-c listen_addresses='' -k '{self._sockets}' -c fsync=off"
        if self._port:
            files = f"-c ssl_cert_file='{self.certificate}' -c ssl_key_file='{self._sockets / 'server.key'}'"
            how = how.replace("''", "localhost", 1) + f" -p {self._port} -c ssl=on {files}"
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._log), "-w", "-o", how, "start")

    def stop_at_once(self) -> None:
        """End it as a crash would: no connection is told, and nothing is put in order."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """End it for good, and delete it."""
        with suppress(subprocess.CalledProcessError):  # where a test has stopped it
            self.stop_at_once()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        found = shutil.which(program)
        assert found is not None
        who: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        subprocess.run(
            [found, *words], check=True, cwd=self._sockets, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who
        )
