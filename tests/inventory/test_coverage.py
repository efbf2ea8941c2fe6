"""Each device is in one state, and nobody who is silent or without an agent is managed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inventory.coverage import SEEN_WITHIN, SILENT_AFTER, Known, State, state

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOMENTS = st.none() | st.timedeltas(timedelta(), timedelta(days=60)).map(lambda ago: NOW - ago)


def known(
    *,
    registered: bool = True,
    agent: str | None = "approved",
    reported: timedelta | None = timedelta(),
    seen: timedelta | None = None,
) -> State:
    """The state of a device that reported and was seen so long ago."""
    reported_at = None if reported is None else NOW - reported
    seen_at = None if seen is None else NOW - seen
    return state(Known(registered, agent, reported_at, seen_at), NOW)


def test_every_state_at_its_edge() -> None:
    assert known() == known(reported=SILENT_AFTER) == State.MANAGED
    assert known(reported=SILENT_AFTER + SECOND) == State.SILENT
    assert known(reported=None) == known(agent="pending") == State.SILENT
    assert known(agent="quarantined") == State.SILENT
    assert known(registered=False) == State.UNREGISTERED
    assert known(agent=None, seen=SEEN_WITHIN) == State.NO_AGENT
    assert known(agent=None, seen=SEEN_WITHIN + SECOND) == State.MISSING
    assert known(agent=None) == State.MISSING
    assert known(agent=None, registered=False, seen=timedelta()) == State.UNKNOWN_DEVICE


@given(
    st.booleans(), st.sampled_from([None, "approved", "pending", "quarantined"]), MOMENTS, MOMENTS
)
def test_ours_and_not_ours_never_mix(
    registered: bool,
    agent: str | None,
    reported: datetime | None,
    seen: datetime | None,
) -> None:
    found = state(Known(registered, agent, reported, seen), NOW)
    ours = {State.MANAGED, State.SILENT, State.NO_AGENT, State.MISSING}
    assert (found in ours) == registered
    if found == State.MANAGED:
        assert agent == "approved"
        assert reported is not None
        assert NOW - reported <= SILENT_AFTER
