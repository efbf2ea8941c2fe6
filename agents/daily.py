"""Answers of slow commands, kept for a day or until what they are about changes."""

from __future__ import annotations

import base64
import json
import os
import time

from agents.commands import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

DAY = 86400  #: seconds


def run(folder: str, name: str, watched: list[float], command: Callable[[], Ran]) -> Ran:
    """The kept answer of the command ``name`` where it still holds, else a new one, which is kept.

    ``watched`` are the times of the last changes of what the answer depends on. A folder that
    cannot be written costs time, not the answer.
    """
    path = os.path.join(folder, "daily-%s.json" % name)
    kept = _read(path)
    now = time.time()
    if kept is not None and kept["watched"] == watched and 0 <= now - kept["at"] < DAY:
        return Ran(kept["code"], base64.b64decode(kept["stdout"]), b"")
    ran = command()
    content = {
        "at": now,
        "watched": watched,
        "code": ran.code,
        "stdout": base64.b64encode(ran.stdout).decode("ascii"),
    }
    _write(path, content)
    return ran


def _read(path: str) -> dict[str, Any] | None:
    """What is kept; None where that is nothing, or nothing that makes sense."""
    try:
        with open(path, "rb") as file:
            content = json.loads(file.read().decode("utf-8"))
        base64.b64decode(content["stdout"], validate=True)
        return content if isinstance(content["at"] + content["code"], (int, float)) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(path: str, content: dict[str, Any]) -> None:
    temporary = path + ".new"
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.replace(temporary, path)
    except OSError:
        return
