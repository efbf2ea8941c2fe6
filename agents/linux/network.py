"""Network: interfaces and their addresses, the way out, names, and the sockets that listen."""

from __future__ import annotations

import socket

from agents.addresses import address, of_interface
from agents.linux import sockets
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import integer, line, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

_CLASS = "/sys/class/net"
_FILES = ("address", "operstate", "type", "addr_assign_type", "speed", "uevent")
_RESOLVED = "/run/systemd/resolve/resolv.conf"
_LEASE_FOLDERS = (
    "/var/lib/dhcp",
    "/var/lib/dhclient",
    "/var/lib/NetworkManager",
    "/var/lib/dhcpcd",
)
_JOINED = ("/etc/sssd/sssd.conf", "/etc/samba/smb.conf", "/etc/krb5.keytab")
_LOOPBACK, _ETHERNET = 772, 1  #: ARPHRD_* of linux/if_arp.h
_TUNNELS = frozenset(
    [512, 768, 769, 776, 778, 65534]
)  #: PPP, IPIP, IP6IP6, SIT, GRE, none (tun, WireGuard)
_ROUTE, _ROUTE6 = 8, 10  #: columns of a route, at least
_ANY_IPV4, _ANY_IPV6 = "0" * 8, "0" * 32
_IPV4_BYTES, _IPV6_BYTES = 4, 16


def probe(machine: Machine) -> Answers:
    """Ask for the interfaces, routes, resolver, leases and socket tables."""
    answers = Answers()
    names = answers.ask("names", machine.list_dir, _CLASS)
    for name in [] if isinstance(names, Unknown) else names:
        folder = "%s/%s" % (_CLASS, name)
        answers.ask(name + " parts", machine.list_dir, folder)
        for file in _FILES:
            answers.ask("%s %s" % (name, file), machine.read_file, "%s/%s" % (folder, file))
    answers.ask("addresses", machine.value, "addresses")
    answers.ask("routes", machine.read_file, "/proc/net/route")
    answers.ask("routes6", machine.read_file, "/proc/net/ipv6_route")
    resolver = answers.ask("resolver", machine.read_file, "/etc/resolv.conf")
    if isinstance(resolver, bytes) and b"127.0.0.53" in resolver:
        answers.ask("resolver behind", machine.read_file, _RESOLVED)
    answers.keep("leases", _leases(machine))
    for path in _JOINED:
        answers.ask("there " + path, machine.exists, path)
    answers.ask("smb.conf", machine.read_file, "/etc/samba/smb.conf")
    sockets.ask(machine, answers)
    return answers


def _leases(machine: Machine) -> list[str]:
    """The names of all lease files that can be seen.

    NetworkManager and dhclient put the interface in them.
    """
    found: list[str] = []
    for folder in _LEASE_FOLDERS:
        entries = attempt(machine.list_dir, folder)
        found += (
            [] if isinstance(entries, Unknown) else [name for name in entries if "lease" in name]
        )
    return found


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("domain", _domain, answers)
    facts.put("domain_joined", _joined, answers)
    facts.put("gateways", _gateways, answers)
    facts.put("dns_servers", _dns_servers, answers)
    names = attempt(answers.get, "names")
    if isinstance(names, Unknown):
        facts.lack("interfaces", names)
    else:
        facts.rows("interfaces", [_interface(answers, name) for name in names])
    listening = attempt(sockets.rows, answers)
    if isinstance(listening, Unknown):
        facts.lack("listening", listening)
    else:
        facts.rows("listening", listening)
    return facts


def _resolver(answers: Answers) -> list[list[str]]:
    return [row for row in words(answers.text("resolver")) if len(row) > 1 and row[0][0] != ";"]


def _domain(answers: Answers) -> str:
    for row in reversed(_resolver(answers)):
        if row[0] in ("search", "domain") and row[1] != ".":
            return line(row[1])
    raise Unknown("not_found", "/etc/resolv.conf names no domain")


def _joined(answers: Answers) -> bool:
    """sssd configured, or winbind's security = ads; a keytab alone may be a service's."""
    if answers.get("there /etc/sssd/sssd.conf"):
        return True
    if not answers.get("there /etc/samba/smb.conf"):
        return False
    text = answers.text("smb.conf").lower().replace(" ", "")
    return any(row in ("security=ads", "security=domain") for row in text.splitlines())


