"""Tokens: shown once, ended by date and by use, also when many machines come at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from inventory import agents, tokens
from inventory.errors import TokenRefused
from inventory.store import Store
from tests.inventory.office import NOW, Machine, at, rows, token


def redeemed(store: Store, text: str, seconds: int) -> bool:
    try:
        with store.write() as db:
            tokens.redeem(db, text, at(seconds))
    except TokenRefused:
        return False
    return True


def test_the_edge_of_its_date(store: Store):
    text = token(store, uses=9)  # good for an hour
    assert [redeemed(store, text, seconds) for seconds in (0, 3599, 3600, 3601)] == [
        *(True, True, False, False)
    ]


def test_the_edge_of_its_uses(store: Store):
    text = token(store, uses=3)
    assert [redeemed(store, text, 0) for _ in range(5)] == [True, True, True, False, False]
    assert rows(store, "SELECT uses, max_uses FROM tokens") == [(3, 3)]


def test_an_unknown_token_is_refused(store: Store):
    text = token(store)
    for wrong in ("", text[:-1], text.swapcase(), text + " ", "\ud800"):
        assert not redeemed(store, wrong, 0)
    assert redeemed(store, text, 0)


@pytest.mark.parametrize(("uses", "life"), [(0, 1), (-1, 1), (1, 0), (1, -1)])
def test_a_token_that_would_never_be_good_is_not_made(store: Store, uses: int, life: int):
    with pytest.raises(ValueError, match="at least one use"):
        tokens.create(
            store,
            approve=True,
            expires_at=NOW + timedelta(hours=life),
            max_uses=uses,
            unit=None,
            by="officer",
            now=NOW,
        )
    assert rows(store, "SELECT * FROM tokens") == []
    assert rows(store, "SELECT * FROM audit") == []


def test_eight_at_once_and_three_uses_are_three_machines(store: Store):
    text = token(store, uses=3)
    start, told = threading.Barrier(8), []

    def enrol(number: int) -> None:
        machine = Machine(f"pc-{number}")
        start.wait(10)
        try:
            agents.enrol(
                store,
                token=text,
                public_key=machine.identity.public_key,
                name=machine.name,
                platform="linux",
                peer="10.0.0.1",
                now=NOW,
            )
            told.append("enrolled")
        except TokenRefused:
            told.append("refused")

    threads = [threading.Thread(target=enrol, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["enrolled"] * 3 + ["refused"] * 5
    assert len(agents.all_agents(store)) == 3
    assert rows(store, "SELECT uses FROM tokens") == [(3,)]


def test_its_text_is_nowhere_on_the_disk(store: Store):
    text = token(store, uses=2)
    Machine().enrol(store)
    assert redeemed(store, text, 0)
    digest = tokens._hash(text)

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in store.folder.iterdir())

    for close in (lambda: None, store.close):  # in the log of changes, then in the file
        close()
        assert text.encode() not in on_disk()
        assert digest in on_disk()  # the control: what is kept of it would be found


def test_what_it_allows_reaches_the_agent_and_the_log(store: Store):
    text = tokens.create(
        store,
        approve=False,
        expires_at=at(60),
        max_uses=1,
        unit="Xã Bảo Yên",
        by="officer",
        now=NOW,
    )
    machine = Machine()
    agent = agents.enrol(
        store,
        token=text,
        public_key=machine.identity.public_key,
        name=machine.name,
        platform="linux",
        peer="10.0.0.1",
        now=NOW,
    )
    assert (agent.status, agent.unit, agent.epoch) == ("pending", "Xã Bảo Yên", 1)
    assert [action for (action,) in rows(store, "SELECT action FROM audit")] == [
        *("token made", "agent enrolled")
    ]
