"""Every seeded fault of a policy file has a Vietnamese text, with its place and its names."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from language.said import Said, joined, said, spoken
from policies.lint import lint_text
from policies.load import load_text, read_policy
from policies.problems import PolicyRefused
from policies.rule_tests import run_tests
from tests.policies.test_bad_places import GOOD, KINDS
from tests.policies.test_bad_places import HEAD as PLACES
from tests.policies.test_load import BAD_CONDITIONS, BAD_FILES, HEAD, one_rule
from tests.spoken import english_left, values_lost

FILES = cast("list[tuple[str | bytes, str]]", BAD_FILES)
SEEDED: dict[str, str | bytes] = {
    **{condition: one_rule(condition) for condition, *_ in BAD_CONDITIONS},
    **{f"{number}: {words}": text for number, (text, words) in enumerate(FILES)},
    **{name: PLACES + GOOD % 0 + text.replace("«", "") for name, (text, *_) in KINDS.items()},
}


@pytest.mark.parametrize("name", SEEDED)
def test_a_fault_is_told_in_vietnamese_at_its_place(name: str) -> None:
    text = SEEDED[name]
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    _, found, doubts = read_policy(raw, "p.yaml")
    assert found
    for one in [*found, *doubts]:
        told = str(one)
        shown = spoken(told, "vi")
        assert shown.startswith(f"p.yaml:{one.line}:{one.column}: ")
        assert english_left(told) == []
        assert values_lost(one.message) == []
        assert shown != told


def test_all_of_them_together_are_one_message() -> None:
    with pytest.raises(PolicyRefused) as refused:
        load_text(one_rule("{os.famly: x}", "    severity: hihg\n"), "p.yaml")
    first, second = spoken(str(refused.value), "vi").splitlines()
    assert first == (
        "p.yaml:8:15: quy tắc T-1: không có dữ kiện nào tên os.famly; có phải ý là os.family?"
    )
    assert second == (
        "p.yaml:9:15: quy tắc T-1: severity: hihg không thuộc low, medium, high, critical; "
        "có phải ý là high?"
    )


DOUBTFUL = f"""\
{HEAD}  - id: T-1
    require: {{os.uac: {{is: on, missing: pass}}}}
    tests:
      - {{facts: {{os.uac: on}}, expect: fail}}
      - {{facts: {{os.uac: on}}, expect: pass, says: nothing of the kind}}
"""


def test_doubts_and_tests_of_rules_are_told_in_vietnamese() -> None:
    doubts = [str(one) for one in lint_text(DOUBTFUL.encode(), "p.yaml")]
    results = [str(one) for one in run_tests(load_text(DOUBTFUL, "p.yaml")) if not one.passed]
    assert len(doubts) >= 6
    assert len(results) == 2
    for told in [*doubts, *results]:
        assert english_left(told) == []
        assert spoken(told, "vi") != told
    assert "cần fail, lại ra pass" in spoken(results[0], "vi")


def test_what_departs_from_a_policy_is_told_in_vietnamese(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(one_rule("{os.uac: on}", "    severity: high\n"), "utf-8")
    child = (
        "policy: child\nversion: 1\ntitle: child\nextends: base.yaml\n"
        "rules:\n  - {id: T-1, severity: low}\n"
    )
    found = [one.message for one in lint_text(child.encode(), str(tmp_path / "child.yaml"))]
    assert "lỏng hơn trial: severity high → low" in [spoken(one, "vi") for one in found]
    assert [english_left(one) for one in found] == [[] for _ in found]


def test_a_message_that_was_glued_together_would_be_seen() -> None:
    assert english_left("no fact is called os.famly") != []
    assert english_left(said("no fact is called {path}{hint}", path="x", hint="")) == []
    assert english_left(said("nobody translated this {path}", path="x")) != []
    assert english_left(joined("; ", [said("a list"), said("nobody translated this")])) != []
    assert values_lost(Said("a list {path}", {"path": "os.uac"})) == []
    assert values_lost(Said("a list", {"path": "os.uac"})) == ["os.uac"]
