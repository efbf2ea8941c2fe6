"""Loading: what the officer typed is what it means.

Everything wrong is named, in its place, all at once.
"""

# ruff: noqa: E501 - a table reads best with one case a line

from __future__ import annotations

import random

import pytest

from inventory.catalogue import catalogue
from policies.load import MAX_RULES, load_policy, load_text, read_policy, shipped
from policies.operators import OPERATORS, RESERVED
from policies.problems import PolicyNotFound, PolicyRefused
from policies.tree import Every, Policy, Quantified, Rule, WhenMissing, paths

HEAD = "policy: trial\nversion: 1\ntitle: {vi: Thử, en: Trial}\nvars: {tools: ['AnyDesk*'], days: 7d}\nrules:\n"


def one_rule(require: str, rest: str = "") -> str:
    return f"{HEAD}  - id: T-1\n    title: trial\n    require: {require}\n{rest}"


def loaded(require: str, rest: str = "") -> Rule:
    return load_text(one_rule(require, rest)).rules[0]


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(PolicyRefused) as refused:
        load_text(text, "p.yaml")
    return [str(problem) for problem in refused.value.problems]


# Each bad condition, the column where the fault stands (the text starts in column 14), and words of the message.
BAD_CONDITIONS = [
    ("{firewal.effective: on}", 15, "did you mean firewall.effective?"),
    ("{os.famly: windows}", 15, "did you mean os.family?"),
    ("{firewall.profile.domain.enabled: on}", 15, "did you mean firewall.profiles.domain.enabled?"),
    ("{os.family: windws}", 26, "did you mean windows?"),
    ("{os.family: Windows}", 26, "did you mean windows?"),
    ("{os.family: {equals: windows}}", 27, "did you mean is?"),
    ("{os.family: {isnt: windows}}", 27, "no operator is called isnt"),
    ("{os.family: {in: [windows]}}", 27, "did you mean one_of?"),
    ("{os.family: {one_of: windows}}", 35, "one_of takes a list"),
    ("{os.family: {one_of: []}}", 35, "one_of takes a list"),
    ("{os.family: {one_of: [windows, lynux]}}", 45, "did you mean linux?"),
    ("{os.family: [windows, linux]}", 26, "one_of"),
    ("{os.family: {at_least: 3}}", 27, "at_least does not fit os.family (choice)"),
    ("{os.family: }", 26, "empty"),
    ("{os.family: ~}", 26, "empty"),
    ("{firewall.effective: yes}", 35, "did you mean on?"),
    ("{firewall.effective: true}", 35, "did you mean on?"),
    ("{os.uac: yes}", 23, "did you mean true?"),
    ("{os.uac: 1}", 23, "os.uac is on or off"),
    ("{os.uac: 'true'}", 23, "without quotes"),
    ("{os.uac: ON}", 23, "did you mean true?"),
    ("{updates.pending: many}", 32, "is not a number"),
    ("{updates.pending: 1.5}", 32, "is not a whole number"),
    ("{updates.pending: '3'}", 32, "without quotes"),
    ("{updates.pending: 99999999999999999999}", 32, "is not a number"),
    ("{updates.pending: {atleast: 3}}", 33, "did you mean at_least?"),
    ("{updates.pending: {gte: 3}}", 33, "did you mean at_least?"),
    ("{updates.pending: {between: [5]}}", 42, "two values"),
    ("{updates.pending: {between: [5, 1]}}", 42, "greater than the second"),
    ("{updates.pending: {like: 3*}}", 33, "like does not fit"),
    ("{session_lock.after: {at_most: 15}}", 45, "did you mean 15d?"),
    ("{session_lock.after: {at_most: 15 min}}", 45, "such as 7d"),
    ("{volumes: {any: {free: {at_least: 5GiBi}}}}", 48, "did you mean GiB?"),
    ("{hardware.memory.total: {at_least: 4 apples}}", 49, "is not a number"),
    ("{volumes: {any: {free_percent: {at_least: 20 %%}}}}", 56, "such as 20%"),
    ("{os.version: {version_at_least: new}}", 46, "is not a version"),
    ("{os.version: {version_atleast: 10}}", 28, "did you mean version_at_least?"),
    ("{agent.last_report: {within: 7}}", 43, "did you mean 7d?"),
    ("{agent.last_report: {within: a week}}", 43, "is not a span of time"),
    ("{agent.last_report: 2026-01-01}", 34, "use within or older_than"),
    ("{agent.last_report: {at_most: 7d}}", 35, "at_most does not fit"),
    ("{scan.mac: {is: 00:11:22}}", 30, "is not a MAC address"),
    ("{scan.ip: 10.0.0.256}", 24, "is not an IP address"),
    ("{os.name: {matches: '(a'}}", 34, "not a pattern that RE2 takes"),
    ("{os.name: {matches: '(?=a)'}}", 34, "not a pattern that RE2 takes"),
    ("{os.name: {like: ''}}", 31, "the pattern is empty"),
    ("{os.name: {like_any: $tols}}", 35, "did you mean tools?"),
    ("{os.name: {like: $tools}}", 31, "one value is expected"),
    ("{os.name: {like_any: $days}}", 35, "like_any takes a list"),
    ("{volumes.encryption: on}", 15, "volumes is a list: write volumes: {all: {encryption: …}}"),
    ("{volumes: on}", 15, "volumes is a list and needs any, all, none or count"),
    ("{software: {like: x}}", 26, "software is a list: like does not fit"),
    ("{software: {every: {name: x}}}", 26, "did you mean all?"),
    ("{software: {any: {nam: x}}}", 32, "did you mean name?"),
    ("{software: {any: {}}}", 31, "no conditions here"),
    ("{software: {contains: x}}", 26, "contains does not fit"),
    ("{software: {count: {where: {name: x}}}}", 33, "count needs a number"),
    ("{software: {count: {atmost: 3}}}", 34, "did you mean at_most?"),
    ("{software: {count: -1}}", 33, "never below 0"),
    ("{network.dns_servers: {subset_of: 10.0.0.1}}", 48, "takes a list"),
    ("{network.interfaces: {any: {addresses.address: 10.0.0.1}}}", 42, "network.interfaces.addresses is a list"),
    ("{os: windows}", 15, "os holds several facts"),
    ("{os: {familly: windows}}", 20, "did you mean family?"),
    ("{os.uac: {is: on, missing: ignore}}", 41, "missing is fail, pass, unknown"),
    ("{os: {family: linux, missing: pass}}", 44, "belongs to one fact"),
    ("{os.uac: {exists: maybe}}", 32, "exists is true or false"),
    ("{os.uac: {exists: true, missing: fail}}", 47, "already speaks of missing"),
    ("{os.uac: {missing: fail}}", 23, "says nothing"),
    ("{at_least: 3}", 15, "must stand below a fact"),
    ("{any_of: {os.uac: on}}", 15, "any_of takes a list"),
    ("{all_of: []}", 15, "all_of takes a list"),
    ("{}", 14, "no conditions here"),
    ("[os.uac]", 14, "must be a mapping"),
    ("{os.uac: on, os.uac: off}", 27, "os.uac is given twice (first on line 8)"),
    ("{os.uac: !!bool true}", 23, "tag tag:yaml.org,2002:bool"),
    ("{os.family: {one_of: !list [windows]}}", 35, "tag !list"),
    ("!map {os.uac: on}", 14, "tag !map"),
    ("{os.uac: &a on}", 23, "anchor &a"),
    ("&a {os.uac: on}", 14, "anchor &a"),
    ("{os.uac: *a}", 23, "alias *a"),
    ("{<<: {os.uac: on}}", 15, "merge key <<"),
    ("{? [a] : on}", 17, "a key must be a word"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "column", "words"), BAD_CONDITIONS)
