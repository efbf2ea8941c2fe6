"""What Windows Security Center says of the machine's protection (clients since Vista)."""

from __future__ import annotations

from ctypes import POINTER, byref, c_int32, c_uint32

from agents.windows.api import failed, function

#: WSC_SECURITY_PROVIDER_* (MS docs, wscapi.h).
_PROVIDERS = {"firewall": 1, "updates": 2, "antivirus": 4}
_HEALTH = {0: "good", 1: "not_monitored", 2: "poor", 3: "snooze"}  #: WSC_SECURITY_PROVIDER_HEALTH
_SERVICE_DOWN = 1  #: S_FALSE: the health is then said to be poor, and means nothing


def security_health() -> dict[str, str | None]:
    """The health of each provider; null where the Security Center service does not run."""
    types = (c_int32, c_uint32, POINTER(c_int32))
    ask = function("wscapi", "WscGetSecurityProviderHealth", *types)
    found: dict[str, str | None] = {}
    for name, provider in _PROVIDERS.items():
        health = c_int32(-1)
        result = ask(provider, byref(health))
        if result not in (0, _SERVICE_DOWN):
            raise failed("WscGetSecurityProviderHealth " + name, result)
        found[name] = None if result == _SERVICE_DOWN else _HEALTH.get(health.value)
    return found
