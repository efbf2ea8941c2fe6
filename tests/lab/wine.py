"""A Windows of the tests' own: Wine in a prefix that is thrown away, with real Windows Pythons.

Programs need pipes for all three of their streams there, and end with the wineserver of this
prefix, which is stopped at the end; no other Wine of this machine is touched.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

from tests.conftest import ROOT, require

PYTHONS = ROOT / ".venv" / "wine"  #: where tools/wine_pythons.py puts them
VERSIONS = ("3.8", "3.13")
HOME = Path("/usr/lib/wine")
SECONDS = 60.0  #: for one program; the first of a prefix takes about 13 s
_NOWHERE: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass
class Wine:
    """One prefix; `drive` is its C:."""

    folder: Path
    environment: dict[str, str] = field(init=False)
    _keeper: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Decide the environment: no display, no messages, nothing outside the prefix."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        self.environment = {
            "LANG": "C.UTF-8",
            **kept,
            "HOME": str(self.folder),
            "TZ": "UTC",
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
        }

    @property
    def drive(self) -> Path:
        """The folder that is C:."""
        return self.folder / "prefix" / "drive_c"

    def start(self) -> None:
        """Make the prefix, and keep one program there.

        Windows' services start with the first program, end with the last, and keep its streams
        open: they get none that a test waits for.
        """
        self._quietly("wineboot.exe", "--init")
        self._server("--wait")  # else two managers of services answer by turns
        self._keeper = subprocess.Popen(
            [HOME / "wine64", "cmd.exe"], env=self.environment, stdin=subprocess.PIPE, **_NOWHERE
        )
        self._quietly("cmd.exe", "/c", "exit")

    def stop(self) -> None:
        """End every program of this prefix, and its server."""
        self._server("--kill")
        self._keeper.communicate(timeout=SECONDS)

    def _server(self, option: str) -> None:
        subprocess.run(
            [HOME / "wineserver64", option], env=self.environment, check=False, timeout=SECONDS
        )

    def _quietly(self, *command: str) -> None:
        subprocess.run(
            [HOME / "wine64", *command],
            env=self.environment,
            check=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            **_NOWHERE,
        )

    def run(
        self, *command: str, folder: Path | None = None, seconds: float = SECONDS
    ) -> subprocess.CompletedProcess[bytes]:
        """One program to its end, through pipes."""
        process = subprocess.Popen(
            [HOME / "wine64", *command],
            env=self.environment,
            cwd=folder or self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                out, err = outputs(process, seconds)
            except TimeoutError:
                process.kill()
                raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def python(
        self, version: str, *arguments: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """One run of the Windows Python that `install` put there."""
        return self.run(
            str(self.home(version) / "python" / "python.exe"), *arguments, folder=folder
        )

    def home(self, version: str) -> Path:
        """Where a Python and the agent are installed: a folder with a space and two alphabets."""
        return self.drive / "Program Files" / f"Rà Soát {version}"

    def install(self, version: str) -> None:
        """Lay a Python, its packages and this checkout's agent out as on an agent's PC."""
        home = self.home(version)
        shutil.copytree(PYTHONS / version / "python", home / "python")
        shutil.copytree(PYTHONS / version / "packages", home / "packages")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "agents", home / "app" / "agents", ignore=ignored)
        (paths,) = (home / "python").glob("*._pth")
        lines = [f"{paths.stem}.zip", ".", r"..\packages", r"..\app", ""]
        paths.write_text("\n".join(lines), encoding="utf-8")

    def imported(self, text: str) -> None:
        """Load a registry fixture as an administrator would: `reg import`, of UTF-16."""
        file = self.folder / "fixture.reg"
        file.write_bytes(b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"))
        done = self.run("reg.exe", "import", windows(file))
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def kept(self, key: str) -> Iterator[None]:
        """A registry key has the values again that it had when the block began."""
        file = self.folder / "kept.reg"
        file.unlink(missing_ok=True)
        assert self.run("reg.exe", "export", key, windows(file)).returncode == 0
        try:
            yield
        finally:
            for after in (["delete", key, "/va", "/f"], ["import", windows(file)]):
                assert self.run("reg.exe", *after).returncode == 0


def outputs(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bytes]:
    """What a program says until it ends: a service that it started may keep its pipes open."""
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.close()
    said = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    still_open = list(said)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        ready = select.select(still_open, [], [], 0.02)[0]
        for pipe in ready:
            piece = os.read(pipe, 1 << 16)
            said[pipe] += piece
            if not piece:
                still_open.remove(pipe)
        if ended and not ready:
            out, err = said.values()
            return bytes(out), bytes(err)
    raise TimeoutError(f"{process.args!r} took over {seconds} s")


def windows(path: Path) -> str:
    """The path of a file of this machine as programs under Wine see it."""
    return "Z:" + str(PureWindowsPath(path))


def wine(folder: Path) -> Wine:
    """A started Wine with both Pythons, or a skip (under CI a failure) where it is not there."""
    require("wine64", (HOME / "wine64").is_file() and (HOME / "wineserver64").is_file())
    missing = [version for version in VERSIONS if not (PYTHONS / version / "stamp").is_file()]
    require("a Windows Python (tools/wine_pythons.py)", not missing)
    started = Wine(folder)
    started.start()
    for version in VERSIONS:
        started.install(version)
    return started
