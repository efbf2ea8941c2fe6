"""Match expressions of nftables' JSON: a left side, an operator, and values on the right."""

from __future__ import annotations

from agents.linux import names
from agents.linux.names import any_of, inverted
from agents.linux.stranger import MAYBE, NO, Test, both

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

    from agents.linux.stranger import Stranger

    Meets = Callable[[Stranger, Any, Any], str]

_NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
_LAST_PORT = 65535
_OTHER_PROTOCOLS = frozenset(
    ["icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "ah", "esp", "comp", "arp", "gre"]
)


class Reader:
    """Tests from one table's match expressions; ``sets`` are that table's named sets and maps."""

    def __init__(
        self, sets: dict[str, list[Any]], *, marks_are_set: bool, untracked_exist: bool
    ) -> None:
        self._sets = sets
        self._marks_are_set = marks_are_set
        self._untracked = MAYBE if untracked_exist else NO

    def match(self, body: dict[str, Any]) -> Test:
        """The test of one ``match``."""
        left, operator, right = body["left"], body.get("op", "=="), body["right"]
        text = "%s %s %s" % (_words(left), operator, _words(right))
        return Test(lambda stranger: self._compare(stranger, left, operator, right), text)

    def entries(self, body: dict[str, Any]) -> Iterator[tuple[Test, Any]]:
        """The entries of a verdict map: a test of its key, and the verdict."""
        for value, verdict in self._elements(body["data"]):
            yield self.match({"left": body["key"], "right": value}), verdict

    def _compare(self, stranger: Stranger, left: Any, operator: str, right: Any) -> str:
        try:
            if not _applies(stranger, left):
                return NO
            if operator in ("<", ">", "<=", ">="):
                return self._any(stranger, left, [{"range": _bounds(operator, int(right))}])
            found = self._any(stranger, left, self._elements(right))
        except _NOT_UNDERSTOOD:
            return MAYBE
        return inverted(found) if operator == "!=" else found

    def _any(self, stranger: Stranger, left: Any, values: list[Any]) -> str:
        return any_of([self._one(stranger, left, value) for value in values])

    def _elements(self, right: Any) -> list[Any]:
        """The values on the right: those of a named or anonymous set, or a single one."""
        if isinstance(right, str) and right.startswith("@"):
            return [_bare(element) for element in self._sets[right[1:]]]
        if isinstance(right, dict) and "set" in right:
            return [_bare(element) for element in right["set"]]
        return list(right) if isinstance(right, list) else [right]

    def _one(self, stranger: Stranger, left: dict[str, Any], value: Any) -> str:
        ((kind, body),) = left.items()
        if kind == "concat":
            parts = value["concat"]
            return both(self._one(stranger, part, parts[i]) for i, part in enumerate(body))
        if kind == "&":
            return self._masked(stranger, body, value)
        readings: dict[str, Meets] = {
            "meta": self._meta,
            "payload": _payload,
            "ct": self._tracking,
            "fib": _fib,
        }
        if kind in readings:
            return readings[kind](stranger, body, value)
        return NO if kind in ("exthdr", "socket") else MAYBE

    def _meta(self, stranger: Stranger, body: dict[str, Any], value: Any) -> str:
        key = body["key"]
        if key in ("iifname", "iif"):
            return names.interface(stranger, str(value))
        if key == "l4proto":
            return _protocol(stranger, value)
        if key in ("nfproto", "protocol"):
            return _family(stranger, value)
        if key == "pkttype":
            return names.packet_type(str(value))
        if key == "mark" and not self._marks_are_set:
            return names.answer(int(value) == 0)
        if key == "iiftype" and value == "loopback":
            return NO
        return MAYBE

    def _tracking(self, stranger: Stranger, body: dict[str, Any], value: Any) -> str:
        key = body["key"]
        if key == "state":
            return names.state(str(value), self._untracked)
        if key == "direction":
            return names.answer(value == "original")
        if key in ("status", "helper"):
            return NO
        return MAYBE

    def _masked(self, stranger: Stranger, body: list[Any], value: Any) -> str:
        """``left & mask``: TCP flags and marks."""
        left, mask = body
        if _is(left, "payload", "flags"):
            return names.answer(names.SYN & _flags(mask) == _flags(value))
        if _is(left, "meta", "mark") and not self._marks_are_set:
            return names.answer(int(value) == 0)
        return MAYBE


def _is(left: Any, kind: str, word: str) -> bool:
    return isinstance(left, dict) and word in (left.get(kind) or {}).values()


def _bare(element: Any) -> Any:
    """An element of a set without its time-out, counter or comment; of a map, with its value."""
    if isinstance(element, list):
        return [_bare(element[0]), *element[1:]]
    if isinstance(element, dict) and "elem" in element:
        return element["elem"]["val"]
    return element


def _applies(stranger: Stranger, left: Any) -> bool:
    """Whether the packet has the header that the left side reads.

    Without it a rule does not match at all.
    """
    if not isinstance(left, dict):
        return True
    ((kind, body),) = left.items()
    if kind in ("concat", "&"):
        return all(_applies(stranger, part) for part in body)
    if kind != "payload":
        return True
    protocol = body.get("protocol")
    if protocol in ("tcp", "udp"):
        return bool(protocol == stranger.protocol)
    if protocol in ("ip", "ip6"):
        return bool((protocol == "ip") == (stranger.family == "ipv4"))
    return protocol not in _OTHER_PROTOCOLS


def _payload(stranger: Stranger, body: dict[str, Any], value: Any) -> str:
    field = body["field"]
    if field in ("dport", "sport"):
        return _ports(value)
    if field in ("saddr", "daddr") and body["protocol"] in ("ip", "ip6"):
        return _address(stranger, value, field)
    if field in ("protocol", "nexthdr"):
        return _protocol(stranger, value)
    if body["protocol"] == "ether":
        return _family(stranger, value) if field == "type" else NO if field == "saddr" else MAYBE
    if field == "flags":
        return names.answer(bool(names.SYN & _flags(value)))
    return MAYBE


def _ports(value: Any) -> str:
    first, last = value["range"] if isinstance(value, dict) else (value, value)
    return names.ports(int(first), int(last))


def _address(stranger: Stranger, value: Any, field: str) -> str:
    if isinstance(value, str):
        first, wide = value, names.addresses(stranger, value, value)
    elif "prefix" in value:
        first = value["prefix"]["addr"]
        wide = names.prefix(stranger, first, int(value["prefix"]["len"]))
    else:
        first, last = value["range"]
        wide = names.addresses(stranger, first, last)
    return names.own(first, wide) if field == "daddr" else wide


def _protocol(stranger: Stranger, value: Any) -> str:
    if isinstance(value, dict):
        return MAYBE
    return names.protocol(stranger, str(value)) if value != 0 else NO


def _family(stranger: Stranger, value: Any) -> str:
    return names.answer(
        str(value) in ({"ipv4": ("ipv4", "ip")}.get(stranger.family, ("ipv6", "ip6")))
    )


def _fib(stranger: Stranger, body: dict[str, Any], value: Any) -> str:
    """Routing lookups: the destination's type, and the way back to the source (there is one)."""
    flags = body["flags"]
    if body["result"] == "type":
        return names.address_type(str(value)) if "daddr" in flags else names.source_type(str(value))
    if "saddr" in flags and isinstance(value, bool):
        return names.answer(value)
    return MAYBE


def _flags(value: Any) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, dict):
        value = value["|"]
    return sum(names.TCP_FLAGS[word] for word in ([value] if isinstance(value, str) else value))


def _bounds(operator: str, value: int) -> list[int]:
    return {
        "<": [0, value - 1],
        "<=": [0, value],
        ">": [value + 1, _LAST_PORT],
        ">=": [value, _LAST_PORT],
    }[operator]


def _words(expression: Any) -> str:
    """A short form of an expression, for people; not nft's own syntax in every detail."""
    if isinstance(expression, dict):
        return " ".join(
            _words(body)
            if kind in ("meta", "payload", "ct", "key", "protocol", "field", "set")
            else "%s %s" % (kind, _words(body))
            for kind, body in expression.items()
        )
    if isinstance(expression, list):
        return ",".join(_words(part) for part in expression)
    return str(expression)
