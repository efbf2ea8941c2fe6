r"""Network: adapters and their addresses, the way out, domain or workgroup, what listens.

Source: GetAdaptersAddresses, NetGetJoinInformation, GetExtendedTcpTable and GetExtendedUdpTable;
the machine's proxy in ``Internet Settings``.
"""

from __future__ import annotations

from agents.addresses import address
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import LARGEST, line
from agents.windows import registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

    from agents.machine import Machine

PROXY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings"
#: Per-user proxy settings are the machine's where this policy says 0.
PROXY_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
#: IF_TYPE_* (MS docs, ipifcons.h).
_KINDS = {
    **dict.fromkeys((6, 62, 69, 117), "ethernet"),
    71: "wifi",
    24: "loopback",
    **dict.fromkeys((23, 131), "tunnel"),
    **dict.fromkeys((243, 244), "mobile"),
    53: "virtual",
}
_MOST_SOCKETS = 4096  #: what a report may hold
_MEGABIT = 1_000_000
_LONGEST_PREFIX = 128


def probe(machine: Machine) -> Answers:
    """Ask for adapters, domain, sockets and the proxy."""
    answers = Answers()
    for name in ("addresses", "domain", "sockets"):
        answers.ask(name, machine.value, name)
    answers.ask("proxy", machine.registry_values, PROXY)
    answers.ask("proxy policy", machine.registry_values, PROXY_POLICY)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("domain", _joined_to, answers, "domain")
    facts.put("workgroup", _joined_to, answers, "workgroup")
    facts.put("domain_joined", lambda: _kind_of_join(answers) == "domain")
    facts.put("gateways", _gathered, answers, "gateways")
    facts.put("dns_servers", _gathered, answers, "dns")
    facts.put("proxy", _proxy, answers)
    _list(facts, "interfaces", lambda: [_interface(row) for row in _rows(answers, "addresses")])
    _list(facts, "listening", lambda: _listening(_rows(answers, "sockets")))
    return facts


def _list(facts: Facts, path: str, question: Any) -> None:
    rows = attempt(question)
    if isinstance(rows, Unknown):
        facts.lack(path, rows)
    else:
        facts.rows(path, rows)


def _rows(answers: Answers, name: str) -> list[dict[str, Any]]:
    rows = answers.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unknown("unreadable", name + " gave no list")
    return rows


def _kind_of_join(answers: Answers) -> str:
    """workgroup, domain or unjoined."""
    about = answers.get("domain")
    kind = about.get("kind") if isinstance(about, dict) else None
    if kind not in ("domain", "workgroup", "unjoined"):
        raise Unknown("not_found", "Windows does not tell what this computer is joined to")
    return str(kind)


def _joined_to(answers: Answers, wanted: str) -> str:
    kind = _kind_of_join(answers)
    if kind != wanted:
        raise Unknown("not_found", "this computer is in no " + wanted)
    return line(str(answers.get("domain").get("name", "")))


def _gathered(answers: Answers, name: str) -> list[str]:
    """The addresses of all adapters that are up, each once, in their order."""
    found: list[str] = []
    for row in _rows(answers, "addresses"):
        if row.get("up") is True:
            found += [_plain(one) for one in _listed(row, name)]
    return sorted(set(found), key=found.index)


def _listed(row: dict[str, Any], name: str) -> list[Any]:
    rows = row.get(name)
    if not isinstance(rows, list):
        raise Unknown("unreadable", "an adapter without a list of " + name)
    return rows


def _plain(text: Any) -> str:
    """An IP address in its one usual form, without a zone."""
    if not isinstance(text, str):
        raise Unknown("unreadable", "no IP address: %r" % (text,))
    return address(text.partition("%")[0])


