"""A card's frames by scapy's layer 2 socket: on Windows through Npcap, on a Mac through libpcap.

Slower than `scanner.wire.packets`, and the same to those above. The filter runs here, not in the
kernel: libpcap takes expressions, and our programs are made of its machine's own steps. Tested with
scapy's socket on Linux; no Windows has run it yet.
"""

from __future__ import annotations

import queue
import threading
from typing import Any

from language.said import said
from scanner.interfaces import Interface
from scanner.problems import CannotScan
from scanner.wire.filters import Program, keeps

_MOST_WAITING = 1 << 14  #: frames that may wait for us; beyond it they are counted as dropped
_POLL = 0.1  #: seconds after which the listener looks whether it is over


class PcapSocket:
    """One card; see `scanner.wire.link.Door` for what each method is for."""

    def __init__(self, interface: Interface, program: Program) -> None:
        """Open the card and listen from now on.

        Raises:
            CannotScan: no Npcap or libpcap, or no rights.
        """
        self._interface, self._program = interface, program
        self._frames: queue.Queue[bytes] = queue.Queue(_MOST_WAITING)
        self._ahead: bytes | None = None  #: a frame that `wait` saw and `take` gives
        self._dropped = 0
        self._over = threading.Event()
        self._socket = _opened(interface)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def put(self, frame: bytes) -> None:
        """Send one frame."""
        try:
            self._socket.send(frame)
        except OSError as fault:
            raise CannotScan(
                said("{name}: {fault}", name=self._interface.name, fault=fault)
            ) from None

    def take(self) -> bytes | None:
        """A frame that waits, or None."""
        frame, self._ahead = self._ahead, None
        if frame is not None:
            return frame
        try:
            return self._frames.get_nowait()
        except queue.Empty:
            return None

    def wait(self, seconds: float) -> bool:
        """Wait until a frame came, for so long at most; whether one did."""
        if self._ahead is None:
            try:
                self._ahead = self._frames.get(timeout=max(seconds, 0.0))
            except queue.Empty:
                return False
        return True

    def dropped(self) -> int:
        """Frames that came and found no room, since the last call."""
        dropped, self._dropped = self._dropped, 0
        return dropped

    def hear_all_groups(self) -> None:
        """Nothing to do: the card was opened for every frame."""

    def fileno(self) -> int:
        """There is none: what needs one is done by the kernel's connections instead.

        Raises:
            CannotScan: always.
        """
        raise CannotScan(said("the fast port scan needs Linux"))

    def close(self) -> None:
        """Let the card go, when the listener is through with its frame."""
        self._over.set()
        self._listener.join(10 * _POLL)
        self._socket.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                if not self._socket.select([self._socket], _POLL):
                    continue
                raw = self._socket.recv_raw()[1]
            except OSError:
                return
            if raw and keeps(self._program, bytes(raw)):
                try:
                    self._frames.put_nowait(bytes(raw))
                except queue.Full:
                    self._dropped += 1


def _opened(interface: Interface) -> Any:
    """scapy's socket of this system for frames."""
    try:
        import scapy.arch
        import scapy.layers.l2  # noqa: F401 - registers Ethernet with what conf gives
        from scapy.config import conf

        return conf.L2socket(iface=interface.name)
    except ImportError:
        raise CannotScan(
            said("frames need scapy here: install rasoat with its scan extra")
        ) from None
    except PermissionError:
        raise CannotScan(said("frames need administrator rights")) from None
    except (OSError, RuntimeError) as fault:
        raise CannotScan(
            said(
                "{name}: {fault}; Windows needs Npcap (npcap.com)", name=interface.name, fault=fault
            )
        ) from None
