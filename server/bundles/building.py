"""The two programs that make a part of a bundle: a C compiler for the launcher, wixl for the MSI.

Run in a folder of their own, with a fixed date and nothing of the caller's environment.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from language.said import said
from server.bundles.tree import MOMENT, BundleProblem

_SECONDS = 300
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(MOMENT)}


def there(program: str) -> bool:
    """Whether a program is installed where the system's own ones are."""
    return shutil.which(program, path=_ENVIRONMENT["PATH"]) is not None


def built(fill: Callable[[Path], None], output: str, program: str, *words: str) -> bytes:
    """The file ``output`` that a program makes in a folder which ``fill`` has filled.

    Raises:
        BundleProblem: the program fails; with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="rasoat-bundle-") as scratch:
        fill(Path(scratch))
        done = subprocess.run(
            [program, *words],
            cwd=scratch,
            env={**_ENVIRONMENT, "TMPDIR": scratch},
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        if done.returncode != 0:
            raise BundleProblem(
                said("{program} failed: {told}", program=program, told=done.stderr or done.stdout)
            )
        return (Path(scratch) / output).read_bytes()
