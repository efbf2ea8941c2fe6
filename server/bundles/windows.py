"""The bundle for Windows: a closed Python, the agent, a launcher, and two scripts for a person."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from pathlib import Path

from server.bundles.agent_files import agent_code
from server.bundles.building import built, there
from server.bundles.embedded import Embedded
from server.bundles.templating import dos, filled
from server.bundles.tree import SECRET, Tree

LAUNCHER = "rasoat-agent.exe"
ENROLMENT = "office.enrol"
COMPILERS = {"amd64": "x86_64-w64-mingw32-gcc", "win32": "i686-w64-mingw32-gcc"}
#: No C library: the launcher needs kernel32 alone. No time in it: two builds are the same.
_FLAGS = (
    *("-Os", "-s", "-Wall", "-Wextra", "-Werror", "-nostdlib", "-mwindows", "-municode"),
    *("-Wl,-e,start", "-Wl,--no-insert-timestamp"),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a Windows bundle is made of; ``launcher`` is None where no compiler is at hand."""

    python: Embedded
    packages: Tree
    launcher: bytes | None
    enrolment: bytes


def compiled(arch: str) -> bytes | None:
    """The launcher for a processor; None where its compiler is not installed.

    Raises:
        BundleProblem: the compiler fails.
    """
    if not there(COMPILERS[arch]):
        return None
    source = (importlib.resources.files("server.bundles") / "launcher.c").read_bytes()

    def fill(folder: Path) -> None:
        (folder / "launcher.c").write_bytes(source)

    return built(
        fill,
        "launcher.exe",
        COMPILERS[arch],
        *(*_FLAGS, "-o", "launcher.exe", "launcher.c", "-lkernel32"),
    )


def program(parts: Parts) -> Tree:
    """What is installed below Program Files, without the scripts and the enrolment."""
    tree = Tree()
    tree.graft("python", parts.python.tree)
    tree.graft("packages", parts.packages)
    tree.graft("app", agent_code())
    if parts.launcher is not None:
        tree.add(LAUNCHER, parts.launcher)
    return tree


def bundle(parts: Parts) -> Tree:
    """The whole folder, as it lies on a USB stick or a share."""
    tree = program(parts)
    launcher = parts.launcher is not None
    options = rf' --program "%HOME%\{LAUNCHER}"' if launcher else ""
    files = f"{LAUNCHER} uninstall.cmd" if launcher else "uninstall.cmd"
    script = filled("install.cmd", files=files, options=options, enrolment=ENROLMENT)
    tree.add("install.cmd", dos(script))
    tree.add("uninstall.cmd", dos(filled("uninstall.cmd")))
    tree.add(ENROLMENT, parts.enrolment, SECRET)
    return tree
