"""OSCAL: right by two judges, the same bytes again, and nothing undecided is ever satisfied."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from trestle.oscal.assessment_results import Model

from reports.faces import render
from reports.letterhead import Letterhead
from reports.oscal.terms import plain
from reports.summary import RESULTS, Summary
from tests.reports.oscal import samples
from tests.reports.oscal.judges import judged, nodes, pointers, prop, validator


def document(summary: Summary, lang: str = "en") -> dict[str, Any]:
    """The assessment results of a summary, found right."""
    return judged(render(summary, "oscal", lang))


def states(whole: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Rule → the status of its finding."""
    (result,) = whole["results"]
    return {prop(one, "rule"): one["target"]["status"] for one in result.get("findings", [])}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_both_judges_find_it_right(lang: str) -> None:
    whole = document(samples.sample(), lang)
    (result,) = whole["results"]
    assert whole["metadata"]["oscal-version"] == "1.1.3"
    assert len(result["observations"]) == 5
    assert len(list(nodes(whole))) > 100
    assert len(pointers(whole)) >= 8


def test_the_judges_would_find_a_fault() -> None:
    for spoil in (
        lambda whole: whole["metadata"].update(extra="x"),
        lambda whole: whole.pop("import-ap"),
        lambda whole: whole["results"][0].update(start="yesterday"),
        lambda whole: whole["results"][0]["observations"][0].update(uuid="x"),
    ):
        whole = json.loads(render(samples.sample(), "oscal", "en"))
        spoil(whole["assessment-results"])
        with pytest.raises(ValidationError):
            Model.model_validate(whole)
        with pytest.raises(jsonschema.ValidationError):
            validator().validate(whole)


def test_only_what_is_met_is_satisfied() -> None:
    assert states(document(samples.sample())) == {
        "MET-001": {"state": "satisfied", "reason": "pass"},
        "NOT-002": {"state": "not-satisfied", "reason": "fail"},
        "3-UNDECIDED": {
            "state": "not-satisfied",
            "reason": "other",
            "remarks": "undecided: too many machines are unknown to state that it is met or not",
        },
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    verdict=st.sampled_from(["not_met", "undecided", "not_applicable", "", "of a later release"]),
    counts=st.fixed_dictionaries({name: st.integers(0, 9) for name in RESULTS}),
)
def test_whatever_the_counts_nothing_but_met_is_satisfied(
    verdict: str, counts: dict[str, int]
) -> None:
    rules = (samples.rule("R-1", verdict, **counts),)
    whole = json.loads(render(replace(samples.sample(), rules=rules), "oscal", "en"))
    assert "satisfied" not in [one.get("state") for one in nodes(whole)]


def test_a_rule_of_no_machine_has_no_finding_and_is_no_reviewed_control() -> None:
    (result,) = document(samples.sample())["results"]
    (selection,) = result["reviewed-controls"]["control-selections"]
    assert selection["exclude-controls"] == [{"control-id": "NA-004"}]
    assert "NA-004" not in states(document(samples.sample()))


def test_nothing_but_rules_of_no_machine_and_no_machine_is_right_too() -> None:
    bare = replace(
        samples.sample(),
        rules=(samples.rule("NA-004", "not_applicable"),),
        devices=(),
        waivers=(),
        contradictions=(),
    )
    (result,) = document(bare)["results"]
    assert "findings" not in result
    assert "local-definitions" not in result


def test_an_open_machine_leads_to_its_signed_report() -> None:
    (result,) = document(samples.sample())["results"]
    items = {one["uuid"]: one for one in result["local-definitions"]["inventory-items"]}
    assert len(items) == 3
    (failing,) = [one for one in result["observations"] if one["title"].startswith("NOT-002")]
    told = {prop(one, "result"): items[one["subject-uuid"]] for one in failing["subjects"]}
    assert prop(told["fail"], "report") == "agent-pc-1/1/7"
    assert prop(told["fail"], "facts-hash") == "f" * 64
    assert prop(told["waived"], "name") == "pc-3"


def test_a_machine_that_never_reported_says_so_and_has_no_evidence() -> None:
    (result,) = document(samples.sample())["results"]
    (item,) = [
        one for one in result["local-definitions"]["inventory-items"] if prop(one, "name") == "pc-2"
    ]
    assert item["remarks"] == "No agent of this machine has ever reported."
    assert {"report", "facts-hash"}.isdisjoint(one["name"] for one in item["props"])


def test_a_waiver_is_an_accepted_risk_until_the_end_of_its_last_day() -> None:
    (result,) = document(samples.sample())["results"]
    risks = {one["status"]: one for one in result["risks"]}
    assert set(risks) == {"open", "deviation-approved"}
    assert risks["deviation-approved"]["deadline"] == "2026-12-31T16:59:59Z"  # Hà Nội: UTC+7
    assert risks["open"]["remediations"][0]["description"] == "Turn it on."
    (found,) = [one for one in result["findings"] if prop(one, "rule") == "NOT-002"]
    assert {one["risk-uuid"] for one in found["related-risks"]} == {
        one["uuid"] for one in risks.values()
    }


def test_it_starts_with_the_oldest_report_that_a_verdict_rests_on() -> None:
    (result,) = document(samples.sample())["results"]
    assert (result["start"], result["end"]) == ("2026-11-20T01:30:00Z", "2026-11-23T08:00:00Z")


def test_the_office_is_a_party_and_none_is_made_up() -> None:
    whole = document(samples.sample())
    assert [one["name"] for one in whole["metadata"]["parties"]] == ["Commune of Mẫu"]
    unnamed = replace(samples.sample(), letterhead=Letterhead())
    assert "parties" not in document(unnamed)["metadata"]


def test_simulated_machines_are_told() -> None:
    whole = document(replace(samples.sample(), simulated=True))
    assert prop(whole["metadata"], "simulated") == "yes"


def test_the_same_summary_gives_the_same_bytes_and_machines_keep_their_names() -> None:
    one = render(samples.sample(), "oscal", "vi")
    assert one == render(samples.sample(), "oscal", "vi")
    later = replace(samples.sample(), generated_at=samples.NOW.replace(day=24))
    first, second = judged(one), document(later)
    assert first["uuid"] != second["uuid"]
    assert _machines(first) == _machines(second)


def _machines(whole: dict[str, Any]) -> list[str]:
    (result,) = whole["results"]
    return [one["uuid"] for one in result["local-definitions"]["inventory-items"]]


@pytest.mark.parametrize("text", samples.HOSTILE, ids=range(len(samples.HOSTILE)))
def test_a_hostile_text_stays_a_text(text: str) -> None:
    whole = document(samples.hostile(text))
    assert {rule: one["state"] for rule, one in states(whole).items()} == {
        "MET-001": "satisfied",
        "NOT-002": "not-satisfied",
        "3-UNDECIDED": "not-satisfied",
    }
    shown = [one["value"] for one in nodes(whole) if one.get("name") == "system"]
    assert all("\n" not in value and "\x00" not in value for value in shown)
    if text.isprintable() and text.strip():
        assert shown == [text.strip()] * 3


def test_what_no_encoding_has_is_shown_escaped() -> None:
    assert plain("a\ud800\nb ") == "a\\ud800\\u000ab"


def test_two_answers_about_one_question_are_two_observations() -> None:
    twice = (samples.CONTRADICTION, replace(samples.CONTRADICTION, agent_at="2026-11-21T00:00:00Z"))
    (result,) = document(replace(samples.sample(), contradictions=twice))["results"]
    assert len(result["observations"]) == 6
