"""A project on a server that takes TLS only, whose certificate nobody but the address vouches for."""

import shutil
import socket

import pytest

from app.errors import UserError
from app.services.projects.files import create_project, open_project
from tests.own_server import OwnServer

pytestmark = [pytest.mark.postgres, pytest.mark.process]


@pytest.fixture(scope="module")
def server():
    if not OwnServer.can_start() or shutil.which("openssl") is None:
        pytest.skip("`make test-postgres` knows where the server's programs are; openssl makes its certificate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = OwnServer(port)
    try:
        yield made
    finally:
        made.kill()


def test_verified_addresses_open_the_project_encrypted(server):
    url = server.url_over("localhost", sslmode="verify-full", sslrootcert=str(server.certificate))
    create_project(url).close()
    with open_project(url) as project, project.read() as session:
        used = session.connection().exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert used.scalar_one() is True


@pytest.mark.parametrize(
    ("host", "parameters", "said"),
    [
        ("localhost", {"sslmode": "verify-full", "sslrootcert": "system"}, "certificate"),
        ("127.0.0.1", {"sslmode": "verify-full", "sslrootcert": "own"}, "localhost"),
        ("localhost", {"sslmode": "disable"}, "no encryption"),
    ],
)
def test_a_server_that_cannot_be_verified_is_refused_in_a_sentence(server, host, parameters, said):
    known = {key: str(server.certificate) if value == "own" else value for key, value in parameters.items()}
    with pytest.raises(UserError) as refused:
        open_project(server.url_over(host, **known))
    assert said in refused.value.what
    assert "not safe" in refused.value.what
    assert "sslrootcert" in refused.value.todo
