"""The open project: one file with one writer and many readers. Everything in `db` works on its sessions."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.addresses import Place, home_of, is_server, project_name, server_address
from app.errors import ProjectClosed, ProjectLost, ServerAway, UserError
from app.files import hidden_beside
from app.held import place
from app.ledger import note
from db import broken_log, digests, files, foreign_log, held, owners, presence, upgrades
from db import engine as engines
from db.checkpoints import Checkpoints
from db.kinds import Touched
from db.places import CLIPS, clips_folder, seen_from_outside, with_suffix
from db.prepared import TOUCHED
from db.schema import Audit, Setting
from db.schema.base import new_uid
from db.server import Patience, Pulse, own_role, server_engine

CLOSE_WAIT_S: Final = 10.0
"""Seconds that `close` waits for sessions of other threads."""
log = logging.getLogger(__name__)


class Project:
    """An open project. Get one from `create` or `open`; threads may share it.

    Attributes:
        path: The file, absolute; None on a server.
        home: The path beside which its models, trainings and pictures lie: the file, or on a server a path in the
            user's data folder at which there is no file (`app.addresses.home_of`).
        folder: The folder from which relative paths of clips start (on a server see `db.places.clips_folder`).
        read_only: Whether it was opened only for reading.
        found_sound: Whether `db.check.require_sound` has looked at it since it was opened.
        lost: The reason why nothing can be saved in it until it is opened again; None while it is where it was.
        copied_since: Seconds since the epoch if it is a copy, without its log, of a project that was open; what was
            saved after that moment may be missing. None for a whole project.
        broken_log: The part of its log that could not be read when it was opened; None if nothing was lost.
        foreign_log: The log of another file that lay beside it when it was opened and was put aside; None usually.
        viewer: Number of the owner or reviewer who is signed in; None where nobody is.
        when_closed: Called when it is closed, with True if its file has everything that was saved in it.
        patience: How long connections wait for a server that does not answer.
        team_role: Role of the login on a server (`db.roles`): owner, reviewer or rater; None where there are no roles.
        seen: What `db.sights` has noted since it was opened: (viewer, clip, what).
    """

    def __init__(self, where: str | Path, path: Path | None, *, read_only: bool) -> None:
        """Connect. Callers use `create` or `open`, which check the file first."""
        self.path = path
        self.home = path if path is not None else home_of(where)
        self.folder = path.parent if path is not None else Path.cwd()
        self.read_only = read_only
        self._url = str(where)
        self.patience = Patience()
        self.team_role: str | None = None
        self._pulse = None if path is not None else Pulse(self._url)
        if path is None:
            self._reader = server_engine(self._url, writer=False, patience=self.patience)
        else:
            immutable = read_only and not files.can_write(path)
            self._reader = engines.sqlite_engine(path, writer=False, immutable=immutable)
        self._made: tuple[Engine, Touched] | None = None
        self._making = threading.Lock()
        self.found_sound = False
        self.lost: ProjectLost | None = None
        self.copied_since: float | None = None
        self.broken_log: broken_log.BrokenLog | None = None
        self.foreign_log: foreign_log.ForeignLog | None = None
        self._presence: str | None = None
        self._entered = False
        self.viewer: int | None = None
        self.when_closed: list[Callable[[bool], None]] = []
        self.seen: set[tuple[int | None, int, str]] = set()
        self._opened = None if path is None else place(path)
        self._below: held.HeldConnection | None = None
        self._checkpoints: Checkpoints | None = None
        self._owner = owners.register()
        self._write_lock = threading.Lock()
        self._writing_thread: int | None = None
        self._state = threading.Condition()
        self._sessions = 0
        self._closed = False

    @classmethod
    def create(cls, where: str | Path) -> Self:
        """Make a new project and open it.

        Args:
            where: The file to make (`.affectograph` is added to a name without it), or the URL of an empty
                PostgreSQL database.

        Raises:
            UserError: The name is taken, the database has a project, or the folder cannot be written.
        """
        if is_server(where):
            with engines.told_to_user():
                upgrades.make_on_server(str(where))
            return cls.open(where)
        path = with_suffix(where)
        files.refuse_existing(path)
        # Made whole under another name first: a crash leaves no half project, and nobody's file is overwritten.
        fresh, blank = hidden_beside(path, f"{path.suffix}.{new_uid()}.new"), upgrades.blank()
        try:
            try:
                with fresh.open("xb") as file:
                    file.write(blank)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise files.cannot_write(path, error) from error
            files.publish(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        return cls.open(path)

    @classmethod
    def open(cls, where: str | Path, *, read_only: bool = False) -> Self:
        """Open a project. An older one is brought to the newest schema after a backup copy was made.

        Args:
            where: The file, or the URL of a PostgreSQL database.
            read_only: Whether to open it only for reading. This works on read-only media, too, and `write` is refused.

        Raises:
            UserError: The file is missing, not a project, damaged, newer than this program, locked or read-only.
        """
        if is_server(where):
            with engines.told_to_user():
                upgrades.check_server(str(where), upgrade=not read_only)
            project = cls(where, None, read_only=read_only)
            try:
                with engines.told_to_user(), project.reader.connect() as connection:
                    project.team_role = own_role(connection)
                    clips = connection.execute(select(Setting.value).where(Setting.key == CLIPS)).scalar()
                if isinstance(clips, str):
                    project.folder = clips_folder(clips, project.home)
            except BaseException:
                project.close()
                raise
            return project
        seen = seen_from_outside(where, read_only=read_only)
        path, broken = seen.path, seen.broken
        project = cls(where, path, read_only=read_only)
        project.broken_log, project.foreign_log = broken, seen.foreign
        try:
            with engines.told_to_user():
                upgrades.ensure_newest(project.reader, path, may_upgrade=not read_only)
                with project.reader.connect() as connection:
                    foreign = presence.foreign(digests.driver_of(connection), path)
                    logged = engines.has_log(connection)
                if not (read_only or logged):
                    project._begin_log()
            if broken is not None:
                project.amend(lambda session: broken_log.note(session, broken))
            if seen.has_log and foreign:
                project.amend(lambda session: presence.forget(digests.driver_of(session.connection()), foreign))
            elif foreign:
                project.copied_since = foreign[0].since
        except BaseException:
            project.close()
            raise
        return project

    @property
    def owner(self) -> str:
        """The name of this opening of the project (`db.owners`)."""
        return self._owner

    @property
    def address(self) -> str:
        """The identity of this project: its file with links resolved, or host, port and name on a server."""
        if self.path is not None:
            return str(self.path.resolve())
        return server_address(self._url)

    @property
    def place(self) -> Place:
        """Where it was opened, to open it once more: its file, or the server's address with all that it needs.

        The address may hold a password; never show or store it.
        """
        return self.path if self.path is not None else self._url

    @property
    def name(self) -> str:
        """The name of its file without the ending, or of its database."""
        return project_name(self.place)

    @property
    def reader(self) -> Engine:
        """The engine for reading, for queries that stream rows and bypass the session."""
        return self._reader

    @property
    def _writer(self) -> Engine | None:
        """The engine for writing; None where it was opened only for reading."""
        return None if self.read_only else self._to_write()[0]

    def _begin_log(self) -> None:
        """Begin to keep a log in a file without one, which at the first commit would have to wait for readers."""
        if self._writer is not None:
            self._writer.connect().close()

    def _to_write(self) -> tuple[Engine, Touched]:
        """Return the engine for writing, with what its statements touch; most openings never need one."""
        with self._making:
            if self._made is None:
                if self.path is None:
                    engine = server_engine(self._url, writer=True, patience=self.patience)
                else:
                    engine = engines.sqlite_engine(self.path, writer=True)
                self._made = engine, Touched(engine)
            return self._made

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """Open a session that may write: one writer at a time, with one commit at the end; an error discards all.

        Keep it short, because other writers wait: compress and compute before. The changes are noted (`app.ledger`).

        Args:
            durable: Whether the commit waits until the disk has it. False is for data that nobody was told are saved,
                such as samples of a running trace. They survive the end of this program at once, and a power failure
                after the next commit that waits.

        Raises:
            UserError: The project is read-only or closed, the disk is full, or another program writes for too long.
            RuntimeError: This thread is writing already.
        """
        if self.read_only:
            raise UserError(
                "The project was opened read-only.", "Copy it to a folder that you may write to and open it there."
            )
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("write() inside write(): pass the session on instead")
        with self._counted(to_write=True), self._write_lock, self._noticing():
            self._writing_thread = threading.get_ident()
            writer, touched = self._to_write()
            touched.clear()
            try:
                self._enter(writer)
                self._set_durable(writer, durable)
                info = {"owner": self._owner, "path": self.path, TOUCHED: touched}
                with engines.told_to_user(), Session(writer, expire_on_commit=False, info=info) as session:
                    connection = digests.begin(session)  # from here on nobody else writes
                    if self.path is not None:
                        self._below = engines.driver(connection)
                    yield session
                    session.flush()
                    digests.seal(session)
                    self.check_place()
                    session.commit()
                # Once more: it may have happened in between, and what is confirmed to a rater must be found.
                self.check_place()
                if not durable:
                    self._count_flush()
                note(touched.changes)
            finally:
                self._writing_thread = None

    @contextmanager
    def rewriting(self) -> Iterator[Path]:
        """Keep writers of this program away while its file is written anew (`db.compact`), and know it again after.

        Raises:
            UserError: The project is on a server, read-only or closed.
        """
        if self.path is None or self._writer is None:
            raise UserError("Only a project file that is open for writing can be compacted.", "Open it for writing.")
        with self._counted(to_write=True), self._write_lock:
            below, self._below = self._below, None  # a file that has become shorter would look cut off
            try:
                yield self.path
            finally:
                if below is not None:
                    below.remember()
                self._below = below

    def amend(self, change: Callable[[Session], None]) -> None:
        """Write findings of the opening into the file, if it can be written."""
        if self.path is not None and files.can_write(self.path):
            engine = self._writer or engines.sqlite_engine(self.path, writer=True)
            with suppress(DBAPIError, sqlite3.Error), Session(engine) as session:
                digests.begin(session)
                change(session)
                session.flush()
                digests.seal(session)
                session.commit()
            if self._writer is None:
                engine.dispose()

    def _enter(self, writer: Engine) -> None:
        """Write into the file, before the first commit, that from now on its log belongs to it."""
        if self._entered or self.path is None:
            return
        if self._presence is None:
            self._presence = self._enter_now(writer, self.path)
        with engines.told_to_user():  # a reader of an older state may have kept the row from the file: once more then
            self._entered = engines.copy_log(writer)

    def _enter_now(self, writer: Engine, path: Path) -> str:
        held.check_opened(path, self._opened)
        with engines.told_to_user(), Session(writer) as session:
            key = presence.enter(digests.driver_of(digests.begin(session)), path, self._owner)
            if self.copied_since is not None:  # the rows that told it are gone now; the book keeps it
                session.add(Audit(action=presence.COPIED, detail={"since": self.copied_since}, actor=""))
                session.flush()
            digests.seal(session)
            session.commit()
        return key

    def _leave(self, writer: Engine) -> None:
        if self._presence is not None:
            with Session(writer) as session:
                presence.leave(digests.driver_of(digests.begin(session)), self._presence)
                session.commit()
            self._presence = None

    def _set_durable(self, writer: Engine, durable: bool) -> None:
        if self.path is None or (self._below is None and durable):
            return
        if self._below is None or self._below.durable != durable:
            with engines.told_to_user(), writer.connect() as connection:
                engines.set_durable(engines.driver(connection), durable)

    def _count_flush(self) -> None:
        if self.path is not None:
            if self._checkpoints is None:
                self._checkpoints = Checkpoints(self.path)
            self._checkpoints.count()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one unchanging state of the project and cannot write.

        Raises:
            UserError: The file is damaged or cannot be reached.
            ProjectClosed: The project is closed.
        """
        with self._counted(), engines.told_to_user(), Session(self._reader, autoflush=False) as session:
            session.connection()
            yield session

    def give_up(self, away: ServerAway) -> ProjectLost:
        """Count the project as lost, because its server has not answered for too long, and return what to tell."""
        self.lost = ProjectLost(away.what, "Open the project again when the server answers.")
        return ProjectLost(self.lost.what, self.lost.todo)

    def check_place(self) -> None:
        """Make sure that the project is still where it was opened. This is cheap, and any thread may call it.

        Raises:
            ProjectLost: The project or its log was moved, removed or replaced since it was opened.
            UserError: The file cannot be examined.
        """
        with self._noticing():
            found = self.look()
            if found is not None:
                raise found

    def server_away(self) -> UserError | None:
        """Ask the server whether it is there; None if it answers, or the project is a file. For one thread only."""
        return None if self._pulse is None else self._pulse.look()

    def look(self) -> UserError | None:
        """Return the error that `check_place` would raise, without any consequence.

        It returns None if the project is in its place.
        """
        try:
            if self._below is not None:
                self._below.check_place()
            elif self.path is not None:
                held.check_opened(self.path, self._opened)
        except UserError as error:
            return error
        return None

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Once the project was lost, it is until it is opened again: a part of what was given would be missing."""
        if self.lost is not None:
            raise ProjectLost(self.lost.what, self.lost.todo)
        try:
            yield
        except ProjectLost as lost:
            self.lost = lost
            raise

    @contextmanager
    def _counted(self, *, to_write: bool = False) -> Iterator[None]:
        with self._state:
            if self._closed and to_write:
                raise UserError("The project was closed before this was saved.", "Open it and repeat what you did.")
            if self._closed:
                raise ProjectClosed
            self._sessions += 1
        try:
            yield
        finally:
            with self._state:
                self._sessions -= 1
                self._state.notify_all()

    def close(self) -> None:
        """Wait for running sessions, copy everything into the one file and close it. A second call does nothing."""
        with self._state:
            if self._closed:
                return
            self._closed = True
            self.patience.end()
            ended = self._state.wait_for(lambda: self._sessions == 0, CLOSE_WAIT_S)
        owners.unregister(self._owner)
        if not ended:  # a disk that does not answer: touching its files or connections would hang as well
            log.error("%s is left open: a part of the program still waits for it", self.path or "the server's project")
            return
        if self._checkpoints is not None:
            self._checkpoints.end()
        if self._pulse is not None:
            self._pulse.close()
        # The pools, not the engines: those would make themselves new pools.
        self._reader.pool.dispose()
        whole = self.path is None and self.lost is None
        writer = None if self._made is None else self._made[0]
        if self.path is not None and not self.read_only:
            # Where another program has the project open the log stays, and the last one to close clears it.
            with suppress(DBAPIError, sqlite3.Error, UserError):
                self.check_place()
                if writer is not None:
                    self._leave(writer)
                whole = True
        if writer is not None:
            if self.path is not None:
                with suppress(DBAPIError, sqlite3.Error):
                    engines.checkpoint(writer)
            writer.pool.dispose()
        for told in self.when_closed:
            told(whole)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Source: TypeAlias = Project | Session
"""The argument of queries: a project, of which they open a session, or the session of a larger transaction."""


@contextmanager
def writing(source: Source, *, durable: bool = True) -> Iterator[Session]:
    """Open a session for writing: the given one, or a new transaction of the project (`Project.write`)."""
    if isinstance(source, Session):
        yield source
        source.flush()
    else:
        with source.write(durable=durable) as session:
            yield session


@contextmanager
def reading(source: Source) -> Iterator[Session]:
    """Open a session for reading: the given one, or a new one of the project."""
    if isinstance(source, Session):
        yield source
    else:
        with source.read() as session:
            yield session
