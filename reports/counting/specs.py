"""What a machine is, in the few words that a list of machines has room for."""

from __future__ import annotations

from reports.counting.views import Facts
from reports.summary import Specs


def specs(facts: Facts) -> Specs:
    """Everything that is known; what is not stays None."""
    return Specs(
        model=facts.hardware.model or None,
        serial=facts.hardware.serial or None,
        memory=facts.hardware.memory.total,
        disk=_disk(facts),
        encryption=encryption(facts),
        antivirus=_antivirus(facts),
        support_ends=(facts.device.support_ends or "")[:10] or None,
    )


def system(facts: Facts) -> str | None:
    """The operating system's name and version."""
    return " ".join(part for part in (facts.os.name, facts.os.version) if part) or None


def encryption(facts: Facts) -> str | None:
    """Whether the volume that holds the system is encrypted; None: not known."""
    holds = [one for one in facts.volumes or () if one.system]
    return holds[0].encryption if holds else None


def _disk(facts: Facts) -> int | None:
    sizes = [one.size for one in facts.hardware.disks or () if not one.removable]
    return sum(size for size in sizes if size is not None) if any(sizes) else None


def _antivirus(facts: Facts) -> str | None:
    """The products that protect; empty text: it is known that none does."""
    if facts.antivirus.products is None:
        return None
    return ", ".join(one.name for one in facts.antivirus.products if one.enabled and one.name)
