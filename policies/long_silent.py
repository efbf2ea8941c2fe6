"""No pass rests on what was said long ago, whatever a rule says of how old facts may be.

A machine whose agent fell silent, or that no scan has seen for long, is counted as such and is
unknown, never a pass. ``fresh`` may ask for younger facts; a longer one only keeps a fail a fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from inventory.coverage import SEEN_WITHIN, SILENT_AFTER
from inventory.devices import DeviceView
from language.texts import LANGUAGES
from policies import explain
from policies.judge import Verdict
from policies.tree import Policy, Rule

#: reason → whose word it is, and for how long a pass may rest on it
_SPANS = {"too_old": ("agent", SILENT_AFTER), "scan_too_old": ("scan", SEEN_WITHIN)}
_LEAST = min(span for _, span in _SPANS.values()).total_seconds()


def heard_lately(
    policy: Policy, verdicts: Iterable[Verdict], machines: Iterable[DeviceView], now: datetime
) -> list[Verdict]:
    """The verdicts, each pass only where the witnesses of its rule spoke lately."""
    lasting = {rule.id: rule for rule in policy.rules if rule.fresh is None or rule.fresh > _LEAST}
    about = {one.device: one for one in machines} if lasting else {}
    return [
        _held(one, lasting[one.rule], about[one.device], now)
        if one.result == "pass" and one.rule in lasting
        else one
        for one in verdicts
    ]


def ends(rule: Rule, reported: datetime | None, seen: datetime | None) -> Iterator[datetime]:
    """The last moments of what the witnesses of a rule said: by its ``fresh``, and as above."""
    own = [] if rule.fresh is None else [timedelta(seconds=rule.fresh)]
    for heard, (_, span) in zip((reported, seen), _SPANS.values(), strict=True):
        if heard is not None:
            yield from (heard + one for one in (span, *own))


def _held(verdict: Verdict, rule: Rule, machine: DeviceView, now: datetime) -> Verdict:
    heard: Mapping[str, datetime | None] = {"agent": machine.received_at, "scan": machine.seen_at}
    for reason, (witness, span) in _SPANS.items():
        at = heard[witness]
        if witness in rule.witnesses and at is not None and now - at > span:
            return _unknown(verdict, rule, reason, (now - at, span))
    return verdict


def _unknown(
    verdict: Verdict, rule: Rule, reason: str, spans: tuple[timedelta, timedelta]
) -> Verdict:
    age, allowed = (one.total_seconds() for one in spans)
    bounded = msgspec.structs.replace(rule, fresh=int(allowed))
    vi, en = (explain.silent(bounded, reason, age, age, lang) for lang in LANGUAGES)
    said = {"explanation_vi": vi, "explanation_en": en}
    return msgspec.structs.replace(verdict, result="unknown", reason=reason, **said)
