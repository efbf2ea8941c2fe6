"""Calls that tell how services start and whether they run (service control manager)."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, c_wchar_p

from agents.windows.api import function, last_error, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONNECT = 1  #: SC_MANAGER_CONNECT
_QUERY = 1 | 4  #: SERVICE_QUERY_CONFIG, SERVICE_QUERY_STATUS
_NO_SUCH_SERVICE = 1060  #: ERROR_SERVICE_DOES_NOT_EXIST
_CONFIGURATION_SIZE = 8 << 10  #: bytes; MS docs: QUERY_SERVICE_CONFIGW takes 8 KiB at most
#: SERVICE_STATUS.dwCurrentState (winsvc.h).
_STATES = {
    1: "stopped",
    2: "start_pending",
    3: "stop_pending",
    4: "running",
    5: "continue_pending",
    6: "pause_pending",
    7: "paused",
}


class ServiceStatus(ctypes.Structure):
    """SERVICE_STATUS_PROCESS (MS docs, winsvc.h)."""

    _fields_ = [
        ("type", c_uint32),
        ("state", c_uint32),
        ("controls", c_uint32),
        ("exit_code", c_uint32),
        ("specific_exit_code", c_uint32),
        ("checkpoint", c_uint32),
        ("wait_hint", c_uint32),
        ("process", c_uint32),
        ("flags", c_uint32),
    ]


def services(*names: str) -> dict[str, dict[str, Any]]:
    """The start type and the state of the named services; one that does not exist is left out."""
    opened = function("advapi32", "OpenSCManagerW", c_void_p, c_wchar_p, c_wchar_p, c_uint32)
    manager = opened(None, None, _CONNECT)
    if not manager:
        raise refused("OpenSCManagerW")
    try:
        found = {name: _service(manager, name) for name in names}
    finally:
        _close(manager)
    return {name: about for name, about in found.items() if about is not None}


def _service(manager: int, name: str) -> dict[str, Any] | None:
    opened = function("advapi32", "OpenServiceW", c_void_p, c_void_p, c_wchar_p, c_uint32)
    service = opened(manager, name, _QUERY)
    if not service:
        if last_error() == _NO_SUCH_SERVICE:
            return None
        raise refused("OpenServiceW " + name)
    try:
        return {"start": _start(service, name), "state": _state(service, name)}
    finally:
        _close(service)


def _start(service: int, name: str) -> int:
    """dwStartType, the second number of QUERY_SERVICE_CONFIGW."""
    types = (c_int32, c_void_p, c_void_p, c_uint32, POINTER(c_uint32))
    buffer, needed = ctypes.create_string_buffer(_CONFIGURATION_SIZE), c_uint32()
    ask = function("advapi32", "QueryServiceConfigW", *types)
    if not ask(service, buffer, _CONFIGURATION_SIZE, byref(needed)):
        raise refused("QueryServiceConfigW " + name)
    return int.from_bytes(buffer.raw[4:8], "little")


def _state(service: int, name: str) -> str:
    types = (c_int32, c_void_p, c_int32, c_void_p, c_uint32, POINTER(c_uint32))
    status, needed = ServiceStatus(), c_uint32()
    ask = function("advapi32", "QueryServiceStatusEx", *types)
    if not ask(service, 0, byref(status), ctypes.sizeof(status), byref(needed)):
        raise refused("QueryServiceStatusEx " + name)
    return _STATES.get(status.state, "unknown")


def _close(handle: int) -> None:
    function("advapi32", "CloseServiceHandle", c_int32, c_void_p)(handle)
