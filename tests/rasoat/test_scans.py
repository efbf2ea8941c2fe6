"""`rasoat scans`: scans that this machine kept, one of them, and what changed between two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.store import Store
from tests.conftest import require
from tests.lab.lan import THERE, office_lan
from tests.lab.namespaces import possible
from tests.rasoat.conftest import called
from tests.rasoat.scanning import HOSTS, NETWORK, Scanner
from tests.scanner.nmap.documents import HEAD, TAIL, host


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    require("network namespaces", possible())
    folder = tmp_path_factory.mktemp("scans") / "data"
    Store.create(folder).close()
    with office_lan(HOSTS, NETWORK) as lan:
        yield Scanner(lan, folder)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An inventory with two scans of the same hosts, taken in from files."""
    folder = tmp_path / "data"
    Store.create(folder).close()
    (folder / "scan.yaml").write_text("networks: [{cidr: 10.66.0.0/22}]\n", "utf-8")
    for number, text in enumerate((host(1), host(1).replace('"80"', '"8080"'))):
        path = tmp_path / f"{number}.xml"
        path.write_text(HEAD + text + TAIL, "utf-8")
        assert called("--data", folder, "scan", "--import", path).code == 0
    return folder


def ids(data: Path) -> list[str]:
    """The ids of the scans, newest first."""
    return [one["id"] for one in json.loads(called("--data", data, "scans", "--json").out)]


def test_they_are_listed_newest_first(data: Path) -> None:
    done = called("--data", data, "--lang", "en", "scans")
    newest, oldest = ids(data)
    assert done.code == 0
    assert done.out.index(newest) < done.out.index(oldest)
    assert "10.66.0.1/32" in done.out
    vietnamese = called("--data", data, "--lang", "vi", "scans")
    assert "lần quét" in vietnamese.out


def test_one_is_shown_as_it_came(data: Path) -> None:
    newest = ids(data)[0]
    document = json.loads(called("--data", data, "scans", "show", newest).out)
    assert document["scan"]["id"] == newest
    assert [one["ip"] for one in document["sightings"]] == ["10.66.0.1"]


def test_changes_are_the_newest_scans_unless_another_is_named(data: Path) -> None:
    newest, oldest = ids(data)
    found = json.loads(called("--data", data, "scans", "changes", "--json").out)
    assert found == json.loads(called("--data", data, "scans", "changes", newest, "--json").out)
    assert [(one["what"], one["old"], one["new"]) for one in found] == [
        ("ports", "tcp/22, tcp/80", "tcp/22, tcp/8080")
    ]
    first = called("--data", data, "scans", "changes", oldest)
    assert first.code == 2
    assert "no complete scan of the same networks came before it" in first.err


def test_where_nothing_changed_a_sentence_says_so(data: Path) -> None:
    again = data.parent / "1.xml"
    assert called("--data", data, "scan", "--import", again).code == 0
    before = ids(data)[1]
    done = called("--data", data, "--lang", "en", "scans", "changes")
    assert (done.code, done.out.strip()) == (0, f"Nothing changed since scan {before}.")
    assert json.loads(called("--data", data, "scans", "changes", "--json").out) == []


@pytest.mark.parametrize("words", [("show", "0" * 16), ("changes", "0" * 16), ("show", "-x")])
def test_an_unknown_scan_is_refused_with_where_to_look(data: Path, words: tuple[str, str]) -> None:
    done = called("--data", data, "scans", *words)
    assert (done.code, done.out) == (2, "")
    assert "rasoat scans" in done.err


def test_where_nothing_was_scanned_there_is_nothing_to_compare(tmp_path: Path) -> None:
    Store.create(tmp_path / "data").close()
    assert called("--data", tmp_path / "data", "scans").code == 0
    assert called("--data", tmp_path / "data", "scans", "--json").out.split() == ["[]"]
    done = called("--data", tmp_path / "data", "scans", "changes")
    assert done.code == 2
    assert "no scan is kept yet; rasoat scan makes one" in done.err
    assert called("--data", tmp_path / "none", "scans").code in {2, 3}


@pytest.mark.netns
@pytest.mark.slow
def test_two_scans_of_a_lan_tell_who_came_and_who_fell_silent(scanner: Scanner) -> None:
    office, gone = scanner.lan.office, scanner.lan.truth[3]
    first = scanner.run("scan", NETWORK, "--ports", "none")
    assert "kept as scan" in first.err
    assert gone.ip in first.out
    office.run("ip", "addr", "del", f"{gone.ip}/26", "dev", THERE)
    free = next(f"10.66.0.{n}" for n in range(1, 60) if not taken(scanner, f"10.66.0.{n}"))
    office.run("ip", "addr", "add", f"{free}/26", "dev", THERE, "noprefixroute")
    second = scanner.run("scan", NETWORK, "--ports", "none", "--json")
    scan = json.loads(second.out.splitlines()[-1])["scan"]
    found = json.loads(scanner.run("scans", "changes", "--json").out)
    changed = {one["ip"]: one for one in found}
    assert set(changed) == {gone.ip, free}
    assert changed[free]["what"] == "new"
    assert changed[gone.ip]["what"] == "silent"
    assert changed[gone.ip]["probability"] > 0.99
    assert scan["gone"] == {gone.ip: changed[gone.ip]["probability"]}
    assert "silent; not just loss with 9" in second.err
    assert 0 < scan["packets"]["broadcasts"]["arp"] < scan["packets"]["sent"]["arp"]


def taken(scanner: Scanner, ip: str) -> bool:
    """Whether somebody has this address."""
    return any(one.ip == ip for one in scanner.lan.truth)
