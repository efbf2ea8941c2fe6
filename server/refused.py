"""A request that is not carried out: a status, a code for programs, one sentence for people."""

from __future__ import annotations


class Refused(Exception):
    """Why a request is not carried out; nothing has changed by it."""

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: int | None = None
    ) -> None:
        """``retry_after``: seconds after which the same request may succeed."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after
