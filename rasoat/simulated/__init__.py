"""An invented district: its units, machines, register and network, and what is true of each thing.

Everything is made up from a seed and marked as simulated wherever it is shown; no person, office,
serial number or network of it exists.
"""

from __future__ import annotations

MARK = "MÔ PHỎNG / SIMULATED"  #: stands in every sheet, unit name and scan
AGENT_VERSION = "0.1.0+simulated"  #: what a simulated agent says of itself
