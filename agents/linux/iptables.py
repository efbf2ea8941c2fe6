"""Reading ``iptables-save`` text into the rules of `agents.linux.stranger`.

It serves legacy iptables, and tables that iptables-nft made: nft's own listing hides what their
matches say. An option that is not known here makes its rule a MAYBE, never a guess.
"""

from __future__ import annotations

from agents.linux import iptables_match
from agents.linux.iptables_match import KNOWN_MODULES, MANNERS, OPTIONS, RATES
from agents.linux.names import inverted
from agents.linux.nft import Ruleset, xt_target
from agents.linux.stranger import ACCEPT, DROP, MAYBE, NO, NOTHING, Action, Rule, Test
from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.linux.iptables_match import Option
    from agents.linux.stranger import Stranger

#: Where inbound packets pass, by table; nat may not drop.
_INBOUND = {
    "filter": ("INPUT",),
    "mangle": ("PREROUTING", "INPUT"),
    "raw": ("PREROUTING",),
    "security": ("INPUT",),
}
_POLICIES = {"ACCEPT": ACCEPT, "DROP": DROP}


def read(text: str, family: str) -> Ruleset:
    """The rules of ``family`` (ipv4 or ipv6) in what iptables-save or ip6tables-save printed.

    Raises:
        Unknown: the text is not what iptables-save prints.
    """
    ruleset = Ruleset()
    options = dict(OPTIONS)
    if "NOTRACK" in text or "--notrack" in text:
        options["--ctstate"] = options["--state"] = iptables_match.state_or_untracked
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
    try:
        words = _words(line)
    except ValueError as fault:
        raise Unknown("unreadable", "iptables-save: %s: %s" % (fault, line[:80])) from fault
    rules = ruleset.chains.setdefault(table, {}).setdefault(words[1] if len(words) > 1 else "", [])
    rules.append(_rule(words[2:], line, known))
    ruleset.rules_count += 1


def _words(line: str) -> list[str]:
    """Quotes stand about comments alone, and few rules have any."""
    if '"' not in line and "'" not in line and "\\" not in line:
        return line.split()
    import shlex

    return shlex.split(line)


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
            if module not in KNOWN_MODULES:
                tests.append(Test(lambda _: MAYBE, module))
            elif module == "limit":
                seen.add("--limit")
        elif option in known:
            tests.append(_test(known[option], option, values, negated))
        elif option not in MANNERS and module in KNOWN_MODULES:
            tests.append(Test(lambda _: MAYBE, option))
    if seen.intersection(RATES) and action.kind != "accept":
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
