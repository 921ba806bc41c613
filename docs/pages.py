"""Write the pages that are made from the program's tables: `python docs/pages.py`.

They are docs/shortcuts.md, from the commands of the window and of all screens, and docs/settings.md, from the settings.
"""

from pathlib import Path
from typing import Final

from app import commands, setting_table
from app.files import replacing
from app.ui.screens import all_commands

FOLDER: Final = Path(__file__).resolve().parent


def pages() -> dict[str, str]:
    """Return the text of every page that is made from a table, by file name."""
    return {
        "settings.md": setting_table.help_markdown() + "\n",
        "shortcuts.md": commands.help_markdown(all_commands()) + "\n",
    }


if __name__ == "__main__":
    for name, text in pages().items():
        with replacing(FOLDER / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
