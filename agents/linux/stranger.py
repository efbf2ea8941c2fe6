"""What a packet filter does with a stranger: the one question behind ``firewall.effective``.

The stranger is the first packet of a new TCP or UDP connection that no rule names: it comes in on
an interface that leads to a network, from an address, to a port and with a mark of which no rule
speaks. A filter that drops it blocks by default; one that lets it through is no firewall, however
many rules it has.

A rule is a list of tests and an action. Both nftables and iptables rules are read into this form
(`agents.linux.nft`, `agents.linux.iptables`). A test answers YES, NO or MAYBE; a MAYBE that matters
makes the fate UNDECIDED, and no more is claimed.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Sequence

YES, NO, MAYBE = "yes", "no", "maybe"

#: family is "ipv4" or "ipv6", protocol "tcp" or "udp", interface a name.
Stranger = namedtuple("Stranger", "family protocol interface")

#: A test of one rule: `matches(stranger)` is YES, NO or MAYBE; `text` says what it tests, for
#: people.
Test = namedtuple("Test", "matches text")

#: kind is accept, drop, jump, goto, return, none or unclear; target a chain's name, or the words
#: for unclear.
Action = namedtuple("Action", "kind target")

#: One rule; `text` is how its owner would recognise it.
Rule = namedtuple("Rule", "tests action text")

#: A chain where packets enter: its rules, the action of its policy, the chains it may jump to.
#: `kind` is filter, nat or route; `families` are those it sees, `device` the only interface it
#: sees, or None.
BaseChain = namedtuple("BaseChain", "name table kind families device policy rules chains")

#: What becomes of a packet: kind is accept, drop or undecided; why names the chain and rule that
#: decided.
Fate = namedtuple("Fate", "kind why")

ACCEPT = Action("accept", "")
DROP = Action("drop", "")
NOTHING = Action("none", "")
RETURN = Action("return", "")

DEPTH = 64  #: chains within chains; nftables refuses more than 16
#: Stands for the device of a chain that sees one interface only, where the tool does not say which.
UNNAMED = "?"
STEPS = 200_000  #: rules looked at for one packet; jumps can multiply them without end


class _TooMuch(Exception):
    """The ruleset is too deep or too long to be followed."""


def fate(stranger: Stranger, chains: Sequence[BaseChain]) -> Fate:
    """What becomes of ``stranger`` in all ``chains``: a drop is final, an accept is not."""
    undecided: Fate | None = None
    passed = "no inbound chain meets it"
    for chain in chains:
        if stranger.family not in chain.families:
            continue
        if chain.device not in (None, UNNAMED, stranger.interface):
            continue
        found = _fate_in(stranger, chain)
        if chain.device == UNNAMED and found.kind == "drop":
            found = Fate("undecided", found.why + ": nft does not say for which interface")
        if found.kind == "drop":
            return found
        if found.kind == "undecided":
            undecided = undecided or found
        else:
            passed = found.why
    return undecided or Fate("accept", passed)


def _fate_in(stranger: Stranger, chain: BaseChain) -> Fate:
    walk = _Walk(stranger, chain)
    try:
        ends = walk.chain(chain.rules, chain.name, 0)
    except _TooMuch:
        return Fate("undecided", walk.place(chain.name) + ": too many rules to follow")
    if ends.pop("through", None) is not None:
        ends.setdefault(
            chain.policy.kind, "policy %s of %s" % (chain.policy.kind, walk.place(chain.name))
        )
    if len(ends) == 1 and "unclear" not in ends:
        return Fate(*ends.popitem())
    return Fate("undecided", walk.doubt)


class _Walk:
    """One packet's way through one base chain, and the ends it may come to."""

    def __init__(self, stranger: Stranger, base: BaseChain) -> None:
        self._stranger = stranger
        self._base = base
        self._steps = 0
        self.doubt = ""

    def place(self, chain: str) -> str:
        """The chain as its owner writes it."""
        return "%s %s" % (self._base.table, chain)

    def chain(self, rules: Sequence[Rule], name: str, depth: int) -> dict[str, str]:
        """The ends of a chain with their reasons; ``through`` is that it decided nothing."""
        ends: dict[str, str] = {}
        for rule in rules:
            self._steps += 1
            if depth > DEPTH or self._steps > STEPS:
                raise _TooMuch
            match = both(test.matches(self._stranger) for test in rule.tests)
            if match == NO or rule.action.kind == "none":
                continue
            found = self._action(rule, name, depth)
            goes_on = found.pop("next", None) is not None
            for kind, why in found.items():
                ends.setdefault(kind, why)
            if found and (match == MAYBE or "unclear" in found):
                self._doubt(name, rule)
            if match == YES and not goes_on:
                return ends
        ends["through"] = ""
        return ends

    def _action(self, rule: Rule, name: str, depth: int) -> dict[str, str]:
        """The ends of one rule; `next` goes on below it, `through` leaves its chain."""
        kind, target = rule.action
        if kind in ("accept", "drop"):
            return {kind: "%s: %s" % (self.place(name), rule.text)}
        if kind == "return":
            return {"through": ""}
        if kind in ("jump", "goto") and target in self._base.chains:
            ends = self.chain(self._base.chains[target], target, depth + 1)
            if kind == "jump" and "through" in ends:
                ends["next"] = ends.pop("through")
            return ends
        return {"unclear": rule.text, "next": ""}

    def _doubt(self, name: str, rule: Rule) -> None:
        self.doubt = self.doubt or "%s: cannot tell what this rule does to a stranger: %s" % (
            self.place(name),
            rule.text,
        )


def both(answers: Iterable[str]) -> str:
    """YES when all are, NO when one is, else MAYBE."""
    result = YES
    for answer in answers:
        if answer == NO:
            return NO
        if answer == MAYBE:
            result = MAYBE
    return result
