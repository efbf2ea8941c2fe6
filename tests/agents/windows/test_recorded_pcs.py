"""The folders of the recorded Windows PCs: up to date, whole, and without the PCs' secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agents import registry_file
from tests.agents.windows.office_pc import SCRUBBED_HERE
from tests.agents.windows.recorded_pcs import FOLDER, PCS


def files(folder: Path) -> dict[str, bytes]:
    """A folder's files by their place, without what is expected of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "expected.json"
    }


def told_as(value: Any) -> list[int] | str:
    return list(value) if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("name", PCS)
def test_a_folder_is_what_its_pc_gives(name: str, tmp_path: Path) -> None:
    """Nothing was changed by hand, and nothing that a collector asks for is missing."""
    PCS[name]().write(tmp_path / name)
    kept, written = files(FOLDER / name), files(tmp_path / name)
    assert set(kept) == set(written) >= {"machine.json", "paths.json", "registry/machine.reg"}
    for place, content in written.items():
        assert kept[place] == content, f"{place}: run python -m tests.agents.windows.recorded_pcs"


def test_there_is_no_folder_of_another_pc() -> None:
    assert {path.name for path in FOLDER.glob("windows-*")} == set(PCS)


@pytest.mark.parametrize("name", PCS)
def test_secrets_of_the_pc_are_not_in_its_folder(name: str) -> None:
    """The control: they were there to be read."""
    pc = PCS[name]()
    told = json.dumps(pc.registry, default=told_as)
    present = [secret for secret in SCRUBBED_HERE if secret in told]
    assert present, "no secret to hide"
    place = FOLDER / name / "registry/machine.reg"
    read = registry_file.read(place.read_bytes(), place.name)
    kept = json.dumps(
        {
            key: {each: value.plain() for each, value in values.items()}
            for key, values in read.items()
        },
        default=told_as,
    )
    assert len(read) > 15
    assert not [secret for secret in present if secret in kept]


def test_one_registry_file_is_as_regedit_writes_it() -> None:
    marks = [(FOLDER / name / "registry/machine.reg").read_bytes()[:2] for name in PCS]
    assert marks.count(b"\xff\xfe") == 1
