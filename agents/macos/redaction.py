"""What `record --redact` takes out of a Mac's recording.

Outputs and files that are made of names go altogether, and their facts are then unknown (redacted);
serials and the host's name get stand-ins of the same shape.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from agents.recording import Recording

_OF_NAMES = ("user_ids", "user_shells", "user_authorities", "administrators", "console_user")
_FILES_OF_NAMES = (
    "/Library/Preferences/com.apple.loginwindow.plist",
    "/Library/Preferences/SystemConfiguration/preferences.plist",
    "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist",
)
_SERIAL = re.compile(
    rb"(<key>(?:IOPlatformSerialNumber|IOPlatformUUID|Serial Number)</key>\s*<string>)([^<]*)(?=<)"
)
_HOST = re.compile(rb"(?m)^(kern\.hostname: )\S+$")
_SIGN = re.compile(rb"[0-9A-Za-z]")


def names(recording: Recording) -> int:
    """Drop what is made of people's names and networks; gives how many were dropped."""
    dropped = 0
    for name in _OF_NAMES:
        if recording.commands.pop(name, None) is not None:
            dropped += 1
    if dropped:
        why = {"refused": "redacted", "detail": "names of accounts"}
        recording.note("command dscl", **why)
        recording.note("command stat", **why)
    for path in _FILES_OF_NAMES:
        if recording.files.pop(path, None) is not None:
            recording.notes.pop(path, None)
            recording.note(path, refused="redacted", detail="names of people or networks")
            dropped += 1
    return dropped


def host(recording: Recording) -> int:
    """The computer's name in the kernel's word for it."""
    return _replaced(recording, _HOST, lambda found: found[1] + b"host-1")


def serials(recording: Recording) -> int:
    """Serials and the hardware's UUID in the registry of devices."""
    return _replaced(recording, _SERIAL, lambda found: found[1] + _SIGN.sub(b"0", found[2]))


def _replaced(
    recording: Recording,
    pattern: re.Pattern[bytes],
    stand_in: Callable[[re.Match[bytes]], bytes],
) -> int:
    count = 0
    for _, ran in recording.commands.values():
        ran.stdout, times = pattern.subn(stand_in, ran.stdout)
        count += times
    return count
