"""Writes requirements/*.txt anew from pyproject.toml: exact versions with every file's hash.

Run as `make requirements` (network needed). A version that is there stays; `--upgrade` takes the
newest. The files name neither an index nor a host, so they work behind any office's mirror. They
are made on Python 3.11 and serve 3.11 to 3.13; agent.txt serves 3.8 too, whose last cffi and
pycparser are pinned beside the present ones; agent-win32.txt is the same for 32-bit Windows, with
the last psutil that has wheels for it. py38.txt is what the agent's tests need on 3.8.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HOME = Path("requirements")
HEADER = "# Made by `make requirements` from pyproject.toml; do not edit.\n"
#: output → (extras, files whose versions bind); in this order, so that all agree on one version
FILES: dict[str, tuple[list[str], list[str]]] = {
    "dev.txt": (["server", "scan", "dev"], []),
    "run.txt": (["server", "scan"], ["dev.txt"]),
    "bench.txt": (["bench"], ["dev.txt"]),
    "peers.txt": (["peers"], []),
    "agent.txt": ([], ["dev.txt"]),
}
PRESENT = "3.11"
#: what PyNaCl stands on, in the last versions for older Pythons: (versions, marker)
OLDER: list[tuple[dict[str, str], str]] = [
    ({"cffi": "2.0.0"}, 'python_version >= "3.9" and python_version < "3.11"'),
    ({"cffi": "1.17.1"}, 'python_version < "3.9"'),
    ({"pycparser": "2.23"}, 'python_version < "3.11"'),
]
#: the last psutil that has wheels for 32-bit Windows
WIN32 = {"psutil": "7.1.1"}
#: what runs the agent's tests on 3.8, each in its last version for it
PY38 = {
    "attrs": "25.3.0",
    "exceptiongroup": "1.3.1",
    "execnet": "2.1.2",
    "hypothesis": "6.113.0",
    "iniconfig": "2.1.0",
    "packaging": "26.2",
    "pluggy": "1.5.0",
    "pytest": "8.3.5",
    "pytest-timeout": "2.4.0",
    "pytest-xdist": "3.6.1",
    "sortedcontainers": "2.4.0",
    "tomli": "2.5.0",
    "typing-extensions": "4.13.2",
}


def compile_pins(arguments: list[str], output: Path) -> str:
    """The text that pip-compile makes: names, versions and hashes, nothing of this machine."""
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes"]
    command += ["--allow-unsafe", "--strip-extras", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]
    command += ["--no-emit-options", f"--output-file={output}", *arguments]
    # Hashes are those of the index itself: a folder of wheels at hand would add or hide some.
    environment = {k: v for k, v in os.environ.items() if k != "PIP_FIND_LINKS"}
    environment["PIP_CONFIG_FILE"] = os.devnull
    subprocess.run(command, check=True, env=environment)
    return output.read_text(encoding="utf-8")


def compiled(name: str, extras: list[str], bound_by: list[str], options: list[str]) -> str:
    """One set of pins for the present Pythons."""
    arguments = [f"--extra={extra}" for extra in extras]
    arguments += [f"--constraint={HOME / other}" for other in bound_by]
    return compile_pins([*arguments, *options, "pyproject.toml"], HOME / name)


def compiled_for_older(versions: dict[str, str], marker: str, folder: Path) -> str:
    """Exactly these versions, which no present Python would be given, under a condition."""
    return marked(compiled_exactly(versions, folder), set(versions), marker)


def compiled_exactly(versions: dict[str, str], folder: Path) -> str:
    """Pins of exactly these versions (made here: a hash is a hash on any Python)."""
    source, output = folder / "older.in", folder / "older.txt"
    output.unlink(missing_ok=True)
    source.write_text("".join(f"{k}=={v}\n" for k, v in versions.items()), encoding="utf-8")
    pins = compile_pins([str(source)], output)
    wanted = [
        part for part in re.split(r"(?m)^(?=\w)", pins) if part.partition("==")[0] in versions
    ]
    return "".join(wanted)


def replaced(pins: str, others: str) -> str:
    """The pins with those of ``others`` in place of the same names'."""
    names = set(re.findall(r"(?m)^([\w.-]+)==", others))
    parts = re.split(r"(?m)^(?=\w)", pins)
    kept = [part for part in parts if part.partition("==")[0] not in names]
    return "".join(sorted([*kept, others]))


def marked(pins: str, names: set[str], marker: str) -> str:
    """The same pins, those of the given names only under a condition."""

    def mark(found: re.Match[str]) -> str:
        name, version = found[1], found[2]
        return f"{name}=={version} ; {marker} \\" if name in names else found[0]

    return re.sub(r"(?m)^([\w.-]+)==(\S+) \\$", mark, pins)


def main() -> None:
    """Write every file."""
    options = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    for name, (extras, bound_by) in FILES.items():
        text = compiled(name, extras, bound_by, options)
        if name == "agent.txt":
            text = marked(text, {"cffi", "pycparser"}, f'python_version >= "{PRESENT}"')
            with tempfile.TemporaryDirectory() as folder:
                text += "".join(compiled_for_older(*older, Path(folder)) for older in OLDER)
                write("agent-win32.txt", replaced(text, compiled_exactly(WIN32, Path(folder))))
        write(name, text)
    with tempfile.TemporaryDirectory() as folder:
        write("py38.txt", compiled_exactly(PY38, Path(folder)))


def write(name: str, text: str) -> None:
    """One file of pins."""
    (HOME / name).write_text(HEADER + text, encoding="utf-8")
    print(f"{HOME / name}: {text.count('==')} packages")


if __name__ == "__main__":
    main()
