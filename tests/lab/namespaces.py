"""Network namespaces for tests: made here, and torn down whatever happens."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

_numbers = itertools.count()

#: Run what follows with some paths replaced by others: `ip netns exec` has its own mount namespace.
_WITH_BINDS = (
    'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 125; shift 2; done; shift; exec "$@"'
)


def possible() -> bool:
    """Whether this process may make namespaces: root, with iproute2, on a kernel that has them."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    return Path("/proc/self/ns/net").exists()


class Namespace:
    """One named network namespace with its loopback up.

    A context manager that always removes it.
    """

    def __init__(self, label: str) -> None:
        self.name = f"rst{os.getpid()}-{next(_numbers)}-{label}"[:60]

    def __enter__(self) -> Self:
        subprocess.run(["ip", "netns", "add", self.name], check=True, timeout=20)
        try:
            self.run("ip", "link", "set", "lo", "up")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove the namespace and with it its interfaces and rules."""
        subprocess.run(["ip", "netns", "delete", self.name], check=True, timeout=20)

    def run(
        self,
        *argv: str,
        binds: Mapping[Path, str] | None = None,
        check: bool = True,
        **options: object,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside; ``binds`` are files of the test and the paths they stand for."""
        done = subprocess.run(
            self.command(argv, binds),
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            **options,  # type: ignore[call-overload]
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{argv} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done  # type: ignore[no-any-return]

    def command(self, argv: Sequence[str], binds: Mapping[Path, str] | None = None) -> list[str]:
        """The full command line that runs ``argv`` inside."""
        pairs = [word for source, target in (binds or {}).items() for word in (str(source), target)]
        inside = ["sh", "-c", _WITH_BINDS, "sh", *pairs, "--", *argv] if pairs else list(argv)
        return ["ip", "netns", "exec", self.name, *inside]

    def card(self) -> None:
        """Give it one end of a veth pair, so that something leads outside."""
        here = f"v{os.getpid() % 100000}x{next(_numbers)}"
        self.run("ip", "link", "add", "office0", "type", "veth", "peer", "name", here)
        for word in ("office0", here):
            self.run("ip", "link", "set", word, "up")


@contextmanager
def namespace(label: str) -> Iterator[Namespace]:
    """A namespace with one interface that leads outside, for the time of a ``with``."""
    with Namespace(label) as made:
        made.card()
        yield made