def _dns_servers(answers: Answers) -> list[str]:
    """The resolver's servers; behind systemd-resolved's local one, those that it asks."""
    behind = "resolver behind" in answers.names()
    text = answers.text("resolver behind" if behind else "resolver")
    found = [row[1].partition("%")[0] for row in words(text) if row[0] == "nameserver" and row[1:]]
    return [address(one) for one in found]


def _gateways(answers: Answers) -> list[str]:
    found = [
        packed(_hexadecimal(row[2], _IPV4_BYTES)[::-1])
        for row in words(answers.text("routes"))
        if len(row) >= _ROUTE and row[1] == row[7] == _ANY_IPV4 != row[2]
    ]
    routes6 = attempt(answers.text, "routes6")
    found += [
        packed(_hexadecimal(row[4], _IPV6_BYTES))
        for row in words(routes6 if isinstance(routes6, str) else "")
        if len(row) >= _ROUTE6 and row[0] == row[2] == _ANY_IPV6 != row[4] and row[1] == "00"
    ]
    return sorted(set(found), key=found.index)


def _hexadecimal(text: str, size: int) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != size:
        raise Unknown("unreadable", "no address: %r" % text[:40])
    return raw


def packed(raw: bytes) -> str:
    """An address from its 4 or 16 bytes in network order."""
    return socket.inet_ntop(socket.AF_INET if len(raw) == _IPV4_BYTES else socket.AF_INET6, raw)


def _interface(answers: Answers, name: str) -> Facts:
    facts = Facts()
    facts.put("name", line, name)
    facts.put("kind", _kind, answers, name)
    facts.put("mac", _mac, answers, name)
    facts.put("permanent_mac", _permanent_mac, answers, name)
    facts.put("up", _up, answers, name)
    facts.put("dhcp", _dhcp, answers, name)
    facts.put("speed", _speed, answers, name)
    found = attempt(of_interface, answers, name)
    if isinstance(found, Unknown):
        facts.lack("addresses", found)
    else:
        facts.rows("addresses", found)
    return facts


def _type(answers: Answers, name: str) -> int:
    return integer(answers.text(name + " type"))


def _kind(answers: Answers, name: str) -> str:
    kind, parts = _type(answers, name), answers.get(name + " parts")
    device_type = [
        row[8:] for row in answers.text(name + " uevent").splitlines() if row.startswith("DEVTYPE=")
    ]
    if kind == _LOOPBACK:
        return "loopback"
    if "wireless" in parts or "phy80211" in parts or "wlan" in device_type:
        return "wifi"
    if "wwan" in device_type:
        return "mobile"
    if kind in _TUNNELS or "tun_flags" in parts or "wireguard" in device_type:
        return "tunnel"
    if "device" not in parts:
        return "virtual"
    return "ethernet" if kind == _ETHERNET else "other"


def _mac(answers: Answers, name: str) -> str:
    text = answers.text(name + " address").strip().lower()
    pairs = text.split(":")
    if len(pairs) != 6 or not all(len(p) == 2 and set(p) <= set("0123456789abcdef") for p in pairs):  # noqa: PLR2004
        raise Unknown("not_supported", "the interface has no MAC address")
    if set(text) <= set("0:"):
        raise Unknown("not_supported", "the interface has no MAC address")
    return text


def _permanent_mac(answers: Answers, name: str) -> str:
    """The address is the card's own where nobody assigned it (addr_assign_type 0)."""
    if "device" not in answers.get(name + " parts"):
        raise Unknown("not_supported", "no card, so no address of its own")
    if integer(answers.text(name + " addr_assign_type")) != 0:
        raise Unknown("not_found", "the address was assigned; the card's own is not shown")
    return _mac(answers, name)


def _up(answers: Answers, name: str) -> bool:
    state = answers.text(name + " operstate").strip()
    if state == "unknown":  # loopback and tunnels do not keep it
        return _type(answers, name) == _LOOPBACK or bool(attempt(of_interface, answers, name))
    return state == "up"


def _dhcp(answers: Answers, name: str) -> bool:
    """True where a lease names the interface.

    The lack of a lease that can be seen proves nothing.
    """
    for lease in answers.get("leases"):
        if name in lease.replace(".", "-").split("-"):
            return True
    raise Unknown("not_found", "no lease file names the interface")


def _speed(answers: Answers, name: str) -> int:
    text = attempt(answers.text, name + " speed")
    if isinstance(text, Unknown) and text.reason != "unreadable":
        raise text
    speed = (
        0 if isinstance(text, Unknown) else integer(text)
    )  # the kernel answers EINVAL for a link that is down
    if speed <= 0:
        raise Unknown("not_supported", "the link has no speed")
    return speed
