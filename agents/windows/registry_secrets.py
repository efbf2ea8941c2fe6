r"""What of the registry never enters a recording: passwords, product keys, wireless keys.

That there is one stays visible, because facts ask for it (automatic sign-in with a password).
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCRUBBED = "scrubbed"
_NAMES = re.compile(
    r"passw|passphrase|secret|token|credential|digitalproductid|productkey|keymaterial|sharedkey"
    r"|psk$|wepkey|pin$",
    re.IGNORECASE,
)
_PLACES = re.compile(r"\\(?:wlansvc|wzcsvc|security\\policy\\secrets|sam)(?:\\|$)", re.IGNORECASE)
_USERINFO = re.compile(r"(://)[^/\s@]+@")


def scrubbed(key: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a key without secrets; numbers are settings and stay."""
    everything = bool(_PLACES.search(key))
    return {
        name: _hidden(value) if everything or _NAMES.search(name) else _without_users(value)
        for name, value in values.items()
    }


def _hidden(value: Any) -> Any:
    if not value or isinstance(value, int):
        return value
    if isinstance(value, bytes):
        return SCRUBBED.encode()
    return [SCRUBBED] if isinstance(value, list) else SCRUBBED


def _without_users(value: Any) -> Any:
    """Texts without the user and the password of an address."""
    if isinstance(value, list):
        return [_USERINFO.sub(r"\1", one) for one in value]
    return _USERINFO.sub(r"\1", value) if isinstance(value, str) else value
