"""Judging devices by a policy.

The generated evaluator for all rules, the reference to explain every non-pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from policies import explain as words
from policies.because import seen_beside
from policies.fast import NEVER, PASS, RESULTS, FastPolicy
from policies.logic import Truth
from policies.reference import Context, Evaluate, Note, Outcome, evaluator
from policies.times import seconds_of
from policies.tree import Policy, Rule

LANGUAGES = ("vi", "en")
_RESULT = {Truth.TRUE: "pass", Truth.FALSE: "fail", Truth.UNKNOWN: "unknown", Truth.ERROR: "error"}


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is known of one device.

    The JSON bytes of its view, and when its report came (None: never).
    """

    device: str
    view: bytes | None
    received_at: datetime | None


class Verdict(msgspec.Struct, frozen=True):
    """One rule's result for one device.

    ``result`` is pass, fail, unknown, error or not_applicable; ``reason`` the code behind an
    unknown or an error, else empty. ``evidence`` names the paths looked at with their values. The
    two hashes let the verdict be replayed: the rule as it stood, and the SHA-256 of the view's
    bytes (empty when there was none).
    """

    device: str
    rule: str
    result: str
    reason: str
    explanation_vi: str
    explanation_en: str
    evidence: tuple[dict[str, object], ...]
    rule_hash: str
    facts_hash: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A result with what explains it, before it is tied to a device."""

    result: str
    reason: str = ""
    vi: str = ""
    en: str = ""
    evidence: tuple[dict[str, object], ...] = ()


class Judge:
    """A policy made ready for judging; kept for the next call by ``judge_for``."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.fast = FastPolicy(policy)
        self._closures: dict[str, tuple[Evaluate | None, Evaluate]] = {}

    def judge(self, facts: DeviceFacts, now: int, *, explain: bool) -> list[Verdict]:
        """All rules on one device."""
        digest = hashlib.sha256(facts.view).hexdigest() if facts.view is not None else ""
        age = None if facts.received_at is None else max(0, now - seconds_of(facts.received_at))
        quick = self._quick(facts.view, now, age)
        view: _View | None = None
        verdicts = []
        for at, rule in enumerate(self.policy.rules):
            if quick is not None and (quick[at] == PASS or not explain):
                result = RESULTS[quick[at]]
                verdicts.append(
                    Verdict(facts.device, rule.id, result, "", "", "", (), rule.hash, digest)
                )
            else:
                view = view or _View(facts.view, now, age)
                verdicts.append(_verdict(facts.device, rule, self.explained(rule, view), digest))
        return verdicts

    def _quick(self, view: bytes | None, now: int, age: float | None) -> tuple[int, ...] | None:
        """The generated evaluator's codes; None where only the reference can say what is wrong."""
        if view is None:
            return None
        try:
            return self.fast(view, now, NEVER if age is None else age)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def explained(self, rule: Rule, view: _View) -> _Said:
        """The reference's result, with the reason for it."""
        if view.never:
            vi, en = map(words.never_reported, LANGUAGES)
            return _Said("unknown", "never_reported", vi, en)
        if rule.fresh is not None and (view.age is None or view.age > rule.fresh):
            vi, en = (words.too_old(rule, view.age, lang) for lang in LANGUAGES)
            return _Said("unknown", "too_old", vi, en)
        if view.facts is None:
            en = "The stored facts of this machine cannot be read."
            return _Said("error", "wrong_type", "Không đọc được dữ liệu đã lưu của máy này.", en)
        applies_to, require = self._pair(rule)
        if applies_to is not None:
            outcome = applies_to(view.context, view.facts, ())
            if outcome.truth is not Truth.TRUE:
                return _scope(outcome, view.age)
        return _told(require(view.context, view.facts, ()), view.age, view.facts)

    def _pair(self, rule: Rule) -> tuple[Evaluate | None, Evaluate]:
        if rule.id not in self._closures:
            applies_to = evaluator(rule.applies_to) if rule.applies_to is not None else None
            self._closures[rule.id] = (applies_to, evaluator(rule.require))
        return self._closures[rule.id]


