"""Running the collector: in the foreground for `rasoat serve`, in a thread for `rasoat up`."""

from __future__ import annotations

import ipaddress
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Self

import uvicorn

from inventory.store import Store
from language.said import SaidError, said
from language.system import reason
from server import keys as folder_keys
from server.app import create_app
from server.certificates import KeysDamaged, ensure_server
from server.current import Keeping, Policies
from server.keys import ALWAYS, Keys
from server.patience import patient
from server.settings import Settings
from server.writer import Accept

LOOPBACK = "127.0.0.1"
BACKLOG = 1024  #: connections that the system queues; 568 PCs may come at once
START_SECONDS = 20.0
STOP_SECONDS = 5  #: for requests under way when the collector is told to stop
CHECK_SECONDS = 60.0  #: between looks at the certificate: renewed, or given a new name


class CannotListen(SaidError):
    """The address or port cannot be used; the message says why and what to try."""

    exit_code = 3


class _Server(uvicorn.Server):
    """uvicorn's server that comes back from a signal, so that the store is closed after it."""

    when_started: Callable[[], None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.when_started is not None:
            self.when_started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM stop the server, and are done with then."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        stops = (signal.SIGINT, signal.SIGTERM)
        before = {one: signal.signal(one, self.handle_exit) for one in stops}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


class Collector:
    """A running collector, as a context manager: ``url``, ``host`` and ``port`` say where.

    Port 0 picks a free one. Nothing global is touched: several may run in one process.
    """

    def __init__(
        self,
        folder: Path,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        settings: Settings | None = None,
        names: Iterable[str] = (),
        accept: Accept | None = None,
        policies: Policies | None = None,
    ) -> None:
        """``folder``: a data folder that `Store.create` made; ``names``: more host names of ours.

        ``accept`` stores a batch durably; the inventory's own where it is None. ``policies`` gives
        the policies whose verdicts are kept current; None: none.
        """
        self.folder = folder
        self.host, self.port = host, port
        self._settings = settings or Settings()
        self._names = list(names)
        self._accept = accept
        self._keeping = Keeping(folder, policies) if policies else None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """The address of this collector; 127.0.0.1 where it listens on every address."""
        host = self.host if self.host not in ("0.0.0.0", "::", "") else LOOPBACK  # noqa: S104
        return f"https://[{host}]:{self.port}" if ":" in host else f"https://{host}:{self.port}"

    def __enter__(self) -> Self:
        """Start serving; when this returns, connections are answered.

        Raises:
            CannotListen: the address or port cannot be used.
            InventoryError: the folder is not ours, or its database is damaged or newer.
            KeysDamaged: a key of the folder is missing.
        """
        self.open()
        self._thread = threading.Thread(target=self.serve, name="collector", daemon=True)
        self._thread.start()
        left = START_SECONDS
        while not self._server.started and self._thread.is_alive() and left > 0:
            sleep(0.01)
            left -= 0.01
        if not self._server.started:
            self.close()
            raise CannotListen(
                said("{url}: the collector did not start; its messages tell why", url=self.url)
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop: finish what was taken, then close the store."""
        self._server.should_exit = True
        self._thread.join()
        self.close()

    def open(self) -> None:
        """Everything that can fail before the first request: port, store, keys.

        Raises:
            CannotListen, InventoryError, KeysDamaged: as `__enter__`.
        """
        self._store = Store.open(self.folder)
        try:
            self._socket = listening(self.host, self.port)
            try:
                self.port = int(self._socket.getsockname()[1])
                self._keys = folder_keys.prepare(self.folder, self._all_names())
                self._server = self._made()
            except BaseException:
                self._socket.close()
                raise
        except BaseException:
            self._store.close()
            raise

    def serve(self, ready: Callable[[str], None] | None = None) -> None:
        """Answer until told to stop; in the main thread, SIGINT and SIGTERM tell it.

        ``ready`` is called with the address once connections are answered.
        """
        if ready is not None:
            self._server.when_started = partial(ready, self.url)
        watch = threading.Thread(target=self._renew, name="renewal", daemon=True)
        watch.start()
        if self._keeping is not None:
            self._keeping.start()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._stopping.set()
            watch.join()
            if self._keeping is not None:
                self._keeping.stop()

    def close(self) -> None:
        """Let go of the port and the store."""
        self._stopping.set()
        self._socket.close()
        self._store.close()

    def _made(self) -> _Server:
        limits = self._settings
        app = create_app(self._store, self._keys, limits, self._accept)
        config = uvicorn.Config(
            app,
            http=patient(limits.request_seconds),
            loop="asyncio",
            ws="none",
            interface="asgi3",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # the peer is who connects, never what a header says
            server_header=False,
            limit_concurrency=limits.connections,
            backlog=BACKLOG,
            timeout_keep_alive=limits.idle_seconds,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        config.load()
        config.ssl = self._tls = server_tls(self._keys)
        return _Server(config)

    def _all_names(self) -> list[str]:
        listens = [] if _is_everything(self.host) else [self.host]
        return [*ALWAYS, *listens, *self._names]

    def _renew(self) -> None:
        """Keep the certificate alive, and take up one that another process made."""
        seen, said = self._keys.certificate.stat().st_mtime_ns, ""
        while not self._stopping.wait(CHECK_SECONDS):
            try:
                seen = self._renewed(seen)
            except (KeysDamaged, OSError) as fault:  # it serves on with the one that it has
                if str(fault) != said:
                    said = str(fault)
                    sys.stderr.write(f"the certificate could not be renewed: {said}\n")

    def _renewed(self, seen: int) -> int:
        """Renew and load what is due; gives the time (ns) of the certificate now in use."""
        ensure_server(self.folder, self._all_names())
        now = self._keys.certificate.stat().st_mtime_ns
        if now != seen:
            self._tls.load_cert_chain(self._keys.certificate, self._keys.private_key)
        return now


def serve(
    folder: Path,
    host: str = LOOPBACK,
    port: int = 8443,
    *,
    settings: Settings | None = None,
    names: Iterable[str] = (),
    ready: Callable[[str], None] | None = None,
    policies: Policies | None = None,
) -> None:
    """Run the collector in the main thread until SIGINT or SIGTERM.

    ``ready`` is called with the address once connections are answered; ``policies`` as `Collector`.

    Raises:
        CannotListen, InventoryError, KeysDamaged: as `Collector`.
    """
    collector = Collector(folder, host, port, settings=settings, names=names, policies=policies)
    collector.open()
    try:
        collector.serve(ready)
    finally:
        collector.close()


def server_tls(keys: Keys) -> ssl.SSLContext:
    """TLS 1.2 or newer with the folder's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(keys.certificate, keys.private_key)
    return context


def listening(host: str, port: int) -> socket.socket:
    """A bound socket.

    Raises:
        CannotListen: the port is in use, may not be used, or the address is not this machine's.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named TCP, or asyncio leaves Nagle's algorithm on: 40 ms more for every answer.
        door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as fault:
        raise CannotListen(
            said("{host}: {why}; name an address of this machine", host=host, why=reason(fault))
        ) from None
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(where)
    except OSError as fault:
        door.close()
        raise CannotListen(
            said(
                "{host} port {port}: {why}; stop what uses it, or choose another port",
                host=host,
                port=port,
                why=reason(fault),
            )
        ) from None
    return door


def _is_everything(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == ""
