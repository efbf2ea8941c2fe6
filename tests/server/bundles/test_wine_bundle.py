"""A bundle on a Windows: its own Python, its own packages, its launcher, and the real collector."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.bundles import windows as bundles
from server.bundles.embedded import embedded
from server.bundles.tree import Tree
from server.bundles.wheels import Target, packages
from tests.agents.windows.office import accepted, collecting, token_file
from tests.conftest import ROOT, require
from tests.lab.wine import Wine, windows, wine
from tests.server.bundles.conftest import Supplies

pytestmark = [pytest.mark.wine, pytest.mark.timeout(240)]
MAIN = r"app\agents\__main__.py"


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    started = wine(tmp_path_factory.mktemp("wine"))
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def built(brought: Supplies) -> Tree:
    require(
        "mingw (gcc-mingw-w64-x86-64-win32)", shutil.which(bundles.COMPILERS["amd64"]) is not None
    )
    requirements = ROOT / "requirements" / "agent.txt"
    wheels = packages(brought.wheels, requirements, Target("3.13", "win_amd64"))
    python = embedded(brought.archive, brought.sha256)
    parts = bundles.Parts(python, wheels, bundles.compiled("amd64"), b"{}")
    return bundles.bundle(parts)


@pytest.fixture
def home(pc: Wine, built: Tree) -> Iterator[Path]:
    """The bundle, copied to the PC by hand: install.cmd needs programs that Wine does not have."""
    folder = pc.drive / "Program Files" / "Rasoat Agent"
    built.write(folder)
    yield folder
    shutil.rmtree(folder)


def agent(pc: Wine, home: Path, *words: str) -> str:
    done = pc.run(
        windows(home / "python" / "python.exe"), "-I", "-B", windows(home) + "\\" + MAIN, *words
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


def test_the_bundle_reports_by_itself_and_by_its_launcher(
    pc: Wine, home: Path, tmp_path: Path
) -> None:
    state = pc.drive / "ProgramData" / "bundle state"
    launcher = windows(home / "rasoat-agent.exe")
    with collecting(tmp_path / "office") as collector:
        token_file(collector, tmp_path / "office.enrol")
        agent(pc, home, "enrol", windows(tmp_path / "office.enrol"), "--state", windows(state))
        agent(pc, home, "run", "--state", windows(state))
        assert len(accepted(collector)) == 1
        done = pc.run(launcher, "run", "--state", windows(state))
        assert done.returncode == 0
        documents = accepted(collector)
    assert len(documents) == 2
    assert documents[0]["facts"]["os"]["family"] == "windows"
    assert documents[0]["agent"]["python"].startswith("3.13")
    assert not list(home.rglob("__pycache__"))


def test_the_launcher_hands_on_arguments_streams_and_exit_codes(pc: Wine, home: Path) -> None:
    launcher = windows(home / "rasoat-agent.exe")
    shown = pc.run(launcher, "show", "--json", "--section", "os")
    assert json.loads(shown.stdout)["facts"]["os"]["family"] == "windows"
    assert pc.run(launcher, "no such command").returncode == 2


def test_the_launcher_says_so_when_there_is_nothing_to_start(pc: Wine, home: Path) -> None:
    """The control: without its Python, and with a Python that does not find the agent."""
    (home / MAIN.replace("\\", "/")).unlink()
    assert pc.run(windows(home / "rasoat-agent.exe"), "show").returncode not in {0, 3}
    shutil.rmtree(home / "python")
    begun = time.monotonic()
    assert pc.run(windows(home / "rasoat-agent.exe"), "show").returncode == 3
    assert time.monotonic() - begun < 30


def test_the_bundles_python_imports_from_the_bundle_alone(pc: Wine, home: Path) -> None:
    """Not from the environment, not from the current folder, not from the machine's Pythons."""
    elsewhere = pc.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise SystemExit(77)")
    pc.environment["PYTHONPATH"] = windows(elsewhere)
    try:
        python = windows(home / "python" / "python.exe")
        done = pc.run(python, "-I", "-c", "import sys, json; print(sys.path)", folder=elsewhere)
    finally:
        del pc.environment["PYTHONPATH"]
    assert done.returncode == 0, done.stderr
    places = done.stdout.decode()
    assert "Rasoat Agent" in places
    assert "elsewhere" not in places


@pytest.fixture
def administrator(pc: Wine) -> Iterator[None]:
    """fltmc.exe, which answers administrators alone; Wine has none: any program that ends well."""
    stand_in = pc.drive / "windows" / "system32" / "fltmc.exe"
    shutil.copy(pc.drive / "windows" / "system32" / "hostname.exe", stand_in)
    yield
    stand_in.unlink()


def carried(pc: Wine, home: Path) -> Path:
    """The bundle on a stick, its name with spaces and Vietnamese letters; none is installed."""
    stick = pc.drive / "USB" / "Rà Soát phòng 12"
    shutil.copytree(home, stick)
    for installed in home.iterdir():
        shutil.rmtree(installed) if installed.is_dir() else installed.unlink()
    return stick


def script(pc: Wine, path: Path, *words: str) -> tuple[int, str]:
    done = pc.run("cmd.exe", "/c", windows(path), *words, folder=pc.folder)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def test_install_cmd_copies_what_is_on_a_stick(pc: Wine, home: Path, administrator: None) -> None:
    """As far as Wine goes: the agent refuses its folders, rightly, as anybody may write to them.

    What uninstall.cmd removes was not seen: Wine's rmdir /s does not end.
    """
    stick = carried(pc, home)
    try:
        code, said = script(pc, stick / "install.cmd")
        assert code == 3, said
        for name in ("python/python.exe", "app/agents/__main__.py", "packages/nacl/_sodium.pyd"):
            assert (home / name).read_bytes() == (stick / name).read_bytes()
        assert (home / "rasoat-agent.exe").exists()
        assert not (home / "office.enrol").exists(), "the token is not copied to where others read"
        for installed in home.iterdir():
            shutil.rmtree(installed) if installed.is_dir() else installed.unlink()
        code, said = script(pc, stick / "uninstall.cmd")
        assert (code, "There is no agent" in said) == (0, True), said
    finally:
        shutil.rmtree(stick)


def test_the_scripts_ask_for_an_administrator(pc: Wine, home: Path) -> None:
    stick = carried(pc, home)
    try:
        for name in ("install.cmd", "uninstall.cmd"):
            code, said = script(pc, stick / name)
            assert (code, "Not an administrator" in said) == (3, True)
        assert list(home.iterdir()) == []
    finally:
        shutil.rmtree(stick)
