"""macOS: what each tool's answers mean, over tables; no parse raises, whatever a Mac answers."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import plistlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.collect import COLLECTORS, collect
from agents.macos import accounts, firewall, launchd, network, plists, system, updates, volumes
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.recorded import RecordedMachine
from agents.recording import Recording, RecordingMachine
from agents.redaction import redact
from tests.agents.documents import taken_by_the_server
from tests.agents.test_collectors import replies
from tests.conftest import ROOT

MACS = sorted((ROOT / "tests/recordings").glob("macos-*"))
MAC = COLLECTORS["macos"]
GONE = Unknown("not_found", "by the test")


def known(facts: Facts, path: str) -> Any:
    """The fact, or the reason why it is not known."""
    if path in facts.unknown:
        return facts.unknown[path].reason
    value: Any = facts.values
    for word in path.split("."):
        value = value[word]
    return value


def plist(value: Any) -> bytes:
    return plistlib.dumps(value)


@pytest.mark.parametrize("section", MAC)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_parse_never_raises_whatever_the_probe_got(section: str, data: st.DataObject) -> None:
    collector = importlib.import_module(MAC[section])
    answers = collector.probe(RecordedMachine(str(data.draw(st.sampled_from(MACS)))))
    changed = {}
    for name in answers.names():
        recorded = answers._answers[name]
        lists = [plist_values().map(plist)] if isinstance(recorded, bytes) else []
        other = st.one_of(replies(recorded), *lists)
        changed[name] = data.draw(other) if data.draw(st.booleans()) else recorded
    try:
        facts = collector.parse(Answers(**changed))
    except Unknown:
        return
    taken_by_the_server(section, facts)


#: What property lists of these files hold, so that the damage is deep and not at the door alone.
KEYS = [
    "Interfaces",
    "NetworkServices",
    "Proxies",
    "IPv4",
    "ConfigMethod",
    "DeviceName",
    "Interface",
    "date",
    "displayName",
    "processName",
    "globalstate",
    "stealthenabled",
    "Containers",
    "Volumes",
    "DeviceIdentifier",
    "FileVault",
    "Label",
    "Disabled",
    "GuestEnabled",
    "ProductVersion",
    "RecommendedUpdates",
    "CFBundleShortVersionString",
    "IORegistryEntryChildren",
    "Whole",
    "Size",
    "policyCategoryPasswordContent",
    "policyParameters",
]


def plist_values() -> st.SearchStrategy[Any]:
    leaves = st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(),
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20),
        st.binary(max_size=20),
        st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)),  # noqa: DTZ001 - plists have no zone
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
        ),
        max_leaves=12,
    )


@settings(max_examples=300)
@given(raw=st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(b"bplist00".__add__)))
def test_what_is_no_property_list_is_unreadable(raw: bytes) -> None:
    found = attempt(plists.table, raw)
    assert isinstance(found, dict) or found.reason == "unreadable"


def test_a_property_list_with_entities_is_not_expanded() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaa">]>'
    text = head + b"<plist><string>&a;</string></plist>"
    with pytest.raises(Unknown, match="entities"):
        plists.read(text)
    assert plists.read(plist("aaaa")) == "aaaa"


def alf(**answers: Any) -> Facts:
    """The firewall's facts where the settings of macOS 15 do not exist."""
    said = {"alf there": False, "alf": GONE, "alf_block_all": GONE, "alf_stealth": GONE}
    return firewall.parse(Answers(**{**said, **answers}))


@pytest.mark.parametrize(
    ("words", "effective"),
    [
        (b"Firewall is disabled. (State = 0) \n", "off"),
        (b"Firewall is enabled. (State = 1) \n", "on"),
        (b"Firewall is blocking all non-essential incoming connections. (State = 2) \n", "on"),
        (b"Firewall is enabled.\n", "unreadable"),
        (b"(State = 7)", "unreadable"),
        (b"", "unreadable"),
        (Unknown("not_elevated", ""), "not_elevated"),
        (Unknown("not_installed", ""), "not_installed"),
    ],
)
def test_the_tools_state(words: Any, effective: str) -> None:
    facts = alf(alf_state=words)
    assert known(facts, "effective") == effective
    assert known(facts, "service.enabled") == {"on": True, "off": False}.get(effective, effective)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        (b"Block all DISABLED! \n", False),
        (b"Block all ENABLED! \n", True),
        (b"Firewall has block all state set to disabled.\n", False),
        (b"Firewall has block all state set to enabled.\n", True),
        (b"Firewall is set to block all non-essential incoming connections\n", True),
        (b"Block everything\n", "unreadable"),
        (b"", "unreadable"),
    ],
)
def test_the_tools_words_on_blocking_all(words: bytes, on: Any) -> None:
    facts = alf(alf_state=b"(State = 1)", alf_block_all=words)
    assert known(facts, "block_all") == on


