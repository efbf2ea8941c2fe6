"""Reading ``nft -j list ruleset`` into the rules of `agents.linux.stranger`.

The JSON is described in libnftables-json(5). What is not understood becomes an unclear rule, never
a guess.
"""

from __future__ import annotations

import json

from agents.linux.nft_match import Reader
from agents.linux.stranger import (
    ACCEPT,
    DROP,
    MAYBE,
    NO,
    NOTHING,
    RETURN,
    UNNAMED,
    Action,
    BaseChain,
    Rule,
    Test,
)
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Table = tuple[str, str]

INBOUND_HOOKS = ("ingress", "prerouting", "input")
_FAMILIES = {
    "ip": ("ipv4",),
    "ip6": ("ipv6",),
    "inet": ("ipv4", "ipv6"),
    "netdev": ("ipv4", "ipv6"),
}
_VERDICTS = {"accept": ACCEPT, "drop": DROP, "reject": DROP, "return": RETURN, "continue": NOTHING}
_NO_VERDICT = frozenset(
    [
        "counter",
        "log",
        "mangle",
        "notrack",
        "ct helper",
        "ct timeout",
        "ct expectation",
        "secmark",
        "flow",
        "dup",
        "comment",
        "last",
        "set",
        "map",
        "quota",
    ]
)
_TRANSLATIONS = frozenset(["snat", "dnat", "masquerade", "redirect"])
_XT_NO_VERDICT = frozenset(
    [
        "LOG",
        "NFLOG",
        "MARK",
        "CONNMARK",
        "TRACE",
        "TCPMSS",
        "SECMARK",
        "CONNSECMARK",
        "CT",
        "NOTRACK",
        "CLASSIFY",
        "DSCP",
        "TOS",
        "CHECKSUM",
        "SET",
        "AUDIT",
        "TTL",
        "HL",
        "LED",
        "RATEEST",
    ]
)
_NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)


class Ruleset:
    """What one family of tools has put into the kernel."""

    def __init__(self) -> None:
        self.chains: dict[Table, dict[str, list[Rule]]] = {}
        self.base: dict[tuple[Table, str], list[dict[str, Any]]] = {}
        self.opaque: set[Table] = set()
        self.rules_count = 0

    def inbound(self) -> list[BaseChain]:
        """The base chains that inbound packets pass, with the chains they may jump to."""
        found: list[BaseChain] = []
        for (table, name), heads in self.base.items():
            chains = self.chains[table]
            found.extend(
                BaseChain(
                    name=name, table=" ".join(table), rules=chains[name], chains=chains, **head
                )
                for head in heads
            )
        return found


def read(text: str) -> Ruleset:
    """The ruleset in ``text``.

    Raises:
        Unknown: the text is not what nft prints.
    """
    try:
        items = json.loads(text)["nftables"]
        objects = [(kind, body) for item in items for kind, body in item.items()]
        return _ruleset(objects, text)
    except _NOT_UNDERSTOOD as fault:
        raise Unknown("unreadable", "nft -j list ruleset: %s" % fault) from None


def _ruleset(objects: list[tuple[str, Any]], text: str) -> Ruleset:
    ruleset = Ruleset()
    dormant = {
        (body["family"], body["name"])
        for kind, body in objects
        if kind == "table" and "dormant" in (body.get("flags") or ())
    }
    sets = {
        (body["family"], body["table"], body["name"]): body.get("elem") or []
        for kind, body in objects
        if kind in ("set", "map")
    }
    for kind, body in objects:
        if kind == "chain":
            _add_chain(ruleset, body, dormant)
    for kind, body in objects:
        if kind == "rule":
            _add_rule(ruleset, body, sets, text)
    return ruleset


