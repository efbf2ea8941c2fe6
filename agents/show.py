"""Print what would be reported, and send nothing.

rasoat-agent show [--machine DIR] [--section NAME] [--slow] [--json]

As text for people, or with --json as the document itself on stdout alone. --machine DIR replays a
recording instead of asking this machine; --section NAME collects one section (several: separate
them by commas). --slow also asks what takes seconds, such as which updates wait.
"""

from __future__ import annotations

import json

from agents.cli import BAD_INPUT, DONE, NOT_DONE, Misused, misused, options
from agents.outcome import Unknown
from agents.words import Said, SaidError, joined, said, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    from agents.machine import Machine

_LONG_LIST = 12  #: elements of a list that the text shows; --json has them all


def main(args: list[str]) -> int:
    """Show this machine, or a recorded one."""
    given, others = options(args, ("--machine", "--section"), ("--json", "--slow"))
    if others:
        raise Misused(said("show takes no %r", others[0]))
    from agents.collect import collect, sections

    try:
        machine = _machine(given.get("--machine"), slow="--slow" in given)
        known = sections(machine.platform)
    except Unknown as why:
        misused(why.detail)
        return NOT_DONE
    except _NotThere as fault:
        return misused(fault.said)
    wanted = [name for name in given.get("--section", "").split(",") if name]
    for name in wanted:
        if name not in known:
            misused(said("no section %r; the sections are: %s", name, ", ".join(known)))
            return BAD_INPUT
    document = collect(machine, wanted or None)
    if "--json" in given:
        print(json.dumps(document, ensure_ascii=False))
    else:
        tell(joined("\n", text(document)))
    return DONE


class _NotThere(SaidError):
    """--machine names no recording."""


def _machine(folder: str | None, *, slow: bool) -> Machine:
    if folder is None:
        from agents.machine import this_machine

        return this_machine(slow=slow)
    from agents.recorded import NotARecording, RecordedMachine

    try:
        return RecordedMachine(folder)
    except NotARecording as fault:
        raise _NotThere(
            said("%s\nName a folder that `rasoat-agent record` wrote.", fault)
        ) from None


def text(document: dict[str, Any]) -> Iterator[str]:
    """The document for people: a line for each fact, then what is not known and why."""
    about = document["agent"]
    rights = {
        True: said("with administrator rights"),
        False: said("without administrator rights"),
    }.get(about.get("elevated"), said("perhaps without administrator rights"))
    yield said("rasoat-agent %s, %s, %s", about["version"], document["collected_at"], rights)
    for section, facts in document["facts"].items():
        yield ""
        yield section.replace("_", " ")
        yield from _lines(facts, 1)
    if document["unknown"]:
        yield ""
        yield said("not known")
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
            yield said("%s- %s", indent, _brief(element))
        if len(value) > _LONG_LIST:
            more = len(value) - _LONG_LIST
            yield said("%s… and %d more (--json has them all)", indent, more)
        return
    for name, inside in value.items():
        label = name.replace("_", " ")
        if isinstance(inside, (dict, list)) and inside:
            yield indent + label
            yield from _lines(inside, depth + 1)
        else:
            yield said("%s%s: %s", indent, label, _brief(inside))


def _brief(value: Any) -> Said:
    """One value on one line."""
    if isinstance(value, dict):
        return joined(
            ", ", (said("%s %s", key.replace("_", " "), _brief(one)) for key, one in value.items())
        )
    if isinstance(value, list):
        return joined(" ", (said("(%s)", _brief(one)) for one in value)) or said("none")
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    return said("%s", value)
