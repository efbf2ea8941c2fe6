"""What apt's files tell, and what they do not: no lists is not "nothing to upgrade"."""

from __future__ import annotations

import pytest

from agents.linux import apt
from agents.outcome import Answers, Unknown, attempt

WAITING = b"Inst bash [5.2] (5.3 Debian-Security:12 [amd64])\nConf bash\n"
RELEASE = "deb.example.org_debian_dists_bookworm_InRelease"
FOLDER, STAMP = 1_700_000_000.0, 1_600_000_000.0


def answers(
    lists: object, upgrade: bytes = b"", stamp: object = STAMP, folder: object = FOLDER
) -> Answers:
    times: dict[str, object] = {"time " + path: FOLDER for path in apt._LISTS}
    times["time " + apt._LISTS[0]] = stamp
    times["time " + apt._LISTS[-1]] = folder
    return Answers(lists=lists, upgrade=upgrade, **times)


@pytest.mark.parametrize("lists", [[], ["auxfiles", "lock", "partial"]])
def test_without_lists_nobody_knows_what_waits(lists: list[str]) -> None:
    asked = answers(lists)
    for question in (apt.pending, apt.pending_security):
        found = attempt(question, asked)
        assert isinstance(found, Unknown)
        assert found.reason == "unreadable"
        assert "apt-get update" in found.detail
    assert apt.last_checked_at(asked) == STAMP  # the folder's own time says nothing then
    never = answers(lists, stamp=Unknown("not_found", "no such file"))
    assert isinstance(attempt(apt.last_checked_at, never), Unknown)


@pytest.mark.parametrize(
    ("lists", "folder"),
    [
        (Unknown("not_found", "no such folder"), Unknown("not_found", "no such folder")),
        (Unknown("not_elevated", "may not be listed"), FOLDER),
    ],
)
def test_a_folder_that_is_not_there_or_not_listed_is_no_list(
    lists: Unknown, folder: object
) -> None:
    asked = answers(lists, WAITING, folder=folder)
    assert isinstance(attempt(apt.pending, asked), Unknown)


@pytest.mark.parametrize("lists", [["lock", RELEASE], Unknown("not_found", "not recorded")])
def test_with_lists_apt_is_believed(lists: object) -> None:
    assert apt.pending(answers(lists)) == 0
    asked = answers(lists, WAITING)
    assert (apt.pending(asked), apt.pending_security(asked)) == (1, 1)
    assert apt.last_checked_at(asked) == FOLDER
