"""What is looked up of values says the same as the reference; and what the harness would catch."""

from __future__ import annotations

import json
import random
from itertools import product

import pytest

from policies import answers
from policies.codes import DEFERRED, FAIL, PASS, RESULTS
from policies.fast import FastPolicy
from policies.judge import Judge
from policies.load import load_text
from policies.patterns import REMEMBERED
from policies.tables import Tables
from policies.tree import Policy
from tests.policies.documents import NOW
from tests.policies.test_evaluators import policies_by_chance, reference_results

DAY = 86_400
CONDITIONS = (
    "os.family: windows",
    "os.family: {one_of: [linux, macos]}",
    "os.uac: off",
    "not: {firewall.effective: off}",
    "any_of: [{updates.pending: {at_most: 3}}, {updates.pending: 9}]",
    "software: {none: {name: {like: 'AnyDesk*'}}}",
    "software: {any: {name: {like: 'K*'}, version: {version_at_least: 2.0}}}",
    "software: {all: {any_of: [{name: {contains: e}}, {not: {publisher: Nobody}}]}}",
    "network.listening: {none: {port: 23, exposed: yes}}",
    "network.dns_servers: {subset_of: [192.0.2.1]}",
)
FAMILIES = ("windows", "linux", None, "absent")
LISTS: tuple[object, ...] = (
    None, "absent", [], [None], [{}],
    [{"name": "AnyDesk 7", "version": "2.1"}, {"name": None}],
    [{"name": "Kế toán", "version": "?"}, None, {"version": "3", "publisher": "Nobody"}],
    [{"name": "Kestrel", "version": "3.0", "publisher": "A"}],
)  # fmt: skip
SOCKETS: tuple[object, ...] = (
    None, [], [{"port": 23, "exposed": True}], [{"port": 23}, {"port": 80, "exposed": True}],
    [{"port": None, "exposed": False}, {"port": 22}],
)  # fmt: skip


def policy() -> Policy:
    """Every pair of the conditions as what a rule requires, and as where it applies."""
    rules = [
        f"  - {{id: R{at}, title: r, applies_to: {{{scope}}}, require: {{all_of: [{{{one}}}, "
        f"{{{other}}}]}}, fresh: {1 + at % 2 * 9}d}}"
        for at, (scope, one, other) in enumerate(
            product((CONDITIONS[0], CONDITIONS[5]), CONDITIONS, CONDITIONS)
        )
    ]
    return load_text("policy: p\nversion: 1\ntitle: p\nrules:\n" + "\n".join(rules) + "\n")


def documents() -> list[bytes]:
    chance, made = random.Random(3), []
    for family, programs, sockets in product(FAMILIES, LISTS, SOCKETS):
        network = {"listening": sockets, "dns_servers": chance.choice(DNS)}
        facts = {
            "os": {"family": family, "uac": chance.choice((True, False, None))},
            "software": programs,
            "network": network,
            "updates": {"pending": chance.choice((0, 9, 40, None))},
            "firewall": {"effective": chance.choice(("on", "off", None))},
        }
        if family == "absent":
            del facts["os"]
        if programs == "absent":
            del facts["software"]
        partial = {"software": {"reason": "truncated"}, "network.listening[0]": {"reason": "x"}}
        unknown = chance.choice(({}, partial))
        made.append(json.dumps({"facts": facts, "unknown": unknown}).encode())
    return made


DNS: tuple[object, ...] = (None, [], ["192.0.2.1"], ["192.0.2.1", None], ["192.0.2.9", None])


def disagreements(ours: Policy, raw: list[bytes]) -> tuple[int, set[str]]:
    judge, fast, wrong, seen = Judge(ours), FastPolicy(ours), 0, set[str]()
    for at, view in enumerate(raw):
        age = (100, 5 * DAY)[at % 2]
        slow = reference_results(judge, view, age)
        seen.update(slow)
        quick = [RESULTS[code] for code in fast(view, NOW, age)]
        wrong += sum(one != other for one, other in zip(quick, slow, strict=True))
    return wrong, seen


