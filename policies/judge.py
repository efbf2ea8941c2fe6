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

from language.texts import LANGUAGES, both
from policies import explain as words
from policies.because import seen_beside
from policies.codes import DEFERRED, PASS, RESULTS
from policies.fast import FastPolicy
from policies.logic import Truth
from policies.reference import Context, Evaluate, Note, Outcome, evaluator
from policies.times import seconds_of
from policies.tree import Policy, Rule

#: bytes of a view that are judged: a PC's has 15 to 300 KB, a Linux desktop of 4,000 packages 600.
#: The worst pattern on the largest list then stays below 50 ms; of more, every rule is unknown.
MAX_VIEW = 640 * 1024
_RESULT = {Truth.TRUE: "pass", Truth.FALSE: "fail", Truth.UNKNOWN: "unknown", Truth.ERROR: "error"}


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is known of one device.

    The JSON bytes of its view, when its report came and when a scan saw it (None: never).
    """

    device: str
    view: bytes | None
    received_at: datetime | None
    seen_at: datetime | None = None


class Verdict(msgspec.Struct, frozen=True, gc=False):  # a fleet has thousands, never a circle
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
        self._witnesses = {rule.id: rule.witnesses for rule in policy.rules}
        #: whether others than the agent are heard: few rules, whose witnesses the reference checks
        self._beside = [not rule.witnesses <= {"agent", "server"} for rule in policy.rules]

    def judge(self, facts: DeviceFacts, now: int, *, explain: bool) -> list[Verdict]:
        """All rules on one device."""
        digest = hashlib.sha256(facts.view).hexdigest() if facts.view is not None else ""
        age = _age(facts.received_at, now)
        quick = None if age is None else self._quick(facts.view, now, age)
        view: _View | None = None
        verdicts = []
        for at, (rule, beside) in enumerate(zip(self.policy.rules, self._beside, strict=True)):
            code = DEFERRED if quick is None or beside else quick[at]
            if code == PASS or (not explain and code != DEFERRED):
                result = RESULTS[code]
                verdicts.append(
                    Verdict(facts.device, rule.id, result, "", "", "", (), rule.hash, digest)
                )
            else:
                view = view or _View(facts, now)
                verdicts.append(_verdict(facts.device, rule, self.explained(rule, view), digest))
        return verdicts

    def _quick(self, view: bytes | None, now: int, age: float) -> bytes | None:
        """The generated evaluator's codes; None where only the reference can say what is wrong."""
        if view is None or len(view) > MAX_VIEW:
            return None
        try:
            return self.fast(view, now, age)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def explained(self, rule: Rule, view: _View) -> _Said:
        """The reference's result, with the reason for it."""
        reason = self._silent(rule, view)
        if reason is not None:
            vi, en = (words.silent(rule, reason, view.age, view.seen, lang) for lang in LANGUAGES)
            return _Said("unknown", reason, vi, en)
        if view.facts is None:
            unread = both("The stored facts of this machine cannot be read.")
            return _Said("error", "wrong_type", unread["vi"], unread["en"])
        applies_to, require = self._pair(rule)
        if applies_to is not None:
            outcome = applies_to(view.context, view.facts, ())
            if outcome.truth is not Truth.TRUE:
                return _scope(outcome, view.age)
        return _told(require(view.context, view.facts, ()), view.age, view.facts)

    def _silent(self, rule: Rule, view: _View) -> str | None:
        """Why a witness whom the rule needs is not heard; None where all are."""
        asked = self._witnesses[rule.id]
        if view.never or ("agent" in asked and view.unreported):
            return "never_reported"
        if view.too_large:
            return "too_large"
        if "scan" in asked and view.seen is None:
            return "no_scan"
        if "register" in asked and view.facts is not None and "register" not in view.facts:
            return "not_registered"
        return None if rule.fresh is None else _stale(rule.fresh, asked, view)

    def _pair(self, rule: Rule) -> tuple[Evaluate | None, Evaluate]:
        if rule.id not in self._closures:
            applies_to = evaluator(rule.applies_to) if rule.applies_to is not None else None
            self._closures[rule.id] = (applies_to, evaluator(rule.require))
        return self._closures[rule.id]


class _View:
    """A view decoded as plain dicts and lists, for the reference."""

    def __init__(self, known: DeviceFacts, now: int) -> None:
        self.never = known.view is None
        self.age = _age(known.received_at, now)
        self.seen = _age(known.seen_at, now)
        self.too_large = known.view is not None and len(known.view) > MAX_VIEW
        plain = {} if self.too_large else _plain(known.view or b"")
        facts = plain.get("facts")
        self.facts = ({} if facts is None else facts) if plain else None
        self.context = Context(_table(plain.get("unknown")), now, self.facts)
        self.unreported = self.context.unknown.get("agent") == "never_reported"


def _age(at: datetime | None, now: int) -> float | None:
    """Seconds since a moment; a clock that is ahead makes nothing younger than now."""
    return None if at is None else max(0, now - seconds_of(at))


def _stale(fresh: int, asked: frozenset[str], view: _View) -> str | None:
    """Whose word is older than the rule allows."""
    if "scan" in asked and view.seen is not None and view.seen > fresh:
        return "scan_too_old"
    by_report = "agent" in asked or not asked & {"scan", "register"}
    return "too_old" if by_report and (view.age is None or view.age > fresh) else None


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
    digest = hashlib.sha256(facts.view).hexdigest() if facts.view is not None else ""
    said = ready.explained(rule, _View(facts, moment))
    return _verdict(facts.device, rule, said, digest)
