"""What the scanner refuses to do, each with a sentence for the person who asked."""

from __future__ import annotations

from language.said import SaidError


class ScannerError(SaidError):
    """A scan that cannot be done as asked; the message says why and what to do."""

    exit_code = 2


class NotAllowed(ScannerError):
    """An address outside the networks that may be scanned."""


class BadTarget(ScannerError):
    """A word that names no address and no network."""


class CannotScan(ScannerError):
    """This machine cannot do it: no interface, no rights, no such program."""

    exit_code = 3


class BadFile(ScannerError):
    """A file that is not what it should be; nothing of it was taken."""
