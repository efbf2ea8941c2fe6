"""``rasoat policy``: judge by rules, and help those who write them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from inventory import describe
from language.said import said, spoken
from language.texts import texts
from policies.lint import lint as doubts_of
from policies.load import load_policy
from policies.replay import replays
from policies.rule_tests import run_tests
from policies.schema import policy_schema
from policies.tree import Policy, paths
from rasoat import judging, replaying
from rasoat.folder import opened
from rasoat.problems import Problem
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, print_json, styled, table
from reports.plain import as_dict
from reports.words import WORDS


@click.group(epilog="Example: rasoat policy check office-baseline")
def policy() -> None:
    """Judge machines by rules; write rules that can be trusted."""


@policy.command(epilog="Example: rasoat policy check --facts machines.ndjson my-rules.yaml")
@click.argument("policies", nargs=-1)
@click.option(
    "--facts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Judge the documents of this file (one JSON document a line, as `rasoat-agent show "
    "--json` prints it) instead of the machines in the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def check(
    settings: Settings, policies: tuple[str, ...], facts: Path | None, *, as_json: bool
) -> int:
    """Judge every machine by POLICIES (default: office-baseline)."""
    loaded = [load_policy(name) for name in policies or (POLICY,)]
    now = datetime.now(UTC)
    if facts is not None:
        machines = judging.machines_of(facts, now)
        summaries = [judging.summary_of(one, machines, now) for one in loaded]
    else:
        summaries = [judging.judged(settings.data, one, now) for one in loaded]
    if as_json:
        print_json([as_dict(summary) for summary in summaries])
    else:
        for summary in summaries:
            judging.show(summary, settings.lang)
    return 0 if all(summary.compliant for summary in summaries) else 1


@policy.command(epilog="Example: rasoat policy show office-baseline")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def show(settings: Settings, name: str, *, as_json: bool) -> None:
    """Show the rules of NAME with all that it takes over, and where it departs from that."""
    known, lang = load_policy(name), settings.lang
    if as_json:
        print_json(_plain(known))
        return
    say = texts(lang)
    departed = {one.rule: one for one in known.departures}
    rows = [
        (
            *(rule.id, say(WORDS[rule.severity]), rule.title.get(lang), rule.hash[:12]),
            departed[rule.id].what.get(lang) if rule.id in departed else "",
        )
        for rule in known.rules
    ]
    heads = (say("Rule"), say("Severity"), say("Statement"), say("hash"), "±")
    console().print(styled(f"{known.name} {known.version} ({known.hash[:16]}) {known.extends}"))
    console().print(table(heads, rows))
    for off in (one for one in known.departures if one.kind == "off"):
        console().print(styled(f"{off.rule}: {off.what.get(lang)}", "undecided"))


def _plain(known: Policy) -> dict[str, Any]:
    return {
        "policy": known.name,
        "version": known.version,
        "hash": known.hash,
        "extends": known.extends,
        "departures": [
            {"rule": one.rule, "kind": one.kind, "vi": one.what.vi, "en": one.what.en}
            for one in known.departures
        ],
        "varied_for": list(known.varied),
        "rules": [
            {
                "id": rule.id,
                "title": {"vi": rule.title.vi, "en": rule.title.en},
                "severity": rule.severity,
                "hash": rule.hash,
                "for_each": rule.for_each,
                "witnesses": sorted(rule.witnesses),
                "facts": list(paths(rule)),
                "references": list(rule.references),
                "maps": {key: list(ids) for key, ids in rule.maps},
                "inherited": rule.inherited,
            }
            for rule in known.rules
        ],
    }


@policy.command(epilog="Example: rasoat policy lint my-rules.yaml")
@click.argument("file")
@click.pass_obj
def lint(settings: Settings, file: str) -> int:
    """Say what is wrong or doubtful in FILE; exit code 1 when there are doubts."""
    found = doubts_of(file)
    for doubt in found:
        click.echo(spoken(str(doubt), settings.lang))
    say, rules = texts(settings.lang), len(load_policy(file).rules)
    summary = say(
        "{file}: {rules} rules, {doubts} doubts", file=file, rules=rules, doubts=len(found)
    )
    click.echo(summary, err=True)
    return 1 if found else 0


@policy.command(epilog="Example: rasoat policy test office-baseline")
@click.argument("file")
@click.pass_obj
def test(settings: Settings, file: str) -> int:
    """Run the tests that the rules of FILE carry; exit code 1 when one fails or there are none."""
    results = run_tests(load_policy(file))
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.echo(spoken(str(result), settings.lang))
    say, hold, of = texts(settings.lang), len(results) - len(failed), len(results)
    click.echo(say("{file}: {n} of {of} tests hold", file=file, n=hold, of=of))
    return 0 if results and not failed else 1


@policy.command(epilog="Example: rasoat policy facts --search firewall")
@click.option("--search", default="", help="Only facts with these letters in path or label.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The page docs/facts.md.")
@click.pass_obj
def facts(settings: Settings, search: str, *, as_json: bool, as_markdown: bool) -> int:
    """List every fact that rules can ask about: path, type, meaning, source, purpose."""
    rows, say = describe.rows(search), texts(settings.lang)
    if as_markdown:
        click.echo(describe.markdown(), nl=False)
    elif as_json:
        print_json(rows)
    else:
        heads = (say("fact"), say("type"), say("meaning"), say("platforms"))
        cells = (
            [row["path"], row["type"], row["label"][settings.lang], " ".join(row["platforms"])]
            for row in rows
        )
        console().print(table(heads, cells))
    if not rows:
        say = texts(settings.lang)
        console(stderr=True).print(
            styled(say("no fact has “{words}” in its path or label", words=search))
        )
    return 0 if rows else 1


@policy.command(epilog="Example: rasoat policy schema > rasoat-policy.schema.json")
def schema() -> None:
    """Print the JSON Schema of policy files, for editors."""
    print_json(policy_schema())


@policy.command(epilog="Example: rasoat policy replay d-4f2a FW-001")
@click.argument("device")
@click.argument("rule")
@click.option("--policy", "name", default=POLICY, show_default=True, help="The policy's name.")
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def replay(settings: Settings, device: str, rule: str, name: str, *, as_json: bool) -> int:
    """Judge every turn of RULE on DEVICE again, by the rule and the facts as they stood.

    1: one comes out otherwise than it was recorded, or cannot be judged again.
    """
    with opened(settings.data, read_only=True) as store:
        found = replays(store, name, device, rule)
    if not found:
        raise Problem(
            said(
                "{name} has judged nothing by {rule} on {device}; see: rasoat device show",
                name=name,
                rule=rule,
                device=device,
            )
        )
    if as_json:
        print_json([asdict(one) | {"agrees": one.agrees} for one in found])
    else:
        replaying.show(found, settings.lang)
    return 0 if all(one.agrees for one in found) else 1