@pytest.mark.parametrize(
    ("words", "on"),
    [
        (b"Stealth mode enabled \n", True),
        (b"Stealth mode disabled \n", False),
        (b"Firewall stealth mode is on\n", True),
        (b"Firewall stealth mode is off\n", False),
        (b"Stealth mode enabled. Stealth mode disabled\n", "unreadable"),
        (b"mode is on\n", "unreadable"),
    ],
)
def test_the_tools_words_on_stealth(words: bytes, on: Any) -> None:
    assert known(alf(alf_state=b"(State = 1)", alf_stealth=words), "stealth") == on


@pytest.mark.parametrize(
    ("state", "effective", "inbound", "block_all"),
    [
        (0, "off", "allow", False),
        (1, "on", "not_supported", False),
        (2, "on", "block", True),
        (3, "unreadable", "unreadable", "unreadable"),
        (True, "unreadable", "unreadable", "unreadable"),
        ("1", "unreadable", "unreadable", "unreadable"),
    ],
)
def test_the_settings_state(state: Any, effective: str, inbound: str, block_all: Any) -> None:
    facts = firewall.parse(Answers(alf=plist({"globalstate": state, "stealthenabled": 1})))
    assert known(facts, "effective") == effective
    assert known(facts, "default_inbound") == inbound
    assert known(facts, "block_all") == block_all
    assert known(facts, "stealth") is True


def test_settings_that_may_not_be_read_are_not_taken_for_missing() -> None:
    facts = alf(alf=Unknown("not_elevated", ""), alf_state=b"Firewall is enabled. (State = 1)")
    assert known(facts, "effective") == "not_elevated"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (b"FileVault is On.\n", "on"),
        (b"FileVault is Off.\n", "off"),
        (b"FileVault is On.\nEncryption in progress: Percent completed = 42\n", "in_progress"),
        (b"FileVault is Off.\nDecryption in progress: Percent completed = 9\n", "in_progress"),
        (b"Error: you must be root\n", "unreadable"),
    ],
)
def test_filevault(words: bytes, state: str) -> None:
    mounts = [{"device": "/dev/disk3s1s1", "mount": "/", "file_system": "apfs"}]
    usage = {"total": 10, "free": 5}
    facts = volumes.parse(Answers(mounts=mounts, filevault=words, **{"usage /": usage}))
    (row,) = facts.values[""]
    why = facts.unknown.get(".encryption")
    assert (row.get("encryption") or (why and why.reason)) == state


@pytest.mark.parametrize(
    ("gatekeeper", "protection", "expected"),
    [
        (b"assessments enabled\n", b"System Integrity Protection status: enabled.\n", (True, True)),
        (
            b"assessments disabled\n",
            b"System Integrity Protection status: disabled.\n",
            (False, False),
        ),
        (
            b"assessments\n",
            b"System Integrity Protection status: unknown (Custom Configuration).\n",
            ("unreadable", "unreadable"),
        ),
    ],
)
def test_gatekeeper_and_integrity_protection(
    gatekeeper: bytes, protection: bytes, expected: tuple[Any, Any]
) -> None:
    facts = system.parse(Answers(gatekeeper=gatekeeper, protection=protection))
    assert (known(facts, "gatekeeper"), known(facts, "integrity_protection")) == expected


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ({"A": {}, "B": {"Proxies": {"HTTPEnable": 1}}}, True),
        ({"A": {"Proxies": {"HTTPEnable": 0}}, "B": {}}, False),
        (False, "unreadable"),
        ({"A": False}, "unreadable"),
        ({"A": {"Proxies": 1}}, "unreadable"),
    ],
)
def test_a_proxy_of_any_service(services: Any, expected: Any) -> None:
    facts = network.parse(Answers(settings=plist({"NetworkServices": services}), links={}))
    assert known(facts, "proxy") == expected


@pytest.mark.parametrize(
    ("version", "key"),
    [
        ("10.13.6", "macos-10.13"),
        ("10.15.7", "macos-10.15"),
        ("11.7", "macos-11"),
        ("26.1", "macos-26"),
    ],
)
def test_the_life_cycles_key(version: str, key: str) -> None:
    facts = system.parse(Answers(version=plist({"ProductVersion": version})))
    assert known(facts, "lifecycle") == key


SSH = launchd.APPLE + "/ssh.plist"


@pytest.mark.parametrize(
    ("disabled", "overrides", "starts"),
    [
        (True, GONE, False),
        (True, plist({}), False),
        (True, plist({"com.openssh.sshd": False}), True),
        (False, plist({"com.openssh.sshd": True}), False),
        (False, GONE, True),
        (True, plist({"com.openssh.sshd": "no"}), "unreadable"),
        (True, Unknown("not_elevated", ""), "not_elevated"),
    ],
)
def test_a_daemon_starts_as_its_override_says(disabled: bool, overrides: Any, starts: Any) -> None:
    daemon = plist({"Label": "com.openssh.sshd", "Disabled": disabled})
    answers = {"there " + SSH: True, "daemon " + SSH: daemon, "overrides": overrides}
    found = attempt(launchd.starts, Answers(**answers), SSH)
    assert (found.reason if isinstance(found, Unknown) else found) == starts


