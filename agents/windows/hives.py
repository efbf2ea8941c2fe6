"""The registry hives of the people who are signed in: those of the others are files, not keys.

The names of hives are SIDs: they are used to ask, and never handed on.
"""

from __future__ import annotations

from agents.outcome import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

#: SIDs of local and domain accounts, and of Azure AD's (MS docs, "Well-known SIDs"); what is
#: below S-1-5-18 to S-1-5-20 and .DEFAULT belongs to the system and its services.
_PEOPLE = ("s-1-5-21-", "s-1-12-1-")
_CLASSES = "_classes"  #: the part of a hive that holds file types; a hive of its own
_MOST = 256  #: hives; a terminal server has one for each session


def of_people(machine: Machine) -> list[str]:
    r"""The keys ``HKU\SID`` of the users whose hives are loaded.

    Raises:
        Unknown: the registry does not list its users, or lists more than are read: never some.
    """
    found = [
        "HKU\\" + name
        for name in machine.registry_keys("HKU")
        if name.lower().startswith(_PEOPLE) and not name.lower().endswith(_CLASSES)
    ]
    if len(found) > _MOST:
        raise Unknown("unreadable", "%d users are signed in; %d are read" % (len(found), _MOST))
    return found
