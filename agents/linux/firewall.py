"""Firewall: whether what comes in from the network is filtered now, by the rules in the kernel.

*Service enabled*, *rules loaded* and *effective* are three facts. Effective is "on" only where a
stranger's packet (see `agents.linux.stranger`) is dropped on every interface that leads to a
network, for TCP and UDP, over IPv4 and IPv6. What cannot be read or understood is unknown, never
"on" and never "off".
"""

from __future__ import annotations

from agents.linux import firewall_services, nft
from agents.linux.nft import Ruleset
from agents.linux.stranger import Fate, Stranger, fate
from agents.outcome import Answers, Facts, Unknown, attempt, decoded, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.commands import Ran
    from agents.linux.stranger import BaseChain
    from agents.machine import Machine

_LEGACY_NAMES = {"ipv4": "/proc/net/ip_tables_names", "ipv6": "/proc/net/ip6_tables_names"}
_LEGACY_RULES = {
    "ipv4": ("iptables_legacy_rules", "iptables_rules"),
    "ipv6": ("ip6tables_legacy_rules", "ip6tables_rules"),
}
_NFT_RULES = {
    "ipv4": ("iptables_nft_rules", "iptables_rules"),
    "ipv6": ("ip6tables_nft_rules", "ip6tables_rules"),
}
_NETWORKS = "/sys/class/net"
_STRANGE_INTERFACE = (
    "stranger0"  #: stands for any interface, where the machine has none that leads outside
)
_FAMILIES = {"ipv4": "IPv4", "ipv6": "IPv6"}


def probe(machine: Machine) -> Answers:
    """Ask for the rulesets, the interfaces they guard, and what is meant to load them."""
    answers = Answers()
    ruleset = answers.ask("nft", _stdout, machine, "nft_ruleset")
    if isinstance(ruleset, Unknown) and ruleset.reason == "not_installed":
        answers.ask("nft tables", machine.value, "nft_tables")
    for family, path in _LEGACY_NAMES.items():
        if isinstance(ruleset, bytes) and b'"xt"' in ruleset:
            answers.ask("nft " + family, _first_stdout, machine, _NFT_RULES[family])
        answers.ask("legacy there " + family, machine.exists, path)
        tables = answers.ask("legacy tables " + family, machine.read_file, path)
        if isinstance(tables, bytes) and tables.strip():
            answers.ask("legacy " + family, _first_stdout, machine, _LEGACY_RULES[family])
    answers.ask("interfaces", _outward, machine)
    answers.ask("ipv6 addresses", machine.read_file, "/proc/net/if_inet6")
    answers.ask("ipv6 disabled", machine.read_file, "/proc/sys/net/ipv6/conf/all/disable_ipv6")
    firewall_services.probe(answers, machine)
    return answers


def parse(answers: Answers) -> Facts:
    """The section's facts."""
    facts = Facts()
    ruleset = attempt(_nftables, answers)
    legacy = attempt(_legacy, answers)
    verdicts = {family: attempt(_verdict, family, answers, ruleset, legacy) for family in _FAMILIES}
    for family, verdict in verdicts.items():
        facts.put(family, _word, verdict)
    facts.put("effective", _effective, verdicts)
    facts.put("default_inbound", _default_inbound, verdicts)
    facts.put("reason", _reason, verdicts)
    facts.put("rules_loaded", _rules_loaded, ruleset, legacy)
    facts.put("rules_count", lambda: known(ruleset).rules_count + _count(legacy))
    facts.put("backends.nftables", _nftables_state, ruleset)
    facts.put("backends.iptables_legacy", _legacy_state, answers, legacy)
    firewall_services.put(facts, answers)
    return facts


def _stdout(machine: Machine, name: str) -> bytes:
    """What a command wrote, where it ended well; else why it did not."""
    ran = machine.run(name)
    if ran.code == 0:
        return ran.stdout
    raise _failure(name, ran)


