"""Why a cell cannot be taken; the words for people stand in `rasoat.register_words`."""

from __future__ import annotations


class Bad(Exception):
    """A cell that is refused: a kind of problem, and what a person needs to know of it."""

    def __init__(self, kind: str, **said: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.said = said
