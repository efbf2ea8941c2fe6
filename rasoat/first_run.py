"""Bringing a data folder to life: the folder, the collector, and this machine's own agent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents import enrol, run, state
from inventory import folder as folders
from inventory import tokens
from inventory.store import Store
from rasoat import address
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.settings import DEFAULT_PORT
from server.enrolment_file import enrolment_file
from server.run import LOOPBACK, CannotListen, Collector

AGENT_STATE = "agent"  #: the folder, inside the data folder, of this machine's own agent
TOKEN_LIFE = timedelta(minutes=10)


def prepared(folder: Path) -> bool:
    """Make the data folder if it is not there; gives whether it is new.

    Raises:
        InventoryError: the folder is not ours, or its database is damaged.
    """
    new = not folders.is_ours(folder)
    store = Store.create(folder) if new else Store.open(folder)
    store.close()
    return new


@contextmanager
def collecting(folder: Path, port: int | None) -> Iterator[Collector]:
    """The collector on loopback, for as long as the block runs.

    It takes the port given, else the one it had before, else 8443, else any free one.

    Raises:
        CannotListen: a port was asked for, or is where agents look, and it is in use.
    """
    kept = address.known(folder)
    wanted = port or address.port_of(kept, DEFAULT_PORT)
    try:
        collector = Collector(folder, LOOPBACK, wanted).__enter__()
    except CannotListen:
        if port or kept:
            raise
        collector = Collector(folder, LOOPBACK, 0).__enter__()
    try:
        if kept is None or port:
            address.remember(folder, collector.url)
        yield collector
    finally:
        collector.__exit__(None, None, None)


def enrolled(folder: Path, url: str) -> bool:
    """Enrol this machine's agent through the collector at ``url``; False if it was already.

    Raises:
        AgentProblem: the collector refuses.
    """
    where = str(folder / AGENT_STATE)
    known = state.load_enrolment(where)
    if known is not None and known.url == url:
        return False
    expires = datetime.now(UTC) + TOKEN_LIFE
    with opened(folder) as store:
        token = tokens.create(
            store, approve=True, expires_at=expires, max_uses=1, unit=None, by=whoami()
        )
    enrol.enrol(where, enrolment_file(folder, url, token, expires))
    return True


def reported(folder: Path) -> str:
    """Run this machine's agent once; gives what kept its report from arriving, or nothing."""
    outcome = run.run(str(folder / AGENT_STATE))
    return "" if outcome.done else outcome.problem
