r"""Files for the agent alone: who may read them is said outright, and nothing is inherited.

Source: MS docs, "Security Descriptor String Format" and "ACE Strings". C:\ProgramData lets every
user make folders, and what is made there inherits that all users may read it.
"""

from __future__ import annotations

import ctypes
import re
from ctypes import POINTER, byref, c_int32, c_uint32, c_void_p, c_wchar_p

from agents.outcome import Unknown
from agents.windows.api import function, refused
from agents.windows.calls_accounts import text_of
from agents.windows.calls_system import close, elevated
from agents.words import NOTHING, Said, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

#: SYSTEM and the administrators, all rights, and what is made inside as well; P: inherits nothing.
DESCRIPTOR = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
OWNER = "(A;OICI;FA;;;OW)"  #: added for an agent that an ordinary user tries out
_OWNER_INFORMATION, _DACL, _PROTECTED = 1, 4, 0x80000000  #: SECURITY_INFORMATION
_FILE_OBJECT = 1  #: SE_FILE_OBJECT
_TOKEN_QUERY, _TOKEN_USER = 8, 1
#: SYSTEM, administrators, owner rights, creator owner; and the installer of Windows' own files.
_TRUSTED = frozenset(["SY", "BA", "OW", "CO"])
_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
#: An entry: its kind, flags, rights, two object kinds, the account; a condition may follow.
_ACE = re.compile(r"\(([A-Z]+)(?:;[^;()]*){4};([^;()]*)")
_ALLOWS = ("A", "OA", "XA", "ZA")  #: kinds of an entry that gives rights


def keep(path: str) -> None:
    """Give a file or folder of ours the descriptor, whatever it inherited.

    Raises:
        Unknown: the system does not let us.
    """
    text = DESCRIPTOR if elevated() else DESCRIPTOR + OWNER
    descriptor = c_void_p()
    types = (c_int32, c_wchar_p, c_uint32, POINTER(c_void_p), c_void_p)
    made = function("advapi32", "ConvertStringSecurityDescriptorToSecurityDescriptorW", *types)
    if not made(text, 1, byref(descriptor), None):
        raise refused("a security descriptor")
    try:
        ask = function("advapi32", "SetFileSecurityW", c_int32, c_wchar_p, c_uint32, c_void_p)
        if not ask(path, _DACL | _PROTECTED, descriptor):
            raise refused(path)
    finally:
        _local_free(descriptor)


def strangers(path: str) -> list[str]:
    """The accounts, as SIDs or their short names, that may use a file besides ours.

    Raises:
        Unknown: the system does not tell.
    """
    return outsiders(described(path))


def outsiders(text: str) -> list[str]:
    """The accounts that a descriptor in text form gives rights to, besides the trusted ones."""
    head, dacl, entries = text.partition("D:")
    owner = head.partition("O:")[2].partition("G:")[0]
    if not dacl or "NO_ACCESS_CONTROL" in entries:
        return ["everyone"]
    return sorted(set(_accounts(entries)) - _TRUSTED - {owner})


def _accounts(entries: str) -> Iterator[str]:
    for kind, account in _ACE.findall(entries):
        if kind in _ALLOWS:
            yield account


def owned(path: str) -> bool:
    """Whether the system, an administrator or this process's own user owns a file or folder.

    Raises:
        Unknown: the system does not tell.
    """
    owner = described(path).partition("O:")[2].partition("G:")[0].partition("D:")[0]
    return owner in (_TRUSTED | {_INSTALLER, _own_user()})


def described(path: str) -> str:
    """Owner and access list of a file, in the text form of security descriptors."""
    descriptor, text = c_void_p(), c_void_p()
    pointer = POINTER(c_void_p)
    types = (c_uint32, c_wchar_p, c_int32, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p)
    wanted = _OWNER_INFORMATION | _DACL
    ask = function("advapi32", "GetNamedSecurityInfoW", *types, pointer)
    code = ask(path, _FILE_OBJECT, wanted, None, None, None, None, byref(descriptor))
    if code != 0:
        raise refused(path, code)
    told = (c_int32, c_void_p, c_uint32, c_uint32, pointer, c_void_p)
    ask = function("advapi32", "ConvertSecurityDescriptorToStringSecurityDescriptorW", *told)
    try:
        if not ask(descriptor, 1, wanted, byref(text), None):
            raise refused(path)
        return ctypes.wstring_at(text.value or 0)
    finally:
        _local_free(descriptor)
        _local_free(text)


def _own_user() -> str:
    """The SID of the user that this process runs as (TokenUser: a pointer to it comes first)."""
    token, size = c_void_p(), c_uint32()
    process = function("kernel32", "GetCurrentProcess", c_void_p)()
    types = (c_int32, c_void_p, c_uint32, POINTER(c_void_p))
    if not function("advapi32", "OpenProcessToken", *types)(process, _TOKEN_QUERY, byref(token)):
        raise refused("OpenProcessToken")
    try:
        told = (c_int32, c_void_p, c_int32, c_void_p, c_uint32, POINTER(c_uint32))
        buffer = ctypes.create_string_buffer(256)
        ask = function("advapi32", "GetTokenInformation", *told)
        if not ask(token, _TOKEN_USER, buffer, len(buffer), byref(size)):
            raise refused("GetTokenInformation")
        return text_of(c_void_p.from_buffer(buffer))
    finally:
        close(token)


def _local_free(pointer: c_void_p) -> None:
    if pointer.value:
        function("kernel32", "LocalFree", c_void_p, c_void_p)(pointer)


def fault_of_keeping(path: str) -> Said:
    """Keep a file or folder private; why that failed, "" where it did not."""
    try:
        keep(path)
    except Unknown as why:
        return said("%s", why.detail)
    return NOTHING


def fault_of_folder(path: str) -> Said:
    """Why a folder that was there cannot hold the agent's key; "" where it can."""
    try:
        if not owned(path):
            return said("%s belongs to another account; remove it, or name another folder", path)
    except Unknown as why:
        return said("%s", why.detail)
    return NOTHING


def fault_of_readers(path: str) -> Said:
    """Why a file is not as private as a key must be; "" where it is."""
    try:
        found = strangers(path)
    except Unknown as why:
        return said("%s", why.detail)
    who = ", ".join(found)
    if not who:
        return NOTHING
    return said("%s can be read by others (%s): remove it and re-enrol", path, who)
