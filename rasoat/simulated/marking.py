"""Whether a data folder is simulated, and the mark that its reports then carry.

The audit log of such a folder begins with the entry that says so. It cannot be taken out without
breaking the chain, and goes with the inventory into every backup.
"""

from __future__ import annotations

from dataclasses import replace

from inventory import audit
from inventory.store import Store
from rasoat.simulated import MARK
from reports.summary import Summary

ACTION = "simulated district"  #: of the first entry in the audit log


def is_simulated(store: Store) -> bool:
    """Whether the inventory was made by `rasoat demo`."""
    first = next(audit.read(store.reader()), None)
    return first is not None and first.action == ACTION


def marked(summary: Summary) -> Summary:
    """The summary with the mark, and with it in its title, in every language."""
    titles = {lang: f"{MARK}: {title}" for lang, title in summary.policy_title.items()}
    return replace(summary, policy_title=titles, simulated=True)