def test_what_is_looked_up_is_what_the_reference_says() -> None:
    ours = policy()
    assert Tables(ours.rules).left == []  # every one of them is looked up
    wrong, seen = disagreements(ours, documents())
    assert seen == set(RESULTS)
    assert wrong == 0


@pytest.mark.parametrize("lie", [{None: 0}, {None: answers.UNSURE | answers.BROKEN}, {False: 1}])
def test_the_harness_catches_a_table_that_lies(
    monkeypatch: pytest.MonkeyPatch, lie: dict[bool | None, int]
) -> None:
    honest = answers._flags
    monkeypatch.setattr(answers, "_flags", lambda said: lie.get(said, honest(said)))
    assert disagreements(policy(), documents())[0] > 100


def test_the_rules_of_chance_are_both_looked_up_and_generated() -> None:
    """Else the agreement of the evaluators would be the agreement of one of them."""
    rules = policies_by_chance(1, 100).rules
    left = len(Tables(rules).left)
    assert 20 <= left <= 80


def test_two_questions_about_one_list_that_is_not_there_are_unknown() -> None:
    ours = load_text(
        "policy: p\nversion: 1\ntitle: p\nrules:\n"
        "  - {id: A, title: a, require: {all_of: [{software: {none: {name: X}}},"
        " {software: {any: {name: Y}}}]}}\n"
    )
    assert FastPolicy(ours)(b'{"facts": {}}', NOW, 0) == bytes([RESULTS.index("unknown")])


def test_more_values_than_are_remembered_are_judged_all_the_same() -> None:
    ours = load_text(
        "policy: p\nversion: 1\ntitle: p\nrules:\n"
        "  - {id: A, title: a, require: {software: {none: {name: Bad}}}}\n"
    )
    names = [{"name": f"program {number}"} for number in range(REMEMBERED + 10)]
    fast = FastPolicy(ours)
    good = json.dumps({"facts": {"software": names}}).encode()
    bad = json.dumps({"facts": {"software": [{"name": "Bad"}, *names]}}).encode()
    assert [fast(view, NOW, 0)[0] for view in (good, bad, good)] == [0, 1, 0]


def test_a_thousand_rules_that_are_not_looked_up_still_compile() -> None:
    rules = "\n".join(
        f"  - {{id: R{at}, title: r, require: {{software: {{count: {{at_least: {at}}}}}}}}}"
        for at in range(1000)
    )
    ours = load_text(f"policy: p\nversion: 1\ntitle: p\nrules:\n{rules}\n")
    assert len(Tables(ours.rules).left) == 1000
    view = json.dumps({"facts": {"software": [{"name": "a"}] * 10}}).encode()
    assert list(FastPolicy(ours)(view, NOW, 0)) == [0] * 11 + [1] * 989


def test_what_stands_beside_a_null_is_seen() -> None:
    ours = load_text(
        "policy: p\nversion: 1\ntitle: p\nrules:\n"
        "  - {id: A, title: a, require: {software: {none: {name: {like: 'AnyDesk*'}}}}}\n"
        "  - {id: B, title: b, require: {network.listening: {none: {port: 23, exposed: yes}}}}\n"
    )
    facts = {
        "software": [None, {"name": "AnyDesk"}],
        "network": {"listening": [None, {"port": 23, "exposed": True}]},
    }
    assert list(FastPolicy(ours)(json.dumps({"facts": facts}).encode(), NOW, 0)) == [FAIL, FAIL]
    assert disagreements(ours, [json.dumps({"facts": facts}).encode()])[0] == 0


def test_what_is_held_against_another_fact_is_left_to_the_reference() -> None:
    ours = load_text(
        "policy: p\nversion: 1\ntitle: p\nrules:\n"
        "  - {id: A, title: a, require: {os.uac: on}}\n"
        "  - {id: B, title: b, require: {scan.open_tcp_ports: "
        "{subset_of: agent.network.listening.port}}}\n"
    )
    assert list(FastPolicy(ours)(b'{"facts": {"os": {"uac": true}}}', NOW, 0)) == [PASS, DEFERRED]
