"""Programs of a Windows, from Uninstall keys written by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outcome import Unknown
from agents.windows import software, system
from tests.agents.documents import facts_of, taken_by_the_server
from tests.agents.windows.registry_pc import RegistryPc

LAN, MAI = "S-1-5-21-1004336348-1177238915-682003330-1001", "S-1-12-1-11-22-33-44"
UNIKEY = {"DisplayName": "UniKey 4.6 RC2", "DisplayVersion": "4.6", "Publisher": "UniKey.org"}
CHROME = {
    "DisplayName": "Google Chrome",
    "DisplayVersion": "131.0.6778.86",
    "Publisher": "Google LLC",
    "InstallDate": "20241122",
    "UninstallString": r"C:\Users\Lan\chrome.exe",
}
ZALO = {"DisplayName": "Zalo 24.11.1", "DisplayVersion": "24.11.1", "Publisher": "VNG Corp."}


def a_pc(
    native: dict[str, Any] | None = None,
    other: dict[str, Any] | None = None,
    users: dict[str, dict[str, Any]] | None = None,
    architecture: str = "AMD64",
) -> RegistryPc:
    registry: dict[str, Any] = {
        system.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": architecture},
        software.MACHINE: {},
        "HKU": {},
    }
    pc = RegistryPc(registry)
    pc.registry.update({software.MACHINE + "\\" + n: v for n, v in (native or {}).items()})
    pc.registry32 = {software.MACHINE + "\\" + n: v for n, v in (other or {}).items()}
    for sid, programs in (users or {}).items():
        pc.registry["HKU\\" + sid] = {}
        for name, values in programs.items():
            pc.registry[rf"HKU\{sid}\{software.UNINSTALL}\{name}"] = values
    return pc


def programs(pc: RegistryPc) -> Any:
    return facts_of(pc, software).values[""]


def test_both_views_and_the_users() -> None:
    pc = a_pc({"Chrome": CHROME}, {"UniKey": UNIKEY}, {LAN: {"Zalo": ZALO}, MAI: {}})
    assert programs(pc) == [
        {
            "name": "Google Chrome",
            "version": "131.0.6778.86",
            "publisher": "Google LLC",
            "installed_at": "2024-11-22T00:00:00Z",
            "source": "registry",
            "architecture": "x86_64",
        },
        {
            "name": "UniKey 4.6 RC2",
            "version": "4.6",
            "publisher": "UniKey.org",
            "source": "registry",
            "architecture": "x86",
        },
        {
            "name": "Zalo 24.11.1",
            "version": "24.11.1",
            "publisher": "VNG Corp.",
            "source": "user_registry",
        },
    ]


@pytest.mark.parametrize(
    "extra",
    [
        {"SystemComponent": 1},
        {"systemcomponent": 1},
        {"ParentKeyName": "Office16.PROPLUS"},
        {"ParentDisplayName": "Microsoft Office"},
        {"ReleaseType": "Security Update"},
        {"ReleaseType": "Hotfix"},
        {"DisplayName": ""},
        {"DisplayName": " \x00"},
        {"DisplayName": 7},
    ],
)
def test_what_is_no_program_of_its_own_is_left_out(extra: dict[str, Any]) -> None:
    pc = a_pc({"A": {**UNIKEY, **extra}, "B": CHROME})
    assert [row["name"] for row in programs(pc)] == ["Google Chrome"]


@pytest.mark.parametrize(
    "extra",
    [{"SystemComponent": 0}, {"ParentKeyName": ""}, {"ReleaseType": "Product"}, {"NoRemove": 1}],
)
def test_what_only_looks_like_a_part_stays(extra: dict[str, Any]) -> None:
    assert [row["name"] for row in programs(a_pc({"A": {**UNIKEY, **extra}}))] == ["UniKey 4.6 RC2"]


@pytest.mark.parametrize(
    ("values", "version", "day"),
    [
        ({"DisplayVersion": " 7.01\x00", "InstallDate": "20240229"}, "7.01", "2024-02-29"),
        ({"VersionMajor": 16, "VersionMinor": 0, "InstallDate": "20230229"}, "16.0", None),
        ({"VersionMajor": 0, "VersionMinor": 0, "InstallDate": "22/11/2024"}, None, None),
        ({"DisplayVersion": 7, "InstallDate": 20241122}, None, None),
        ({"InstallDate": "00000000"}, None, None),
        ({"InstallDate": "19600101"}, None, None),
        ({"InstallDate": "21000229"}, None, None),
        ({"InstallDate": "20000229"}, None, "2000-02-29"),
        ({"InstallDate": "20241301"}, None, None),
        ({"InstallDate": "20241131"}, None, None),
        ({"InstallDate": "２０２４１１２２"}, None, None),
    ],
)
def test_versions_and_days(values: dict[str, Any], version: str | None, day: str | None) -> None:
    (row,) = programs(a_pc({"A": {"DisplayName": "WinRAR", **values}}))
    assert row.get("version") == version
    assert row.get("installed_at") == (None if day is None else day + "T00:00:00Z")


def test_doubles_are_one_row_with_all_that_either_has() -> None:
    bare = {"DisplayName": "ZALO 24.11.1", "DisplayVersion": "24.11.1"}
    pc = a_pc(users={LAN: {"Zalo": bare}, MAI: {"x": {**ZALO, "InstallDate": "20241101"}}})
    (row,) = programs(pc)
    assert (row["publisher"], row["installed_at"]) == ("VNG Corp.", "2024-11-01T00:00:00Z")
    both = programs(a_pc({"A": UNIKEY}, {"A": UNIKEY}))
    assert [row["architecture"] for row in both] == ["x86", "x86_64"]


def test_a_32_bit_windows_has_one_view() -> None:
    pc = a_pc({"A": UNIKEY}, {"B": CHROME}, architecture="x86")
    assert [(row["name"], row["architecture"]) for row in programs(pc)] == [
        ("UniKey 4.6 RC2", "x86")
    ]


def test_on_arm_the_machines_own_view_tells_no_architecture() -> None:
    (chrome, unikey) = programs(a_pc({"A": CHROME}, {"B": UNIKEY}, architecture="ARM64"))
    assert ("architecture" in chrome, unikey["architecture"]) == (False, "x86")


def test_a_program_that_may_not_be_read_is_there_by_its_keys_name() -> None:
    pc = a_pc({"Kaspersky": Unknown("not_elevated"), "gone": Unknown("not_found"), "A": CHROME})
    assert [row["name"] for row in programs(pc)] == ["Google Chrome", "Kaspersky"]


@pytest.mark.parametrize("key", [software.MACHINE, "HKU", rf"HKU\{LAN}\{software.UNINSTALL}"])
def test_a_list_that_may_not_be_read_is_not_empty(key: str) -> None:
    pc = a_pc({"A": CHROME}, users={LAN: {"Zalo": ZALO}})
    pc.refused[key] = Unknown("not_elevated", key)
    with pytest.raises(Unknown) as why:
        facts_of(pc, software)
    assert why.value.reason == "not_elevated"
    assert LAN not in why.value.detail


def test_no_user_and_no_path_is_kept() -> None:
    pc = a_pc({"A": CHROME}, users={LAN: {"Zalo": ZALO}})
    answers = software.probe(pc)
    said = repr([answers.get(name) for name in ("machine 64", "users")])
    assert LAN not in said
    assert "Users" not in said


NAMES = ["DisplayName", "DisplayVersion", "InstallDate", "Publisher", "SystemComponent"]
VALUE = st.text(max_size=12) | st.integers(-1, 2**64) | st.binary(max_size=4) | st.just(["a"])


@given(st.lists(st.dictionaries(st.sampled_from([*NAMES, "VersionMajor", "ReleaseType"]), VALUE)))
def test_garbage_gives_rows_of_lines(entries: list[dict[str, Any]]) -> None:
    facts = facts_of(a_pc({str(n): values for n, values in enumerate(entries)}), software)
    taken_by_the_server("software", facts)
    rows: Any = facts.values[""]
    assert len(rows) <= len(entries)
    for row in rows:
        assert row["name"].strip()
        assert all(isinstance(text, str) and text.isprintable() for text in row.values())


def test_as_many_as_an_office_pc_has() -> None:
    pc = a_pc({str(n): {"DisplayName": f"Chương trình {n}"} for n in range(500)})
    assert len(programs(pc)) == 500