def _failure(name: str, ran: Ran) -> Unknown:
    words = " ".join(decoded(ran.stderr).split())
    denied = "permitted" in words or "ermission denied" in words or "must be root" in words
    detail = "%s ended with %d: %s" % (name, ran.code, words)
    return Unknown("not_elevated" if denied else "unreadable", detail)


def _first_stdout(machine: Machine, names: tuple[str, ...]) -> bytes:
    """The output of the first of these commands that is installed."""
    for name in names[:-1]:
        try:
            return _stdout(machine, name)
        except Unknown as why:
            if why.reason not in ("not_installed", "not_found"):
                raise
    return _stdout(machine, names[-1])


def _outward(machine: Machine) -> list[str]:
    """The interfaces that lead to a network: cards, and what is built on them.

    Where there is no card (containers), all but loopback and tunnels. Bridges of containers and
    virtual machines, tunnels and the like do not count beside a card.
    """
    names = [name for name in machine.list_dir(_NETWORKS) if name != "lo"]
    parts = {name: attempt(machine.list_dir, _NETWORKS + "/" + name) for name in names}
    listed = {name: found for name, found in parts.items() if isinstance(found, list)}
    cards = {name for name, found in listed.items() if "device" in found}
    outward = [
        name
        for name, found in listed.items()
        if "master" not in found
        and (name in cards or any("lower_" + card in found for card in cards))
    ]
    return outward or [name for name in names if "tun_flags" not in listed.get(name, ())]


def _nftables(answers: Answers) -> Ruleset:
    """nft's ruleset.

    Tables that iptables made are read from iptables' own words, which say more. Without nft, that
    there is no table can still be told.
    """
    try:
        text = answers.text("nft")
    except Unknown as why:
        if why.reason == "not_installed" and answers.get("nft tables") == 0:
            return Ruleset()
        raise
    ruleset = nft.read(text)
    for word, family in (("ip", "ipv4"), ("ip6", "ipv6")):
        hidden = [table for table in ruleset.opaque if table[0] == word]
        if not hidden:
            continue
        spoken = attempt(lambda f=family: _saved(answers.text("nft " + f), f))
        if isinstance(spoken, Unknown):
            continue
        for table in hidden:
            if set(ruleset.chains[table]) <= set(spoken.chains.get(table, ())):
                ruleset.chains[table] = spoken.chains[table]
    return ruleset


def _saved(text: str, family: str) -> Ruleset:
    """What iptables-save wrote; few machines have any, and the reader is not free to load."""
    from agents.linux import iptables

    return iptables.read(text, family)


def _legacy(answers: Answers) -> list[Ruleset]:
    """The legacy tables of both families, where the kernel has any."""
    return [
        _saved(answers.text("legacy " + family), family)
        for family in _FAMILIES
        if answers.get("legacy there " + family) and answers.text("legacy tables " + family).strip()
    ]


def _verdict(family: str, answers: Answers, ruleset: Any, legacy: Any) -> Fate:
    """What becomes of a stranger over ``family``: the weakest interface and protocol decide.

    Raises:
        Unknown: a ruleset could not be read, and what could be read does not drop everything
        already.
    """
    if family == "ipv6" and _ipv6_unused(answers):
        return Fate("unused", "IPv6 is disabled")
    chains: list[BaseChain] = []
    missing = None
    for source in ([ruleset], [legacy] if isinstance(legacy, Unknown) else legacy):
        for part in source:
            if isinstance(part, Unknown):
                missing = missing or part
            else:
                chains += part.inbound()
    interfaces = _interfaces(answers)
    fates = [
        (name, fate(Stranger(family, protocol, name), chains))
        for name in interfaces
        for protocol in ("tcp", "udp")
    ]
    return _weakest(family, fates, missing)


def _interfaces(answers: Answers) -> list[str]:
    """The outward interfaces; a name that no rule speaks of where there are none."""
    names = attempt(answers.get, "interfaces")
    if isinstance(names, Unknown) and names.reason != "not_found":
        raise names
    return names if isinstance(names, list) and names else [_STRANGE_INTERFACE]


