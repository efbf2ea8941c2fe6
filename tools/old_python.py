"""Makes .venv/py38: Python 3.8, Windows 7's last, with what an agent's PC has and what tests need.

Run by `make test`; ends at once where everything is there. The pins are those of requirements/:
agent.txt for the agent, py38.txt for its tests. Without a 3.8 on this machine nothing is made, and
the tests say so: they fail under CI=true and are skipped elsewhere.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv" / "py38"
NEEDED = ("agent.txt", "py38.txt")


def python38() -> str | None:
    """A Python 3.8 on this machine: on PATH, or under pyenv, whose shim needs to be told."""
    found = [shutil.which("python3.8"), *map(str, pyenv_pythons())]
    for candidate in filter(None, found):
        asked = subprocess.run(
            [candidate, "-c", "import sys; print(sys.version_info[:2])"],
            check=False,
            capture_output=True,
            text=True,
        )
        if asked.stdout.strip() == "(3, 8)":
            return candidate
    return None


def pyenv_pythons() -> list[Path]:
    """The 3.8 interpreters that pyenv keeps, if there is a pyenv."""
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return []
    asked = subprocess.run([pyenv, "root"], check=True, capture_output=True, text=True)
    return sorted(Path(asked.stdout.strip()).glob("versions/3.8.*/bin/python3.8"))


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / "bin" / "python"


def make(base: str, folder: Path, pins: tuple[str, ...]) -> None:
    """A virtual environment of that Python with these pins, by their hashes, and no more."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([base, "-m", "venv", str(folder)], check=True)
    command = [str(python_of(folder)), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    command += ["install", "--no-deps", "--require-hashes"]
    command += [f"--requirement=requirements/{name}" for name in pins]
    subprocess.run(command, check=True, cwd=ROOT)


def stamp(base: str) -> str:
    """What tells whether the environment was made from this Python and these pins."""
    pins = [(ROOT / "requirements" / name).read_text("utf-8") for name in NEEDED]
    return hashlib.sha256("\n".join([base, *pins]).encode()).hexdigest()


def main() -> int:
    """Make the environment where it is missing or was made from other pins."""
    base = python38()
    if base is None:
        print("rasoat: no Python 3.8 here: the agent's tests run on the present one alone")
        return 0
    made = HOME / "stamp"
    if made.is_file() and made.read_text("utf-8") == stamp(base):
        return 0
    try:
        make(base, HOME, NEEDED)
    except subprocess.CalledProcessError:
        print("rasoat: the packages for Python 3.8 cannot be fetched", file=sys.stderr)
        return 3
    made.write_text(stamp(base), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
