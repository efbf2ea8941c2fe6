"""The pinned requirements: every file hashed, no index named, one version of each."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

#: file → the fewest packages it can hold
FILES = {
    "agent.txt": 4,
    "agent-win32.txt": 4,
    "run.txt": 20,
    "dev.txt": 40,
    "bench.txt": 2,
    "peers.txt": 20,
    "wine.txt": 2,
    "py38.txt": 12,
}
PIN = re.compile(
    r"(?m)^([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; ([^\\\n]+?))? \\\n"
    r"((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def text(name: str) -> str:
    return (ROOT / "requirements" / name).read_text("utf-8")


def versions(name: str) -> dict[str, str]:
    """package → version, of the lines that hold on the Python the server runs on."""
    present = (None, 'python_version >= "3.11"')
    return {pin[1]: pin[2] for pin in PIN.finditer(text(name)) if pin[3] in present}


@pytest.mark.parametrize("name", FILES)
def test_pins_and_hashes_and_nothing_else(name: str) -> None:
    left = PIN.sub("", text(name))
    assert [line for line in left.splitlines() if line and line[0] != "#"] == []
    assert len(PIN.findall(text(name))) >= FILES[name]


def test_there_is_no_other_file() -> None:
    assert {path.name for path in (ROOT / "requirements").iterdir()} == set(FILES)


def test_all_files_agree_on_one_version() -> None:
    dev = versions("dev.txt")
    for name in ("agent.txt", "run.txt"):
        assert versions(name).items() <= dev.items()
    shared = versions("bench.txt").keys() & dev.keys()
    assert {k: versions("bench.txt")[k] for k in shared} == {k: dev[k] for k in shared}


def test_an_agent_gets_its_two_packages_and_what_they_stand_on() -> None:
    assert set(versions("agent.txt")) == {"psutil", "pynacl", "cffi", "pycparser"}


def test_32_bit_windows_differs_in_psutil_alone() -> None:
    agent, old = versions("agent.txt"), versions("agent-win32.txt")
    assert {name for name in agent if agent[name] != old[name]} == {"psutil"}
    assert set(agent) == set(old)


def test_the_pattern_sees_an_index_line() -> None:
    spoilt = "--index" + "-url https://example.invalid/simple\n" + text("agent.txt")
    assert PIN.sub("", spoilt).splitlines()[0].startswith("--index")
