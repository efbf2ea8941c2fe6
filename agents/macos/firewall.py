"""Firewall: the application firewall that stands before every program's sockets.

Up to macOS 14 its state is a property list; macOS 15 has none and is asked with Apple's own tool,
whose output is English in every language. The packet filter pf is not judged: its default rules
filter nothing, and others are rare.
"""

from __future__ import annotations

import re

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_ALF = "/Library/Preferences/com.apple.alf.plist"
_QUESTIONS = ("alf_state", "alf_block_all", "alf_stealth")
_STATE = re.compile(r"\(State = ([0-9])\)")
#: The words with which the tool's answers end, of macOS 10.13 to 15.
_ON = re.compile(
    r"(?:mode enabled|mode is on|ENABLED!|set to enabled|set to block all)(?!\w)", re.IGNORECASE
)
_OFF = re.compile(r"(?:mode disabled|mode is off|DISABLED!|set to disabled)(?!\w)", re.IGNORECASE)
_BLOCK_ALL = re.compile(r"block(?:ing)? all", re.IGNORECASE)
OFF, SOME, ALL = 0, 1, 2  #: globalstate: off, by program, all incoming connections refused
_SENTENCES = {
    OFF: "the application firewall is off; pf is not judged",
    SOME: "the application firewall is on and decides for each program; pf is not judged",
    ALL: "the application firewall refuses all incoming connections; pf is not judged",
}


def probe(machine: Machine) -> Answers:
    """Ask for the settings; for the tool's answers where there are none."""
    answers = Answers()
    answers.ask("alf there", machine.exists, _ALF)
    if isinstance(answers.ask("alf", machine.read_file, _ALF), Unknown):
        for name in _QUESTIONS:
            answers.ask(name, _output, machine, name)
    return answers


def _output(machine: Machine, name: str) -> bytes:
    ran = machine.run(name)
    return ran.stdout + b"\n" + ran.stderr


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    state = attempt(_state, answers)
    facts.put("effective", lambda: "on" if _known(state) != OFF else "off")
    facts.put("reason", lambda: _SENTENCES[_known(state)])
    facts.set("service.name", "alf")
    facts.put("service.enabled", lambda: _known(state) != OFF)
    facts.lack(
        "service.running",
        Unknown("not_supported", "the kernel filters; launchd starts its helper when it is needed"),
    )
    facts.put("default_inbound", _default, state)
    facts.put("block_all", _block_all, answers, state)
    facts.put("stealth", _stealth, answers)
    return facts


def _known(state: int | Unknown) -> int:
    if isinstance(state, Unknown):
        raise state
    return state


def _state(answers: Answers) -> int:
    settings = attempt(answers.get, "alf")
    if isinstance(settings, bytes):
        value = plists.number(plists.at(plists.table(settings), "globalstate"))
    elif settings.reason != "not_found":
        raise settings
    else:
        found = _STATE.search(answers.text("alf_state"))
        if found is None:
            raise Unknown(
                "unreadable", "socketfilterfw says no state: " + answers.text("alf_state")
            )
        value = int(found.group(1))
    if value not in _SENTENCES:
        raise Unknown("unreadable", "the application firewall's state is %d" % value)
    return value


def _default(state: int | Unknown) -> str:
    """What becomes of a connection to a program that nobody decided about."""
    if _known(state) == SOME:
        raise Unknown("not_supported", "decided for each program: signed ones may be let in")
    return "allow" if state == OFF else "block"


def _block_all(answers: Answers, state: int | Unknown) -> bool:
    if isinstance(attempt(answers.get, "alf"), bytes) or state == ALL:
        return _known(state) == ALL
    text = answers.text("alf_block_all")
    if not _BLOCK_ALL.search(text):
        raise Unknown("unreadable", "socketfilterfw does not speak of blocking all: " + text)
    return _said(text)


def _stealth(answers: Answers) -> bool:
    settings = attempt(answers.get, "alf")
    if isinstance(settings, bytes):
        return plists.flag(plists.table(settings).get("stealthenabled", 0))
    if settings.reason != "not_found":
        raise settings
    text = answers.text("alf_stealth")
    if "stealth" not in text.lower():
        raise Unknown("unreadable", "socketfilterfw does not speak of stealth: " + text)
    return _said(text)


def _said(text: str) -> bool:
    """The one of its two answers that the tool gave."""
    on, off = _ON.search(text), _OFF.search(text)
    if bool(on) == bool(off):
        raise Unknown("unreadable", "socketfilterfw says neither on nor off: " + text)
    return bool(on)
