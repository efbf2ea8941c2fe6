"""Chance that a seed determines: the same words give the same draws, on every machine."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

Drawn = TypeVar("Drawn")


def chance(*words: object) -> random.Random:
    """A stream of draws that belongs to these words alone."""
    return random.Random("/".join(map(str, words)))


def one_of(draws: random.Random, shares: Mapping[Drawn, float]) -> Drawn:
    """One of the keys, by its share (the shares need not add up to 1)."""
    point = draws.random() * sum(shares.values())
    for value, share in shares.items():
        point -= share
        if point < 0:
            return value
    return next(iter(shares))
