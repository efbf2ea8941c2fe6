"""Print what would be reported, and send nothing.

rasoat-agent show [--machine DIR] [--section NAME] [--slow] [--json]

As text for people, or with --json as the document itself on stdout alone. --machine DIR replays a
recording instead of asking this machine; --section NAME collects one section (several: separate
them by commas). --slow also asks what takes seconds, such as which updates wait.
"""

from __future__ import annotations

import json
import sys

from agents.cli import BAD_INPUT, DONE, NOT_DONE, Misused, misused, options
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    from agents.machine import Machine

_LONG_LIST = 12  #: elements of a list that the text shows; --json has them all


def main(args: list[str]) -> int:
    """Show this machine, or a recorded one."""
    given, others = options(args, ("--machine", "--section"), ("--json", "--slow"))
    if others:
        raise Misused("show takes no %r" % others[0])
    from agents.collect import collect, sections

    try:
        machine = _machine(given.get("--machine"), slow="--slow" in given)
        known = sections(machine.platform)
    except Unknown as why:
        print("rasoat-agent: " + why.detail, file=sys.stderr)
        return NOT_DONE
    except _NotThere as fault:
        return misused(str(fault))
    wanted = [name for name in given.get("--section", "").split(",") if name]
    for name in wanted:
        if name not in known:
            misused("no section %r; the sections are: %s" % (name, ", ".join(known)))
            return BAD_INPUT
    document = collect(machine, wanted or None)
    if "--json" in given:
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("\n".join(text(document)))
    return DONE


class _NotThere(Exception):
    """--machine names no recording."""


def _machine(folder: str | None, *, slow: bool) -> Machine:
    if folder is None:
        from agents.machine import this_machine

        return this_machine(slow=slow)
    from agents.recorded import NotARecording, RecordedMachine

    try:
        return RecordedMachine(folder)
    except NotARecording as fault:
        raise _NotThere("%s\nName a folder that `rasoat-agent record` wrote." % fault) from None


def text(document: dict[str, Any]) -> Iterator[str]:
    """The document for people: a line for each fact, then what is not known and why."""
    about = document["agent"]
    rights = {True: "with", False: "without"}.get(about.get("elevated"), "perhaps without")
    yield "rasoat-agent %s, %s, %s administrator rights" % (
        about["version"],
        document["collected_at"],
        rights,
    )
    for section, facts in document["facts"].items():
        yield ""
        yield section.replace("_", " ")
        yield from _lines(facts, 1)
    if document["unknown"]:
        yield ""
        yield "not known"
        for path, why in document["unknown"].items():
            yield "  %s: %s%s" % (
                path,
                why["reason"],
                ", " + why["detail"] if why["detail"] else "",
            )


def _lines(value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, list):
        for element in value[:_LONG_LIST]:
            yield indent + "- " + _brief(element)
        if len(value) > _LONG_LIST:
            yield indent + "… and %d more (--json has them all)" % (len(value) - _LONG_LIST)
        return
    for name, inside in value.items():
        label = name.replace("_", " ")
        if isinstance(inside, (dict, list)) and inside:
            yield indent + label
            yield from _lines(inside, depth + 1)
        else:
            yield "%s%s: %s" % (indent, label, _brief(inside))


def _brief(value: Any) -> str:
    """One value on one line."""
    if isinstance(value, dict):
        return ", ".join(
            "%s %s" % (key.replace("_", " "), _brief(one)) for key, one in value.items()
        )
    if isinstance(value, list):
        return " ".join("(%s)" % _brief(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
