"""Who acts, for the audit log."""

from __future__ import annotations

import getpass
import os


def whoami() -> str:
    """The login name of the person, also behind sudo."""
    named = os.environ.get("SUDO_USER")
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown user"
