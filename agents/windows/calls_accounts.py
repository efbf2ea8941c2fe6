"""Calls that tell local accounts as counts and flags, and the password policy (NetUser*).

Names and SIDs are compared here and never handed on.
"""

from __future__ import annotations

import ctypes
import time
from ctypes import POINTER, byref, c_int32, c_uint16, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown, attempt
from agents.windows.api import function, refused, wide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

ADMINISTRATORS = "S-1-5-32-544"
_BUILTIN_ADMINISTRATOR, _GUEST = 500, 501  #: relative ids (MS docs, "Well-known SIDs")
_DISABLED, _NO_PASSWORD_NEEDED = 0x2, 0x20  #: UF_ACCOUNTDISABLE, UF_PASSWD_NOTREQD (lmaccess.h)
_NORMAL = 2  #: FILTER_NORMAL_ACCOUNT
_NO_LIMIT, _FOREVER = 0xFFFFFFFF, 0xFFFFFFFF  #: MAX_PREFERRED_LENGTH; TIMEQ_FOREVER
_IDLE = 45 * 86400  #: seconds
_NOBODY = 0xFFFFFFFF  #: WTSGetActiveConsoleSessionId: no session at the console


class User(ctypes.Structure):
    """USER_INFO_4 (MS docs, lmaccess.h); texts that are not wanted are plain pointers."""

    _fields_ = [
        ("name", c_wchar_p),
        ("password", c_void_p),
        ("password_age", c_uint32),
        ("privilege", c_uint32),
        ("home", c_void_p),
        ("comment", c_void_p),
        ("flags", c_uint32),
        ("script", c_void_p),
        ("auth_flags", c_uint32),
        ("full_name", c_void_p),
        ("user_comment", c_void_p),
        ("parameters", c_void_p),
        ("workstations", c_void_p),
        ("last_logon", c_uint32),
        ("last_logoff", c_uint32),
        ("expires", c_uint32),
        ("storage", c_uint32),
        ("units_per_week", c_uint32),
        ("logon_hours", c_void_p),
        ("bad_passwords", c_uint32),
        ("logons", c_uint32),
        ("server", c_void_p),
        ("country", c_uint32),
        ("code_page", c_uint32),
        ("sid", c_void_p),
    ]


def users() -> dict[str, Any]:
    """Counts and flags over all local accounts and the members of the local administrators."""
    accounts = [_account(name) for name in _names()]
    enabled = [one for one in accounts if not one["disabled"]]
    disabled = {one["sid"] for one in accounts if one["disabled"]}
    return {
        "local": len(enabled),
        "admins": len([sid for sid in members(ADMINISTRATORS) if sid not in disabled]),
        "builtin_admin_enabled": any(one["rid"] == _BUILTIN_ADMINISTRATOR for one in enabled),
        "guest_enabled": any(one["rid"] == _GUEST for one in enabled),
        "without_password": len([one for one in enabled if one["no_password_needed"]]),
        "idle_over_45_days": len([one for one in enabled if one["idle"] > _IDLE]),
    }


def _names() -> list[str]:
    types = (c_wchar_p, c_uint32, c_uint32, POINTER(c_void_p), c_uint32)
    ask = function(
        "netapi32", "NetUserEnum", c_uint32, *types, POINTER(c_uint32), POINTER(c_uint32), c_void_p
    )
    buffer, read, total = c_void_p(), c_uint32(), c_uint32()
    code = ask(None, 0, _NORMAL, byref(buffer), _NO_LIMIT, byref(read), byref(total), None)
    try:
        if code != 0:
            raise refused("NetUserEnum", code)
        texts = ctypes.cast(buffer, POINTER(c_wchar_p))
        return [texts[index] or "" for index in range(read.value)]
    finally:
        _free(buffer)


def _account(name: str) -> dict[str, Any]:
    buffer = c_void_p()
    types = (c_uint32, c_wchar_p, c_wchar_p, c_uint32, POINTER(c_void_p))
    code = function("netapi32", "NetUserGetInfo", *types)(None, name, 4, byref(buffer))
    try:
        if code != 0:
            raise refused("NetUserGetInfo", code)
        user = ctypes.cast(buffer, POINTER(User)).contents
        sid = text_of(user.sid)
        return {
            "sid": sid,
            "rid": int(sid.rpartition("-")[2]),
            "disabled": bool(user.flags & _DISABLED),
            "no_password_needed": bool(user.flags & _NO_PASSWORD_NEEDED),
            # Never signed in, or not known: as long as it has had its password.
            "idle": time.time() - user.last_logon if user.last_logon else user.password_age,
        }
    finally:
        _free(buffer)


