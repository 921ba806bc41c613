"""What happens to a project's files while it is open: the ways in which it is lost."""

import subprocess


def _replaced(path):
    # By another program: in this one nothing but SQLite may open the file.
    subprocess.run(["sh", "-c", 'cp "$0" "$0.copy" && mv "$0.copy" "$0"', str(path)], check=True)


def _log_removed(path):
    path.with_name(path.name + "-wal").unlink()


def _folder_renamed(path):
    path.parent.rename(path.parent.with_name("moved"))


HARM = {
    "renamed": lambda path: path.rename(path.with_name("elsewhere.affectograph")),
    "folder renamed": _folder_renamed,
    "deleted": lambda path: path.unlink(),
    "replaced": _replaced,
    "log removed": _log_removed,
}
