"""Who may write to a file or folder, from its security descriptor as text (SDDL, [MS-DTYP] 2.5.1).

Pure: `agents.windows.private` asks Windows for the text.
"""

from __future__ import annotations

import re

from agents.words import NOTHING, Said, said

#: Those who may do everything anyway: SYSTEM, Administrators, TrustedInstaller.
TRUSTED = frozenset(
    [
        "SY",
        "BA",
        "S-1-5-18",
        "S-1-5-32-544",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
    ]
)
#: Rights (winnt.h) by which a file can be changed, or given to somebody who then may: write data or
#: add a file, append or add a folder, extended attributes, delete a child, attributes, delete,
#: write the list, take ownership, generic all and write.
CHANGES = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
#: Those that matter for a folder above the program's: to put another in the place of what is
#: there. Everybody may add folders to C:\\ itself.
REPLACES = 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000
#: What the letters of SDDL stand for.
RIGHTS = {
    "GA": 0x10000000,
    "GW": 0x40000000,
    "GR": 0x80000000,
    "GX": 0x20000000,
    "FA": 0x1F01FF,
    "FW": 0x120116,
    "FR": 0x120089,
    "FX": 0x1200A0,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
}
_OWNER = re.compile(r"O:(S-[0-9-]+|[A-Z]{2})")
_LIST = re.compile(r"D:([A-Z_]*)(.*)", re.DOTALL)
_ENTRY = re.compile(r"\(([A-Z]+;[^()]*)")  #: up to its end, or to the condition that may follow
_FIELDS = 6  #: type, flags, rights, object, inherited object, account
_ALLOW = ("A", "OA", "XA", "ZA")


def fault(descriptor: str, *, inside: bool) -> Said:
    """What speaks against a file or folder, "" where nothing does.

    ``inside`` is the program's folder and what is in it; else it is a folder above.
    """
    owner = _OWNER.search(descriptor)
    if owner is None or owner[1] not in TRUSTED:
        whose = owner[1] if owner else said("nobody")
        return said("it belongs to %s, not to the administrators", whose)
    found = _LIST.search(descriptor)
    if found is None or "NO_ACCESS_CONTROL" in found[1]:
        return said("everybody may do everything with it")
    for entry in _ENTRY.findall(found[2]):
        why = _entry_fault(entry.split(";"), CHANGES if inside else REPLACES)
        if why:
            return why
    return NOTHING


def _entry_fault(fields: list[str], refused: int) -> Said:
    if len(fields) < _FIELDS:
        return said("its access list is not understood")
    kind, flags, rights, account = fields[0], fields[1], fields[2], fields[5]
    inherit_only = "IO" in re.findall("..", flags)
    if kind not in _ALLOW or inherit_only or account in TRUSTED:
        return NOTHING
    if mask(rights) & refused:
        return said("account %s may write to it (%s)", account, rights)
    return NOTHING


def mask(rights: str) -> int:
    """The access mask of an entry's rights; everything, where they are not understood."""
    if rights.startswith(("0x", "0X")):
        try:
            return int(rights, 16)
        except ValueError:
            return 0xFFFFFFFF
    letters = re.findall("..", rights)
    if "".join(letters) != rights or any(one not in RIGHTS for one in letters):
        return 0xFFFFFFFF
    total = 0
    for one in letters:
        total |= RIGHTS[one]
    return total
