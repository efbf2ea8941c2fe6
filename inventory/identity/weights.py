"""What each kind of evidence is worth. The numbers are judgement, tested on the known hard cases.

Equal values speak for one machine, different ones against it, more so when the other value is known
to belong to somebody else. Nothing weaker than a hardware number, a MAC, or an address at the right
time merges alone; a name never does.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.identity.evidence import Kind

MERGE = 50  #: from here on two observations are one machine
PROPOSE = 20  #: from here on a person is asked
LIVE_SHARERS = 3  #: machines alive at one time that share a value: it identifies nothing
LIVE_SHARERS_OF_MAC = 2  #: one card is in one machine at a time: docks and adapters are not
LEASE = 86_400  #: seconds after its last report for which an address still hints at a machine
#: More for a MAC or address that was the machine's at the very time: the MAC then outweighs a name
#: that was changed, the address does not.
IN_TIME = 10


@dataclass(frozen=True, slots=True)
class Weight:
    """``same``: for equal values; ``differs``: against, and ``taken``: when another has it."""

    same: int
    differs: int = 0
    taken: int = 0


WEIGHTS = {
    Kind.KEY: Weight(100),
    Kind.UUID: Weight(60, 40, 40),
    Kind.SERIAL: Weight(60, 20, 40),
    Kind.BOARD: Weight(40, 10, 20),
    Kind.DISK: Weight(40, 10, 10),
    Kind.MAC: Weight(50, 10, 10),
    Kind.TAG: Weight(60, 20, 40),
    Kind.NAME: Weight(20, 10, 30),
    Kind.UNIT: Weight(10, 10, 10),  # only beside a name
    Kind.ADDRESS: Weight(45, 0, 0),  # only in time, and where no two MACs contradict it
}
LATE_ADDRESS = 30  #: for an address within `LEASE` of the last time it was seen
