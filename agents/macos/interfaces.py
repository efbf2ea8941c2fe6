"""One network interface of a Mac; part of the network section."""

from __future__ import annotations

import re

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown, attempt
from agents.readings import line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.machine import Machine

_FOLDER = "/Library/Preferences/SystemConfiguration"
_KINDS = {"IEEE80211": "wifi", "Ethernet": "ethernet", "PPP": "mobile", "WWAN": "mobile"}
_TUNNELS = ("utun", "gif", "stf", "ipsec", "ppp")
_VIRTUAL = ("awdl", "llw", "bridge", "ap", "anpi", "vmenet", "vlan", "bond", "feth", "p2p", "XHC")
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_MAC_BYTES = 6


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the interfaces there are, the cards, and the settings of the network services."""
    answers.ask("links", machine.value, "links")
    answers.ask("cards", machine.read_file, _FOLDER + "/NetworkInterfaces.plist")
    answers.ask("settings", machine.read_file, _FOLDER + "/preferences.plist")


def row(answers: Answers, name: str) -> Facts:
    """Everything of one interface but its addresses."""
    facts = Facts()
    link = answers.get("links")[name]
    card = attempt(_card, answers, name)
    facts.put("name", line, name)
    facts.put("kind", _kind, name, card)
    facts.put("mac", _mac, link)
    facts.put("permanent_mac", _permanent_mac, card)
    facts.put("up", lambda: plists.flag(plists.at(link, "up")))
    facts.put("dhcp", _dhcp, answers, name)
    facts.put("speed", _speed, link)
    return facts


def _card(answers: Answers, name: str) -> dict[str, Any]:
    for card in plists.rows(plists.table(answers.get("cards")), "Interfaces"):
        if card.get("BSD Name") == name:
            return card
    raise Unknown("not_supported", "no card, so no address of its own")


def _kind(name: str, card: Any) -> str:
    if name.startswith("lo"):
        return "loopback"
    if name.startswith(_TUNNELS):
        return "tunnel"
    if name.startswith(_VIRTUAL):
        return "virtual"
    if isinstance(card, Unknown):
        raise card
    return _KINDS.get(plists.text(plists.at(card, "SCNetworkInterfaceType")), "other")


def _mac(link: Any) -> str:
    text = str(plists.at(link, "mac")).lower()
    if not _MAC.fullmatch(text) or set(text) <= set("0:"):
        raise Unknown("not_supported", "the interface has no MAC address")
    return text


def _permanent_mac(card: Any) -> str:
    if isinstance(card, Unknown):
        raise card
    raw = plists.at(card, "IOMACAddress")
    if not isinstance(raw, bytes) or len(raw) != _MAC_BYTES:
        raise Unknown("unreadable", "the card's address has not six bytes")
    return ":".join("%02x" % one for one in raw)


def _dhcp(answers: Answers, name: str) -> bool:
    """The method that a network service of this Mac sets for the interface."""
    services = plists.at(plists.table(answers.get("settings")), "NetworkServices")
    for service in services.values() if isinstance(services, dict) else ():
        if attempt(plists.at, service, "Interface", "DeviceName") == name:
            method = attempt(
                lambda one=service: plists.text(plists.at(one, "IPv4", "ConfigMethod"))
            )
            if isinstance(method, str):
                return method in ("DHCP", "BOOTP")
    raise Unknown("not_found", "no network service sets an address for the interface")


def _speed(link: Any) -> int:
    speed = plists.number(plists.at(link, "speed"))
    if speed == 0:
        raise Unknown("not_supported", "the link has no speed")
    return speed
