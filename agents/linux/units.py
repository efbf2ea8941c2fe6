"""Which systemd units start with the system: a wants-link, requires-link or alias names them."""

from __future__ import annotations

from agents.outcome import Unknown, attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine

FOLDER = "/etc/systemd/system"
_TARGETS = (".target.wants", ".target.requires", ".service.wants", ".socket.wants")
_KINDS = (".service", ".socket", ".timer")


def enabled(machine: Machine) -> list[str]:
    """The names of the enabled units, sorted; a masked one (a link to nothing) is not enabled.

    Raises:
        Unknown: there is no systemd, or its folder cannot be read.
    """
    try:
        entries = machine.list_dir(FOLDER)
    except Unknown as why:
        if why.reason == "not_found" and not machine.exists(FOLDER):
            raise Unknown("not_supported", FOLDER + " does not exist: no systemd here") from None
        raise
    linked: set[str] = set()
    for folder in entries:
        if folder.endswith(_TARGETS):
            linked.update(machine.list_dir(FOLDER + "/" + folder))
    for name in entries:
        if name.endswith(_KINDS):
            target = attempt(machine.read_link, FOLDER + "/" + name)
            if target == "/dev/null":
                linked.discard(name)
            elif isinstance(target, str):
                linked.update((name, target.rpartition("/")[2]))
    return sorted(linked)
