"""Small parsers of the agent: sshd_config, sudoers, netlink, times, digests; over tables."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import clock, ed25519, sha256, sshd, values
from agents.linux import netlink, netlink_addresses, netlink_sockets, sudoers
from agents.linux.software import dpkg_fields
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.recorded import RecordedMachine


def machine(folder: Path, files: dict[str, str]) -> RecordedMachine:
    about = {"recording": 1, "platform": "linux", "recorded_at": "2026-11-23T08:00:00Z"}
    (folder / "machine.json").write_text(json.dumps(about))
    for path, text in files.items():
        place = folder / "files" / path.strip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return RecordedMachine(str(folder))


def asked(ask: Any, recorded: RecordedMachine) -> Answers:
    answers = Answers()
    ask(recorded, answers)
    return answers


def known(facts: Facts, path: str) -> Any:
    if path in facts.unknown:
        return facts.unknown[path].reason
    value: Any = facts.values
    for word in path.split("."):
        value = value[word]
    return value


MAIN = "/etc/ssh/sshd_config"
PART = "/etc/ssh/sshd_config.d/"


@pytest.mark.parametrize(
    ("files", "root", "password", "ports"),
    [
        ({MAIN: ""}, "keys_only", True, [22]),
        ({MAIN: "PermitRootLogin yes\nPermitRootLogin no\n"}, "yes", True, [22]),
        ({MAIN: "permitrootlogin=no\nPASSWORDAUTHENTICATION no\n"}, "no", False, [22]),
        (
            {MAIN: "Match User x\nPermitRootLogin yes\nMatch all\nPort 2222\n"},
            "keys_only",
            True,
            [2222],
        ),
        ({MAIN: "Port 22\nPort 2222\n"}, "keys_only", True, [22, 2222]),
        (
            {MAIN: "Port 22\nListenAddress 10.0.0.1:2200\nListenAddress ::1\n"},
            "keys_only",
            True,
            [22, 2200],
        ),
        ({MAIN: "ListenAddress [fd00::1]:2022\n"}, "keys_only", True, [2022]),
        (
            {
                MAIN: "Include sshd_config.d/*.conf\nPermitRootLogin no\n",
                PART + "a.conf": "PermitRootLogin yes\n",
            },
            "yes",
            True,
            [22],
        ),
        (
            {
                MAIN: f"Include {PART}*.conf\n",
                PART + "b.conf": "PermitRootLogin yes\n",
                PART + "a.conf": "PermitRootLogin no\n",
                PART + "0.bak": "PermitRootLogin yes\n",
            },
            "no",
            True,
            [22],
        ),
        (
            {
                MAIN: f"Include {PART}*.conf\nPermitRootLogin no\n",
                PART + "a.conf": "Match User x\nPasswordAuthentication no\n",
            },
            "no",
            True,
            [22],
        ),
        (
            {
                MAIN: f"Match User x\nInclude {PART}*.conf\n",
                PART + "a.conf": "PermitRootLogin yes\n",
            },
            "keys_only",
            True,
            [22],
        ),
        (
            {MAIN: "PermitRootLogin perhaps\nPort x\nPasswordAuthentication 7\n"},
            "unreadable",
            "unreadable",
            "unreadable",
        ),
        ({MAIN: "Include /etc/*/x.conf\n"}, "unreadable", "unreadable", "unreadable"),
        ({MAIN: f"Include {MAIN}\nPort 22\n"}, "unreadable", "unreadable", "unreadable"),
    ],
)
def test_sshd(tmp_path: Path, files: dict[str, str], root: Any, password: Any, ports: Any) -> None:
    facts = Facts()
    sshd.put(facts, asked(sshd.ask, machine(tmp_path, files)), enabled=True)
    seen = [
        known(facts, f"ssh.{name}") for name in ("root_login", "password_authentication", "ports")
    ]
    assert seen == [root, password, ports]


@pytest.mark.parametrize(
    ("enabled", "reason"), [(False, "not_supported"), (Unknown("not_elevated"), None)]
)
def test_settings_of_a_server_that_does_not_start_have_no_effect(
    tmp_path: Path, enabled: Any, reason: str | None
) -> None:
    facts = Facts()
    sshd.put(facts, asked(sshd.ask, machine(tmp_path, {MAIN: "Port 22\n"})), enabled)
    assert known(facts, "ssh.root_login") == (reason or "keys_only")


SUDO = "/etc/sudoers"
SIGNS = "ALL=,:!()#@ \\\n\tDefaultsUser_AliasNOPASSWDMatchIncludeprt/*"


@pytest.mark.parametrize(
    ("files", "rules", "full", "passwordless"),
    [
        ({SUDO: "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n"}, 2, 1, False),
        ({SUDO: "mai ALL=(ALL) NOPASSWD: ALL\n"}, 1, 1, True),
        ({SUDO: "mai, nam ALL=(root) NOPASSWD: SETENV: ALL\n"}, 1, 2, True),
        ({SUDO: "User_Alias A = mai, nam : B = lan\nA,B ALL=ALL\n"}, 1, 3, False),
        ({SUDO: "Cmnd_Alias C = /bin/ls, ALL\nmai ALL=C\n"}, 1, 1, False),
        ({SUDO: "Cmnd_Alias C = /bin/ls\nmai ALL=C, !ALL\n"}, 1, 0, False),
        ({SUDO: "mai ALL=/usr/bin/apt \\\n  , ALL\n"}, 1, 1, False),
        ({SUDO: "Defaults !authenticate\n#1000 ALL=ALL # nobody\n"}, 1, 1, True),
        (
            {
                SUDO: "#includedir /etc/sudoers.d\n",
                "/etc/sudoers.d/a": "mai ALL=ALL\n",
                "/etc/sudoers.d/b.bak": "x ALL=ALL\n",
                "/etc/sudoers.d/c~": "x ALL=ALL\n",
            },
            1,
            1,
            False,
        ),
        ({SUDO: "@include sudoers.local\n", "/etc/sudoers.local": "mai ALL=ALL\n"}, 1, 1, False),
        ({SUDO: "nonsense\n"}, "unreadable", "unreadable", "unreadable"),
        ({SUDO: "@include /etc/sudoers\n"}, "unreadable", "unreadable", "unreadable"),
        ({SUDO: "@include /etc/gone\n"}, "not_found", "not_found", "not_found"),
    ],
)
def test_sudoers(
    tmp_path: Path, files: dict[str, str], rules: Any, full: Any, passwordless: Any
) -> None:
    facts = Facts()
    sudoers.put(facts, asked(sudoers.ask, machine(tmp_path, files)))
    names = ("sudo_rules", "sudo_full_rights", "passwordless_sudo")
    assert [known(facts, name) for name in names] == [rules, full, passwordless]


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(
        st.sampled_from(SIGNS),
        max_size=200,
    )
)
def test_garbage_never_raises(text: str) -> None:
    facts = Facts()
    sudoers.put(facts, Answers(**{"sudo there": True, "sudoers": text}))
    found = {"texts": {MAIN: text}, "folders": {"/etc/ssh": ["sshd_config"]}}
    sshd.put(facts, Answers(**{"sshd there": True, "sshd": found}), enabled=True)
    whys = {why.reason for why in facts.unknown.values()}
    assert whys <= {"unreadable"}
    assert facts.values or whys


def test_the_kernels_own_addresses_and_sockets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        port = waiting.getsockname()[1]
        rows = netlink_sockets.listening()
        (mine,) = [row for row in rows if row["port"] == port]
        assert mine["address"] == "127.0.0.1"
        assert values.socket_owners()[mine["inode"]]
    assert port not in {row["port"] for row in netlink_sockets.listening()}
    assert {"address": "127.0.0.1", "netmask": "255.0.0.0"} in values.addresses()["lo"]


@settings(max_examples=300)
@given(raw=st.binary(max_size=120))
def test_damaged_netlink_is_unreadable(raw: bytes) -> None:
    for read in (
        lambda: list(netlink.messages(raw)),
        lambda: netlink_addresses.address(raw),
        lambda: netlink_sockets.row(socket.AF_INET6, raw),
    ):
        found = attempt(read)
        assert not isinstance(found, Unknown) or found.reason == "unreadable"


@given(st.datetimes())
def test_moments_are_the_calendars(drawn: Any) -> None:
    import calendar

    text = drawn.strftime("%H:%M:%S")
    words = f"{drawn.year:04}-{drawn.month:02}-{drawn.day:02} {text}"
    found = attempt(clock.iso, words)
    expected = calendar.timegm(drawn.timetuple())
    assert found == expected if drawn.year >= 1900 else found.reason == "unreadable"


@pytest.mark.parametrize(
    "text", ["2026-02-29 00:00:00", "2026-13-01 00:00:00", "2026-11-23", "x" * 19, ""]
)
def test_what_is_no_time_is_unreadable(text: str) -> None:
    assert attempt(clock.iso, text).reason == "unreadable"


@given(data=st.binary(max_size=5000))
def test_both_digests_are_the_same(data: bytes) -> None:
    assert sha256.by_sodium(data) == sha256.by_openssl(data) == hashlib.sha256(data).digest()


def test_ed25519_is_rfc_8032s() -> None:
    """Section 7.1, test 3."""
    seed = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    public, secret = ed25519.keypair(seed)
    assert public.hex() == "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = ed25519.sign(b"\xaf\x82", secret)
    assert signature.hex().startswith("6291d657deec24024827e69c3abe01a3")
    assert ed25519.verifies(b"\xaf\x82", signature, public)
    assert not ed25519.verifies(b"\xaf\x83", signature, public)
    assert not ed25519.verifies(b"\xaf\x82", bytes([signature[0] ^ 1]) + signature[1:], public)
    for bad in (seed[:-1], b""):
        with pytest.raises(ValueError, match="32 bytes"):
            ed25519.keypair(bad)


@pytest.mark.parametrize(
    ("stanza", "fields"),
    [
        (
            "\nPackage: a\nStatus: x\nVersion: 1\nVersion: 2",
            {"Package": "a", "Status": "x", "Version": "1"},
        ),
        ("\nX-Package: a\n Package: b", {}),
        ("\nPackage: a", {"Package": "a"}),
        ("", {}),
    ],
)
def test_dpkg_fields(stanza: str, fields: dict[str, str]) -> None:
    found = dpkg_fields(stanza.encode())
    assert {name: value.decode() for name, value in found.items()} == fields
