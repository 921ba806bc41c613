"""The dialog for a team project puts user and password into the address, and begins without them."""

import pytest

from app.ui.shell.dialogs.team import TeamDialog


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("db.example.org/study", "postgresql://ada:p%2F%40ss@db.example.org/study"),
        ("postgresql://eve@db/study?sslmode=require", "postgresql://ada:p%2F%40ss@db/study?sslmode=require"),
        ("postgresql:///study?host=/run/pg", "postgresql://ada:p%2F%40ss@/study?host=/run/pg"),
    ],
)
def test_user_and_password_become_a_part_of_the_address(qtbot, address, place):
    dialog = TeamDialog(None)
    qtbot.addWidget(dialog)
    assert not dialog.opens.isEnabled()
    dialog.address.setText(address)
    assert dialog.opens.isEnabled()
    dialog.user.setText("ada")
    dialog.password.setText("p/@ss")
    assert dialog.place == place


def test_without_a_user_the_address_stays_as_it_was_typed(qtbot):
    dialog = TeamDialog(None, "postgresql://db/study?sslmode=require")
    qtbot.addWidget(dialog)
    assert dialog.place == "postgresql://db/study?sslmode=require"
