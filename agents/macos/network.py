"""Network: interfaces and their addresses, the way out, the directory, the sockets that listen."""

from __future__ import annotations

from agents.addresses import address, of_interface
from agents.macos import interfaces, plists
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import line, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_DIRECTORIES = "/Library/Preferences/OpenDirectory/Configurations/Active Directory"
_SOCKETS_LIMIT = 4096  #: what a report may hold
_PROXIES = ("HTTPEnable", "HTTPSEnable", "SOCKSEnable", "ProxyAutoConfigEnable")
_PORTS = 1 << 16


def probe(machine: Machine) -> Answers:
    """Ask for the interfaces, the system's network settings, routes, resolver and sockets."""
    answers = Answers()
    interfaces.ask(machine, answers)
    answers.ask("addresses", machine.value, "addresses")
    answers.ask("routes", lambda: machine.run("routes").stdout)
    answers.ask("resolver", machine.read_file, "/etc/resolv.conf")
    answers.ask("directory there", machine.exists, _DIRECTORIES)
    answers.ask("directories", machine.list_dir, _DIRECTORIES)
    answers.ask("listening", machine.value, "listening")
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    facts.put("domain", _domain, answers)
    facts.put("domain_joined", lambda: bool(_directories(answers)))
    facts.put("gateways", _gateways, answers)
    facts.put("dns_servers", _dns_servers, answers)
    facts.put("proxy", _proxy, answers)
    _list(facts, "interfaces", lambda: _interfaces(answers))
    _list(facts, "listening", lambda: _listening(answers))
    return facts


def _list(facts: Facts, path: str, question: Any) -> None:
    found = attempt(question)
    if isinstance(found, Unknown):
        facts.lack(path, found)
    else:
        facts.rows(path, found)


def _directories(answers: Answers) -> list[str]:
    """The Active Directory domains that this Mac is bound to."""
    if not answers.get("directory there"):
        return []
    return [name[:-6] for name in answers.get("directories") if name.endswith(".plist")]


def _domain(answers: Answers) -> str:
    for name in _directories(answers):
        return line(name)
    for row in words(answers.text("resolver")):
        if row[0] in ("search", "domain") and len(row) > 1:
            return line(row[1])
    raise Unknown("not_found", "neither a directory nor /etc/resolv.conf names a domain")


def _dns_servers(answers: Answers) -> list[str]:
    """macOS writes those of the first interface to /etc/resolv.conf."""
    found = [
        row[1] for row in words(answers.text("resolver")) if row[0] == "nameserver" and row[1:]
    ]
    return [address(one.partition("%")[0]) for one in found]


def _gateways(answers: Answers) -> list[str]:
    """The second column of the routes named default; link#7 is none."""
    found: list[str] = []
    for row in words(answers.text("routes"), comment="\n"):
        if row[0] == "default" and len(row) > 1 and not row[1].startswith("link#"):
            one = attempt(address, row[1].partition("%")[0])
            if isinstance(one, str) and one not in found:
                found.append(one)
    return found


def _proxy(answers: Answers) -> bool:
    """Whether any network service of this Mac is set to use one."""
    settings = plists.table(answers.get("settings"))
    services = plists.tables(plists.at(settings, "NetworkServices"))
    proxies = plists.rows([one["Proxies"] for one in services if "Proxies" in one])
    return any(one.get(key) in (1, True) for one in proxies for key in _PROXIES)


def _interfaces(answers: Answers) -> list[Facts]:
    links = answers.get("links")
    if not isinstance(links, dict):
        raise Unknown("unreadable", "no table of interfaces")
    rows = []
    for name in sorted(links):
        facts = interfaces.row(answers, name)
        _list(facts, "addresses", lambda name=name: of_interface(answers, name))
        rows.append(facts)
    return rows


def _listening(answers: Answers) -> list[Facts]:
    rows = answers.get("listening")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise Unknown("unreadable", "no list of sockets")
    found = {
        (
            str(one.get("protocol")),
            _port(one),
            address(str(one.get("address")).partition("%")[0]),
        ): one
        for one in rows
    }
    if len(found) > _SOCKETS_LIMIT:
        raise Unknown("unreadable", "%d listening sockets; a report holds 4096" % len(found))
    return [_socket(*key, found[key].get("process")) for key in sorted(found)]


def _port(row: dict[str, Any]) -> int:
    port = plists.number(row.get("port"))
    if port >= _PORTS or row.get("protocol") not in ("tcp", "udp"):
        raise Unknown("unreadable", "no socket: %r" % (row,))
    return port


def _socket(protocol: str, port: int, where: str, process: Any) -> Facts:
    facts = Facts()
    facts.set("protocol", protocol)
    facts.set("address", where)
    facts.set("port", port)
    facts.set("exposed", not (where.startswith("127.") or where == "::1"))
    facts.put("process", plists.text, process)
    return facts
