"""The pages' links lead somewhere, and the code that they show runs."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.services.projects.files import open_project

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page):
    """Return the anchors of a page's headings, as hosting sites and the documentation site make them."""
    text = FENCE.sub("", page.read_text("utf-8"))
    for heading in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower())
        yield words.strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    broken = []
    for target in re.findall(r"(?<!!)\[[^]]*\]\(([^)\s]+)\)", FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(other)):
            broken.append(target)
    assert broken == []


def test_the_site_lists_every_page():
    listed = set(re.findall(r"^([\w/-]+)$", (DOCS / "index.md").read_text("utf-8"), re.MULTILINE))
    pages = {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES if page.is_relative_to(DOCS)}
    assert {page for page in pages if not page.startswith(("decisions/", "api/"))} - listed == {"index"}
    assert {page for page in listed if not page.startswith("api/")} <= pages


def test_the_analysis_in_python_runs(tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", (DOCS / "analysis-in-python.md").read_text("utf-8"), re.M | re.S)
    assert len(blocks) >= 7
    stored = ROOT / "tests" / "data" / "projects" / "0.1" / "sound.affectograph.gz"
    with gzip.open(stored) as packed, (tmp_path / "faces.affectograph").open("wb") as file:
        shutil.copyfileobj(packed, file)
    open_project(tmp_path / "faces.affectograph").close()  # brings the old file to today's schema
    (tmp_path / "page.py").write_text("\n".join(blocks), "utf-8")
    said = subprocess.run(
        [sys.executable, "page.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "AFFECTOGRAPH_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "adjusted over the emotions" in said.stdout
    assert "frames," in said.stdout
    assert "raters" in said.stdout