def test_a_bad_condition_is_named_in_its_place(condition: str, column: int, words: str) -> None:
    said = problems(one_rule(condition))
    assert said[0].startswith(f"p.yaml:8:{column}:"), said
    assert any(words in one for one in said), said


BAD_FILES = [
    (b"policy: \xff", "p.yaml:1:9: not UTF-8"),
    ("policy: x".encode("utf-16"), "not UTF-8"),
    ("a: [1", "not readable as YAML"),
    ("a: b: c", "not readable as YAML"),
    ("\x00", "not readable as YAML"),
    ("[" * 20_000, "nested deeper"),
    ("policy: x\n---\npolicy: y\n", "second document"),
    ("%TAG ! tag:x,2000:\n---\npolicy: x\n", "%TAG"),
    ("#" * 1_100_000, "longer than"),
    ("", "p.yaml:1:1"),
    ("- a\n", "a policy must be a mapping, not a list"),
    (HEAD.replace("version: 1", "version: 1.0") + "  []\n", "not a whole number"),
    (HEAD.replace("version: 1", "versoin: 1"), "did you mean version?"),
    (HEAD.replace("policy: trial", "policy: My Policy"), "is not a name"),
    (HEAD.replace("{vi: Thử, en: Trial}", "{vi: Thử}"), "title needs en"),
    (HEAD, "rules must be a list"),
    (HEAD.replace("rules:", "rules: []"), "there are no rules"),
    (HEAD + "  - {title: x, require: {os.uac: on}}\n", "a rule needs id"),
    (HEAD + "  - {id: A, title: x}\n", "a rule needs require"),
    (HEAD + "  - {id: A, require: {os.uac: on}}\n  - {id: A, require: {os.uac: on}}\n", "given twice (first on line 6)"),
    (one_rule("{os.uac: on}", "    severity: hihg\n"), "did you mean high?"),
    (one_rule("{os.uac: on}", "    fresh: 7\n"), "did you mean 7d?"),
    (one_rule("{os.uac: on}", "    fleet: {pass_at_least: 120%}\n"), "is not a percentage"),
    (one_rule("{os.uac: on}", "    fleet: {pass_at_least: 90%, of: all}\n"), "none of expected"),
    (one_rule("{os.uac: on}", "    applyes_to: {os.family: linux}\n"), "did you mean applies_to?"),
    (one_rule("{os.uac: on}", "    for_each: expected_device\n"), "did you mean expected_devices?"),
    (one_rule("{os.uac: on}", "    sources: {scann: required}\n"), "did you mean scan?"),
    (one_rule("{os.uac: on}", "    sources: {scan: yes}\n"), "none of required, optional"),
    (one_rule("{scan.open_tcp_ports: {subset_of: agent.network.listning.port}}"), "did you mean network.listening.port?"),
    (one_rule("{scan.open_tcp_ports: {subset_of: agent.os.name}}"), "takes a list of values"),
    (one_rule("{scan.open_tcp_ports: {subset_of: agent.software.name}}"), "do not compare: integer and text"),
    (one_rule("{os.hostname: scan.names}"), "takes one value"),
    (one_rule("{updates.pending: {count: agent.updates.pending}}"), "count"),
    (one_rule("{os.uac: on}", "waivers: []\n"), "waivers is not yet supported"),
    (one_rule("{os.uac: on}", "    tests: [{facts: {os.uak: on}, expect: pass}]\n"), "did you mean os.uac?"),
    (one_rule("{os.uac: on}", "    tests: [{facts: {os.uac: 5}, expect: pass}]\n"), "os.uac is on or off"),
    (one_rule("{os.uac: on}", "    tests: [{facts: {}, expect: fial}]\n"), "did you mean fail?"),
    (one_rule("{os.uac: on}", "    tests: [{facts: {}}]\n"), "a test needs expect"),
    (one_rule("{os.uac: on}", "    tests: [{expect: pass, unknown: {os: elevated}}]\n"), "did you mean not_elevated?"),
    (one_rule("{os.uac: on}", "    tests: [{expect: pass, reported: late}]\n"), "neither never nor a span"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD_FILES)
def test_a_bad_file_is_refused_in_words(text: str | bytes, words: str) -> None:
    said = problems(text)
    assert any(words in one for one in said), said


def test_all_problems_at_once_and_good_rules_are_still_read() -> None:
    lines = [f"  - {{id: B-{number}, require: {{os.famly: windows}}}}" for number in range(20)]
    text = HEAD + "\n".join([*lines, "  - {id: GOOD, require: {os.uac: on}}"]) + "\n"
    policy, found, _ = read_policy(text.encode(), "p.yaml")
    assert [one.line for one in found] == list(range(6, 26))
    assert {one.rule for one in found} == {f"B-{number}" for number in range(20)}
    assert policy is not None
    assert [rule.id for rule in policy.rules] == ["GOOD"]


def test_scalars_mean_what_was_typed() -> None:
    typed = {
        "{os.name: NO}": "NO", "{os.name: on}": "on", "{os.name: 22:30}": "22:30", "{os.name: 1.10}": "1.10",
        "{os.name: 012}": "012", "{os.name: 12e456}": "12e456", "{os.name: 'null'}": "null",
        "{os.version: 1.10}": "1.10", "{firewall.effective: off}": "off", "{os.uac: on}": True,
        "{os.uac: false}": False, "{updates.reboot_pending: yes}": True, "{hardware.tpm.present: absent}": False,
        "{session_lock.after: 15m}": 900, "{hardware.memory.total: 4GiB}": 4 * 2**30,
        "{hardware.memory.total: 1.5GB}": 1_500_000_000, "{hardware.memory.total: 512}": 512,
        "{hardware.cpu.frequency: 2.4GHz}": 2400, "{scan.mac: 00-1A-2B-3C-4D-5E}": "00:1a:2b:3c:4d:5e",
        "{scan.ip: 'FE80::1'}": "fe80::1", "{session_lock.after: 0}": 0,
    }  # fmt: skip
    for text, meaning in typed.items():
        test = loaded(text).require
        assert getattr(test, "argument") == meaning, text  # noqa: B009 - a Test among the conditions
        assert type(getattr(test, "argument")) is type(meaning), text  # noqa: B009


def test_shapes_of_conditions() -> None:
    nested = loaded("{firewall.profiles: {domain.enabled: true, public: {enabled: on}}}")
    flat = loaded("{firewall.profiles.domain.enabled: on, firewall.profiles.public.enabled: true}")
    assert isinstance(nested.require, Every)
    assert nested.require == flat.require
    assert nested.hash == flat.hash
    wrapped = loaded("{os.uac: {not: on, missing: fail}}").require
    assert isinstance(wrapped, WhenMissing)
    assert not wrapped.holds
    counted = loaded("{software: {count: {where: {name: {like_any: $tools}}, at_most: 2}}}").require
    assert isinstance(counted, Quantified)
    assert (counted.kind, counted.bounds[0].argument) == ("count", 2)
    inner = loaded(
        "{network.interfaces: {any: {up: yes, addresses: {all: {address: {like: '10.*'}}}}}}"
    )
    assert paths(inner) == (
        "network.interfaces",
        "network.interfaces.up",
        "network.interfaces.addresses",
        "network.interfaces.addresses.address",
    )


def changed(policy: Policy, text: str) -> tuple[bool, bool]:
    other = load_text(text)
    return other.hash != policy.hash, other.rules[0].hash != policy.rules[0].hash


def test_hashes_change_with_meaning_and_not_with_layout() -> None:
    text = one_rule("{os.uac: on}", "    fresh: 7d\n")
    policy = load_text(text)
    assert changed(policy, text.replace("fresh: 7d", "fresh:   7d   # a week")) == (False, False)
    assert changed(policy, text.replace("title: trial", "title: other")) == (True, False)
    assert changed(policy, text.replace("os.uac: on", "os.uac: off")) == (True, True)
    assert changed(policy, text.replace("7d\n", "8d\n")) == (True, True)
    assert changed(policy, text.replace("    fresh", "    severity: high\n    fresh")) == (
        True,
        True,
    )


def test_no_fact_is_called_by_a_word_of_the_language() -> None:
    below = {fact.name for fact in catalogue().facts.values()}
    assert len(below) > 100
    assert not below & RESERVED


def test_every_operator_s_example_loads() -> None:
    assert len(OPERATORS) == 14
    for row in OPERATORS.values():
        assert loaded(f"{{{row.example}}}").require is not None


def test_files_names_and_limits(tmp_path) -> None:
    with pytest.raises(PolicyNotFound, match="did you mean office-baseline"):
        load_policy("office-basline")
    file = tmp_path / "chính sách.yaml"
    file.write_text("\ufeff" + one_rule("{os.uac: on}"), "utf-8")
    assert load_policy(file).name == "trial"
    many = "\n".join(
        f"  - {{id: R{number}, require: {{os.uac: on}}}}" for number in range(MAX_RULES + 1)
    )
    assert any("more than 1000 rules" in one for one in problems(HEAD + many + "\n"))


def test_a_thousand_rules_load() -> None:
    many = "\n".join(
        f"  - {{id: R{number}, require: {{os.uac: on}}}}" for number in range(MAX_RULES)
    )
    assert len(load_text(HEAD + many + "\n").rules) == MAX_RULES


def test_no_damage_to_a_file_does_more_than_refuse_it() -> None:
    """A shipped policy with a few characters changed loads, or is refused with places inside it."""
    text, chance = shipped()["office-baseline"].read_text("utf-8"), random.Random(5)
    text = "\n".join(text.splitlines()[:120]) + "\n"
    refused = 0
    for _ in range(400):
        damaged = list(text)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randint(0, 3)] = chance.choice(
                ["", "{", "]", ":", "&a ", "- ", "\t", "\n", "é", '"', "#", "!x "]
            )
        lines = "".join(damaged).count("\n") + 2
        _, found, _ = read_policy("".join(damaged).encode(), "damaged.yaml")
        refused += bool(found)
        assert all(1 <= one.line <= lines for one in found)
        assert all(one.column >= 1 and one.message for one in found)
    assert 100 < refused < 400
