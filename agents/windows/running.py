"""How services start and whether they run: the value `services` as it was asked."""

from __future__ import annotations

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.outcome import Answers

AUTOMATIC, MANUAL, DISABLED = 2, 3, 4  #: dwStartType (MS docs, QUERY_SERVICE_CONFIG)
_STOPPED = ("stopped", "stop_pending")


def service(answers: Answers, name: str) -> tuple[int, bool] | None:
    """A service's start type and whether it runs; None where there is no such service.

    Raises:
        Unknown: the service manager did not answer, or not in a form that is understood.
    """
    found = answers.get("services")
    if not isinstance(found, dict):
        raise Unknown("unreadable", "services gave no table")
    about: Any = found.get(name)
    if about is None:
        return None
    start, state = (about.get("start"), about.get("state")) if isinstance(about, dict) else (0, 0)
    if type(start) is not int or not isinstance(state, str) or state == "unknown":
        raise Unknown("unreadable", "the service manager does not tell how %s is" % name)
    return start, state not in _STOPPED


def active(answers: Answers, name: str) -> bool:
    """Whether a service runs, or starts with the system."""
    about = service(answers, name)
    return about is not None and (about[1] or about[0] <= AUTOMATIC)


def can_run(answers: Answers, name: str) -> bool:
    """Whether a service is there and not disabled, or runs although it is."""
    about = service(answers, name)
    return about is not None and (about[1] or about[0] < DISABLED)
