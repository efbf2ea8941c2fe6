"""What must hold: a rule has six honest answers."""

from __future__ import annotations

from policies.load import load_policy, load_text, shipped

__all__ = ["load_policy", "load_text", "shipped"]
