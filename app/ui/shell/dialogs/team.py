"""The dialog that asks for a team project: the address of a database, and who one is there."""

from urllib.parse import quote, urlsplit

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QWidget

from app.addresses import SERVERS, is_server, without_credentials
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row

_WORDS = tr(
    "A team project lies in a database on a PostgreSQL server, where several people work at the same time. User and "
    "password are never stored; without them, those of your system (such as the file .pgpass) count."
)


class TeamDialog(QDialog):
    """Asks where a team project is.

    Args:
        parent: The window.
        address: What to begin with, such as a recent project's address without user and password.
    """

    def __init__(self, parent: QWidget | None, address: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Team project"))
        self.address, self.user, self.password = QLineEdit(address), QLineEdit(), QLineEdit()
        self.address.setPlaceholderText("postgresql://db.example.org/study?sslmode=verify-full")
        self.address.setMinimumWidth(420)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        for name, field in ((tr("Address"), self.address), (tr("User"), self.user), (tr("Password"), self.password)):
            field.setAccessibleName(name)
            form.addRow(name, field)
        self.opens, cancel = button(tr("Open"), "primary"), button(tr("Cancel"))
        self.opens.setDefault(True)
        self.opens.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.setLayout(
            column(
                label(_WORDS, "soft", wrap=True),
                form,
                row(None, cancel, self.opens, spacing=SPACE_M),
                spacing=SPACE_L,
                margins=SPACE_L,
            )
        )
        self.address.textChanged.connect(self._on_address)
        self._on_address()
        (self.user if address else self.address).setFocus()

    @property
    def place(self) -> str:
        """The whole address, with user and password where they were given."""
        text = self.address.text().strip()
        parts = urlsplit(text if is_server(text) else f"{SERVERS[0]}{text}")
        user, password = self.user.text().strip(), self.password.text()
        if user:
            who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
            host = parts.netloc.rpartition("@")[2]
            return f"{parts.scheme}://{who}@{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return text if is_server(text) else f"{SERVERS[0]}{text}"

    def _on_address(self) -> None:
        self.opens.setEnabled(bool(self.address.text().strip()))


def ask_team(parent: QWidget, address: str = "") -> str | None:
    """Ask for a team project; None if the user cancels.

    Args:
        parent: The window.
        address: What to begin with; user and password in it are left out.
    """
    dialog = TeamDialog(parent, without_credentials(address))
    return dialog.place if dialog.exec() == QDialog.DialogCode.Accepted else None
