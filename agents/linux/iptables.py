"""Reading ``iptables-save`` text into the rules of `agents.linux.stranger`.

It serves legacy iptables, and tables that iptables-nft made: nft's own listing hides what their
matches say. An option that is not known here makes its rule a MAYBE, never a guess.
"""

from __future__ import annotations

from agents.linux import names
from agents.linux.names import any_of, inverted
from agents.linux.nft import Ruleset, xt_target
from agents.linux.stranger import ACCEPT, DROP, MAYBE, NO, NOTHING, YES, Action, Rule, Test
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from agents.linux.stranger import Stranger

    Option = Callable[[Stranger, list[str]], str]

#: Where inbound packets pass, by table; nat may not drop.
_INBOUND = {
    "filter": ("INPUT",),
    "mangle": ("PREROUTING", "INPUT"),
    "raw": ("PREROUTING",),
    "security": ("INPUT",),
}
_POLICIES = {"ACCEPT": ACCEPT, "DROP": DROP}

#: Modules whose every option is in _OPTIONS; any other module makes its rule a MAYBE.
_KNOWN_MODULES = frozenset(
    [
        "tcp",
        "udp",
        "icmp",
        "icmp6",
        "ipv6-icmp",
        "comment",
        "multiport",
        "conntrack",
        "state",
        "addrtype",
        "pkttype",
        "mac",
        "iprange",
        "limit",
        "hashlimit",
        "recent",
        "connlimit",
        "rpfilter",
        "policy",
        "set",
    ]
)
_RATES = ("--limit", "--hashlimit-upto", "--hashlimit")


def _ports(_: Stranger, values: list[str]) -> str:
    return any_of([_port_range(word) for word in values[0].split(",")])


def _port_range(word: str) -> str:
    first, colon, last = word.partition(":")
    low, high = int(first or 0), int(last or (65535 if colon else first))
    return names.ports(low, high)


def _source(stranger: Stranger, values: list[str]) -> str:
    return any_of([_network(stranger, word) for word in values[0].split(",")])


def _destination(stranger: Stranger, values: list[str]) -> str:
    return names.own(values[0], _source(stranger, values))


def _network(stranger: Stranger, word: str) -> str:
    address, slash, mask = word.partition("/")
    if not slash:
        return NO
    if mask.isdigit():
        return names.prefix(stranger, address, int(mask))
    bits = names.number(mask, stranger.family)
    return MAYBE if bits is None else names.prefix(stranger, address, bin(bits).count("1"))


def _range(stranger: Stranger, values: list[str]) -> str:
    first, _, last = values[0].partition("-")
    return names.addresses(stranger, first, last or first)


def _state(_: Stranger, values: list[str]) -> str:
    return any_of([names.state(word, NO) for word in values[0].split(",")])


def _state_or_untracked(_: Stranger, values: list[str]) -> str:
    """As `_state`, where a raw table exempts some packets from tracking."""
    return any_of([names.state(word, MAYBE) for word in values[0].split(",")])


def _tcp_flags(_: Stranger, values: list[str]) -> str:
    mask, wanted = (_flag_bits(word) for word in values[:2])
    return names.answer(names.SYN & mask == wanted)


def _flag_bits(words: str) -> int:
    if words == "NONE":
        return 0
    if words == "ALL":
        return 0x3F
    return sum(names.TCP_FLAGS[word.lower()] for word in words.split(","))


def _each(reading: Callable[[str], str]) -> Option:
    return lambda _, values: any_of([reading(word) for word in values[0].split(",")])


def _always(word: str) -> Option:
    return lambda _stranger, _values: word


_OPTIONS: dict[str, Option] = {
    "-i": lambda stranger, values: names.interface(stranger, values[0]),
    "-o": _always(NO),
    "-p": lambda stranger, values: names.protocol(stranger, values[0]),
    "-s": _source,
    "-d": _destination,
    "-f": _always(NO),
    "--dport": _ports,
    "--dports": _ports,
    "--sport": _ports,
    "--sports": _ports,
    "--ports": _ports,
    "--tcp-flags": _tcp_flags,
    "--syn": _always(YES),
    "--tcp-option": _always(MAYBE),
    "--icmp-type": _always(NO),
    "--icmpv6-type": _always(NO),
    "--comment": _always(YES),
    "--ctstate": _state,
    "--state": _state,
    "--ctstatus": _always(NO),
    "--ctdir": lambda _, values: names.answer(values[0] == "ORIGINAL"),
    "--dst-type": _each(names.address_type),
    "--src-type": _each(names.source_type),
    "--limit-iface-in": _always(YES),
    "--pkt-type": _each(names.packet_type),
    "--mac-source": _always(NO),
    "--src-range": _range,
    "--dst-range": lambda stranger, values: names.own(values[0], _range(stranger, values)),
    "--limit": _always(YES),
    "--limit-burst": _always(YES),
    "--hashlimit": _always(YES),
    "--hashlimit-upto": _always(YES),
    "--hashlimit-above": _always(NO),
    "--connlimit-upto": _always(YES),
    "--connlimit-above": _always(NO),
    "--rcheck": _always(NO),
    "--update": _always(NO),
    "--remove": _always(NO),
    "--set": _always(YES),
    "--invert": _always(NO),
    "--pol": lambda _, values: names.answer(values[0] == "none"),
    "--match-set": _always(MAYBE),
}
#: Options that say how, not whom: they do not narrow a rule.
_MANNERS = frozenset(
    [
        "--name",
        "--rsource",
        "--rdest",
        "--mask",
        "--seconds",
        "--hitcount",
        "--rttl",
        "--reap",
        "--hashlimit-burst",
        "--hashlimit-mode",
        "--hashlimit-name",
        "--hashlimit-srcmask",
        "--hashlimit-dstmask",
        "--hashlimit-",
        "htable-size",
        "--hashlimit-htable-max",
        "--hashlimit-htable-expire",
        "--hashlimit-htable-",
        "gcinterval",
        "--connlimit-mask",
        "--connlimit-saddr",
        "--connlimit-daddr",
        "--loose",
        "--validmark",
        "--accept-local",
        "--dir",
        "--return-nomatch",
        "--update-counters",
        "--update-subcounters",
    ]
)