class _View:
    """A view decoded as plain dicts and lists, for the reference."""

    def __init__(self, raw: bytes | None, now: int, age: float | None) -> None:
        self.never = raw is None
        self.age = age
        plain = _plain(raw or b"")
        facts = plain.get("facts")
        self.facts = ({} if facts is None else facts) if plain else None
        self.context = Context(_table(plain.get("unknown")), now)


def _plain(raw: bytes) -> dict[str, Any]:
    try:
        plain = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return {"facts": None} | plain if isinstance(plain, dict) else {}


def _table(unknown: Any) -> Mapping[str, str]:
    """The table of unknowns, path to reason; an entry that is not understood is still an entry."""
    if not isinstance(unknown, dict):
        return {}
    found = {}
    for path, why in unknown.items():
        reason = why.get("reason", "not_reported") if isinstance(why, dict) else None
        found[path] = reason if isinstance(reason, str) else "unreadable"
    return found


def _told(outcome: Outcome, age: float | None, facts: Mapping[str, Any]) -> _Said:
    result = _RESULT[outcome.truth]
    vi, en = (
        words.explanation(outcome, lang, age) + seen_beside(outcome.notes, facts, lang)
        for lang in LANGUAGES
    )
    return _Said(result, _reason(outcome), vi, en, words.evidence(outcome.notes))


def _scope(outcome: Outcome, age: float | None) -> _Said:
    """The result where ``applies_to`` is not true: not applicable, unknown or an error."""
    if outcome.truth is Truth.FALSE:
        vi, en = (words.does_not_apply(outcome, lang) for lang in LANGUAGES)
        return _Said("not_applicable", "", vi, en, words.evidence(outcome.notes))
    vi, en = (words.may_not_apply(outcome, lang, age) for lang in LANGUAGES)
    return _Said(_RESULT[outcome.truth], _reason(outcome), vi, en, words.evidence(outcome.notes))


def _reason(outcome: Outcome) -> str:
    """The code behind an unknown or an error: the first one noted."""
    if outcome.truth not in (Truth.UNKNOWN, Truth.ERROR):
        return ""
    reasons = (_first(note) for note in outcome.notes)
    return next((reason for reason in reasons if reason), "not_reported")


def _first(note: Note) -> str | None:
    inside = (inner.reason for outcome in note.inside for inner in outcome.notes if inner.reason)
    return note.reason or next(inside, None)


def _verdict(device: str, rule: Rule, said: _Said, facts_hash: str) -> Verdict:
    return Verdict(
        device,
        rule.id,
        said.result,
        said.reason,
        said.vi,
        said.en,
        said.evidence,
        rule.hash,
        facts_hash,
    )


_ready: dict[tuple[str, ...], Judge] = {}
_MOST_READY = 32  #: policies kept compiled


def judge_for(policy: Policy) -> Judge:
    """The policy made ready for judging; made once for each content."""
    key = (policy.hash, *(rule.hash for rule in policy.rules))
    if key not in _ready:
        while len(_ready) >= _MOST_READY:
            _ready.pop(next(iter(_ready)))
        _ready[key] = Judge(policy)
    return _ready[key]


def judge(
    policy: Policy, views: Sequence[DeviceFacts], now: datetime, *, explain: bool = True
) -> list[Verdict]:
    """Every rule of a policy on every device, device by device in the order of the rules.

    Args:
        policy: a loaded policy.
        views: what is known of each device; a device that never reported has no view.
        now: the moment of judging, with a time zone.
        explain: give every result but a pass its reason, explanation and evidence; without it
            only results
            are certain to be filled in.
    """
    ready, moment = judge_for(policy), seconds_of(now)
    return [verdict for facts in views for verdict in ready.judge(facts, moment, explain=explain)]


def open_verdict(policy: Policy, rule_id: str, facts: DeviceFacts, now: datetime) -> Verdict:
    """One verdict with its explanation and evidence, whatever its result.

    Also why a pass is a pass.

    Raises:
        KeyError: the policy has no such rule.
    """
    ready, rule, moment = judge_for(policy), policy.rule(rule_id), seconds_of(now)
    age = None if facts.received_at is None else max(0, moment - seconds_of(facts.received_at))
    digest = hashlib.sha256(facts.view).hexdigest() if facts.view is not None else ""
    said = ready.explained(rule, _View(facts.view, moment, age))
    return _verdict(facts.device, rule, said, digest)
