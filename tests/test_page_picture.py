"""The twin's pages after the demo, as a browser shows them."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Remote, demonstrated

pytestmark = pytest.mark.slow

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("infra", "core", "jupyter", "geo-services", "website", "meta")
WIDE, HIGH = 1280, 2000


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with demonstrated(tmp_path_factory.mktemp("demo")) as remote:
        yield remote


def browsed(folder: Path, *words: str) -> str:
    """What a headless browser prints; it keeps to a profile of its own and to this machine."""
    browser = next(path for name in BROWSERS if (path := shutil.which(name)))
    done = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--disable-component-update",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={WIDE},{HIGH}",
            "--virtual-time-budget=5000",
            *words,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(png: bytes) -> tuple[int, int, set[bytes]]:
    """Width and height of a picture, and its lines as they are stored, each once."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    plain = zlib.decompress(data)
    line = width * {2: 3, 6: 4}[colour] * depth // 8 + 1
    return width, height, {plain[i : i + line] for i in range(0, len(plain), line)}


def pictured(remote: Remote, path: str, folder: Path) -> str:
    """The page as the browser has it after its scripts; asserts that a picture of it shows it."""
    picture = folder / "page.png"
    browsed(folder, f"--screenshot={picture}", f"{remote.url}{path}")
    width, height, lines = rows(picture.read_bytes())
    assert (width, height) == (WIDE, HIGH)
    assert len(lines) > HIGH / 10, "the picture is all but empty"
    return browsed(folder, "--dump-dom", f"{remote.url}{path}")


def test_the_front_page_shows_six_repositories_and_the_board(
    remote: Remote, tmp_path: Path
) -> None:
    page = pictured(remote, "/", tmp_path)
    for name in NAMES:
        assert f"/piksel-ina/piksel-{name}" in page
    assert "Piksel roadmap" in page
    assert "118" in page


def test_the_board_shows_each_item_once(remote: Remote, tmp_path: Path) -> None:
    page = pictured(remote, "/orgs/piksel-ina/projects/1", tmp_path)
    assert "118" in page
    titles = [
        row["title"]
        for name in NAMES
        for row in remote.rows(f"/repos/piksel-ina/piksel-{name}/issues?state=all")
    ]
    assert len(titles) == 118
    text = page.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    assert [title for title in titles if title.partition(" ")[2] not in text] == []
