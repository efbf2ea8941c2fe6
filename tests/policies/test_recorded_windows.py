"""The office baseline on every recorded Windows PC: its firewall's result, and why, in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.collect import collect
from agents.recorded import RecordedMachine
from inventory.document import decode_report, encode_view, view_of
from policies import load_policy
from policies.judge import DeviceFacts, Verdict, judge
from tests.conftest import ROOT

FOLDER = ROOT / "tests/recordings"
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
RULES = ("FW-001", "FW-002")
WELL = "on and block by default; MpsSvc runs"
ALL_WELL = WELL, ("pass", (), ()), ("pass", (), ())
OFF = "Effective firewall is off; expected on"
TAT = "Tường lửa có hiệu lực đang tắt; yêu cầu bật"
RUNS, CHAY = "firewall service running: yes", "dịch vụ tường lửa đang chạy: có"
NEEDED = ("unknown", ("administrator rights are needed",), ("cần quyền quản trị",))
EVERY_PROFILE_OFF = (
    "fail",
    ("domain profile is off", "private profile is off", "public profile is off"),
    ("hồ sơ miền đang tắt", "hồ sơ riêng đang tắt", "hồ sơ công cộng đang tắt"),
)
#: Recording: words of firewall.reason; what FW-001 and FW-002 come to, each with words of its
#: explanation in English and in Vietnamese.
SAID: dict[str, tuple[str, Any, Any]] = {
    "windows-7-sp1-workgroup-all-profiles-on": ALL_WELL,
    "windows-10-domain-policy-turns-on": ALL_WELL,
    "windows-10-vietnamese-all-profiles-on": ALL_WELL,
    "windows-11-bitlocker-all-profiles-on": ALL_WELL,
    "windows-server-2022-all-profiles-on": ALL_WELL,
    "windows-10-domain-policy-turns-off": (
        "the domain profile is off (set by policy)",
        ("fail", (OFF, RUNS, "domain profile: off"), (TAT, CHAY, "hồ sơ miền: tắt")),
        EVERY_PROFILE_OFF,
    ),
    "windows-10-laptop-public-profile-off": (
        "the public profile is off (set at this machine)",
        (
            "fail",
            (OFF, RUNS, "private profile: on", "public profile: off"),
            (TAT, CHAY, "hồ sơ riêng: bật", "hồ sơ công cộng: tắt"),
        ),
        ("fail", ("Firewall: public profile is off",), ("hồ sơ công cộng đang tắt",)),
    ),
    "windows-10-standard-user-unprivileged": ("not_elevated", NEEDED, NEEDED),
    # Another firewall filters; that Windows' own is off stays true.
    "windows-10-third-party-firewall": (
        "Kaspersky is on in place of Windows' firewall",
        ("pass", (), ()),
        EVERY_PROFILE_OFF,
    ),
    "windows-11-service-stopped": (
        "the service MpsSvc does not run (stopped)",
        (
            "fail",
            (OFF, "firewall service running: no", "public profile: on"),
            (TAT, "dịch vụ tường lửa đang chạy: không", "hồ sơ công cộng: bật"),
        ),
        ("pass", (), ()),
    ),
    "windows-server-2019-domain-profile-off": (
        "the domain profile is off (set at this machine)",
        ("fail", (OFF, RUNS, "domain profile: off"), (TAT, CHAY, "hồ sơ miền: tắt")),
        ("fail", ("Firewall: domain profile is off",), ("hồ sơ miền đang tắt",)),
    ),
}


def verdicts(document: dict[str, Any], received: datetime = NOW) -> dict[str, Verdict]:
    """The baseline's rules on a document, taken as the server takes it."""
    view = encode_view(view_of(decode_report(json.dumps(document).encode())))
    now = NOW + timedelta(hours=2)
    device = DeviceFacts("PC-1", view, received)
    return {one.rule: one for one in judge(load_policy("office-baseline"), [device], now)}


def recorded(name: str) -> dict[str, Any]:
    return collect(RecordedMachine(str(FOLDER / name)))


def test_every_recorded_windows_is_judged() -> None:
    assert set(SAID) == {path.name for path in FOLDER.glob("windows-*")}
    assert {rule[0] for _, *both in SAID.values() for rule in both} == {"pass", "fail", "unknown"}


@pytest.mark.parametrize("name", SAID)
def test_a_recorded_windows_comes_to_its_verdict_in_both_languages(name: str) -> None:
    document = recorded(name)
    why, *expected = SAID[name]
    unknown = document["unknown"].get("firewall.reason", {"reason": ""})
    assert why in document["facts"]["firewall"].get("reason", unknown["reason"])
    found = verdicts(document)
    for rule, (result, english, vietnamese) in zip(RULES, expected, strict=True):
        said = found[rule]
        assert said.result == result, said
        assert all(words in said.explanation_en for words in english), said.explanation_en
        assert all(words in said.explanation_vi for words in vietnamese), said.explanation_vi
        assert (said.reason == "not_elevated") == (result == "unknown")


def test_what_a_recording_says_decides_not_its_name() -> None:
    """The control: the facts turned, the result turns."""
    document = recorded("windows-11-service-stopped")
    document["facts"]["firewall"]["effective"] = "on"
    assert verdicts(document)["FW-001"].result == "pass"


@pytest.mark.parametrize("name", SAID)
def test_what_the_firewall_does_not_say_is_never_passed(name: str) -> None:
    document = recorded(name)
    assert {verdicts(document, NOW - timedelta(days=9))[rule].result for rule in RULES} == {
        "unknown"
    }
    del document["facts"]["firewall"]
    lost = {path: why for path, why in document["unknown"].items() if "firewall" not in path}
    document["unknown"] = {**lost, "firewall": {"reason": "timed_out", "detail": ""}}
    found = verdicts(document)
    assert {(found[rule].result, found[rule].reason) for rule in RULES} == {
        ("unknown", "timed_out")
    }