@pytest.mark.parametrize(
    ("own", "managed", "automatic"),
    [
        ({"AutomaticCheckEnabled": False, "AutomaticallyInstallMacOSUpdates": True}, None, "off"),
        ({"AutomaticallyInstallMacOSUpdates": True}, None, "install"),
        ({"AutomaticallyInstallMacOSUpdates": False, "AutomaticDownload": True}, None, "download"),
        ({"AutomaticallyInstallMacOSUpdates": False, "AutomaticDownload": False}, None, "notify"),
        ({"AutomaticDownload": True}, None, "not_found"),
        ({}, None, "not_found"),
        (
            {"AutomaticCheckEnabled": False},
            {"AutomaticCheckEnabled": True, "AutomaticallyInstallMacOSUpdates": True},
            "install",
        ),
    ],
)
def test_automatic_updates(own: Any, managed: Any, automatic: str) -> None:
    profile = GONE if managed is None else plist(managed)
    facts = updates.parse(Answers(settings=plist(own), managed=profile, history=GONE))
    assert known(facts, "automatic") == automatic


def directory(**changes: Any) -> Facts:
    said: dict[str, Any] = {
        "user_ids": b"root 0\nmai 501\nnam 502\ndaemon 1\n",
        "user_shells": b"root /bin/sh\nmai /bin/zsh\nnam /usr/bin/false\ndaemon /usr/bin/false\n",
        "user_authorities": b"mai ;ShadowHash;\nnam ;ShadowHash;\n",
        "administrators": b"GroupMembership: root mai\n",
        "console_user": b"mai\n",
        "account_policies": b"Getting global account policies\n",
        "login window there": False,
    }
    return accounts.parse(Answers(**{**said, **changes}))


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({}, "local_users", 1),
        ({}, "local_admins", 1),
        ({}, "current_user_admin", True),
        ({"console_user": b"nam\n"}, "current_user_admin", False),
        ({"console_user": b"root\n"}, "current_user_admin", "not_found"),
        ({}, "builtin_admin_enabled", False),
        ({"user_authorities": b"root ;ShadowHash;\n"}, "builtin_admin_enabled", True),
        ({"user_authorities": b"mai ;ShadowHash; ;DisabledUser;\n"}, "local_users", 0),
        ({"user_authorities": b""}, "builtin_admin_enabled", "unreadable"),
        ({"user_ids": Unknown("timed_out", "")}, "local_users", "timed_out"),
        ({"administrators": b"No such key: GroupMembership\n"}, "local_admins", "unreadable"),
        ({}, "password_policy.minimum_length", 0),
        ({}, "password_policy.lockout_after", 0),
        ({"account_policies": b"Error\n"}, "password_policy.minimum_length", "unreadable"),
    ],
)
def test_accounts(changes: Any, path: str, expected: Any) -> None:
    assert known(directory(**changes), path) == expected


def test_no_name_leaves_the_accounts_section() -> None:
    facts = directory()
    told = json.dumps(facts.values) + json.dumps([why.entry() for why in facts.unknown.values()])
    assert facts.values["local_users"] == 1
    assert "mai" not in told
    assert "nam" not in told


def test_a_redacted_mac_tells_no_names_and_replays(tmp_path: Path) -> None:
    recording = RecordingMachine(RecordedMachine(str(MACS[0])))
    whole = collect(recording)
    secrets = [b"user-1", b"user-2", b"ke-toan-mac", b"C02SIM000001", b"a4:83:e7:00:00:01"]
    before = everything(recording.recording)
    assert [one for one in secrets if one not in before] == []
    redact(recording.recording)
    recording.recording.write(str(tmp_path / "redacted"))
    written = b"".join(p.read_bytes() for p in (tmp_path / "redacted").rglob("*") if p.is_file())
    assert len(written) > 10_000
    assert [one for one in secrets if one in written] == []
    replayed = collect(RecordedMachine(str(tmp_path / "redacted")))
    assert replayed["facts"]["firewall"] == whole["facts"]["firewall"]
    assert replayed["unknown"]["accounts.local_users"]["reason"] == "redacted"
    assert replayed["facts"]["hardware"]["serial"] == "000000000000"


def everything(recording: Recording) -> bytes:
    outputs = [ran.stdout for _, ran in recording.commands.values()]
    return b"".join([*recording.files.values(), *outputs, json.dumps(recording.values).encode()])
