"""Rules and machines that mean harm: the dearest patterns, the longest list that is judged."""

from __future__ import annotations

import json

PATTERNS = (
    'matches: "^(a+)+$"',
    'matches: "(a|aa)+(a|aa)+b"',
    'matches: "(.*a){20}b"',
    'like: "*a*a*a*a*a*a*b"',
    'like: "?*a?*a?*a?*b"',
)


def rule(pattern: str, kind: str = "none") -> str:
    """A policy of one rule that asks each program's name; ``any`` fails and is explained."""
    return (
        "policy: p\nversion: 1\ntitle: t\nrules:\n"
        f"  - {{id: BIG-1, title: a, require: {{software: {{{kind}: {{name: {{{pattern}}}}}}}}}}}\n"
    )


def machine(size: int, length: int) -> bytes:
    """A view of about ``size`` bytes: one list of programs whose names have ``length`` letters."""
    name = "a" * (length - 8)
    programs = [{"name": f"{name}!{at:07}"} for at in range(size // (length + 14))]
    return json.dumps({"facts": {"software": programs}, "unknown": {}}).encode()
