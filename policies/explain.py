"""Why a rule has its result, in sentences made from what the reference evaluator noted."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.catalogue import Fact
from policies.logic import Truth
from policies.phrases import expectation, label, phrase, quantity, there
from policies.reference import Note, Outcome
from policies.times import DAY, HOUR, MINUTE
from policies.tree import Every, Exists, Opposite, Quantified, Rule, Some, Test, WhenMissing
from policies.wording import listed, number, pick, reason_words, shown, span, value_words

MOST = 3  #: sentences, and elements of a list, that are spelt out


def explanation(outcome: Outcome, lang: str, age: float | None, lead: str = "") -> str:
    """All that decided, and how old it is.

    ``Firewall: domain profile is off; expected on; reported 2 h ago.``
    """
    sentences = _sentences(outcome.notes, lang)
    kept, left = sentences[:MOST], len(sentences) - MOST
    if left > 0:
        kept.append(pick((f"And {left} more", f"Và {left} điều khác"), lang))
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
    text, why = listed(names, lang, most=MOST), reason_words(reason, lang)
    return pick((f"not known: {text} ({why})", f"không rõ {text} ({why})"), lang)


def _reported(age: float, lang: str) -> str:
    if age < MINUTE:
        return pick(("reported just now", "vừa báo cáo"), lang)
    ago = span(_whole(age), lang)
    return pick((f"reported {ago} ago", f"báo cáo cách đây {ago}"), lang)


def _whole(age: float) -> float:
    """An age in whole minutes, hours or days, rounded down: nobody asks for 2.3 minutes."""
    unit = next(size for size in (DAY, HOUR, MINUTE, 1) if age >= size)
    return age // unit * unit


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def silent(rule: Rule, reason: str, age: float | None, seen: float | None, lang: str) -> str:
    """Why a witness whom the rule needs is not heard."""
    if reason == "never_reported":
        return never_reported(lang)
    if reason == "too_old":
        return too_old(rule, age, lang)
    if reason == "scan_too_old":
        allowed, old = span(rule.fresh or 0, lang), span(seen or 0, lang)
        en = f"The last scan that saw it is {old} old; this rule needs one of the last {allowed}."
        vi = f"Lần quét gần nhất thấy máy đã {old}; quy tắc này cần trong vòng {allowed}."
        return pick((en, vi), lang)
    return _capital(f"{reason_words(reason, lang)}.")


def too_old(rule: Rule, age: float | None, lang: str) -> str:
    """Why the facts are not used: their report is older than the rule allows."""
    allowed = span(rule.fresh or 0, lang)
    if age is None:
        return pick(
            ("When this report came is not known.", "Không rõ báo cáo này đến lúc nào."), lang
        )
    old = span(age, lang)
    en = f"The last report is {old} old; this rule needs facts of the last {allowed}."
    vi = f"Báo cáo gần nhất đã {old}; quy tắc này cần dữ liệu trong vòng {allowed}."
    return pick((en, vi), lang)


def never_reported(lang: str) -> str:
    """Why nothing at all is known."""
    return pick(("This machine has never reported.", "Máy này chưa từng gửi báo cáo."), lang)


def does_not_apply(outcome: Outcome, lang: str) -> str:
    """Why a rule is not about this machine: what was seen, without what was looked for."""
    seen = list(dict.fromkeys(_bare(note, lang) for note in outcome.notes))
    return f"{pick(('Does not apply', 'Không áp dụng'), lang)}: {'; '.join(seen[:MOST])}."


def _bare(note: Note, lang: str) -> str:
    if isinstance(note.node, Some | Every):
        return "; ".join(_bare(inner, lang) for one in note.inside for inner in one.notes)
    return _short(note, lang)


def may_not_apply(outcome: Outcome, lang: str, age: float | None) -> str:
    """Why it is not known whether a rule is about this machine."""
    lead = pick(("May or may not apply: ", "Chưa biết có áp dụng hay không: "), lang)
    return explanation(outcome, lang, age, lead)


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
    where = f" ({', '.join(inside[:MOST])})" if inside else f" ({note.path})"
    en = f"{subject} holds a value of the wrong type{where}"
    return pick((en, f"{subject} có giá trị sai kiểu{where}"), lang)


def _unknown(fact: Fact, reason: str | None, lang: str) -> str:
    return _not_known([label(fact, lang)], reason, lang)


def _missing(fact: Fact, note: Note, lang: str) -> str:
    """``missing: fail`` or ``missing: pass`` decided."""
    subject, why = label(fact, lang, start=True), reason_words(note.reason, lang)
    holds = note.truth is Truth.TRUE
    en = "this rule allows that" if holds else "this rule counts that as a failure"
    vi = "quy tắc này cho phép" if holds else "quy tắc này coi là không đạt"
    return pick((f"{subject} is missing ({why}); {en}", f"{subject}: thiếu ({why}); {vi}"), lang)


def _none_holds(note: Note, lang: str) -> str:
    """No part of an ``any_of`` holds; parts about one and the same value are said in one breath."""
    inside = [inner for one in note.inside for inner in one.notes]
    tests = [inner for inner in inside if isinstance(inner.node, Test)]
    if len(tests) == len(inside) == len(note.inside) and len({one.path for one in tests}) == 1:
        return _either(tests, lang)
    lead = pick(("none of these holds: ", "không điều nào sau đây đúng: "), lang)
    return lead + "; ".join(_sentence(inner, lang) for inner in inside[: MOST + 1])


def _either(notes: list[Note], lang: str) -> str:
    wanted = [
        expectation(one.node, lang, negated=one.negated)
        for one in notes
        if isinstance(one.node, Test)
    ]
    first = notes[0].node
    seen = _says(first, notes[0].value, lang) if isinstance(first, Test) else ""
    return f"{seen}; {_expected(lang)} {pick((', or ', ', hoặc '), lang).join(wanted)}"


def _value(note: Note, lang: str) -> str:
    """One plain value against what was expected of it."""
    holds = (note.truth is Truth.TRUE) is not note.negated
    if isinstance(note.node, Exists):
        is_there = (note.truth is Truth.TRUE) is note.node.wanted
        seen = f"{label(note.node.spot.fact, lang, start=True)} {_be(lang)}{there(is_there, lang)}"
        wanted = there(not is_there, lang)
        return seen if holds else f"{seen}; {_expected(lang)} {wanted}"
    if not isinstance(note.node, Test):
        raise TypeError(type(note.node).__name__)
    seen = _says(note.node, note.value, lang)
    if holds:
        return seen
    return f"{seen}; {_expected(lang)} {expectation(note.node, lang, negated=note.negated)}"


def _be(lang: str) -> str:
    return pick(("is ", ""), lang)


def _expected(lang: str) -> str:
    return pick(("expected", "yêu cầu"), lang)


def _says(node: Test, value: object, lang: str, *, start: bool = True) -> str:
    """A value in a sentence: ``Effective firewall is off`` or ``Updates pending: 3``."""
    fact = node.spot.fact
    words = value_words(value, fact, lang)
    subject = label(fact, lang, start=start)
    switched = fact.words == "on_off" or (fact.type == "choice" and value in ("on", "off"))
    if fact.type in ("boolean", "integer", "number", "timestamp") and not switched:
        return f"{subject}: {words}"
    if lang == "en":
        return f"{subject} is {words}"
    return f"{subject} đang {words}" if switched else f"{subject} là {words}"


def _about_list(note: Note, node: Quantified, lang: str) -> str:
    """What a list holds against what it should hold; which elements decided."""
    subject = label(node.spot.fact, lang, start=True)
    if note.truth is Truth.UNKNOWN:
        return _unknown_list(note, node, subject, lang)
    holds = (note.truth is Truth.TRUE) is not note.negated
    wanted = quantity(node, lang)
    if note.negated:
        wanted = pick((f"not {wanted}", f"không phải {wanted}"), lang)
    seen = f"{subject}: {_seen(note, node, lang)}"
    return seen if holds else f"{seen}; {_expected(lang)} {wanted}"


def _seen(note: Note, node: Quantified, lang: str) -> str:
    if not note.value:
        return pick(("the list is empty", "danh sách trống"), lang)
    if node.kind == "count":
        number_seen = len(note.inside) + note.more if node.where is not None else int(note.value)
        found = number(number_seen, lang)
        shown_names = _named(note, lang, detail=False)
        return f"{found} ({shown_names})" if shown_names and number_seen else found
    if not note.inside:
        en, vi = "none of {} does", "không mục nào trong {}"
        return pick((en, vi), lang).format(number(int(note.value), lang))
    holds_inside = note.inside[0].truth is Truth.TRUE
    found = _named(note, lang, detail=not holds_inside)
    return pick((f"found {found}", f"có {found}"), lang) if holds_inside else found


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
    why = reason_words(note.reason, lang)
    if note.value is None:
        return _unknown(node.spot.fact, note.reason, lang)
    if not note.inside:
        en = f"{subject}: the list is not complete: {why}"
        return pick((en, f"{subject}: danh sách chưa đầy đủ: {why}"), lang)
    names = _named(note, lang, detail=True)
    asked = phrase(node.where, lang)
    en = f"{subject}: not known for {names}; asked for {asked}"
    return pick((en, f"{subject}: không rõ với {names}; cần biết {asked}"), lang)


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