def _add_chain(ruleset: Ruleset, body: dict[str, Any], dormant: set[Table]) -> None:
    table, name = (str(body["family"]), str(body["table"])), str(body["name"])
    ruleset.chains.setdefault(table, {})[name] = []
    if body.get("hook") in INBOUND_HOOKS and table[0] in _FAMILIES and table not in dormant:
        # nft before 1.0.9 leaves the device out of its JSON.
        devices = body.get("dev") or (UNNAMED if body["hook"] == "ingress" else None)
        ruleset.base[table, name] = [
            {
                "families": _FAMILIES[table[0]],
                "device": device,
                "kind": str(body.get("type", "filter")),
                "policy": _VERDICTS[body.get("policy", "accept")],
            }
            for device in (devices if isinstance(devices, list) else [devices])
        ]


def _add_rule(ruleset: Ruleset, body: dict[str, Any], sets: dict[Any, Any], text: str) -> None:
    table = (str(body["family"]), str(body["table"]))
    reader = Reader(
        {name: elements for (*place, name), elements in sets.items() if tuple(place) == table},
        marks_are_set='"mangle"' in text or '"xt"' in text,
        untracked_exist='"notrack"' in text or '"xt"' in text,
    )
    expressions = body.get("expr") or []
    if any("xt" in expression for expression in expressions):
        ruleset.opaque.add(table)
    rules = ruleset.chains[table][str(body["chain"])]
    try:
        rules.extend(_rules(expressions, reader))
    except _NOT_UNDERSTOOD:
        words = json.dumps(expressions)
        rules.append(Rule((), Action("unclear", words), words))
    ruleset.rules_count += 1


def _rules(expressions: list[dict[str, Any]], reader: Reader) -> list[Rule]:
    """One rule, or one for each entry of a verdict map."""
    tests: list[Test] = []
    limited = False
    for expression in expressions:
        ((kind, body),) = expression.items()
        if kind == "match":
            tests.append(reader.match(body))
        elif kind == "vmap":
            return [
                _rule([*tests, test], _verdict(verdict), limited)
                for test, verdict in reader.entries(body)
            ]
        elif kind in ("limit", "ct count", "meter", "set", "map", "quota") and _counts(kind, body):
            if _over(body):
                tests.append(Test(lambda _: NO, kind + " over"))
            else:
                limited = True
        elif kind == "xt" and body["type"] == "match":
            if body["name"] != "comment":
                tests.append(Test(lambda _: MAYBE, "xt " + str(body["name"])))
        elif kind not in _NO_VERDICT:
            return [_rule(tests, _action(kind, body), limited)]
    return [_rule(tests, NOTHING, limited)]


def _counts(kind: str, body: Any) -> bool:
    """Whether a statement lets only some packets pass it."""
    return (
        kind not in ("set", "map") or "limit" in json.dumps(body) or "ct count" in json.dumps(body)
    )


def _over(body: Any) -> bool:
    return '"inv": true' in json.dumps(body)


def _rule(tests: list[Test], action: Action, limited: bool) -> Rule:
    if limited and action.kind != "accept":
        # Below its limit the stranger meets the rule, above it not. For an accept the first packet
        # decides.
        tests = [*tests, Test(lambda _: MAYBE, "limit")]
    words = [test.text for test in tests] + [" ".join(action).strip()]
    return Rule(tuple(tests), action, " ".join(words))


def _verdict(body: dict[str, Any]) -> Action:
    ((kind, inside),) = body.items()
    return _action(kind, inside)


def _action(kind: str, body: Any) -> Action:
    if kind in _VERDICTS:
        return _VERDICTS[kind]
    if kind in ("jump", "goto"):
        return Action(kind, str(body["target"]))
    if kind in _TRANSLATIONS:
        return ACCEPT
    if kind == "fwd":
        return DROP
    if kind == "xt" and body.get("type") in ("target", "watcher"):
        return xt_target(str(body["name"]))
    return Action("unclear", kind)


def xt_target(name: str) -> Action:
    """What a target of iptables does, by its name."""
    if name in ("REJECT", "DROP", "TARPIT", "STEAL"):
        return DROP
    if name in _XT_NO_VERDICT:
        return NOTHING
    if name in ("DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP", "ACCEPT"):
        return ACCEPT
    return RETURN if name == "RETURN" else Action("unclear", name)
