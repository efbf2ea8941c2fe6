"""What can go wrong with a data folder; each message says what to try."""

from __future__ import annotations

from language.said import SaidError


class InventoryError(SaidError):
    """The inventory cannot do what was asked."""

    exit_code = 2


class NotOurFolder(InventoryError):
    """The folder is not a data folder of Rà Soát, and nothing in it was touched."""


class FolderExists(InventoryError):
    """A data folder is there already, and is not made anew."""


class DamagedDatabase(InventoryError):
    """The database cannot be read; it was left as it is."""


class NewerDatabase(InventoryError):
    """The data folder or its database was written by a newer Rà Soát."""


class CannotUseDatabase(InventoryError):
    """The machine does not let us at the database now: no permission, no room, a bad disk."""

    exit_code = 3


class BadArchive(InventoryError):
    """The file is not a whole backup of ours; nothing was restored."""


class NoSuchAgent(InventoryError):
    """No agent has this id."""


class NoSuchDevice(InventoryError):
    """No device has this id."""


class TokenRefused(InventoryError):
    """The enrolment token is not good: unknown, expired, or used up."""


class StoreBusy(InventoryError):
    """Another process holds the write lock for too long."""

    exit_code = 3


class NothingToDecide(InventoryError):
    """A merge or a split that would change nothing, or not what was meant."""
