"""The agent's command line: a table of commands.

Each one's module is imported only when it is chosen.
"""

from __future__ import annotations

import importlib
import os
import sys

from agents import VERSION, limits, words
from agents.words import Said, SaidError, joined, said, spoken, tell

DONE, BAD_INPUT, NOT_DONE = (
    0,
    2,
    3,
)  #: exit codes (DESIGN §9); 1 is the judge's word and never an agent's

#: command: the module that has `main(args)`, one line of help, an example.
COMMANDS = {
    "enrol": (
        "agents.enrol",
        "take up an enrolment file and make this machine known to its collector",
        "rasoat-agent enrol enrolment.json",
    ),
    "run": (
        "agents.run",
        "collect once, send what waits, and exit",
        "rasoat-agent run",
    ),
    "acknowledge": (
        "agents.acknowledge",
        "take back the collector's answers to reports that were carried by hand",
        "rasoat-agent acknowledge office.answers",
    ),
    "show": (
        "agents.show",
        "print what would be reported, and send nothing",
        "rasoat-agent show --section firewall",
    ),
    "record": (
        "agents.record",
        "write what the collectors see here into a new folder, to be replayed elsewhere",
        "rasoat-agent record ./this-machine --redact",
    ),
    "install": (
        "agents.install",
        "schedule the reports of this machine; the state folder is made private",
        "rasoat-agent install --enrol enrolment.json",
    ),
    "uninstall": (
        "agents.uninstall",
        "remove what install made; the state folder stays unless --purge",
        "rasoat-agent uninstall",
    ),
    "status": (
        "agents.status",
        "print this agent's identity, its collector, what waits, and the scheduled task",
        "rasoat-agent status",
    ),
}


class Misused(SaidError):
    """The command line makes no sense; the message says what to write instead."""


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    try:
        given = _in_its_language(sys.argv[1:] if argv is None else argv)
    except Misused as fault:
        return misused(fault.said)
    name, rest = (given[0], given[1:]) if given else ("--help", [])
    if name in ("-h", "--help", "help"):
        tell(overview())
        return DONE
    if name in ("-V", "--version"):
        print("rasoat-agent " + VERSION)
        return DONE
    if name not in COMMANDS:
        return misused(said("no command %r; the commands are: %s", name, ", ".join(COMMANDS)))
    module, about, example = COMMANDS[name]
    if rest and rest[0] in ("-h", "--help"):
        usage = importlib.import_module(module).__doc__ or about
        tell(said("%s\n\nExample: %s", said(usage.strip()), example))
        return DONE
    try:
        if name == "run" and argv is None:  # a process of its own, and no test's or server's
            limits.apply()
        return int(importlib.import_module(module).main(rest))
    except Misused as fault:
        return misused(said("%s\nExample: %s", fault, example))
    except BrokenPipeError:
        return NOT_DONE


def _speak_utf8() -> None:
    """On Windows: what goes into a file or a pipe is UTF-8, whatever the code page of the office.

    Names of programs and time zones have letters that no code page has all of.
    """
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):
            # Typed as any text stream; the two that Python itself opened can do it.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def _in_its_language(given: list[str]) -> list[str]:
    """Choose the language: ``--lang LANG``, wherever it stands, else RASOAT_LANG; the other words.

    Raises:
        Misused: --lang names none that there is.
    """
    lang = "vi" if os.environ.get("RASOAT_LANG", "").lower().startswith("vi") else "en"
    words.choose(lang)
    others = list(given)
    for at, word in enumerate(given):
        name, equals, value = word.partition("=")
        if name == "--lang":
            lang = value if equals else "".join(given[at + 1 : at + 2])
            del others[at : at + (1 if equals else 2)]
            break
    if lang not in words.LANGUAGES:
        raise Misused(said("--lang is one of: %s", ", ".join(words.LANGUAGES)))
    words.choose(lang)
    return others


def overview() -> Said:
    """The help of the whole program."""
    lines = [
        said(
            "rasoat-agent %s: reads facts about this machine; changes nothing but its own\n"
            "schedule, by install and uninstall.",
            VERSION,
        ),
        "",
    ]
    for name, (_, about, example) in COMMANDS.items():
        lines += [said("  %-9s %s", name, said(about)), "           %s" % example]
    more = said(
        "rasoat-agent COMMAND --help tells more. --lang vi, or RASOAT_LANG=vi in the environment:\n"
        "in Vietnamese."
    )
    return joined("\n", [*lines, "", more])


def misused(message: str) -> int:
    """Say on stderr what is wrong; the exit code of bad usage."""
    print("rasoat-agent: " + spoken(message, sys.stderr), file=sys.stderr)
    return BAD_INPUT


def options(
    words: list[str], valued: tuple[str, ...], flags: tuple[str, ...]
) -> tuple[dict[str, str], list[str]]:
    """The options among ``words`` (flags have the value "yes") and the other words, in order.

    Raises:
        Misused: an option that is neither in ``valued`` nor in ``flags``, twice the same, or
        without its value.
    """
    found: dict[str, str] = {}
    others: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("-") or word == "-":
            others.append(word)
            continue
        name, equals, value = word.partition("=")
        if name in found:
            raise Misused(said("%s is given twice", name))
        if name in flags and not equals:
            value = "yes"
        elif name not in valued:
            raise Misused(said("no option %r; there are: %s", word, ", ".join((*valued, *flags))))
        elif not equals:
            if not waiting:
                raise Misused(said("%s needs a value", name))
            value = waiting.pop(0)
        found[name] = value
    return found, others
