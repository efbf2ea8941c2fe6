"""What the collector allows: limits and times, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_BODY = 2 << 20  #: bytes of a report as it travels (DESIGN §5)
LONGEST_DOCUMENT = 16 << 20  #: bytes of a report unpacked (DESIGN §5)
MOST_EXPANSION = 100  #: unpacked bytes for one packed; genuine reports have about 4
LONGEST_ENROLMENT = 16 << 10  #: bytes; a genuine one has about 300


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one collector; the defaults are meant for an office."""

    interval: int = 4 * 3600  #: seconds between the reports of one agent
    burst: int = 600  #: requests of one key at once: a full spool of an agent long offline
    per_second: float = 1.0  #: requests of one key thereafter
    connections: int = 1000  #: at once; 568 PCs after a power cut, and people
    queue: int = 1000  #: reports that wait for the disk before 503 is said
    window: float = 0.002  #: seconds that a commit waits for company, at most 0.020
    batch: int = 200  #: reports in one commit
    request_seconds: float = 30.0  #: for one whole request to arrive: slow ones are cut
    idle_seconds: int = 5  #: that a connection may wait between two requests
    metrics_token: bytes = (
        b""  #: SHA-256 of the token for GET /metrics; empty: there is no such path
    )