def _proxy(answers: Answers) -> bool:
    """The machine's own setting; where users have their own, it is theirs and not known here."""
    machine = registry.key_or_empty(answers, "proxy", PROXY)
    if machine.has("ProxyEnable"):
        return machine.flag("ProxyEnable")
    policy = registry.key_or_empty(answers, "proxy policy", PROXY_POLICY)
    if policy.number_or("ProxySettingsPerUser", 1) == 0:
        return False
    raise Unknown("not_found", "no proxy of the machine; each user has a setting of their own")


def _interface(row: dict[str, Any]) -> Facts:
    facts = Facts()
    facts.put("name", lambda: line(str(row.get("name", ""))))
    facts.put("kind", _kind, row)
    facts.put("mac", _mac, row, "mac")
    facts.put("permanent_mac", _mac, row, "permanent_mac")
    facts.put("up", _flag, row, "up")
    facts.put("dhcp", _flag, row, "dhcp")
    facts.put("speed", _speed, row)
    _list(facts, "addresses", lambda: [_address(one) for one in _listed(row, "addresses")])
    return facts


def _kind(row: dict[str, Any]) -> str:
    """IfType; an Ethernet adapter without hardware is a virtual one."""
    kind = row.get("type")
    word = _KINDS.get(kind, "other") if type(kind) is int else "other"
    return "virtual" if word == "ethernet" and row.get("hardware") is False else word


def _mac(row: dict[str, Any], name: str) -> str:
    text = row.get(name)
    if text is None:
        raise Unknown("not_supported", "the interface has no MAC address")
    pairs = text.lower().replace("-", ":").split(":") if isinstance(text, str) else []
    if len(pairs) != 6 or not all(len(p) == 2 and set(p) <= set("0123456789abcdef") for p in pairs):  # noqa: PLR2004
        raise Unknown("unreadable", "no MAC address: %r" % (text,))
    return ":".join(pairs)


def _flag(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise Unknown("unreadable", "an adapter without " + name)
    return value


def _speed(row: dict[str, Any]) -> int:
    speed = row.get("speed")
    if type(speed) is not int or not 0 < speed <= LARGEST or not row.get("up"):
        raise Unknown("not_supported", "the link has no speed")
    return speed // _MEGABIT


def _address(one: Any) -> Facts:
    facts = Facts()
    entry = one if isinstance(one, dict) else {}
    facts.put("address", lambda: _plain(entry.get("address")))
    facts.put("prefix", _prefix, entry)
    return facts


def _prefix(entry: dict[str, Any]) -> int:
    prefix = entry.get("prefix")
    if type(prefix) is not int or not 0 <= prefix <= _LONGEST_PREFIX:
        raise Unknown("unreadable", "no prefix length: %r" % (prefix,))
    return prefix


def _listening(rows: Iterable[dict[str, Any]]) -> list[Facts]:
    """A row for each protocol, address and port."""
    found: dict[tuple[str, int, str], Any] = {}
    for row in rows:
        protocol, port = row.get("protocol"), row.get("port")
        if protocol not in ("tcp", "udp") or type(port) is not int or not 0 <= port < 1 << 16:
            raise Unknown("unreadable", "no socket: %r" % (row,))
        key = (str(protocol), port, _plain(row.get("address")))
        found[key] = found.get(key) or row.get("process")
    if len(found) > _MOST_SOCKETS:
        raise Unknown(
            "unreadable", "%d listening sockets; a report holds %d" % (len(found), _MOST_SOCKETS)
        )
    return [_socket(*key, process) for key, process in sorted(found.items(), key=lambda e: e[0])]


def _socket(protocol: str, port: int, local: str, process: Any) -> Facts:
    facts = Facts()
    facts.set("protocol", protocol)
    facts.set("address", local)
    facts.set("port", port)
    facts.set("exposed", not (local.startswith("127.") or local == "::1"))
    facts.put("process", _process, process)
    return facts


def _process(name: Any) -> str:
    if not isinstance(name, str):
        raise Unknown("not_elevated", "the system does not tell whose socket it is")
    return line(name)
