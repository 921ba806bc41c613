"""Keeps the files of translations in step with the texts of the window. Run: `make languages`.

Qt's own lupdate finds every `tr("…")` under `app/ui` and keeps what is translated; texts of tables without Qt
(settings, commands, guides, menus) are given to it as a file of such calls. A new language is a new file:
`python docs/languages.py --add fr`, which Qt Linguist or any editor fills.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.command_table import COMMANDS  # noqa: E402
from app.commands import MENUS  # noqa: E402
from app.guide_table import GUIDES  # noqa: E402
from app.setting_table import SETTINGS  # noqa: E402
from app.ui.look.language import FOLDER, sources, translations  # noqa: E402


def table_texts() -> Iterator[str]:
    """Yield the English texts of the tables that the window shows."""
    for setting in SETTINGS:
        yield from (setting.page, setting.title, setting.help, setting.unit, *(name for _, name in setting.choices))
    for command in COMMANDS:
        yield from (command.title, command.help, command.also)
    for guide in GUIDES:
        yield from (guide.title, guide.title.removeprefix("First hour for ").capitalize())
        yield from (step.text for step in guide.steps)
    yield from MENUS


def update(files: list[Path]) -> None:
    """Bring files of translations up to date; those that do not exist are made.

    Args:
        files: Paths that end in `LANGUAGE.ts`.

    Raises:
        subprocess.CalledProcessError: lupdate failed.
    """
    code = sorted(path for path in (ROOT / "app" / "ui").rglob("*.py") if "tours" not in path.parts)
    with tempfile.TemporaryDirectory() as folder:
        tables = Path(folder) / "tables.py"
        texts = [text for text in dict.fromkeys(table_texts()) if text.strip()]
        tables.write_text("".join(f"tr({text!r})\n" for text in texts), encoding="utf-8")
        listed = Path(folder) / "files.lst"
        listed.write_text("\n".join(map(str, [*code, tables])), encoding="utf-8")
        tool = Path(sys.executable).with_name("pyside6-lupdate")
        for file in files:
            options = ["-no-obsolete", "-locations", "none", "-silent", "-target-language", file.stem]
            subprocess.run([str(tool), f"@{listed}", *options, "-ts", str(file)], check=True)


def main() -> int:
    """Update all files, or check that they are up to date; print how far each language is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", metavar="LANGUAGE", help="make a file for another language, such as fr")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a file is out of date")
    given = parser.parse_args()
    files = sorted(FOLDER.glob("*.ts"))
    if given.add:
        files.append(FOLDER / f"{given.add}.ts")
    before = {file: sources(file) for file in files if file.exists()}
    if given.check:
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / "en.ts"
            update([fresh])
            wanted = sources(fresh)
        late = [file.name for file in files if before[file] != wanted]
        if late:
            sys.stdout.write(f"{', '.join(late)}: not in step with the texts of the window. Run `make languages`.\n")
        return 1 if late else 0
    update(files)
    for file in files:
        texts, done = sources(file), translations(file)
        sys.stdout.write(f"{file.stem}: {len(done)} of {len(texts)} texts translated\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
