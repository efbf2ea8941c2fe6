"""The collector keeps verdicts current: news are judged soon, each device alone, time by itself."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory import devices, findings, news
from inventory.store import Store
from inventory.waivers import Waiver, add
from language.said import said
from policies.assess import assess, kept
from policies.load import load_policy
from policies.problems import PolicyNotFound
from server import current
from server.current import Keeper, Keeping
from tests.rasoat.reporting.conftest import NOW, office  # noqa: F401 - a fixture

POLICY = load_policy("office-baseline")


@pytest.fixture
def store(office: Path, tmp_path: Path):  # noqa: F811 - the fixture by its name
    folder = shutil.copytree(office, tmp_path / "dữ liệu")
    opened = Store.open(folder)
    yield opened
    opened.close()


def results(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        key: (one.result, one.facts_hash) for key, one in findings.kept(store, POLICY.name).items()
    }


def anew(store: Store, now) -> dict[tuple[str, str], tuple[str, str]]:
    found = kept(assess(POLICY, devices.everything(store, now), now))
    return {(one.device, one.rule): (one.result, one.facts_hash) for one in found}


def test_everything_once_then_only_what_is_new(store: Store, monkeypatch) -> None:
    keeper = Keeper(store, lambda: [POLICY])
    first = keeper.look(NOW)
    assert first == len(results(store)) > 20_000
    assert results(store) == anew(store, NOW)
    assert keeper.look(NOW + timedelta(minutes=1)) == 0
    device = next(iter(results(store)))[0]
    monkeypatch.setattr(news, "reported_since", lambda *_: [device])
    seen = news.mark(store)
    monkeypatch.setattr(news, "mark", lambda _: seen._replace(reports=10**9))
    with store.write() as db:  # as a report would: what its findings rest on is another
        db.execute("UPDATE findings SET facts_hash = 'old' WHERE device = ?", (device,))
        db.execute(
            "UPDATE findings SET facts_hash = 'old' WHERE device <> ? AND rule = 'FW-001'",
            (device,),
        )
    assert keeper.look(NOW + timedelta(minutes=2)) == sum(
        one[0] == device for one in results(store)
    )


def test_an_hour_later_all_are_looked_at_and_only_time_has_turned_some(
    store: Store, monkeypatch
) -> None:
    keeper = Keeper(store, lambda: [POLICY])
    keeper.look(NOW)
    monkeypatch.setattr(current, "SWEEP_SECONDS", 0.0)
    later = NOW + timedelta(days=8)
    judged = keeper.look(later)
    assert judged > 0
    assert results(store) == anew(store, later)
    with store.reader().conn as db:
        causes = {cause for (cause,) in db.execute("SELECT DISTINCT cause FROM transitions")}
    assert causes <= {"first", "facts", "time"}
    assert "first" in causes
    assert len(causes) > 1


LAST = datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)  #: of the office's day, in UTC


@pytest.mark.parametrize(("seconds", "result"), [(0, "waived"), (1, "fail")])
def test_a_waiver_is_over_with_the_office_s_day_not_with_the_next_hour(
    store: Store, seconds: int, result: str
) -> None:
    keeper = Keeper(store, lambda: [POLICY])
    keeper.look(LAST - timedelta(minutes=2))
    (device, rule) = next(
        key for key, (found, _) in results(store).items() if (key[1], found) == ("UP-001", "fail")
    )
    one = Waiver(
        *("w-1", POLICY.name, rule, "device", device, "until the new disk", "Head"),
        *("2026-11-23", "2026-11-23", "2026-11-23T08:00:00Z", "me", "test"),
    )
    add(store, [one], now=NOW)
    keeper.look(LAST - timedelta(minutes=1))
    assert results(store)[device, rule][0] == "waived"
    keeper.look(LAST + timedelta(seconds=seconds))
    assert results(store)[device, rule][0] == result


def test_a_policy_that_cannot_be_read_stops_nothing_else(store: Store, capsys, monkeypatch) -> None:
    monkeypatch.setattr(current, "LOOK_SECONDS", 0.05)
    looks = []

    def broken():
        looks.append(1)
        raise PolicyNotFound(said("gone"))

    keeping = Keeping(store.folder, broken)
    keeping.start()
    deadline = time.monotonic() + 30
    while len(looks) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    keeping.stop()
    assert len(looks) >= 3
    assert capsys.readouterr().err.count("not kept current") == 1


def test_a_sweep_that_failed_is_made_again(store: Store, monkeypatch) -> None:
    keeper = Keeper(store, lambda: [POLICY])
    keeper.look(NOW)
    monkeypatch.setattr(current, "SWEEP_SECONDS", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(devices, "everything", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            keeper.look(NOW + timedelta(days=8))
    monkeypatch.setattr(current, "SWEEP_SECONDS", 3600.0)
    assert keeper.look(NOW + timedelta(days=8)) > 0
