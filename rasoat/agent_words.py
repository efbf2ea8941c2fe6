"""What the states of an agent are called."""

from __future__ import annotations

from inventory.alerts import alert
from language.said import spoken
from language.texts import marked, texts

_STATUSES = {
    "pending": marked("waiting for approval"),
    "approved": marked("approved"),
    "quarantined": marked("in quarantine"),
    "revoked": marked("revoked"),
}


def status_words(status: str, lang: str) -> str:
    """The state in words; one of a later release as it is."""
    return texts(lang)(_STATUSES[status]) if status in _STATUSES else status


def alert_words(kept: str, lang: str) -> str:
    """An alert as it was kept, in the reader's language."""
    return spoken(alert(kept), lang)