def members(group: str) -> list[str]:
    """The SIDs of a local group's members, as text; ``group`` is its SID, its name is translated.

    LOCALGROUP_MEMBERS_INFO_0 is one pointer to a SID.
    """
    types = (c_wchar_p, c_wchar_p, c_uint32, POINTER(c_void_p), c_uint32)
    counts = (POINTER(c_uint32), POINTER(c_uint32), c_void_p)
    ask = function("netapi32", "NetLocalGroupGetMembers", c_uint32, *types, *counts)
    buffer, read, total = c_void_p(), c_uint32(), c_uint32()
    name = _group_name(group)
    code = ask(None, name, 0, byref(buffer), _NO_LIMIT, byref(read), byref(total), None)
    try:
        if code != 0:
            raise refused("NetLocalGroupGetMembers", code)
        sids = ctypes.cast(buffer, POINTER(c_void_p))
        return [text_of(sids[index]) for index in range(read.value)]
    finally:
        _free(buffer)


def _group_name(sid: str) -> str:
    """The name of a group in this Windows' language (LookupAccountSidW)."""
    raw = _sid(sid)
    name, domain = (c_uint16 * 256)(), (c_uint16 * 256)()
    sizes, use = (c_uint32(256), c_uint32(256)), c_int32()
    text, size = c_void_p, POINTER(c_uint32)
    types = (c_int32, c_wchar_p, c_void_p, text, size, text, size, POINTER(c_int32))
    try:
        ask = function("advapi32", "LookupAccountSidW", *types)
        if not ask(None, raw, name, byref(sizes[0]), domain, byref(sizes[1]), byref(use)):
            raise refused("LookupAccountSidW " + sid)
    finally:
        _local_free(raw)
    return wide(name)


def _sid(text: str) -> c_void_p:
    """A SID of the system's from its text; to be freed by LocalFree."""
    raw = c_void_p()
    types = (c_int32, c_wchar_p, POINTER(c_void_p))
    if not function("advapi32", "ConvertStringSidToSidW", *types)(text, byref(raw)):
        raise refused("ConvertStringSidToSidW")
    return raw


def text_of(sid: Any) -> str:
    """The text of a SID, S-1-5-18 for instance."""
    text = c_void_p()
    types = (c_int32, c_void_p, POINTER(c_void_p))
    if not sid or not function("advapi32", "ConvertSidToStringSidW", *types)(sid, byref(text)):
        raise refused("ConvertSidToStringSidW")
    try:
        return ctypes.wstring_at(text.value or 0)
    finally:
        _local_free(text)


def session_admin() -> bool:
    """Whether the token of the user at the console lists the administrators; SYSTEM alone may ask.

    The group is in the token also where UAC has made it deny-only.
    """
    from agents.windows.calls_system import close

    session = function("kernel32", "WTSGetActiveConsoleSessionId", c_uint32)()
    if session == _NOBODY:
        raise Unknown("not_found", "nobody is at the console")
    token = c_void_p()
    types = (c_int32, c_uint32, POINTER(c_void_p))
    if not function("wtsapi32", "WTSQueryUserToken", *types)(session, byref(token)):
        raise refused("WTSQueryUserToken")
    try:
        return ADMINISTRATORS in _groups(token)
    finally:
        close(token)


def _groups(token: c_void_p) -> Iterator[str]:
    """The SIDs of a token's groups: TOKEN_GROUPS is a count, then SID and attributes of each."""
    types = (c_int32, c_void_p, c_int32, c_void_p, c_uint32, POINTER(c_uint32))
    ask = function("advapi32", "GetTokenInformation", *types)
    size = c_uint32()
    ask(token, 2, None, 0, byref(size))
    buffer = ctypes.create_string_buffer(max(size.value, 8))
    if not ask(token, 2, buffer, len(buffer), byref(size)):
        raise refused("GetTokenInformation")
    step = ctypes.sizeof(c_void_p)
    for index in range(c_uint32.from_buffer(buffer).value):
        yield text_of(c_void_p.from_buffer(buffer, step + 2 * step * index))


def password_policy() -> dict[str, Any]:
    """USER_MODALS_INFO_0 and _3 (MS docs, lmaccess.h): lengths, ages and the lockout."""
    length, oldest = _modals(0, 5)[:2]
    duration, _, threshold = _modals(3, 3)
    return {
        "minimum_length": length,
        "maximum_age": None if oldest == _FOREVER else oldest,
        "lockout_after": threshold,
        "lockout_for": None if duration == _FOREVER else duration,
    }


def _modals(level: int, numbers: int) -> list[int]:
    buffer = c_void_p()
    types = (c_uint32, c_wchar_p, c_uint32, POINTER(c_void_p))
    code = function("netapi32", "NetUserModalsGet", *types)(None, level, byref(buffer))
    try:
        if code != 0:
            raise refused("NetUserModalsGet %d" % level, code)
        return list((c_uint32 * numbers).from_address(buffer.value or 0))
    finally:
        _free(buffer)


def _free(buffer: c_void_p) -> None:
    if buffer.value:
        attempt(function("netapi32", "NetApiBufferFree", c_uint32, c_void_p), buffer)


def _local_free(pointer: c_void_p) -> None:
    function("kernel32", "LocalFree", c_void_p, c_void_p)(pointer)
