r"""Microsoft Defender Antivirus, from its registry keys and its service: on clients and on servers.

It protects while its service runs and nobody turned real-time protection off; a switch that is not
there is not set (MS docs, Defender policy CSP, AllowRealtimeMonitoring: default 1). A policy's
switch wins over the machine's own, unless tamper protection keeps it from being heard (MS docs,
"Protect security settings with tamper protection"). Where the whole product is turned off, or
another took its place, its service does not run; DisableAntiSpyware itself is not heard any more.
Up to Windows 7 the product of that name finds spyware alone and is no antivirus.
"""

from __future__ import annotations

from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import age, line, stamp
from agents.windows.registry import key, key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

HOME = r"HKLM\SOFTWARE\Microsoft\Windows Defender"
POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
SIGNATURES = HOME + r"\Signature Updates"
FEATURES = HOME + r"\Features"
REAL_TIME = r"\Real-Time Protection"
SERVICE = "WinDefend"
NAME = "Microsoft Defender Antivirus"
_SWITCH_OFF = "DisableRealtimeMonitoring"
_PASSIVE = "PassiveMode"
_TAMPER_ON, _TAMPER_OFF = (1, 5), (0, 4)  #: TamperProtection: 5 on and 4 off by the user or policy
_STANDING = ("stopped", "stop_pending", "paused")
_EPOCH = 11_644_473_600  #: seconds from 1601, where FILETIME begins, to 1970 (MS-DTYP 2.3.3)
_FIRST_ANTIVIRUS = (6, 2)  #: Windows 8
_TICKS = 10_000_000  #: FILETIME's units in a second
_FILETIME_SIZE = 8


def probe(answers: Answers, machine: Machine) -> None:
    """Ask for its settings, its signatures and its service."""
    for path in (HOME, HOME + REAL_TIME, POLICY, POLICY + REAL_TIME, SIGNATURES, FEATURES):
        answers.ask(path, machine.registry_values, path)
    answers.ask("services", machine.value, "services", SERVICE)
    answers.ask("system", machine.value, "system")


def row(answers: Answers, state: Any) -> Facts:
    """The facts of the product.

    ``state`` is Security Center's word on it: True, False, an `Unknown`, or None without a word.
    """
    facts = Facts()
    facts.set("name", NAME)
    facts.put("version", _version, answers)
    facts.put("enabled", enabled, answers, state)
    moment = attempt(_signatures_at, answers)
    facts.put("signatures_at", lambda: stamp(_raised(moment)))
    facts.put("signature_age", _age, answers, moment)
    facts.put("signature_version", _signature_version, answers)
    facts.put("tamper_protection", tamper_protection, answers)
    return facts


def installed(answers: Answers) -> bool:
    """Whether this Windows has it: its service exists.

    Raises:
        Unknown: the services could not be asked.
    """
    found = answers.get("services")
    if not isinstance(found, dict):
        raise Unknown("unreadable", "the services are no table")
    return SERVICE in found and _is_antivirus(answers)


def _is_antivirus(answers: Answers) -> bool:
    """Since Windows 8."""
    about = answers.get("system")
    parts = [about.get(name) if isinstance(about, dict) else None for name in ("major", "minor")]
    if not all(type(part) is int for part in parts):
        raise Unknown("unreadable", "the system tells no version")
    return tuple(parts) >= _FIRST_ANTIVIRUS


def enabled(answers: Answers, state: Any) -> bool:
    """Whether it protects in real time: off as soon as one thing surely says so.

    Raises:
        Unknown: nothing speaks surely against it, and something cannot be told.
    """
    told = [attempt(_service_runs, answers), attempt(_switched_on, answers)]
    told += [state] if state is not None else []
    if any(one is False for one in told):
        return False
    for one in told:
        _raised(one)
    return True


def _service_runs(answers: Answers) -> bool:
    if not installed(answers):
        return False
    about = answers.get("services")[SERVICE]
    state = about.get("state") if isinstance(about, dict) else None
    if state in _STANDING:
        return False
    if state != "running":
        raise Unknown("unreadable", "the service %s is in between: %s" % (SERVICE, state))
    return True


def _switched_on(answers: Answers) -> bool:
    """No switch turns it off, and it does not stand behind another product (passive mode)."""
    for path, name in _switches(answers):
        settings = key_or_empty(answers, path, path)
        if settings.has(name):
            off = settings.flag(name)
            break
    else:
        off = False
    home = key_or_empty(answers, HOME, HOME)
    return not off and not home.number_or(_PASSIVE, 0)


def _switches(answers: Answers) -> list[tuple[str, str]]:
    """Where the switch stands, the strongest place first."""
    own = (HOME + REAL_TIME, _SWITCH_OFF)
    policy = POLICY + REAL_TIME
    if not key_or_empty(answers, policy, policy).has(_SWITCH_OFF):
        return [own]
    kept = attempt(tamper_protection, answers)
    if isinstance(kept, Unknown) and kept.reason != "not_found":
        raise kept
    return [own] if kept is True else [(policy, _SWITCH_OFF), own]


def _version(answers: Answers) -> str:
    """The platform's, from the folder that it runs from: "4.18.24090.11-0"; else the engine's."""
    home = key(answers, HOME, HOME)
    words = home.text("InstallLocation").rstrip("\\").rpartition("\\")[2].partition("-")[0]
    if words.replace(".", "").isdigit() and "." in words:
        return words
    return line(key(answers, SIGNATURES, SIGNATURES).text("EngineVersion"))


def _signature_version(answers: Answers) -> str:
    return key(answers, SIGNATURES, SIGNATURES).text("AVSignatureVersion")


def _signatures_at(answers: Answers) -> int:
    """When they were last updated; a value of zeros is a product that never was."""
    signatures = key(answers, SIGNATURES, SIGNATURES)
    for name in ("SignaturesLastUpdated", "AVSignatureApplied"):
        if signatures.has(name):
            return filetime(signatures.value(name), name)
    raise Unknown("not_found", "Defender tells no time of its signatures")


def filetime(value: Any, name: str) -> int:
    """A FILETIME, as a number or as its eight bytes, in seconds since 1970."""
    if isinstance(value, bytes) and len(value) == _FILETIME_SIZE:
        value = int.from_bytes(value, "little")
    if type(value) is not int:
        raise Unknown("unreadable", name + " is no time")
    if value == 0:
        raise Unknown("not_found", name + " is 0")
    return int(value) // _TICKS - _EPOCH


def _age(answers: Answers, moment: Any) -> int:
    return age(answers.get("now"), _raised(moment))


def tamper_protection(answers: Answers) -> bool:
    """Whether Defender refuses to have its settings changed from outside."""
    number = key(answers, FEATURES, FEATURES).number("TamperProtection")
    if number not in (*_TAMPER_ON, *_TAMPER_OFF):
        raise Unknown("unreadable", "TamperProtection is %d" % number)
    return number in _TAMPER_ON


def _raised(answer: Any) -> Any:
    if isinstance(answer, Unknown):
        raise answer
    return answer
