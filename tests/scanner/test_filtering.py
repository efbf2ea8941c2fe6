"""The verdict on filtering: every pattern of answers, and what loss may not turn into a word."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.filtering import PROBES, Probed, verdict

SURE = 1e-4  #: doubt of one silence
STATES = st.sampled_from(["open", "closed", "filtered", "silent"])


def said(*states: str, present: bool = True, doubt: float = SURE, own: bool = True) -> str:
    codes = [(13, own)] * states.count("filtered")
    found = verdict(Probed(states, codes, doubt, present))
    return found.verdict if found.verdict != "unknown" else found.reason


@pytest.mark.parametrize(
    ("states", "word"),
    [
        (["closed"] * 8, "open"),
        (["closed"] * 7 + ["silent"], "open"),
        (["silent"] * 8, "drops"),
        (["filtered"] * 8, "rejects"),
        (["filtered"] + ["silent"] * 7, "rejects"),
        (["closed"] * 3 + ["silent"] * 5, "contradictory"),
        (["closed"] * 4 + ["filtered"] * 4, "contradictory"),
        (["open"] * 8, "closed_ports_answer"),
        ([], "not_probed"),
    ],
)
def test_patterns(states: list[str], word: str) -> None:
    assert said(*states) == word


def test_silence_of_somebody_who_may_not_be_there_is_unknown() -> None:
    assert said(*["silent"] * 8, present=False) == "not_seen_otherwise"


def test_silence_that_loss_explains_is_unknown() -> None:
    assert said(*["silent"] * 8, doubt=0.5) == "too_much_loss"


def test_a_routers_refusal_is_not_the_hosts() -> None:
    assert said(*["filtered"] * 8, own=False) == "router_refuses"


@given(st.lists(STATES, max_size=PROBES), st.booleans(), st.floats(0, 1))
def test_a_word_always_rests_on_what_came(states: list[str], present: bool, doubt: float) -> None:
    found = verdict(Probed(states, [(3, True)], doubt, present))
    count = Counter(states)
    assert found.verdict != "open" or (count["closed"] and not count["filtered"])
    assert found.verdict != "rejects" or count["filtered"]
    assert found.verdict != "drops" or (set(states) == {"silent"} and present)
    assert (found.verdict == "unknown") == bool(found.reason)
    assert found.evidence


@pytest.mark.parametrize(("kind", "word"), [("closed", "open"), ("filtered", "rejects")])
def test_never_the_wrong_word_at_ten_percent_loss_after_three_rounds(kind: str, word: str) -> None:
    """10,000 hosts of a kind that answers: unknown at most 1 in 100, another word never."""
    chance = random.Random(7)
    words = Counter(
        said(*[kind if chance.random() >= 0.0975**3 else "silent" for _ in range(PROBES)])
        for _ in range(10_000)
    )
    assert words[word] >= 9_900
    assert words["drops"] == 0


@pytest.mark.parametrize(
    ("states", "whole", "expected"),
    [
        (["silent"] * 8, True, ("drops", "")),
        (["silent"] * 8, False, ("unknown", "stopped")),
        (["closed"] * 3 + ["silent"] * 5, False, ("unknown", "stopped")),
        (["closed"] * 8, False, ("open", "")),
        (["filtered"] * 2 + ["silent"] * 6, False, ("rejects", "")),
    ],
)
def test_silence_in_a_scan_that_was_stopped_tells_nothing(
    states: list[str], whole: bool, expected: tuple[str, str]
) -> None:
    codes = [(13, True)] if "filtered" in states else []
    found = verdict(Probed(states, codes, 0.01, present=True, whole=whole))
    assert (found.verdict, found.reason) == expected
