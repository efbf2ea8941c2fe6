"""How the scheduled task starts this agent, isolated, and which files are executed then."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.schedule import Job

_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def words(cache: str) -> list[str]:
    """The words after the interpreter: no environment, no user's folder, no current folder.

    What it compiles it keeps in ``cache``, in the state folder: nothing is written beside the
    program, and not all is compiled again at every run, which would take three times as long.
    Where psutil and nacl lie beside ``agents`` (a bundle), site-packages are left out as well.
    """
    beside = all(os.path.isdir(os.path.join(_HOME, name)) for name in ("psutil", "nacl"))
    alone = ["-S"] if beside else []
    main = os.path.join(_HOME, "agents", "__main__.py")
    return ["-I", "-X", "pycache_prefix=" + cache, *alone, main]


def parts(job: Job) -> list[str]:
    """Every file and folder whose content the task would execute."""
    if job.arguments[0] != "-I":
        return [os.path.dirname(job.program)]
    here = [os.path.dirname(job.program)] if sys.platform == "win32" else [job.program]
    library = os.path.dirname(os.__file__)
    return [*here, library, os.path.join(_HOME, "agents"), *_packages()]


def _packages() -> list[str]:
    """The packages that are imported, and what an interpreter reads before them."""
    import nacl
    import psutil

    homes = [os.path.dirname(os.path.abspath(one.__file__ or "")) for one in (nacl, psutil)]
    early = [os.path.join(sys.prefix, "pyvenv.cfg")]
    for folder in sorted({os.path.dirname(home) for home in homes}):
        names = sorted(os.listdir(folder))
        early += [
            os.path.join(folder, name)
            for name in names
            if name.startswith("_cffi_backend") or name.endswith(".pth")
        ]
    return [*homes, *filter(os.path.exists, early)]
