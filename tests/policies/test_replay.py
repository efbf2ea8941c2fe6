"""Old verdicts are judged again from what was kept by hash; what was changed is not used."""

from __future__ import annotations

import shutil
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from inventory import findings
from inventory.store import Store
from policies.load import load_policy, shipped
from policies.replay import replays, restored
from policies.tree import rule_content
from rasoat import judging
from tests.rasoat.conftest import called
from tests.rasoat.reporting.conftest import NOW, office  # noqa: F401 - a fixture

RULES = [(name, rule.id) for name in shipped() for rule in load_policy(name).rules]


@pytest.mark.parametrize(("policy", "name"), RULES)
def test_a_rule_comes_back_whole_from_what_is_kept(policy: str, name: str) -> None:
    rule = load_policy(policy).rule(name)
    again = restored(rule_content(rule))
    assert (again.applies_to, again.require) == (rule.applies_to, rule.require)
    assert again.hash == rule.hash
    assert (again.fresh, again.for_each, again.sources) == (rule.fresh, rule.for_each, rule.sources)


@pytest.fixture(scope="module")
def judged_twice(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 - the fixture by its name
    folder = Path(shutil.copytree(office, tmp_path_factory.mktemp("judged") / "dữ liệu"))
    policy = load_policy("office-baseline")
    judging.judged(folder, policy, NOW)
    judging.judged(folder, policy, NOW + timedelta(days=9))
    return folder


@pytest.fixture
def judged(judged_twice: Path, tmp_path: Path) -> Path:
    """A copy of its own for each test: they change it."""
    return Path(shutil.copytree(judged_twice, tmp_path / "dữ liệu"))


def test_every_turn_of_every_finding_replays(judged: Path) -> None:
    store = Store.open(judged, read_only=True)
    known = findings.kept(store, "office-baseline")
    devices = sorted({device for device, _ in known})[::29]
    again = [
        one
        for device, rule in known
        if device in devices
        for one in replays(store, "office-baseline", device, rule)
    ]
    store.close()
    assert len(again) > 1000
    assert {one.recorded for one in again} >= {"pass", "fail", "unknown"}
    assert all(one.agrees for one in again), [one for one in again if not one.agrees][:3]


def test_what_was_changed_is_not_used(judged: Path) -> None:
    store = Store.open(judged)
    (device, rule) = next(iter(findings.kept(store, "office-baseline")))
    with store.write() as db:
        db.execute("UPDATE judged_views SET view = ?", (zlib.compress(b'{"facts": {}}'),))
    changed = replays(store, "office-baseline", device, rule)
    with store.write() as db:
        db.execute("DELETE FROM judged_rules")
    without = replays(store, "office-baseline", device, rule)
    store.close()
    assert changed
    assert {(one.missing, one.agrees) for one in changed if one.facts_hash} == {("facts", None)}
    assert {one.missing for one in without} == {"rule"}


def test_a_verdict_that_does_not_agree_is_shown(judged: Path) -> None:
    store = Store.open(judged)
    passes = [key for key, one in findings.kept(store, "office-baseline").items()]
    device, rule = passes[0]
    with store.write() as db:
        db.execute("UPDATE transitions SET new = 'error' WHERE device = ? AND rule = ?", passes[0])
    store.close()
    done = called("--data", judged, "policy", "replay", device, rule)
    assert done.code == 1
    other = called("--data", judged, "--lang", "vi", "policy", "replay", *passes[1])
    assert other.code == 0, other.err
    none = called("--data", judged, "policy", "replay", device, "NO-SUCH")
    assert none.code == 2
    assert "NO-SUCH" in none.err
