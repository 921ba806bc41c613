"""What the pages show is there, in small files, and nothing else is."""

import re
import runpy
from pathlib import Path

from PIL import Image

from app.interchange.predictions_csv import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "images").iterdir())


def shown():
    for page in PAGES:
        for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                yield page, (page.parent / target).resolve()


def test_every_picture_shown_is_there():
    missing = [f"{page.name}: {path.name}" for page, path in shown() if not path.exists()]
    assert missing == []


def test_every_picture_is_shown():
    used = {path for _page, path in shown()}
    assert [path.name for path in PICTURES if path not in used] == []


def test_pictures_are_small():
    assert sum(path.stat().st_size for path in PICTURES) < 3_500_000
    for path in PICTURES:
        if path.suffix == ".png":
            with Image.open(path) as picture:
                assert picture.mode == "P", f"run python -m app.ui.look.picture_file {path.name}"


def test_every_column_of_a_clip_s_table_is_explained():
    rows = [line for line in (ROOT / "docs" / "analyze.md").read_text("utf-8").splitlines() if line.startswith("| `")]
    explained = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    assert set(COLUMNS) <= explained


def test_every_page_linked_is_there():
    missing = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []


def test_the_picture_of_the_rooms_is_that_of_today():
    drawn = runpy.run_path(str(ROOT / "docs" / "house.py"))["picture"]()
    assert (ROOT / "docs" / "images" / "house.svg").read_text("utf-8") == drawn, "run python docs/house.py"


def test_the_examples_to_copy_are_there():
    table = (ROOT / "docs" / "development.md").read_text("utf-8").split("| you want to add", 1)[1].split("\n\n", 1)[0]
    named = [path for path in re.findall(r"`([\w/]+(?:\.py|\.toml|/))`", table) if "/" in path]
    assert len(named) > 12
    assert [path for path in named if not (ROOT / path).exists()] == []
