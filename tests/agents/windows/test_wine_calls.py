"""The calls under Wine, each against something that the test itself put there."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

#: Runs the lines of a test in the Windows Python and prints what they leave in ``answer``.
FRAME = """
import json, sys
from agents.outcome import Unknown
from agents.windows.machine import WindowsMachine
machine = WindowsMachine()

def value(name, *arguments):
    try:
        return machine.value(name, *arguments)
    except Unknown as why:
        return "unknown " + why.reason

{lines}
print(json.dumps(answer))
"""


def answer(pc: Wine, version: str, lines: str) -> Any:
    script = pc.folder / "calls.py"
    script.write_text(FRAME.replace("{lines}", lines), encoding="utf-8")
    done = pc.python(version, windows(script))
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout.splitlines()[-1])


SOCKETS = """
import socket
listening = socket.create_server(("127.0.0.1", 0))
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.bind(("127.0.0.1", 0))
connected = socket.create_connection(listening.getsockname())
ports = {"tcp": listening.getsockname()[1], "udp": heard.getsockname()[1]}
answer = [ports, connected.getsockname()[1], value("sockets")]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_its_own_listening_sockets_are_seen(pc: Wine, version: str) -> None:
    ports, outgoing, rows = answer(pc, version, SOCKETS)
    for protocol, port in ports.items():
        (row,) = [row for row in rows if (row["protocol"], row["port"]) == (protocol, port)]
        assert row["address"] == "127.0.0.1"
    assert outgoing not in [row["port"] for row in rows if row["protocol"] == "tcp"]


def test_a_socket_outside_of_windows_is_seen_while_it_is_there(pc: Wine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        rows = answer(pc, "3.13", "answer = value('sockets')")
        (row,) = [row for row in rows if (row["protocol"], row["port"]) == ("tcp", port)]
        assert row["process"] is None, "Wine knows no process for it, so none is named"
    rows = answer(pc, "3.13", "answer = value('sockets')")
    assert port not in [row["port"] for row in rows]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_process_is_named_without_its_path(pc: Wine, version: str) -> None:
    """By its number: Wine's socket tables do not have those, real Windows' do."""
    lines = "import os\nfrom agents.windows import calls_sockets\n"
    lines += "answer = [calls_sockets._name(number) for number in (os.getpid(), 4, 999996)]"
    assert answer(pc, version, lines) == ["python.exe", "System", None]


def test_services_that_run_stand_still_or_are_not_there(pc: Wine) -> None:
    """A service of the test's own name, made and started as an administrator would."""

    def sc(*words: str) -> None:
        done = pc.run("sc.exe", *words)
        assert done.returncode == 0, done.stdout

    question = "answer = value('services', 'RasoatThu', 'KhongCo')"
    sc("create", "RasoatThu", "binPath=", r"C:\windows\system32\plugplay.exe", "start=", "demand")
    assert answer(pc, "3.8", question) == {"RasoatThu": {"start": 3, "state": "stopped"}}
    sc("start", "RasoatThu")
    assert answer(pc, "3.13", question) == {"RasoatThu": {"start": 3, "state": "running"}}
    sc("stop", "RasoatThu")
    sc("delete", "RasoatThu")
    assert answer(pc, "3.8", question) == {}


WMI = """
from agents.windows.calls_wmi import instances
wanted = ("Caption", "BuildNumber", "OSLanguage")
(system,) = instances("root\\\\cimv2", "Win32_OperatingSystem", wanted)
processes = instances("root\\\\cimv2", "Win32_Process", ("Name", "ProcessId"))
import os
answer = [system, [one["Name"] for one in processes if one["ProcessId"] == os.getpid()]]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_wmi_is_asked_without_a_program(pc: Wine, version: str) -> None:
    """Texts and numbers of objects, through real COM: the way that Security Center is asked."""
    system, own_name = answer(pc, version, WMI)
    assert system["Caption"].startswith("Microsoft Windows")
    assert system["BuildNumber"].isdigit()
    assert system["OSLanguage"] == 1033
    assert own_name == ["python.exe"]


#: Scripting.Dictionary, an object that Windows has had since 98 and Wine has too.
DICTIONARY = """
from agents.windows.calls_com import Apartment
from agents.windows.calls_dispatch import dispatch
with Apartment(), dispatch("Dictionary", "{ee09b103-97e0-11cf-978f-00a02463e06f}") as words:
    words.get("Add", "tường lửa", "bật")
    words.get("Add", "số", 3)
    answer = [words.get("Count"), words.get("Item", "tường lửa"), words.get("Item", "số")]
    answer += [words.get("Exists", "số"), words.get("Exists", "không có")]
    try:
        words.get("NoSuchMember")
    except Unknown as why:
        answer.append(why.reason)
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_objects_are_asked_by_the_names_of_their_members(pc: Wine, version: str) -> None:
    """The way that the Windows Update Agent is asked, whose own answers Wine does not have."""
    assert answer(pc, version, DICTIONARY) == [2, "bật", 3, True, False, "unreadable"]


#: What Wine has no answer for, and how that must end: as unknown, never as a guess.
MISSING = {
    "security_health": "unknown not_supported",
    "security_products": "unknown not_supported",
    "encryptable": "unknown not_supported",
    "pending_updates": "unknown not_supported",
    "bitlocker": "unknown not_supported",
    "users": "unknown unreadable",
    "password_policy": "unknown unreadable",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_wine_does_not_have_is_unknown(pc: Wine, version: str) -> None:
    lines = (
        f"machine = WindowsMachine(slow=True)\nanswer = {{n: value(n) for n in {list(MISSING)}}}"
    )
    assert answer(pc, version, lines) == MISSING


#: Real answers of Wine's: each is asked, and must have its shape.
ANSWERED = {
    "system": {"major", "minor", "build", "service_pack", "product_type", "architecture"},
    "computer_name": {"netbios", "dns"},
    "local_time": {"offset", "zone"},
    "memory": {"total"},
    "cpu": {"sockets", "cores", "threads"},
    "tpm": {"present", "version"},
    "domain": {"name", "kind"},
}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_wine_has_is_answered(pc: Wine, version: str) -> None:
    found = answer(pc, version, f"answer = {{n: value(n) for n in {list(ANSWERED)}}}")
    assert {name: set(value) for name, value in found.items()} == ANSWERED
    assert found["domain"]["kind"] == "workgroup"
    assert found["computer_name"]["dns"].lower() == socket.gethostname().partition(".")[0].lower()
    assert found["local_time"]["offset"] == 0


LIMITS = """
import ctypes
from agents import limits
from agents.windows import calls_limits
from agents.windows.api import function
asked = function("kernel32", "GetPriorityClass", ctypes.c_uint32, ctypes.c_void_p)
before = asked(calls_limits._this_process())
limits.apply()
calls_limits.cap_memory(1 << 29)
answer = [before, asked(calls_limits._this_process())]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_the_agent_puts_itself_last(pc: Wine, version: str) -> None:
    """Wine takes the job's limit too, but does not enforce it: that is not tested."""
    normal, idle = 0x20, 0x40
    assert answer(pc, version, LIMITS) == [normal, idle]
