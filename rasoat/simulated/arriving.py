"""Reports of the district's agents in the order in which each made them, and their keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from agents.identity import Identity
from inventory.agents import agent_id
from inventory.identity.observers import agent_observation
from inventory.identity.observing import board_of, report_pieces
from rasoat.simulated import MARK
from rasoat.simulated.block import Block
from rasoat.simulated.documents import document
from rasoat.simulated.machines import Pc, Phase

_KEYS = 4096  #: identities kept at hand


@dataclass(frozen=True, slots=True)
class Report:
    """One report: of which thing, by which agent's key, its number, and what it says."""

    thing: str
    key: str
    platform: str
    name: str
    unit: str
    sequence: int
    at: datetime
    document: dict[str, Any]

    @property
    def raw(self) -> bytes:
        """The document as it travels, before it is compressed."""
        return msgspec.json.encode(self.document)

    def observation(self, seed: int) -> str:
        """The id of the observation that the inventory makes of it."""
        agent = agent_of(seed, self.key)
        pieces = report_pieces(self.document, agent, self.unit)
        return agent_observation(agent, board_of(pieces))


@lru_cache(_KEYS)
def identity(seed: int, key: str) -> Identity:
    """The Ed25519 key of a simulated agent; everyone can make it, so it signs nothing real."""
    return Identity(hashlib.sha256(f"{MARK}/{seed}/{key}".encode()).digest())


@lru_cache(_KEYS)
def agent_of(seed: int, key: str) -> str:
    """The id of a simulated agent."""
    return agent_id(identity(seed, key).public_key)


def reports(block: Block, *, history: bool) -> Iterator[Report]:
    """Every report; without ``history`` the last of each phase alone.

    The first PC of each place is its sensor: it always reported before it scanned.
    """
    sensors = {one.place.unit.code: one.thing for one in reversed(block.pcs)}
    for one in block.pcs:
        if one.agent:
            sensor = sensors[one.place.unit.code] == one.thing
            yield from _of_pc(one, history=history or sensor)


def _of_pc(one: Pc, *, history: bool) -> Iterator[Report]:
    numbers: dict[str, int] = {}
    for phase in one.phases:
        moments = {phase.last} | ({phase.first} if history else set())
        for at in sorted(moments):
            numbers[phase.key] = number = numbers.get(phase.key, 0) + 1
            made = document(phase, one.place, at, _installed(one, phase))
            family, unit = phase.system.family, one.place.unit.code
            yield Report(one.thing, phase.key, family, phase.name, unit, number, at, made)


def _installed(one: Pc, phase: Phase) -> datetime:
    """Since when this system runs: an agent's key lasts as long as its installation."""
    return min(other.first for other in one.phases if other.key == phase.key)
