"""An old verdict, judged again: the rule as it stood, on the facts as they were, at that moment.

Both are kept by their hashes (`inventory.judged`), and a content that does not give its hash is not
used. A waiver is applied after judging: a result ``waived`` replays as the fail that it excepts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from inventory import findings, judged
from inventory.catalogue import catalogue
from inventory.judged import JudgedView
from inventory.store import Store
from inventory.times import moment
from policies.cross_examination import examined
from policies.judge import DeviceFacts, Verdict, judge
from policies.tree import (
    Bound,
    Condition,
    Every,
    Exists,
    Fleet,
    Opposite,
    Other,
    Policy,
    Quantified,
    Rule,
    Some,
    Spot,
    Test,
    WhenMissing,
    Words,
    rule_content,
)

_SAME = {"waived": "fail"}  #: what a recorded result is before waivers


@dataclass(frozen=True, slots=True)
class Replay:
    """One transition judged again.

    ``agrees``: None where rule or facts were not kept, with ``missing`` saying which.
    """

    at: str
    recorded: str
    rule_hash: str
    facts_hash: str
    verdict: Verdict | None = None
    missing: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether it came out as it was recorded."""
        if self.verdict is None:
            return None
        return self.verdict.result == _SAME.get(self.recorded, self.recorded)


def replays(store: Store, policy: str, device: str, rule: str) -> list[Replay]:
    """Every turn of one rule's result on one device, judged again, the oldest first."""
    return [
        _replay(store, device, one)
        for one in findings.history(store, device, rule)
        if one["policy"] == policy
    ]


def _replay(store: Store, device: str, turn: dict[str, Any]) -> Replay:
    made = Replay(turn["at"], turn["new"], turn["rule_hash"], turn["facts_hash"])
    content = judged.rule(store, made.rule_hash)
    if content is None or hashlib.sha256(content).hexdigest() != made.rule_hash:
        return _lacking(made, "rule")
    seen = judged.view(store, made.facts_hash) if made.facts_hash else _NEVER
    if seen is None or (made.facts_hash and _digest(seen) != made.facts_hash):
        return _lacking(made, "facts")
    return _judged(made, device, restored(content), seen)


def _lacking(made: Replay, what: str) -> Replay:
    return Replay(made.at, made.recorded, made.rule_hash, made.facts_hash, missing=what)


_NEVER = JudgedView(b"", (), None, None)


def _digest(seen: JudgedView) -> str:
    return hashlib.sha256(seen.view).hexdigest()


def _judged(made: Replay, device: str, rule: Rule, seen: JudgedView) -> Replay:
    nothing = Words("", "")
    policy = Policy("replay", 0, nothing, (rule,), "", made.rule_hash)
    known = DeviceFacts(device, seen.view or None, seen.received_at, seen.seen_at)
    verdicts = judge(policy, [known], moment(made.at))
    (verdict,) = examined(policy, verdicts, {device: seen.compared})
    return Replay(made.at, made.recorded, made.rule_hash, made.facts_hash, verdict)


def restored(content: bytes) -> Rule:
    """The rule whose `rule_content` this is; what decides nothing is empty.

    Raises:
        KeyError: it names a fact or a node that this release does not know.
    """
    plain = msgspec.json.decode(content)
    nothing = Words("", "")
    applies_to, require = (_condition(plain[key], "") for key in ("applies_to", "require"))
    if require is None:
        raise KeyError("require")
    made = Rule(
        id=plain["id"],
        title=nothing,
        severity=plain["severity"],
        applies_to=applies_to,
        require=require,
        fresh=plain["fresh"],
        fleet=Fleet(Decimal(plain["pass_at_least"])),
        place=(0, 0),
        for_each=plain["for_each"],
        sources=tuple(plain["sources"]),
    )
    if rule_content(made) != content:
        raise KeyError(plain["id"])
    return made


def _condition(node: Any, base: str) -> Condition | None:
    if node is None:
        return None
    kind, *rest = node
    if kind in ("every", "some"):
        parts = tuple(one for part in rest if (one := _condition(part, base)) is not None)
        return Every(parts) if kind == "every" else Some(parts)
    if kind == "not":
        return Opposite(_needed(rest[0], base))
    spot = _spot(rest[0], base)
    if kind == "test":
        return Test(spot, rest[1], _argument(rest[2]))
    if kind == "exists":
        return Exists(spot, rest[1])
    if kind == "missing":
        return WhenMissing(spot, rest[1], _needed(rest[2], base))
    bounds = tuple(Bound(name, _argument(value)) for name, value in rest[2])
    return Quantified(spot, kind, _condition(rest[1], rest[0]), bounds)


def _needed(node: Any, base: str) -> Condition:
    found = _condition(node, base)
    if found is None:
        raise KeyError("condition")
    return found


def _spot(path: str, base: str) -> Spot:
    """A place in the document, or in one element of the list that is looked at."""
    inside = path[len(base) :].lstrip(".") if base else path
    return Spot(catalogue().facts[path], base, tuple(inside.split(".")) if inside else ())


def _argument(value: Any) -> Any:
    if isinstance(value, dict):
        return Other(catalogue().facts[value["fact"]])
    return tuple(value) if isinstance(value, list) else value
