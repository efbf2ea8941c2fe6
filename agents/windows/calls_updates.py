"""Updates that wait, from what the Windows Update Agent found last: no search of the network.

Source: MS docs, "Windows Update Agent API" (IUpdateSearcher::Online, ::Search). Slow: once a day.
"""

from __future__ import annotations

from agents.outcome import Unknown
from agents.windows.calls_com import Apartment
from agents.windows.calls_dispatch import Dispatch, dispatch

_SESSION = "{4cb43d7f-7eee-4906-8698-60da1c38f2fe}"  #: CLSID of Microsoft.Update.Session
_WAITING = "IsInstalled=0 and IsHidden=0 and Type='Software'"
#: CategoryID of the class "Security Updates" (MS docs, "WSUS Classification GUIDs").
_SECURITY = "0fa1201d-4330-4fa8-8ae9-b877473b6441"
_MOST = 4096  #: updates; more is no answer


def pending_updates() -> dict[str, int]:
    """How many updates wait to be installed, and how many of them close a hole."""
    with Apartment(), dispatch("UpdateSession", _SESSION) as session:
        return _counted(session)


def _counted(session: Dispatch) -> dict[str, int]:
    with session.get("CreateUpdateSearcher") as searcher:
        searcher.put("Online", False)
        with searcher.get("Search", _WAITING) as result, result.get("Updates") as updates:
            kinds = [_is_security(updates, index) for index in range(_count(updates))]
    return {"pending": len(kinds), "security": sum(kinds)}


def _is_security(updates: Dispatch, index: int) -> bool:
    with updates.get("Item", index) as update, update.get("Categories") as categories:
        return any(_category(categories, place) for place in range(_count(categories)))


def _category(categories: Dispatch, place: int) -> bool:
    with categories.get("Item", place) as category:
        return str(category.get("CategoryID")).lower() == _SECURITY


def _count(collection: Dispatch) -> int:
    count = collection.get("Count")
    if type(count) is not int or not 0 <= count <= _MOST:
        raise Unknown("unreadable", "%s has %r elements" % (collection.what, count))
    return count
