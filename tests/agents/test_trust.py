"""What the scheduled task would start: refused where anybody but root may change it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents import trust
from tests.conftest import require


@pytest.fixture
def safe() -> Iterator[Path]:
    """A folder that root alone may write to, with all above it; /tmp is none."""
    require("root, who owns system folders", os.geteuid() == 0)
    folder = Path(tempfile.mkdtemp(prefix="rasoat test ", dir="/var/lib"))
    folder.chmod(0o755)
    (folder / "agents").mkdir()
    (folder / "agents" / "cli.py").write_text("", "utf-8")
    (folder / "python").write_text("", "utf-8")
    yield folder
    shutil.rmtree(folder)


def test_what_root_alone_may_change_is_safe(safe: Path) -> None:
    assert trust.fault([str(safe / "agents"), str(safe / "python")]) == ""


@pytest.mark.parametrize("place", ["", "agents", "agents/cli.py"])
@pytest.mark.parametrize(
    ("mode", "owner", "group", "says"),
    [
        (0o777, 0, 0, "everybody may write"),
        (0o1777, 0, 0, "everybody may write"),
        (0o775, 0, 50, "group 50 may write"),
        (0o755, 1000, 0, "belongs to user 1000"),
    ],
)
def test_what_others_may_change_is_named(
    safe: Path, place: str, mode: int, owner: int, group: int, says: str
) -> None:
    os.chown(safe / place, owner, group)
    (safe / place).chmod(mode)
    said = trust.fault([str(safe / "agents")])
    assert said == f"{str(safe / place).rstrip('/')}: {said.partition(': ')[2]}"
    assert says in said


def test_a_link_is_followed_through_every_folder(safe: Path, tmp_path: Path) -> None:
    """A link of root's leads through another's folder to a file of root's."""
    loose = safe / "loose"
    loose.mkdir()
    (loose / "middle").symlink_to(safe / "agents")
    (safe / "link").symlink_to(loose / "middle")
    assert trust.fault([str(safe / "link" / "cli.py")]) == ""
    loose.chmod(0o777)
    assert trust.fault([str(safe / "link" / "cli.py")]) == f"{loose}: everybody may write to it"


def test_a_ring_of_links_and_a_missing_file_are_told(safe: Path) -> None:
    (safe / "a").symlink_to(safe / "b")
    (safe / "b").symlink_to(safe / "a")
    assert "too many links" in trust.fault([str(safe / "a")])
    assert "No such file" in trust.fault([str(safe / "gone")])
