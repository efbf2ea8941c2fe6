"""`rasoat demo`: a new folder of invented machines, marked in every report, mixed with nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inventory.store import Store
from rasoat.commands import demo
from rasoat.simulated.marking import is_simulated
from tests.rasoat.conftest import called


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "thử"
    done = called("--lang", "en", "demo", made, "--machines", 60, "--seed", 4)
    assert done.code == 0, done.err
    assert "MÔ PHỎNG / SIMULATED" in done.err
    return made


def test_its_devices_can_be_listed(folder: Path) -> None:
    found = json.loads(called("--data", folder, "devices", "--json").out)
    assert len(found) > 100
    assert {one["state"] for one in found} >= {"managed", "unknown_device"}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_its_reports_carry_the_mark(folder: Path, lang: str) -> None:
    done = called("--data", folder, "--lang", lang, "report", "--out", "-")
    assert done.code == 1
    assert "<h1>MÔ PHỎNG / SIMULATED: " in done.out


def test_a_real_folder_carries_no_mark(lively: Path) -> None:
    assert "SIMULATED" not in called("--data", lively, "report", "--out", "-").out


def test_what_came_in_can_be_verified(folder: Path) -> None:
    done = called("--data", folder, "verify", "--json")
    assert done.code == 0
    assert json.loads(done.out)["clean"]


def test_the_mark_is_in_the_audit_log_and_goes_with_a_backup(folder: Path, tmp_path: Path) -> None:
    archive, restored = tmp_path / "a.backup", tmp_path / "restored"
    assert called("--data", folder, "backup", "--out", archive).code == 0
    assert called("--data", restored, "restore", archive).code == 0
    store = Store.open(restored, read_only=True)
    assert is_simulated(store)
    store.close()


def test_it_never_touches_a_folder_with_something_in_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    for taken in (folder, tmp_path):
        done = called("demo", taken, "--machines", 60)
        assert done.code == 2
        assert "never mixed with real ones" in done.err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_what_fails_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device", "inventory.db")

    monkeypatch.setattr(demo, "fill", broken)
    assert called("demo", tmp_path / "new", "--machines", 60).code == 3
    assert not list(tmp_path.iterdir())
