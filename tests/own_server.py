"""A PostgreSQL server for one test, which may be killed and started again."""

import os
import shutil
import subprocess
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg


class OwnServer:
    """A server in a folder of its own, reached by a socket there."""

    def __init__(self) -> None:
        # The name of a socket may have 107 bytes, and the server refuses to be root.
        self._sockets = Path(tempfile.mkdtemp(prefix="pg"))
        self._data = self._sockets / "data"
        self._log = self._sockets / "log"
        if os.getuid() == 0:
            shutil.chown(self._sockets, "nobody")
        self._run("initdb", "-D", str(self._data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()

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
        return f"postgresql://{user}@/{database}?host={self._sockets}"

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
