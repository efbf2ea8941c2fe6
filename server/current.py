"""The collector keeps verdicts current: soon after news, and every hour as time passes.

A thread of its own with a store of its own: ingest never waits for it but for the moment of a
commit, and it commits device by device.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic

from inventory import devices, findings, news
from inventory.identity import settling
from inventory.store import Store
from inventory.times import office_day
from inventory.waivers import waivers
from policies.current import refreshed
from policies.tree import Policy
from server.collecting import now as clock

LOOK_SECONDS = 5.0  #: between looks for news; an officer who waits for a verdict waits no longer
SWEEP_SECONDS = 3600.0  #: between looks at everything, for what time alone has turned
MOST_ALONE = 50  #: devices that are read one by one; of more, all are read at once
AT_ONCE = 20  #: devices judged and committed together


Policies = Callable[[], Sequence[Policy]]


class Keeper:
    """What is looked at again and again; ``policies`` gives the rules as they are now."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        self._policies = policies
        self._seen: news.Mark | None = None
        self._swept = float("-inf")
        self._day = ""
        self._rules: tuple[str, ...] = ()

    def look(self, now: datetime) -> int:
        """Judge again what may have turned; gives how many results were judged.

        Raises:
            InventoryError, PolicyError: the store or a policy cannot be read.
        """
        settling.settle(self._store, now)
        seen, policies = news.mark(self._store), self._policies()
        rules = tuple(one.hash for one in policies)
        begun, named = monotonic(), self._concerned(seen, rules, now)
        parts = [None] if named is None else named
        judged = sum(self._refresh(policy, part, now) for policy in policies for part in parts)
        if named is None:  # only now: a sweep that failed is made again at the next look
            self._swept, self._day = begun, office_day(now)
        self._seen, self._rules = seen, rules
        return judged

    def _concerned(
        self, seen: news.Mark, rules: tuple[str, ...], now: datetime
    ) -> list[str] | None:
        """The ids of the devices to look at; None: everything, and what is gone."""
        late = monotonic() - self._swept >= SWEEP_SECONDS
        late |= office_day(now) != self._day  # a waiver's last day is over: not an hour too late
        before = self._seen
        if before is None or late or rules != self._rules:
            return None
        if seen.beside_reports != before.beside_reports:
            return None
        named = news.reported_since(self._store, before) if seen != before else []
        return named if len(named) <= MOST_ALONE else None

    def _refresh(self, policy: Policy, device: str | None, now: datetime) -> int:
        excepted = waivers(self._store, policy.name)
        if device is None:
            machines = devices.everything(self._store, now)
            known = findings.kept(self._store, policy.name)
        else:
            machines = [devices.view(self._store, device, now)]
            known = findings.kept(self._store, policy.name, machines[0].device)
        made = refreshed(policy, machines, known, excepted, now)
        for some in _parts(made.findings):
            findings.record(self._store, some, now, made.basis)
        if made.gone:
            findings.forget(self._store, policy.name, made.gone)
        return len(made.findings)


def _parts(found: Sequence[findings.Finding]) -> Iterator[list[findings.Finding]]:
    """The findings of a few devices at a time."""
    part: list[findings.Finding] = []
    held: set[str] = set()
    for one in found:
        if one.device not in held and len(held) == AT_ONCE:
            yield part
            part, held = [], set()
        part.append(one)
        held.add(one.device)
    if part:
        yield part


class Keeping:
    """A context manager: the keeper at work in a thread, until it ends."""

    def __init__(self, folder: Path, policies: Policies) -> None:
        self._folder, self._policies = folder, policies
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the look under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        said = ""
        store = Store.open(self._folder)
        try:
            keeper = Keeper(store, self._policies)
            while True:
                try:
                    keeper.look(clock())
                    said = ""
                except Exception as fault:  # noqa: BLE001 - ingest goes on, and so does the next look
                    if str(fault) != said:
                        said = str(fault)
                        sys.stderr.write(f"verdicts are not kept current: {said}\n")
                if self._stopping.wait(LOOK_SECONDS):
                    return
        finally:
            store.close()
