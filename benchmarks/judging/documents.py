"""Full documents of about 15 KB, and the same with holes; their typed paths."""

from __future__ import annotations

import json
import random
from typing import Any

SOFTWARE, SOCKETS = 120, 20  #: elements of the two long lists: about 15 KB a document
SCALARS = (
    ("firewall.effective", "choice", ("on", "off")),
    ("antivirus.effective", "choice", ("on", "off")),
    ("os.family", "choice", ("windows", "linux")),
    ("os.uac", "boolean", (True, False)),
    ("firewall.profiles.domain.enabled", "boolean", (True, False)),
    ("firewall.profiles.public.enabled", "boolean", (True, False)),
    ("services.smb1", "boolean", (True, False)),
    ("services.telnet", "boolean", (True, False)),
    ("accounts.guest_enabled", "boolean", (True, False)),
    ("updates.pending", "integer", (0, 3, 12)),
    ("updates.pending_security", "integer", (0, 1, 5)),
    ("accounts.local_admins", "integer", (1, 2, 6)),
    ("session_lock.after", "integer", (300, 900, 3600)),
    ("hardware.memory.total", "integer", (2**32, 2**33, 2**34)),
)


def put(into: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a dotted path."""
    *above, last = path.split(".")
    for word in above:
        into = into.setdefault(word, {})
    into[last] = value


def document(chance: random.Random) -> dict[str, Any]:
    """One full view."""
    facts: dict[str, Any] = {}
    for path, _, values in SCALARS:
        put(facts, path, chance.choice(values))
    names = [f"Program {chance.randint(0, 400)} for office work" for _ in range(SOFTWARE)]
    if chance.random() < 0.2:
        names[chance.randrange(SOFTWARE)] = "AnyDesk"
    facts["software"] = [
        {
            "name": name,
            "version": f"{at}.1",
            "publisher": "A publisher of programs",
            "source": "registry",
        }
        for at, name in enumerate(names)
    ]
    ports = [chance.choice((22, 80, 135, 443, 445, 5357)) for _ in range(SOCKETS)]
    ports += [23] if chance.random() < 0.1 else []
    facts["network"] = {
        "listening": [
            {
                "protocol": "tcp",
                "address": "192.0.2.7",
                "port": port,
                "exposed": chance.random() < 0.7,
            }
            for port in ports
        ]
    }
    return {"facts": facts, "unknown": {}}


def holed(view: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The view with facts and keys of list elements dropped or nulled."""
    made: dict[str, Any] = json.loads(json.dumps(view))
    facts = made["facts"]
    for path, _, _ in SCALARS:
        if chance.random() < 0.08:
            node = facts
            for word in path.split(".")[:-1]:
                node = node[word]
            _drop(node, path.rpartition(".")[2], chance)
    for name, key in (("software", "name"), ("listening", "port")):
        elements = facts[name] if name == "software" else facts["network"][name]
        if chance.random() < 0.5:
            for element in chance.sample(elements, 2):
                _drop(element, key, chance)
    return made


def _drop(node: dict[str, Any], key: str, chance: random.Random) -> None:
    if chance.random() < 0.5:
        node[key] = None
    else:
        node.pop(key, None)
