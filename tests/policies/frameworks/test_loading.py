"""Framework files: the shipped ones hold, a wrong one names every place."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies import load_policy
from policies.frameworks import load_framework, shipped_frameworks
from policies.problems import PolicyNotFound, PolicyRefused


@pytest.mark.parametrize("name", shipped_frameworks())
def test_every_rule_that_a_framework_names_exists(name: str) -> None:
    known = load_framework(name)
    assert known.name == name
    assert len(known.requirements) >= 6
    assert sum(len(one.checked_by) for one in known.requirements) >= 6
    for one in known.requirements:
        for policy, rule in one.checked_by:
            assert rule in {each.id for each in load_policy(policy).rules}, (one.id, rule)
        assert one.checked_by or one.attest, one.id
        assert one.title.vi
        assert len(one.title.en) < 100, "our own short wording"


@pytest.mark.parametrize("name", shipped_frameworks())
def test_what_was_not_checked_says_so(name: str) -> None:
    assert load_framework(name).unverified.startswith("no: ")


def test_days_of_force_are_inclusive() -> None:
    known = load_framework("tcvn-11930-2017")
    assert known.in_force("2027-07-01")
    assert not known.in_force("2027-07-02")
    assert not known.in_force("2017-12-30")


WRONG = """framework: my-own
version: one
title: mine
publisher: us
valid_from: 2026-13-01
source: us
verified: yes
requirements:
  - {id: "1", title: a, checked_by: [FW-001]}
  - {id: "1", title: b, attest: long}
  - {title: c, cheked_by: []}
  - {id: "4.1", level: 2, title: d}
  - {id: "5.1", level: 3, title: e, instead_of: "4.l"}
  - {id: "5.2", level: 2, title: f, instead_of: "4.1"}
"""


def test_every_problem_is_named_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(WRONG, "utf-8")
    with pytest.raises(PolicyRefused) as refused:
        load_framework(file)
    said = str(refused.value)
    for words in (
        f"{file}:2:10: version: one is not a whole number",
        f"{file}:5:13: valid_from: 2026-13-01 is no day",
        "FW-001 is no rule: write policy/RULE-ID",
        "long is not a span of time",
        "1 is given twice",
        "did you mean checked_by?",
        "a requirement needs id",
        f"{file}:13:49: instead_of: 4.l is no clause of a lower level above; did you mean 4.1?",
        f"{file}:14:49: instead_of: 4.1 is no clause of a lower level above",
    ):
        assert words in said
    with pytest.raises(PolicyNotFound, match=r"did you mean cis-v8\.1\?"):
        load_framework("cis-v8.2")
