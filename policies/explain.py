"""Why a rule has its result, in sentences made from what the reference evaluator noted."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.catalogue import Fact
from language.forms import number
from language.texts import sense, texts
from policies.logic import Truth
from policies.phrases import expectation, label, phrase, quantity, there
from policies.reference import Note, Outcome
from policies.times import DAY, HOUR, MINUTE
from policies.tree import Every, Exists, Opposite, Quantified, Rule, Some, Test, WhenMissing
from policies.wording import listed, reason_words, shown, span, value_words

MOST = 3  #: sentences, and elements of a list, that are spelt out


def explanation(outcome: Outcome, lang: str, age: float | None, lead: str = "") -> str:
    """All that decided, and how old it is.

    ``Firewall: domain profile is off; expected on; reported 2 h ago.``
    """
    say = texts(lang)
    sentences = _sentences(outcome.notes, lang)
    kept, left = sentences[:MOST], len(sentences) - MOST
    if left > 0:
        kept.append(say("And {left} more", left=left))
    reported = "" if age is None else _reported(age, lang)
    if len(kept) == 1 and reported:
        text = f"{kept[0]}; {reported}."
    else:
        text = " ".join(f"{_capital(one)}." for one in [*kept, reported] if one)
    return f"{lead}{text}" if lead else _capital(text)


def _sentences(notes: Iterable[Note], lang: str) -> list[str]:
    """One sentence for each note; facts that are unknown for the same reason share one."""
    said: dict[str, None] = {}
    unknown: dict[str | None, list[str]] = {}
    for note in notes:
        if isinstance(note.node, Test | Exists) and note.truth is Truth.UNKNOWN:
            named = unknown.setdefault(note.reason, [])
            named += [one for one in [label(note.node.spot.fact, lang)] if one not in named]
        else:
            said[_sentence(note, lang)] = None
    return [*said, *(_not_known(names, why, lang) for why, names in unknown.items())]


def _not_known(names: list[str], reason: str | None, lang: str) -> str:
    say = texts(lang)
    what, why = listed(names, lang, most=MOST), reason_words(reason, lang)
    return say("not known: {what} ({why})", what=what, why=why)


def _reported(age: float, lang: str) -> str:
    say = texts(lang)
    if age < MINUTE:
        return say("reported just now")
    return say("reported {span} ago", span=span(_whole(age), lang))


def _whole(age: float) -> float:
    """An age in whole minutes, hours or days, rounded down: nobody asks for 2.3 minutes."""
    unit = next(size for size in (DAY, HOUR, MINUTE, 1) if age >= size)
    return age // unit * unit


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def silent(rule: Rule, reason: str, age: float | None, seen: float | None, lang: str) -> str:
    """Why a witness whom the rule needs is not heard."""
    say = texts(lang)
    if reason == "never_reported":
        return never_reported(lang)
    if reason == "too_old":
        return too_old(rule, age, lang)
    if reason == "scan_too_old":
        return say(
            "The last scan that saw it is {old} old; this rule needs one of the last {allowed}.",
            old=span(seen or 0, lang),
            allowed=span(rule.fresh or 0, lang),
        )
    return _capital(f"{reason_words(reason, lang)}.")


def too_old(rule: Rule, age: float | None, lang: str) -> str:
    """Why the facts are not used: their report is older than the rule allows."""
    say = texts(lang)
    if age is None:
        return say("When this report came is not known.")
    return say(
        "The last report is {old} old; this rule needs facts of the last {allowed}.",
        old=span(age, lang),
        allowed=span(rule.fresh or 0, lang),
    )


def never_reported(lang: str) -> str:
    """Why nothing at all is known."""
    say = texts(lang)
    return say("This machine has never reported.")


def does_not_apply(outcome: Outcome, lang: str) -> str:
    """Why a rule is not about this machine: what was seen, without what was looked for."""
    say = texts(lang)
    seen = list(dict.fromkeys(_bare(note, lang) for note in outcome.notes))
    return say("Does not apply: {seen}.", seen="; ".join(seen[:MOST]))


def _bare(note: Note, lang: str) -> str:
    if isinstance(note.node, Some | Every):
        return "; ".join(_bare(inner, lang) for one in note.inside for inner in one.notes)
    return _short(note, lang)


def may_not_apply(outcome: Outcome, lang: str, age: float | None) -> str:
    """Why it is not known whether a rule is about this machine."""
    say = texts(lang)
    return explanation(outcome, lang, age, say("May or may not apply: "))


def _sentence(note: Note, lang: str) -> str:
    if note.truth is Truth.ERROR:
        return _wrong_type(note, lang)
    if isinstance(note.node, Quantified):
        return _about_list(note, note.node, lang)
    if isinstance(note.node, Some | Every):
        return _none_holds(note, lang)
    fact = _fact(note)
    if note.truth is Truth.UNKNOWN:
        return _unknown(fact, note.reason, lang)
    if isinstance(note.node, WhenMissing):
        return _missing(fact, note, lang)
    return _value(note, lang)


def _fact(note: Note) -> Fact:
    if isinstance(note.node, Every | Some | Opposite):
        raise TypeError(type(note.node).__name__)
    return note.node.spot.fact


def _wrong_type(note: Note, lang: str) -> str:
    if isinstance(note.node, Every | Some):
        inside = [_sentence(inner, lang) for one in note.inside for inner in one.notes]
        return "; ".join(inside[:MOST])
    subject = label(_fact(note), lang, start=True)
    inside = [inner.path for one in note.inside for inner in one.notes]
    where = ", ".join(inside[:MOST]) or note.path
    say = texts(lang)
    return say("{subject} holds a value of the wrong type ({where})", subject=subject, where=where)


def _unknown(fact: Fact, reason: str | None, lang: str) -> str:
    return _not_known([label(fact, lang)], reason, lang)


def _missing(fact: Fact, note: Note, lang: str) -> str:
    """``missing: fail`` or ``missing: pass`` decided."""
    subject, why = label(fact, lang, start=True), reason_words(note.reason, lang)
    say = texts(lang)
    if note.truth is Truth.TRUE:
        return say("{subject} is missing ({why}); this rule allows that", subject=subject, why=why)
    return say(
        "{subject} is missing ({why}); this rule counts that as a failure", subject=subject, why=why
    )


def _none_holds(note: Note, lang: str) -> str:
    """No part of an ``any_of`` holds; parts about one and the same value are said in one breath."""
    say = texts(lang)
    inside = [inner for one in note.inside for inner in one.notes]
    tests = [inner for inner in inside if isinstance(inner.node, Test)]
    if len(tests) == len(inside) == len(note.inside) and len({one.path for one in tests}) == 1:
        return _either(tests, lang)
    parts = "; ".join(_sentence(inner, lang) for inner in inside[: MOST + 1])
    return say("none of these holds: {parts}", parts=parts)


def _either(notes: list[Note], lang: str) -> str:
    say = texts(lang)
    wanted = [
        expectation(one.node, lang, negated=one.negated)
        for one in notes
        if isinstance(one.node, Test)
    ]
    first = notes[0].node
    seen = _says(first, notes[0].value, lang) if isinstance(first, Test) else ""
    return _beside(seen, say(", or ").join(wanted), lang)


def _value(note: Note, lang: str) -> str:
    """One plain value against what was expected of it."""
    holds = (note.truth is Truth.TRUE) is not note.negated
    if isinstance(note.node, Exists):
        is_there = (note.truth is Truth.TRUE) is note.node.wanted
        subject = label(note.node.spot.fact, lang, start=True)
        being = sense("present or absent", "{subject} is {value}")
        seen = texts(lang)(being, subject=subject, value=there(is_there, lang))
        return seen if holds else _beside(seen, there(not is_there, lang), lang)
    if not isinstance(note.node, Test):
        raise TypeError(type(note.node).__name__)
    seen = _says(note.node, note.value, lang)
    if holds:
        return seen
    return _beside(seen, expectation(note.node, lang, negated=note.negated), lang)


def _beside(seen: str, wanted: str, lang: str) -> str:
    """What was seen, and what was expected of it."""
    say = texts(lang)
    return say("{seen}; expected {wanted}", seen=seen, wanted=wanted)


def _says(node: Test, value: object, lang: str, *, start: bool = True) -> str:
    """A value in a sentence: ``Effective firewall is off`` or ``Updates pending: 3``."""
    fact = node.spot.fact
    words = value_words(value, fact, lang)
    subject = label(fact, lang, start=start)
    switched = fact.words == "on_off" or (fact.type == "choice" and value in ("on", "off"))
    if fact.type in ("boolean", "integer", "number", "timestamp") and not switched:
        return f"{subject}: {words}"
    say = texts(lang)
    if switched:
        return say(sense("on or off", "{subject} is {value}"), subject=subject, value=words)
    return say("{subject} is {value}", subject=subject, value=words)


def _about_list(note: Note, node: Quantified, lang: str) -> str:
    """What a list holds against what it should hold; which elements decided."""
    say = texts(lang)
    subject = label(node.spot.fact, lang, start=True)
    if note.truth is Truth.UNKNOWN:
        return _unknown_list(note, node, subject, lang)
    holds = (note.truth is Truth.TRUE) is not note.negated
    seen = f"{subject}: {_seen(note, node, lang)}"
    if holds:
        return seen
    wanted = quantity(node, lang)
    return _beside(seen, say("not {what}", what=wanted) if note.negated else wanted, lang)


def _seen(note: Note, node: Quantified, lang: str) -> str:
    say = texts(lang)
    if not note.value:
        return say("the list is empty")
    if node.kind == "count":
        number_seen = len(note.inside) + note.more if node.where is not None else int(note.value)
        found = number(number_seen, lang)
        shown_names = _named(note, lang, detail=False)
        return f"{found} ({shown_names})" if shown_names and number_seen else found
    if not note.inside:
        return say("none of {n} does", n=number(int(note.value), lang))
    holds_inside = note.inside[0].truth is Truth.TRUE
    found = _named(note, lang, detail=not holds_inside)
    return say("found {names}", names=found) if holds_inside else found


def _named(note: Note, lang: str, *, detail: bool) -> str:
    """The deciding elements by name, each with what it says when ``detail`` is asked for."""
    words = []
    for name, outcome in zip(note.names, note.inside, strict=True):
        said = [_short(inner, lang) for inner in outcome.notes[:2]] if detail else []
        said = [one for one in said if one and one != shown(name)]
        words.append(f"{shown(name)} ({', '.join(said)})" if said else shown(name))
    return listed(words, lang, most=MOST, more=note.more)


def _short(note: Note, lang: str) -> str:
    """A note within a list of elements, without the expectation."""
    if isinstance(note.node, Test) and note.truth in (Truth.TRUE, Truth.FALSE):
        if not note.node.spot.steps:
            return value_words(note.value, note.node.spot.fact, lang)
        return _says(note.node, note.value, lang, start=False)
    return _sentence(note, lang)


def _unknown_list(note: Note, node: Quantified, subject: str, lang: str) -> str:
    say = texts(lang)
    if note.value is None:
        return _unknown(node.spot.fact, note.reason, lang)
    if not note.inside:
        why = reason_words(note.reason, lang)
        return say("{subject}: the list is not complete: {why}", subject=subject, why=why)
    return say(
        "{subject}: not known for {names}; asked for {asked}",
        subject=subject,
        names=_named(note, lang, detail=True),
        asked=phrase(node.where, lang),
    )


def evidence(notes: Iterable[Note], most: int = 20) -> tuple[dict[str, object], ...]:
    """The paths and values that were looked at, bounded in number and length."""
    found: dict[str, dict[str, object]] = {}
    stack = list(notes)[::-1]
    while stack and len(found) < most:
        note = stack.pop()
        if note.path:
            value = shown(note.value) if isinstance(note.value, str) else note.value
            entry: dict[str, object] = {"path": note.path, "value": value}
            if note.reason:
                entry["reason"] = note.reason
            found.setdefault(note.path, entry)
        stack += [inner for outcome in reversed(note.inside) for inner in reversed(outcome.notes)]
    return tuple(found.values())
