"""`rasoat metrics`: judged now, written whole, and what the collector serves from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from rasoat import writing
from reports.metrics import FILE
from tests.rasoat.conftest import called


def families(text: str) -> dict[str, int]:
    """Family → how many samples it has."""
    return {one.name: len(one.samples) for one in text_string_to_metric_families(text)}


def test_it_goes_to_stdout_to_a_file_and_to_the_collector(lively: Path, tmp_path: Path) -> None:
    out = tmp_path / "rasoat.prom"
    named = called("--data", lively, "metrics", "--out", out)
    printed = called("--data", lively, "metrics")
    assert named.out == ""
    assert named.code == printed.code
    compliant = 'rasoat_compliant{policy="office-baseline"} 1.0' in printed.out
    assert printed.code == (0 if compliant else 1)
    found = families(printed.out)
    assert found == families(out.read_text("utf-8"))
    assert found["rasoat_statement"] >= 40
    assert (lively / FILE).read_text("utf-8") == printed.out
    assert [one.name for one in tmp_path.iterdir()] == ["rasoat.prom"]


def test_several_policies_stand_in_one_file(lively: Path) -> None:
    done = called(
        "--data", lively, "metrics", "--policy", "office-baseline", "--policy", "coverage"
    )
    assert families(done.out)["rasoat_policy_info"] == 2


def test_what_cannot_be_written_leaves_the_old_file(lively: Path, tmp_path: Path) -> None:
    done = called("--data", lively, "metrics", "--out", tmp_path / "no" / "rasoat.prom")
    assert done.code == 3
    assert "no" in done.err


def test_a_reader_sees_the_old_file_or_the_new_one(tmp_path: Path, monkeypatch) -> None:
    out = tmp_path / "rasoat.prom"
    writing.write_whole("old\n", out)

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as made:
            made.write(content[:2])
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        writing.write_whole("new\n", out)
    assert out.read_text() == "old\n"
    assert [one.name for one in tmp_path.iterdir()] == ["rasoat.prom"]


def test_a_policy_that_is_not_there_is_bad_input(lively: Path) -> None:
    assert called("--data", lively, "metrics", "--policy", "nothing").code == 2
