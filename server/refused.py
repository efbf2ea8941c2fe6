"""A request that is not carried out: a status, a code for programs, one sentence for people."""

from __future__ import annotations

from language.said import plain


class Refused(Exception):
    """Why a request is not carried out; nothing has changed by it."""

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: int | None = None
    ) -> None:
        """``message``: English, whatever the collector speaks: agents read and keep it.

        ``retry_after``: seconds after which the same request may succeed.
        """
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = plain(message)
        self.retry_after = retry_after
