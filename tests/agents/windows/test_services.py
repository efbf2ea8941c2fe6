"""Services of a Windows, from keys and states written by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outcome import Unknown
from agents.windows import name_services, services, smb, system
from tests.agents.documents import facts_of, reasons, taken_by_the_server
from tests.agents.windows.registry_pc import RegistryPc

RUNS, WAITS, OFF = (
    {"start": 2, "state": "running"},
    {"start": 3, "state": "stopped"},
    {"start": 4, "state": "stopped"},
)
STILL_RUNS = {"start": 4, "state": "running"}  # disabled until the next start
STATES: dict[str, Any] = {
    "TermService": WAITS,
    "RemoteRegistry": OFF,
    "WinRM": WAITS,
    "LanmanServer": RUNS,
    "NetBT": {"start": 1, "state": "running"},
    "W32Time": WAITS,
    "EventLog": RUNS,
}
CARD = name_services.INTERFACES + r"\Tcpip_{5a5f4b1c-1c1c-4b4b-9a9a-000000000001}"
WIFI = name_services.INTERFACES + r"\Tcpip_{5a5f4b1c-1c1c-4b4b-9a9a-000000000002}"
FOLDER = ["CSCFlags=0", "MaxUses=4294967295", "Path=D:\\Chung", "Permissions=0", "Type=0"]
REGISTRY: dict[str, Any] = {
    system.VERSION: {"CurrentBuild": "19045"},
    services.TERMINAL: {"fDenyTSConnections": 1},
    services.RDP: {"UserAuthentication": 1, "PortNumber": 3389},
    services.TIME: {"Type": "NTP", "NtpServer": "time.windows.com,0x9"},
    services.CLIENT: {"Enabled": 1},
    smb.PARAMETERS: {"EnableAuthenticateUserSharing": 0},
    smb.SHARES: {},
    CARD: {"NetbiosOptions": 2},
    WIFI: {"NetbiosOptions": 2},
}
#: Windows 10 22H2 as it comes, with NetBIOS off.
EXPECTED = {
    "remote_desktop": {"enabled": False, "network_level_authentication": True, "port": 3389},
    "ssh": {"enabled": False},
    "smb1": False,
    "file_sharing": False,
    "telnet": False,
    "ftp": False,
    "remote_registry": False,
    "winrm": False,
    "autorun": True,
    "llmnr": True,
    "netbios": False,
    "time_synchronisation": True,
    "audit_log": True,
}


def a_pc(registry: dict[str, Any] | None = None, **states: Any) -> RegistryPc:
    """An office PC; None takes a key or a service away."""
    keys = {**copy.deepcopy(REGISTRY), **(registry or {})}
    told = {**STATES, **states}
    return RegistryPc(
        {path: values for path, values in keys.items() if values is not None},
        services={name: about for name, about in told.items() if about is not None},
    )


def test_an_office_pc() -> None:
    facts = facts_of(a_pc(), services)
    assert facts.values == EXPECTED
    assert reasons(facts) == {"ssh.password_authentication": "not_installed"}


VERSION_7 = {system.VERSION: {"CurrentBuild": "7601"}}
EXPLORER = services.EXPLORER
OLD_SMB = {smb.PARAMETERS: {"SMB1": 1}}
CASES: list[tuple[str, Any, dict[str, Any], dict[str, Any]]] = [
    ("remote_desktop.enabled", True, {services.TERMINAL: {"fDenyTSConnections": 0}}, {}),
    (
        "remote_desktop.enabled",
        False,
        {
            services.TERMINAL: {"fDenyTSConnections": 0},
            services.RDP_POLICY: {"FDENYTSCONNECTIONS": 1},
        },
        {},
    ),
    ("remote_desktop.enabled", True, {services.RDP_POLICY: {"fDenyTSConnections": 0}}, {}),
    (
        "remote_desktop.enabled",
        False,
        {services.TERMINAL: {"fDenyTSConnections": 0}},
        {"TermService": OFF},
    ),
    (
        "remote_desktop.network_level_authentication",
        False,
        {services.RDP: {"UserAuthentication": 0}},
        {},
    ),
    (
        "remote_desktop.network_level_authentication",
        True,
        {services.RDP: {"UserAuthentication": 0}, services.RDP_POLICY: {"UserAuthentication": 1}},
        {},
    ),
    ("remote_desktop.port", 3390, {services.RDP: {"PortNumber": 3390}}, {}),
    ("ssh.enabled", True, {}, {"sshd": RUNS}),
    ("ssh.enabled", False, {}, {"sshd": WAITS}),
    ("smb1", True, {}, {"mrxsmb10": RUNS}),
    ("smb1", False, {}, {"mrxsmb10": OFF}),
    ("smb1", True, {}, {"mrxsmb10": STILL_RUNS}),
    ("smb1", True, {}, {"srv": {"start": 3, "state": "running"}}),
    ("smb1", False, {}, {"srv": OFF}),
    ("smb1", False, OLD_SMB, {}),
    ("smb1", True, OLD_SMB, {"srv": WAITS}),
    ("smb1", False, {smb.PARAMETERS: {"SMB1": 0}}, {"srv": WAITS}),
    ("smb1", True, VERSION_7, {}),
    ("smb1", True, {**VERSION_7, smb.PARAMETERS: None}, {}),
    ("smb1", False, {**VERSION_7, smb.PARAMETERS: {"SMB1": 0}}, {}),
    ("smb1", True, {**VERSION_7, smb.PARAMETERS: {"SMB1": 0}}, {"mrxsmb10": WAITS}),
    ("smb1", False, VERSION_7, {"LanmanServer": OFF}),
    ("file_sharing", True, {smb.SHARES: {"Chung": FOLDER}}, {}),
    ("file_sharing", False, {smb.SHARES: {"Chung": FOLDER}}, {"LanmanServer": OFF}),
    ("file_sharing", False, {smb.SHARES: {"print$": FOLDER, "May in": ["Type=1"]}}, {}),
    ("file_sharing", False, {smb.SHARES: None}, {}),
    ("telnet", True, {}, {"TlntSvr": RUNS}),
    ("telnet", False, {}, {"TlntSvr": OFF}),
    ("telnet", True, {}, {"TlntSvr": STILL_RUNS}),
    ("ftp", True, {}, {"FTPSVC": RUNS}),
    ("ftp", True, {}, {"FileZilla Server": RUNS}),
    ("remote_registry", True, {}, {"RemoteRegistry": RUNS}),
    ("remote_registry", True, {}, {"RemoteRegistry": WAITS}),
    ("remote_registry", False, VERSION_7, {"RemoteRegistry": WAITS}),
    ("remote_registry", False, {}, {"RemoteRegistry": None}),
    ("winrm", False, {}, {"WinRM": RUNS}),
    ("winrm", True, {services.LISTENERS + r"\*+HTTP": {}}, {"WinRM": RUNS}),
    ("winrm", False, {services.LISTENERS + r"\*+HTTP": {}}, {}),
    ("winrm", True, {services.WINRM_POLICY: {"AllowAutoConfig": 1}}, {"WinRM": RUNS}),
    ("winrm", False, {services.WINRM_POLICY: {"AllowAutoConfig": 0}}, {"WinRM": RUNS}),
    ("autorun", False, {EXPLORER: {"NoDriveTypeAutoRun": 0xFF}}, {}),
    ("autorun", False, {EXPLORER: {"NoDriveTypeAutoRun": 0xB5}}, {}),
    ("autorun", True, {EXPLORER: {"NoDriveTypeAutoRun": 0x91}}, {}),
    ("autorun", False, {EXPLORER: {"nodrivetypeautorun": b"\xff\x00\x00\x00"}}, {}),
    ("autorun", False, {EXPLORER: {"NoAutorun": 1}}, {}),
    ("autorun", True, {EXPLORER: {"NoAutorun": 2}}, {}),
    ("llmnr", False, {name_services.DNS_POLICY: {"EnableMulticast": 0}}, {}),
    ("llmnr", True, {name_services.DNS_POLICY: {"EnableMulticast": 1}}, {}),
    ("netbios", True, {WIFI: {"NetbiosOptions": 0}}, {}),
    ("netbios", True, {WIFI: {}}, {}),
    ("netbios", False, {WIFI: {}}, {"NetBT": OFF}),
    ("time_synchronisation", False, {services.TIME: {"Type": "NoSync"}}, {}),
    ("time_synchronisation", True, {services.TIME_POLICY: {"Type": "NT5DS"}}, {}),
    ("time_synchronisation", False, {services.CLIENT: {"Enabled": 0}}, {}),
    (
        "time_synchronisation",
        True,
        {services.CLIENT: {"Enabled": 0}, services.CLIENT_POLICY: {"Enabled": 1}},
        {},
    ),
    ("time_synchronisation", False, {}, {"W32Time": OFF}),
    ("audit_log", False, {}, {"EventLog": OFF}),
]


@pytest.mark.parametrize(("path", "value", "registry", "states"), CASES)
def test_a_setting_changes_its_own_fact(
    path: str, value: Any, registry: dict[str, Any], states: dict[str, Any]
) -> None:
    facts = facts_of(a_pc(registry, **states), services)
    assert at(facts.values, path) == value


def at(values: dict[str, Any], path: str) -> Any:
    for word in path.split("."):
        values = values[word]
    return values


LACKS = [
    ({services.TERMINAL: {}}, "remote_desktop.enabled", "not_found"),
    ({services.TERMINAL: Unknown("not_elevated")}, "remote_desktop.enabled", "not_elevated"),
    ({services.RDP_POLICY: Unknown("not_elevated")}, "remote_desktop.enabled", "not_elevated"),
    ({services.RDP: {}}, "remote_desktop.port", "not_found"),
    ({services.RDP: {"PortNumber": 0}}, "remote_desktop.port", "unreadable"),
    ({smb.PARAMETERS: Unknown("not_elevated")}, "smb1", "not_elevated"),
    ({smb.PARAMETERS: {"SMB1": "0"}}, "smb1", "unreadable"),
    ({system.VERSION: None}, "smb1", "not_found"),
    ({smb.SHARES: Unknown("not_elevated")}, "file_sharing", "not_elevated"),
    ({smb.SHARES: {"Chung": "Type=0"}}, "file_sharing", "unreadable"),
    ({EXPLORER: Unknown("unreadable")}, "autorun", "unreadable"),
    ({EXPLORER: {"NoDriveTypeAutoRun": "255"}}, "autorun", "unreadable"),
    ({name_services.DNS_POLICY: Unknown("not_elevated")}, "llmnr", "not_elevated"),
    ({WIFI: Unknown("not_elevated")}, "netbios", "not_elevated"),
    ({CARD: None, WIFI: None}, "netbios", "not_found"),
    ({services.TIME: {"Type": "Sometimes"}}, "time_synchronisation", "unreadable"),
    ({services.CLIENT: None}, "time_synchronisation", "not_found"),
]


@pytest.mark.parametrize(("registry", "path", "reason"), LACKS)
def test_what_cannot_be_read_is_no_answer(registry: dict[str, Any], path: str, reason: str) -> None:
    facts = facts_of(a_pc(registry), services)
    assert reasons(facts)[path] == reason
    with pytest.raises(KeyError):
        at(facts.values, path)


def test_without_the_service_manager_the_settings_are_left() -> None:
    pc = a_pc({services.TERMINAL: {"fDenyTSConnections": 0}})
    pc.values["services"] = Unknown("not_elevated", "OpenSCManagerW: access denied")
    facts = facts_of(pc, services)
    assert facts.values == {
        "remote_desktop": {"enabled": True, "network_level_authentication": True, "port": 3389},
        "autorun": True,
        "llmnr": True,
    }
    assert set(reasons(facts).values()) == {"not_elevated"}
    assert len(facts.unknown) == 11


def test_a_listener_that_may_not_be_read_is_not_absent() -> None:
    pc = a_pc(WinRM=RUNS)
    pc.refused[services.LISTENERS] = Unknown("not_elevated", "denied")
    assert reasons(facts_of(pc, services))["winrm"] == "not_elevated"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", True),
        (b"#PasswordAuthentication no\r\n", True),
        (b"passwordauthentication No\r\nPasswordAuthentication yes\r\n", False),
        (b"Match Group administrators\r\n  PasswordAuthentication no\r\n", True),
        (b"Include C:/x\r\nPasswordAuthentication no\r\n", "unreadable"),
        (None, "not_found"),
    ],
)
def test_passwords_over_ssh(text: bytes | None, expected: Any) -> None:
    pc = a_pc(sshd=RUNS)
    pc.files = {} if text is None else {services.SSHD: text}
    facts = facts_of(pc, services)
    found = facts.values["ssh"].get("password_authentication")
    assert found == expected or reasons(facts)["ssh.password_authentication"] == expected


VALUE = st.one_of(
    st.integers(-1, 2**64), st.text(max_size=8), st.binary(max_size=5), st.lists(st.text())
)
NAMES = st.sampled_from(
    [
        "SMB1",
        "fDenyTSConnections",
        "UserAuthentication",
        "PortNumber",
        "CurrentBuild",
        "Type",
        "NoAutorun",
        "NoDriveTypeAutoRun",
        "NetbiosOptions",
        "EnableMulticast",
        "Enabled",
    ]
)
KEYS = sorted([*REGISTRY, EXPLORER, name_services.DNS_POLICY, services.RDP_POLICY])


@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.dictionaries(NAMES, VALUE) | st.sampled_from(["not_elevated", "not_found"]).map(Unknown),
    ),
    st.none()
    | st.dictionaries(
        st.sampled_from(sorted(STATES)),
        st.none()
        | st.dictionaries(
            st.sampled_from(["start", "state"]), st.none() | st.integers() | st.text()
        ),
    ),
)
def test_garbage_is_a_value_or_a_reason(registry: dict[str, Any], states: Any) -> None:
    pc = a_pc(registry)
    pc.values["services"] = {**STATES, **states} if isinstance(states, dict) else states
    facts = facts_of(pc, services)
    taken_by_the_server("services", facts)
    for path in [*EXPECTED, "remote_desktop.port"]:
        if path in ("remote_desktop", "ssh"):
            continue
        try:
            value = at(facts.values, path)
        except KeyError:
            assert path in facts.unknown, path
        else:
            assert isinstance(value, bool) or (path.endswith("port") and 0 < value <= 65535)
