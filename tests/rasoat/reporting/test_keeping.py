"""Kept reports: exact, compared with the one before, and never silently another."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from policies.load import load_policy
from rasoat import reporting
from rasoat.problems import Problem
from reports import plain
from reports.counting.since import since
from reports.keeping import HOME, NotKept, head, keep, kept, last, named, read
from reports.summary import Summary
from tests.rasoat.conftest import called
from tests.rasoat.reporting.conftest import NOW


@pytest.fixture
def folder(office: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office, tmp_path / "dữ liệu"))


def test_a_kept_report_is_exactly_what_it_was(tmp_path: Path, summary: Summary) -> None:
    digest = keep(tmp_path, summary)
    (one,) = kept(tmp_path)
    again, found = read(one)
    assert again == summary
    assert found == digest == plain.digest(plain.encode(summary))
    assert keep(tmp_path, summary) == digest  # the same once more
    said, hashed = head(one)
    assert (said.id, said.rules[0].sentence) == (summary.id, summary.headline.sentence)
    assert hashed == digest


def test_another_report_of_the_same_second_is_refused(tmp_path: Path, summary: Summary) -> None:
    keep(tmp_path, summary)
    with pytest.raises(NotKept, match="same second"):
        keep(tmp_path, replace(summary, policy_version="9"))
    assert read(named(tmp_path, summary.id))[0] == summary


@pytest.mark.parametrize("reading", [read, head])
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda raw: raw[: len(raw) // 2], "ended"),
        (lambda raw: b"no gzip", "gzip"),
        (lambda raw: gzip.compress(b"{}"), "figures"),
        (lambda raw: gzip.compress(b'{"rasoat_report": 99, "summary": {}}'), "figures"),
    ],
)
def test_a_damaged_file_is_named(
    tmp_path: Path, summary: Summary, damage, says: str, reading
) -> None:
    keep(tmp_path, summary)
    (one,) = kept(tmp_path)
    one.file.chmod(0o600)
    one.file.write_bytes(damage(one.file.read_bytes()))
    with pytest.raises(NotKept, match=says) as told:
        reading(one)
    assert str(one.file) in str(told.value)


def test_a_report_under_another_name_is_refused(tmp_path: Path, summary: Summary) -> None:
    keep(tmp_path, summary)
    (one,) = kept(tmp_path)
    other = one.file.with_name(one.file.name.replace("20261123T", "20251123T"))
    one.file.rename(other)
    for reading in (read, head):
        with pytest.raises(NotKept, match="own name"):
            reading(kept(tmp_path)[0])


def test_figures_without_a_statement_have_no_head(tmp_path: Path, summary: Summary) -> None:
    keep(tmp_path, replace(summary, rules=()))
    with pytest.raises(NotKept, match="no statement"):
        head(kept(tmp_path)[0])


def test_the_last_report_is_of_an_earlier_day(tmp_path: Path, summary: Summary) -> None:
    keep(tmp_path, summary)
    series = summary.series
    assert last(tmp_path, series, NOW + timedelta(hours=1)) is None
    assert last(tmp_path, series, NOW + timedelta(days=1)) is not None
    assert last(tmp_path, "another", NOW + timedelta(days=1)) is None


def test_a_month_later_what_turned_is_exact(folder: Path) -> None:
    policy = load_policy("office-baseline")
    first = reporting.made(folder, policy, NOW)
    later = NOW + timedelta(days=31)
    second = reporting.made(folder, policy, later)
    assert second.since is not None
    assert (second.since.report, second.since.same_policy) == (first.id, True)
    assert [one.report for one in second.trend] == [first.id, second.id]
    assert second.trend[0].passed == first.headline.counts["pass"] > 400
    assert second.headline.counts["pass"] == 0  # every report is too old by then
    lost = [one for one in second.since.lost if one.rule == "FW-001"]
    assert len(lost) >= first.headline.counts["pass"]
    assert not [one for one in second.since.better if one.rule == "FW-001"]


def test_nothing_turned_against_itself(summary: Summary) -> None:
    same = since(summary, summary, "0" * 64)
    assert [*same.worse, *same.better, *same.lost, *same.appeared, *same.gone] == []
    assert all(one.before == one.after for one in same.rules)
    assert len(same.rules) == len(summary.rules)


def test_comparing_with_what_is_not_there_is_refused(folder: Path) -> None:
    policy = load_policy("office-baseline")
    with pytest.raises(NotKept, match="report list"):
        reporting.made(folder, policy, NOW, since="office-baseline-19990101T000000Z")
    other = reporting.made(folder, load_policy("coverage"), NOW)
    with pytest.raises(Problem, match="not of office-baseline"):
        reporting.made(folder, policy, NOW, since=other.id)


def test_the_command_keeps_lists_and_writes_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "báo cáo"
    out.mkdir()
    done = called(
        *("--data", folder, "--lang", "vi", "report", "--format", "json", "--format", "csv"),
        *("--out", out),
    )
    assert done.code == 1, done.err
    assert sorted(one.name for one in out.iterdir()) == [
        "office-baseline-vi.csv",
        "office-baseline-vi.json",
    ]
    listed = called("--data", folder, "report", "list")
    (one,) = kept(folder)
    assert one.id in listed.out
    again = called("--data", folder, "report", "--format", "json", "--from", one.id, "--out", "-")
    assert again.out == (out / "office-baseline-vi.json").read_text("utf-8")
    assert (folder / HOME).is_dir()


def test_several_formats_do_not_go_into_one_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "one"
    target.write_text("kept")
    done = called(
        "--data", folder, "report", "--format", "json", "--format", "csv", "--out", target
    )
    assert done.code == 2
    assert "need a folder" in done.err
    assert target.read_text() == "kept"