def _weakest(family: str, fates: list[tuple[str, Fate]], missing: Unknown | None) -> Fate:
    passing = [(name, one) for name, one in fates if one.kind != "drop"]
    if not passing:
        return fates[0][1]
    if missing is not None:
        raise missing
    for name, one in passing:
        if one.kind == "accept":
            place = "" if name == _STRANGE_INTERFACE else " on " + name
            return Fate("accept", one.why + place)
    raise Unknown("unreadable", "%s: %s" % (_FAMILIES[family], passing[0][1].why))


def _ipv6_unused(answers: Answers) -> bool:
    addresses = attempt(answers.text, "ipv6 addresses")
    if isinstance(addresses, Unknown):
        return False
    disabled = attempt(answers.text, "ipv6 disabled")
    outside = [line for line in addresses.splitlines() if line.split()[5:] not in ([], ["lo"])]
    return not isinstance(disabled, Unknown) and disabled.strip() == "1" and not outside


def _word(verdict: Any) -> str:
    return {"drop": "on", "accept": "off", "unused": "unused"}[known(verdict).kind]


def _effective(verdicts: dict[str, Any]) -> str:
    """Off as soon as one family is open; on only where each is filtered or not used."""
    words = [attempt(_word, verdict) for verdict in verdicts.values()]
    if "off" in words:
        return "off"
    for word in words:
        known(word)
    return "on"


def _default_inbound(verdicts: dict[str, Any]) -> str:
    return "block" if _effective(verdicts) == "on" else "allow"


def _reason(verdicts: dict[str, Any]) -> str:
    """What happens to a stranger over each family, and which rule or policy says so."""
    _effective(verdicts)
    parts = [
        "%s %s (%s)" % (_FAMILIES[family], _SAYS[verdict.kind], verdict.why)
        if not isinstance(verdict, Unknown)
        else "%s could not be judged (%s)" % (_FAMILIES[family], verdict.reason)
        for family, verdict in verdicts.items()
    ]
    return "; ".join(parts)[:_REASON_LENGTH]


_SAYS = {"drop": "is blocked by default", "accept": "is let in", "unused": "is not used"}
_REASON_LENGTH = 900  #: characters; a text fact may have 1,024


def _filters(rulesets: list[Ruleset]) -> list[BaseChain]:
    return [chain for one in rulesets for chain in one.inbound() if chain.kind == "filter"]


def _rules_loaded(ruleset: Any, legacy: Any) -> bool:
    chains = attempt(lambda: _filters([known(ruleset)]))
    if not isinstance(chains, Unknown) and chains:
        return True
    loaded = any(chain.rules or chain.policy.kind != "accept" for chain in _filters(known(legacy)))
    if not loaded:
        known(chains)
    return loaded


def _count(legacy: Any) -> int:
    return sum(ruleset.rules_count for ruleset in known(legacy))


def _nftables_state(ruleset: Any) -> str:
    """Whether nftables alone filters; read for a packet on an interface that no rule names."""
    if not known(ruleset).chains:
        return "empty"
    return _state_of(_filters([ruleset]))


def _state_of(chains: list[BaseChain]) -> str:
    fates = [
        fate(Stranger(family, protocol, _STRANGE_INTERFACE), chains).kind
        for family in _FAMILIES
        for protocol in ("tcp", "udp")
    ]
    if "drop" in fates:
        return "filters"
    if "undecided" in fates:
        raise Unknown("unreadable", "a rule that cannot be judged")
    return "accepts_all"


def _legacy_state(answers: Answers, legacy: Any) -> str:
    if not any(answers.get("legacy there " + family) for family in _FAMILIES):
        return "absent"
    chains = _filters(known(legacy))
    if not any(chain.rules or chain.policy.kind != "accept" for chain in chains):
        return "empty"
    return _state_of(chains)
