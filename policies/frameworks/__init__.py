"""Frameworks (standards, decrees) as catalogues that point to rules; rules do not know them."""

from __future__ import annotations

from policies.frameworks.loading import Framework, Requirement, load_framework, shipped_frameworks
from policies.frameworks.standing import Standing, standings

__all__ = [
    "Framework",
    "Requirement",
    "Standing",
    "load_framework",
    "shipped_frameworks",
    "standings",
]
