"""Trees and archives: every file arrives, none leads out, the same files give the same bytes."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.bundles.archives import ar, gzipped, tarred, zipped
from server.bundles.tree import MOMENT, PROGRAM, SECRET, BundleProblem, Tree

NAMES = st.text(st.sampled_from("abcđ ầ._-1"), min_size=1).filter(
    lambda one: one not in {".", ".."}
)
FILES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=50), max_size=8
)


def tree(files: dict[str, bytes]) -> Tree:
    made = Tree()
    for path, content in files.items():
        made.add(path, content)
    return made


@given(FILES)
def test_archives_hold_every_file_whatever_the_order_they_came_in(files: dict[str, bytes]) -> None:
    there, back = tree(files), tree(dict(reversed(files.items())))
    packed = zipped(there, "top")
    assert packed == zipped(back, "top")
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            f"top/{path}": content for path, content in files.items()
        }
    packed = tarred(there, "top")
    assert packed == tarred(back, "top")
    with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
        held = {one.name: opened.extractfile(one) for one in opened if one.isfile()}
        assert {name: file.read() for name, file in held.items() if file} == {
            f"top/{path}": content for path, content in files.items()
        }
        assert {one.mtime for one in opened} == {MOMENT}


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../x", "a//x", "", ".", "a/", "a\\b"])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(BundleProblem, match="no path inside"):
        Tree().add(path, b"")


def test_two_files_of_one_name_are_refused() -> None:
    made = tree({"a": b"1"})
    with pytest.raises(BundleProblem, match="two files"):
        made.add("a", b"2")


def test_a_folder_is_written_with_its_modes_whatever_the_umask(tmp_path: Path) -> None:
    made = tree({"a/b": b"1"})
    made.add("go", b"", PROGRAM)
    made.add("token", b"", SECRET)
    before = os.umask(0o027)
    try:
        made.write(tmp_path / "out")
    finally:
        os.umask(before)
    modes = {one.name: one.stat().st_mode & 0o777 for one in (tmp_path / "out").rglob("*")}
    assert {name: modes[name] for name in ("b", "go", "token")} == {
        "b": 0o644,
        "go": 0o755,
        "token": 0o600,
    }
    with pytest.raises(FileExistsError):
        made.write(tmp_path / "out")


def test_an_ar_archive_is_padded_to_even_lengths() -> None:
    made = ar([("one", b"abc"), ("two", b"")])
    assert made.startswith(b"!<arch>\none ")
    assert made[68:72] == b"abc\n"
    assert len(made) == 8 + 60 + 4 + 60


def test_gzip_holds_no_time() -> None:
    assert gzipped(b"x")[4:8] == bytes(4)