def read(text: str, family: str) -> Ruleset:
    """The rules of ``family`` (ipv4 or ipv6) in what iptables-save or ip6tables-save printed.

    Raises:
        Unknown: the text is not what iptables-save prints.
    """
    ruleset = Ruleset()
    options = dict(_OPTIONS)
    if "NOTRACK" in text or "--notrack" in text:
        options["--ctstate"] = options["--state"] = _state_or_untracked
    table = ""
    for line in text.splitlines():
        mark, rest = line[:1], line[1:].split()
        if mark == "*" and rest:
            table = rest[0]
        elif mark == ":" and len(rest) > 1:
            _add_chain(ruleset, (_word(family), table), rest[0], rest[1], family)
        elif line.startswith("-A "):
            _add_rule(ruleset, (_word(family), table), line, options)
    if not table and text.strip() and not text.lstrip().startswith("#"):
        raise Unknown("unreadable", "iptables-save: " + text[:80])
    return ruleset


def _word(family: str) -> str:
    return "ip" if family == "ipv4" else "ip6"


def _add_chain(
    ruleset: Ruleset, table: tuple[str, str], name: str, policy: str, family: str
) -> None:
    ruleset.chains.setdefault(table, {})[name] = []
    if name in _INBOUND.get(table[1], ()):
        head = {
            "families": (family,),
            "device": None,
            "kind": "filter",
            "policy": _POLICIES.get(policy, Action("unclear", policy)),
        }
        ruleset.base[table, name] = [head]


def _add_rule(
    ruleset: Ruleset, table: tuple[str, str], line: str, known: dict[str, Option]
) -> None:
    words = _split(line)
    rules = ruleset.chains.setdefault(table, {}).setdefault(words[1] if len(words) > 1 else "", [])
    rules.append(_rule(words[2:], line, known))
    ruleset.rules_count += 1


def _rule(words: list[str], line: str, known: dict[str, Option]) -> Rule:
    tests: list[Test] = []
    action, module, seen = NOTHING, "", set()
    for option, values, negated in _options(words):
        seen.add(option)
        if option in ("-j", "-g"):
            action = _target(option, values)
            break
        if option == "-m":
            module = values[0] if values else ""
            if module not in _KNOWN_MODULES:
                tests.append(Test(lambda _: MAYBE, module))
            elif module == "limit":
                seen.add("--limit")
        elif option in known:
            tests.append(_test(known[option], option, values, negated))
        elif option not in _MANNERS and module in _KNOWN_MODULES:
            tests.append(Test(lambda _: MAYBE, option))
    if seen.intersection(_RATES) and action.kind != "accept":
        # Below its limit the stranger meets the rule, above it not. For an accept the first packet
        # decides.
        tests.append(Test(lambda _: MAYBE, "limit"))
    if "--match-set" in seen and action.kind == "drop":
        # A list of those to be kept out: it names them, and the stranger is not named.
        tests.append(Test(lambda _: NO, "--match-set"))
    return Rule(tuple(tests), action, line)


def _test(reading: Option, option: str, values: list[str], negated: bool) -> Test:
    def matches(stranger: Stranger) -> str:
        try:
            found = reading(stranger, values)
        except (KeyError, ValueError, IndexError, TypeError):
            return MAYBE
        return inverted(found) if negated else found

    return Test(matches, option)


def _target(option: str, values: list[str]) -> Action:
    name = values[0] if values else ""
    if option == "-g":
        return Action("goto", name)
    known = xt_target(name)
    return Action("jump", name) if known.kind == "unclear" else known


def _options(words: list[str]) -> list[tuple[str, list[str], bool]]:
    """Each option with its values, and whether a ``!`` stood before it."""
    options: list[tuple[str, list[str], bool]] = []
    negated = False
    for word in words:
        if word == "!":
            negated = True
        elif word.startswith("-") and len(word) > 1 and not word[1:2].isdigit():
            options.append((word, [], negated))
            negated = False
        elif options:
            options[-1][1].append(word)
    return options


def _split(line: str) -> list[str]:
    """Words as iptables-save quotes them: double quotes around, backslash before a quote inside."""
    if '"' not in line:
        return line.split()
    words: list[str] = []
    word, quoted, escaped, begun = "", False, False, False
    for sign in line:
        if escaped:
            word, escaped = word + sign, False
        elif quoted and sign == "\\":
            escaped = True
        elif sign == '"':
            quoted, begun = not quoted, True
        elif sign.isspace() and not quoted:
            if begun or word:
                words.append(word)
            word, begun = "", False
        else:
            word += sign
    return [*words, word] if begun or word else words
