"""How the expected machines divide: systems and their support, age, memory, encryption, antivirus.

What a machine *is* counts from its last report, however old; what protects it (encryption,
antivirus) only while it reports: a protection that nobody has seen for weeks is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from inventory.coverage import State
from inventory.devices import DeviceView
from language.texts import Words, both, marked
from reports.counting.specs import encryption
from reports.counting.views import Facts
from reports.figures import Distribution, Part

SOON = timedelta(days=183)  #: a system whose support ends within half a year is a concern
GIB = 2**30
_MEMORY = ((4, "< 4 GB"), (8, "4–7 GB"), (16, "8–15 GB"))
_MOST_SYSTEMS = 25  #: kinds of systems named; the rest is one part

_Value = tuple[Words, str] | None  #: a part's label and concern; None: not known
_Machine = tuple[DeviceView, Facts]


def distributions(machines: Iterable[_Machine], day: str) -> tuple[Distribution, ...]:
    """Every distribution over the expected machines on ``day`` (ISO)."""
    ours = [one for one in machines if one[0].expected]
    today = date.fromisoformat(day)
    questions: Sequence[tuple[str, str, Callable[[DeviceView, Facts, date], _Value]]] = (
        ("systems", marked("Operating systems"), _system),
        ("support", marked("Security fixes by the maker"), _support),
        ("age", marked("Age, by the register's date of purchase, else by the firmware"), _age),
        ("memory", marked("Memory"), _memory),
        ("encryption", marked("Encryption of the system volume"), _encryption),
        ("antivirus", marked("Antivirus protection"), _antivirus),
    )
    return tuple(
        _counted(name, title, [question(*one, today) for one in ours])
        for name, title, question in questions
    )


def _counted(name: str, title: str, values: list[_Value]) -> Distribution:
    counts: Counter[tuple[str, str, str]] = Counter()
    for value in values:
        if value is not None:
            counts[value[0]["vi"], value[0]["en"], value[1]] += 1
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    parts = [Part({"vi": vi, "en": en}, n, concern) for (vi, en, concern), n in ranked]
    rest = sum(one.machines for one in parts[_MOST_SYSTEMS:])
    if rest:
        parts = [*parts[:_MOST_SYSTEMS], Part(both("others"), rest)]
    unknown = sum(value is None for value in values)
    return Distribution(name, both(title), len(values), unknown, tuple(parts))


def _plain(text: str) -> Words:
    return {"vi": text, "en": text}


def _system(machine: DeviceView, facts: Facts, today: date) -> _Value:
    system = facts.os
    if not system.name:
        return None
    more = system.release if system.family == "windows" else (system.version or "").split(".")[0]
    return _plain(f"{system.name} {more or ''}".strip()), _concern(facts, today)


def _ends(facts: Facts) -> date | None:
    return date.fromisoformat(facts.device.support_ends[:10]) if facts.device.support_ends else None


def _concern(facts: Facts, today: date) -> str:
    ends = _ends(facts)
    if ends is None:
        return ""
    return "bad" if ends < today else "soon" if ends - today <= SOON else ""


def _support(machine: DeviceView, facts: Facts, today: date) -> _Value:
    if _ends(facts) is None:
        return None
    concern = _concern(facts, today)
    words = {
        "bad": marked("ended"),
        "soon": marked("ends within six months"),
        "": marked("for more than six months yet"),
    }
    return both(words[concern]), concern


def _age(machine: DeviceView, facts: Facts, today: date) -> _Value:
    made = facts.register.bought_at or facts.hardware.bios.date
    try:
        years = (today - date.fromisoformat((made or "")[:10])).days / 365.25
    except ValueError:
        return None
    if years < 0:
        return None
    for most, words in (
        (3, marked("under 3 years")),
        (5, marked("3 to 5 years")),
        (8, marked("5 to 8 years")),
    ):
        if years < most:
            return both(words), ""
    return both("over 8 years"), "soon"


def _memory(machine: DeviceView, facts: Facts, today: date) -> _Value:
    if facts.hardware.memory.total is None:
        return None
    modules = round(facts.hardware.memory.total / GIB)  # the system keeps a little for itself
    for most, words in _MEMORY:
        if modules < most:
            return _plain(words), "bad" if most == _MEMORY[0][0] else ""
    return both("16 GB or more"), ""


def _encryption(machine: DeviceView, facts: Facts, today: date) -> _Value:
    value = encryption(facts) if machine.state in _REPORTING else None
    if value is None:
        return None
    if value == "on":
        return both("on"), ""
    return both("off") if value == "off" else both("not finished or suspended"), "bad"


def _antivirus(machine: DeviceView, facts: Facts, today: date) -> _Value:
    known = facts.antivirus
    if machine.state not in _REPORTING or known.effective is None:
        return None
    if known.effective == "off":
        return both("none is on"), "bad"
    names = sorted({one.name for one in known.products or () if one.enabled and one.name})
    return _plain(" + ".join(names)) if names else both("on"), ""


#: An agent that is not in the register is expected only while there is no register.
_REPORTING = frozenset({State.MANAGED, State.UNREGISTERED})
