"""What is doubtful about a policy that loads.

Rules without tests, without a fix, on facts of other systems.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inventory.catalogue import PLATFORMS
from language.said import Said, given, said
from policies.load import load_policy, read_policy
from policies.problems import PolicyRefused, Problem
from policies.tree import Condition, Departure, Every, Policy, Rule, Test, WhenMissing, spots, walk

WANTED = ("pass", "fail", "unknown")  #: results that a rule's tests must show


def lint(path: Path | str) -> list[Problem]:
    """All doubts about a policy, in the order of the file.

    Raises:
        PolicyNotFound: no such file or shipped policy.
        PolicyRefused: the policy does not even load.
    """
    file = Path(load_policy(path).file)
    return lint_text(file.read_bytes(), str(file))


def lint_text(raw: bytes, name: str) -> list[Problem]:
    """All doubts about the policy in ``raw``.

    Raises:
        PolicyRefused: the policy does not even load.
    """
    policy, problems, doubts = read_policy(raw, name)
    if problems or policy is None:
        raise PolicyRefused(problems)
    found = [
        *doubts,
        *_departures(policy),
        *(one for rule in policy.rules for one in _rule(policy, rule)),
    ]
    return sorted(found, key=lambda one: (one.line, one.column))


def _departures(policy: Policy) -> Iterator[Problem]:
    """What a person must know of a policy that asks less than the one that it extends."""
    places = {rule.id: rule.place for rule in policy.rules if not rule.inherited}
    for one in policy.departures:
        if one.kind != "tighter":
            message = _departed(one, policy.extends)
            yield Problem(policy.file, *places.get(one.rule, (1, 1)), one.rule, message)


def _departed(one: Departure, parent: str) -> Said:
    what = given(one.what.vi, one.what.en)
    if one.kind == "looser":
        return said("looser than in {policy}: {what}", policy=parent, what=what)
    if one.kind == "changed":
        return said("changed: {what}", what=what)
    return said("off: {what}", what=what)


def _rule(policy: Policy, rule: Rule) -> Iterator[Problem]:
    for message in _doubts(rule):
        yield Problem(policy.file, *rule.place, rule.id, message)


def _doubts(rule: Rule) -> Iterator[Said]:
    shown = {test.expect for test in rule.tests}
    lacking = [result for result in WANTED if result not in shown]
    if lacking and not rule.inherited:
        yield said("no test expects {results}", results=", ".join(lacking))
    if rule.fix is None:
        yield said("no fix; say in both languages what to do about a failure")
    if rule.fresh is None and not _is_about_reporting(rule):
        yield said(
            "no fresh; 7d are taken for an agent's word and 30d for a scan's; say what it needs"
        )
    lenient = [node for tree in rule.conditions() for node in walk(tree)]
    if any(isinstance(node, WhenMissing) and node.holds for node in lenient):
        yield said("missing: pass lets a machine pass without the fact")
    yield from _platforms(rule)


def _is_about_reporting(rule: Rule) -> bool:
    """Whether it asks only what the server and the register know, which does not grow old."""
    return all(spot.fact.witness in {"server", "register"} for spot in spots(rule.require))


def _platforms(rule: Rule) -> Iterator[Said]:
    """Facts that some systems in scope never have: those machines would stay unknown for ever."""
    scope = _scope(rule.applies_to)
    for path, known in {s.fact.path: s.fact.platforms for s in spots(rule.require)}.items():
        never = [platform for platform in scope if platform not in known]
        if never:
            yield said(
                "{path} is never known on {platforms}; narrow applies_to to {known}",
                path=path,
                platforms=", ".join(never),
                known=", ".join(known),
            )


def _scope(applies_to: Condition | None) -> tuple[str, ...]:
    """The platforms that a rule is about, as far as a plain test of os.family tells."""
    parts = applies_to.parts if isinstance(applies_to, Every) else (applies_to,)
    for part in parts:
        if isinstance(part, Test) and part.spot.fact.path == "os.family":
            named = part.argument if isinstance(part.argument, tuple) else (part.argument,)
            return tuple(str(one) for one in named) if part.operator in ("is", "one_of") else ()
        if part is not None and any(spot.fact.platforms != PLATFORMS for spot in spots(part)):
            return ()  # a fact of one system in applies_to narrows it in its own way
    return PLATFORMS
