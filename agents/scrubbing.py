"""What never enters a recording, redacted or not: passwords and their hashes."""

from __future__ import annotations

import re

#: A hash keeps its leading marks and whether it is empty, which is all that a fact needs.
_HASH = re.compile(rb"^([^:\n]*:)([!*]*)([^:\n]*)(?=:)", re.MULTILINE)
_SECRET = re.compile(
    rb"^([^\n=#;]*(?:pass|secret|authtok|token|credential)[^\n=]*=)[^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_USERINFO = re.compile(rb"(://)[^/\s@]+@")

_SHADOW = "/etc/shadow"
_SETTINGS = ("/etc/sssd/", "/etc/samba/", "/etc/gdm", "/etc/lightdm/", "/etc/sddm")
_ADDRESSES = ("/etc/apt/", "/etc/yum.repos.d/", "/etc/dnf/")


def scrubbed(path: str, content: bytes) -> bytes:
    """``content`` of the file at ``path`` without secrets; facts stay the same."""
    if path == _SHADOW:
        return _HASH.sub(_hash_kind, content)
    if path.startswith(_SETTINGS):
        content = _SECRET.sub(rb"\1 scrubbed", content)
    if path.startswith(_ADDRESSES):
        content = _USERINFO.sub(rb"\1", content)
    return content


def _hash_kind(match: re.Match[bytes]) -> bytes:
    """The field's leading marks of a locked account, and whether anything follows them."""
    return match[1] + match[2] + (b"scrubbed" if match[3] else b"")
