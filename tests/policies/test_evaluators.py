"""The two evaluators agree on every document, and no unknown ever becomes a pass (or a fail)."""

from __future__ import annotations

import ast
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from inventory.catalogue import Fact
from policies import related
from policies.codes import RESULTS
from policies.fast import FastPolicy
from policies.judge import DeviceFacts, Judge, _View
from policies.load import load_text
from policies.rails import Generator
from policies.related import Collected
from policies.syntax import any_of, compare, constant, name
from policies.tree import Policy
from policies.values import Value
from tests.policies.documents import NOW, RuleMaker, full_view, refused_view, with_holes

DAY = 86_400
DOCUMENTS, RULES = 3000, 100


def policies_by_chance(
    seed: int, count: int, *, missing: bool = True, exists: bool = True, others: bool = False
) -> Policy:
    made = RuleMaker(random.Random(seed), missing=missing, exists=exists, others=others)
    return load_text(made.policy(count), f"seed {seed}")


def reference_results(judge: Judge, raw: bytes, age: float) -> list[str]:
    at = datetime.fromtimestamp(NOW - age, UTC)
    view = _View(DeviceFacts("d", raw, at, at), NOW)
    return [judge.explained(rule, view).result for rule in judge.policy.rules]


def disagreements(
    generator: type[Generator], documents: int, rules: int
) -> tuple[int, Counter[str]]:
    """How often the generated evaluator differs from the reference, and what results were seen."""
    chance, seen, wrong = random.Random(7), Counter[str](), 0
    judges: list[tuple[Judge, FastPolicy]] = []
    for seed in range(10):
        policy = policies_by_chance(seed, rules)
        judges.append((Judge(policy), FastPolicy(policy, generator)))
    for number in range(documents):
        judge, fast = judges[number % len(judges)]
        view = full_view(chance)
        if number % 5:
            view = with_holes(view, chance, share=chance.choice([0.02, 0.1, 0.3]))
        raw, age = json.dumps(view).encode(), chance.choice([100, 8 * DAY])
        quick = [RESULTS[code] for code in fast(raw, NOW, age)]
        slow = reference_results(judge, raw, age)
        seen.update(slow)
        wrong += sum(one != other for one, other in zip(quick, slow, strict=True))
    return wrong, seen


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_evaluators_agree_on_documents_with_holes() -> None:
    wrong, seen = disagreements(Generator, DOCUMENTS, RULES)
    assert sum(seen.values()) == DOCUMENTS * RULES
    assert min(seen[result] for result in RESULTS) > 10_000, seen
    assert wrong == 0


class ForgetsTheRest(Generator):
    """The fault that was measured in the field.

    In a list's element, a missing key counts as a false.
    """

    def false(self, node, scope):
        surely_not = super().false(node, scope)
        if type(node).__name__ == "Test" and scope.root != "facts":
            local = scope.local(node.spot.steps)
            return any_of((surely_not, compare(local, ast.Is, name("unset"))))
        return surely_not


class IgnoresPartialLists(Generator):
    """Takes what was read of a list for the whole list."""

    def _about(self, helper, spot, scope):
        about = super()._about(helper, spot, scope)
        return constant(False) if helper == "incomplete" else about


class ShortCut(Generator):
    """Takes 'not surely true' for 'surely false'."""

    def false(self, node, scope):
        return ast.UnaryOp(ast.Not(), self.true(node, scope))


@pytest.mark.parametrize("broken", [ForgetsTheRest, IgnoresPartialLists, ShortCut])
def test_the_harness_catches_a_broken_evaluator(broken: type[Generator]) -> None:
    wrong, seen = disagreements(broken, 100, 40)
    assert sum(seen.values()) == 4000
    assert wrong > 0


def test_wrong_types_reach_the_reference_and_stay_with_their_rule() -> None:
    """What the reference calls an error, the generated evaluator's decoder refuses.

    Other rules still answer.
    """
    chance = random.Random(11)
    policy = policies_by_chance(3, 60)
    judge, fast = Judge(policy), FastPolicy(policy)
    seen, beside = Counter[str](), 0
    for _ in range(600):
        raw = json.dumps(refused_view(with_holes(full_view(chance), chance, 0.05), chance)).encode()
        slow = reference_results(judge, raw, 0)
        seen.update(slow)
        try:
            quick = [RESULTS[code] for code in fast(raw, NOW, 0)]
        except msgspec.ValidationError:
            beside += "error" in slow and len(set(slow)) > 1
            continue
        assert "error" not in slow
        assert quick == slow
    assert seen["error"] > 200
    assert beside > 100


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("others", [False, True])
def test_no_unknown_becomes_an_answer_that_the_whole_truth_denies(*, others: bool) -> None:
    """If a rule passes (or fails) with holes, it does so on every completion.

    Here the document as it was, and documents in between, where some of the holes are filled;
    ``others``: with rules that hold one fact against another.
    """
    chance, kept, gained = random.Random(23), Counter[str](), Counter[str]()
    for seed in range(20, 30):
        judge = Judge(policies_by_chance(seed, 60, missing=False, exists=False, others=others))
        for _ in range(40):
            full = full_view(chance)
            some = with_holes(full, chance, 0.05)
            more = with_holes(some, chance, 0.1)
            chain = [json.dumps(view).encode() for view in (more, some, full)]
            least, middle, most = (reference_results(judge, raw, 0) for raw in chain)
            for before, between, after in zip(least, middle, most, strict=True):
                for first, second in ((before, between), (between, after), (before, after)):
                    if first == "unknown":
                        gained[second] += 1
                    else:
                        kept[first] += 1
                        assert first == second
    assert min(kept["pass"], kept["fail"], kept["not_applicable"]) > 1000, kept
    assert min(gained["pass"], gained["fail"]) > 500, gained


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_harness_catches_a_right_side_taken_for_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = related.holds

    def careless(operator: str, fact: Fact, value: Value, said: Collected) -> bool | None:
        return whole(operator, fact, value, replace(said, reason=None))

    monkeypatch.setattr(related, "holds", careless)
    with pytest.raises(AssertionError):
        test_no_unknown_becomes_an_answer_that_the_whole_truth_denies(others=True)
