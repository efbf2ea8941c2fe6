"""How much room a mounted file system has, as every POSIX system tells it."""

from __future__ import annotations

from agents.outcome import Unknown, attempt
from agents.readings import LARGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.outcome import Answers, Facts


def put(facts: Facts, answers: Answers, mount: str) -> None:
    """The facts size, free and free_percent, from the answer ``usage MOUNT``."""
    usage = attempt(_usage, answers, mount)
    for name in ("size", "free", "free_percent"):
        facts.put(name, _room, usage, name)


def _usage(answers: Answers, mount: str) -> dict[str, int]:
    usage = answers.get("usage " + mount)
    size, free = (usage.get(key) if isinstance(usage, dict) else None for key in ("total", "free"))
    if type(size) is not int or type(free) is not int or not 0 <= free <= size <= LARGEST:
        raise Unknown("unreadable", "the room of %s makes no sense" % mount)
    return {"size": size, "free": free}


def _room(usage: Any, name: str) -> float:
    if isinstance(usage, Unknown):
        raise usage
    if name != "free_percent":
        return int(usage[name])
    if usage["size"] == 0:
        raise Unknown("not_supported", "a file system without a size")
    return float(round(usage["free"] * 100 / usage["size"], 1))
