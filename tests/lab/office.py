"""One process that answers for every host of the simulated LAN: listeners, banners, responders.

Run inside the office's namespace: ``python -m tests.lab.office TRUTH.json``; it prints "ready".
"""

from __future__ import annotations

import selectors
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.lab import responders
from tests.lab.banners import answered, greeting
from tests.lab.hosts import Host, read

BACKLOG = 512
_MOST = 4096  #: bytes of a request that are read


class Office:
    """Every socket of every host in one loop."""

    def __init__(self, hosts: list[Host]) -> None:
        self._selector = selectors.DefaultSelector()
        self._udp = responders.Responders(hosts)
        for host in hosts:
            for port in () if host.arp_only else host.open_tcp:
                self._listen(host, port)
        for one in self._udp.sockets():
            self._watch(one, partial(self._udp.answer, one))

    def run(self) -> None:
        """Answer until the process is ended."""
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _watch(self, one: socket.socket, call: Callable[[], None]) -> None:
        self._selector.register(one, selectors.EVENT_READ, call)

    def _listen(self, host: Host, port: int) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.ip, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
        self._watch(listener, lambda: self._accept(listener, host, port))

    def _accept(self, listener: socket.socket, host: Host, port: int) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        if first := greeting(host, port):
            connection.send(first)
        self._watch(connection, lambda: self._talk(connection, host, port))

    def _talk(self, connection: socket.socket, host: Host, port: int) -> None:
        try:
            request = connection.recv(_MOST)
            if request and (answer := answered(host, port, request)):
                connection.send(answer)
                return
        except OSError:
            pass
        self._selector.unregister(connection)
        connection.close()


if __name__ == "__main__":
    office = Office(read(Path(sys.argv[1])))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    office.run()
