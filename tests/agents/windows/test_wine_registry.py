"""The real winreg code under Wine: what `reg import` wrote is what the machine reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents import registry_file
from agents.registry_value import MULTI_SZ, QWORD, of_plain
from tests.lab.wine import VERSIONS, Wine, windows

pytestmark = [pytest.mark.wine, pytest.mark.timeout(180)]

KEY = r"HKLM\SOFTWARE\Rà Soát thử"
FIXTURE = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Rà Soát thử]
@="mặc định"
"số"=dword:0000002a
"số lớn"=hex(b):ff,ff,ff,ff,ff,ff,ff,7f
"chữ"="Phòng Kế toán – \"tầng 2\""
"đường dẫn"=hex(2):25,00,54,00,25,00,5c,00,61,00,00,00
"nhiều"=hex(7):61,00,00,00,62,00,00,00,00,00
"byte"=hex:00,01,ff
"rỗng"=hex:

[HKEY_LOCAL_MACHINE\SOFTWARE\Rà Soát thử\con]
"view"="64"

[HKEY_LOCAL_MACHINE\SOFTWARE\Rà Soát thử\Anh]

[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Rà Soát thử\con]
"view"="32"
"""
ASKING = """
import json, sys
from agents.outcome import Unknown
from agents.windows.machine import WindowsMachine
machine = WindowsMachine()
answers = []
for way, key, view in json.loads(sys.argv[1]):
    try:
        answers.append(getattr(machine, way)(key, view))
    except Unknown as why:
        answers.append("unknown " + why.reason)
print(json.dumps(answers, default=lambda raw: {"bytes": raw.hex()}))
"""


def asked(pc: Wine, version: str, *questions: tuple[str, str, int]) -> list[Any]:
    """The machine's answers to (method, key, view)."""
    script = pc.folder / "ask.py"
    script.write_text(ASKING, encoding="utf-8")
    done = pc.python(version, windows(script), json.dumps(questions))
    assert done.returncode == 0, done.stderr.decode()
    answers: list[Any] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("version", VERSIONS)
def test_every_type_comes_through(pc: Wine, version: str) -> None:
    pc.imported(FIXTURE)
    (values,) = asked(pc, version, ("registry_values", KEY, 64))
    assert values == {
        "": "mặc định",
        "số": 42,
        "số lớn": 2**63 - 1,
        "chữ": 'Phòng Kế toán – "tầng 2"',
        "đường dẫn": r"%T%\a",
        "nhiều": ["a", "b"],
        "byte": {"bytes": "0001ff"},
        "rỗng": {"bytes": ""},
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_the_two_views_are_two(pc: Wine, version: str) -> None:
    pc.imported(FIXTURE)
    child = KEY + r"\con"
    answers = asked(
        pc,
        version,
        ("registry_values", child, 64),
        ("registry_values", child, 32),
        ("registry_keys", KEY, 64),
        ("registry_keys", KEY, 32),
    )
    assert answers == [{"view": "64"}, {"view": "32"}, ["Anh", "con"], ["con"]]


def test_what_is_not_there_is_said_to_be_absent(pc: Wine) -> None:
    answers = asked(
        pc,
        "3.8",
        ("registry_values", KEY + r"\không có", 64),
        ("registry_keys", KEY + r"\không có", 32),
        ("registry_values", r"HKCU\Software", 64),
        ("registry_values", r"HKLM\SOFTWARE", 16),
    )
    missing, refused = "unknown not_found", "unknown not_supported"
    assert answers == [missing, missing, refused, refused]


def test_another_import_gives_another_answer(pc: Wine) -> None:
    pc.imported(FIXTURE)
    before = asked(pc, "3.13", ("registry_values", KEY, 64))
    pc.imported(FIXTURE.replace("0000002a", "0000002b"))
    after = asked(pc, "3.13", ("registry_values", KEY, 64))
    assert (before[0]["số"], after[0]["số"]) == (42, 43)


def exported(pc: Wine, key: str) -> dict[str, Any]:
    """What `reg export` writes of a key, read by our own reader: plain values by key."""
    file = pc.folder / "export.reg"
    file.unlink(missing_ok=True)
    done = pc.run("reg.exe", "export", key, windows(file))
    assert done.returncode == 0, done.stderr
    keys = registry_file.read(file.read_bytes())
    return {path: {n: v.plain() for n, v in values.items()} for path, values in keys.items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_export_is_read_to_what_the_registry_holds(pc: Wine, version: str) -> None:
    """Two ways to one truth: another program's .reg file, and winreg."""
    pc.imported(FIXTURE)
    file = exported(pc, KEY)
    assert set(file) == {KEY, KEY + r"\con", KEY + r"\Anh"}
    live, child = asked(
        pc, version, ("registry_values", KEY, 64), ("registry_values", KEY + r"\con", 64)
    )
    hexadecimal = {
        n: {"bytes": v.hex()} if isinstance(v, bytes) else v for n, v in file[KEY].items()
    }
    assert (hexadecimal, file[KEY + r"\con"]) == (live, child)
    assert len(live) == 8


WRITTEN: dict[str, Any] = {
    "": "mặc định",
    "nhỏ": 0,
    "lớn": 2**32 - 1,
    "rất lớn": 2**63,
    "dấu": 'a\\b "c" ; d',
    "rỗng": "",
    "nhiều": ["một", "hai ba", "東京"],
    "byte dài": bytes(range(256)),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_we_write_another_program_imports(pc: Wine, version: str) -> None:
    key = r"HKLM\SOFTWARE\Rà Soát ghi " + version
    values = {name: of_plain(value) for name, value in WRITTEN.items()}
    assert (values["rất lớn"].kind, values["nhiều"].kind) == (QWORD, MULTI_SZ)
    file = pc.folder / "written.reg"
    file.write_bytes(registry_file.write({key: values}))
    assert pc.run("reg.exe", "import", windows(file)).returncode == 0
    (live,) = asked(pc, version, ("registry_values", key, 64))
    assert live == {**WRITTEN, "byte dài": {"bytes": bytes(range(256)).hex()}}
