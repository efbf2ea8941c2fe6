"""The bundles for Linux and macOS: a tar with two scripts, and a Debian package."""

from __future__ import annotations

import hashlib

from server.bundles.agent_files import agent_code
from server.bundles.archives import ar, gzipped, tarred
from server.bundles.templating import filled
from server.bundles.tree import PROGRAM, SECRET, Tree

ENROLMENT = "office.enrol"
HOMES = {"linux": "/opt/rasoat-agent", "macos": "/usr/local/lib/rasoat-agent"}
#: Where a Python that only root may change is looked for, in this order.
PYTHONS = {
    "linux": "/usr/bin/python3 /usr/local/bin/python3",
    "macos": (
        "/Library/Frameworks/Python.framework/Versions/Current/bin/python3 /usr/local/bin/python3"
    ),
}
_PACKAGE_HOME = "usr/lib/rasoat-agent"


def tar(platform: str, packages: Tree | None, enrolment: bytes) -> bytes:
    """A tar.gz with install.sh and uninstall.sh.

    Without ``packages`` the machine's own psutil and nacl are used.
    """
    tree = Tree()
    tree.graft("lib", agent_code())
    if packages is not None:
        tree.graft("lib", packages)
    values = {"home": HOMES[platform], "pythons": PYTHONS[platform]}
    install = filled("install.sh", enrolment=ENROLMENT, **values)
    tree.add("install.sh", install.encode(), PROGRAM)
    tree.add("uninstall.sh", filled("uninstall.sh", **values).encode(), PROGRAM)
    tree.add(ENROLMENT, enrolment, SECRET)
    return gzipped(tarred(tree, "rasoat-agent"))


def deb(version: str, enrolment: bytes) -> bytes:
    """A Debian package (deb(5)); the machine's own python3, python3-psutil and python3-nacl."""
    data = Tree()
    data.graft(_PACKAGE_HOME, agent_code())
    data.add(f"{_PACKAGE_HOME}/{ENROLMENT}", enrolment, SECRET)
    data.add("usr/bin/rasoat-agent", filled("rasoat-agent.sh").encode(), PROGRAM)
    data.add("usr/share/doc/rasoat-agent/copyright", filled("copyright").encode())
    changelog = filled("changelog", version=version).encode()
    data.add("usr/share/doc/rasoat-agent/changelog.gz", gzipped(changelog))
    size = sum(len(entry.content) for entry in data) // 1024 + 1
    control = Tree()
    control.add("control", filled("control", version=version, size=str(size)).encode())
    for name in ("postinst", "prerm", "postrm"):
        control.add(name, filled(name, enrolment=ENROLMENT).encode(), PROGRAM)
    control.add("md5sums", _sums(data))
    return ar(
        [
            ("debian-binary", b"2.0\n"),
            ("control.tar.gz", gzipped(tarred(control, "."))),
            ("data.tar.gz", gzipped(tarred(data, "."))),
        ]
    )


def _sums(data: Tree) -> bytes:
    """The sums that dpkg --verify compares; they guard against accidents, not against people."""
    return "".join(
        f"{hashlib.md5(entry.content, usedforsecurity=False).hexdigest()}  {entry.path}\n"
        for entry in data
    ).encode()
