"""What a person sees while a scan runs; the terminal is a real one, of a given width."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT, require
from tests.lab.lan import office_lan
from tests.lab.namespaces import possible
from tests.rasoat.scanning import HOSTS, NETWORK, Scanner, lines

pytestmark = [pytest.mark.netns, pytest.mark.slow]


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    require("network namespaces", possible())
    with office_lan(HOSTS, NETWORK) as lan:
        yield Scanner(lan, tmp_path_factory.mktemp("scans") / "data")


@pytest.mark.parametrize(("columns", "lang"), [(80, "en"), (60, "vi")])
def test_bars_and_table_fit(scanner: Scanner, columns: int, lang: str) -> None:
    shown = at_terminal(scanner, columns, "--lang", lang, "scan", NETWORK)
    rate, head = {"en": ("packets/s", "address"), "vi": ("gói/s", "địa chỉ")}[lang]
    assert rate in shown
    assert "ARP" in shown
    assert "61/61" in shown, "so many of so many"
    assert head in shown
    assert "10.66.0.62 " in shown
    too_wide = [line for line in plain(shown) if len(line) > columns]
    assert too_wide == []
    assert len(plain(shown)) > HOSTS


def test_json_stays_alone_on_stdout_while_bars_run(scanner: Scanner) -> None:
    master, terminal = os.openpty()
    argv = scanner.lan.scanner.command(scanner.inside("scan", NETWORK, "--json"))
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        assert process.stdout is not None
        bars = drained(master)
        out = process.stdout.read()
    assert lines(out.decode())[1]["hosts"] == HOSTS + 1
    assert "packets/s" in bars


def at_terminal(scanner: Scanner, columns: int, *words: str) -> str:
    """All that a command wrote to a terminal of this width."""
    master, terminal = os.openpty()
    program = [sys.executable, "-B", "-m", "rasoat", "--data", str(scanner.data), *words]
    sized = ["sh", "-c", f'stty cols {columns} rows 50; exec "$@"', "sh", *program]
    argv = scanner.lan.scanner.command(sized)
    kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES", "NO_COLOR"}}
    with subprocess.Popen(
        argv,
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=kept | {"TERM": "xterm", "LANG": "C.UTF-8"},
    ) as process:
        os.close(terminal)
        shown = drained(master)
    assert process.returncode == 0, shown
    return shown


def drained(master: int) -> str:
    """What came to a terminal until its last user is gone."""
    found = bytearray()
    try:
        while piece := os.read(master, 65_536):
            found += piece
    except OSError:  # Linux: EIO when the other side is closed
        pass
    os.close(master)
    return found.decode()


def plain(shown: str) -> list[str]:
    """The lines without escapes; each state of a bar is a line of its own."""
    bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.replace("\x1b[2K", "\n"))
    return [line.rstrip() for line in re.split(r"[\r\n]+", bare) if line.strip()]
