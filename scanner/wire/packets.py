"""A card's frames by a Linux packet socket (packet(7)), filtered in the kernel."""

from __future__ import annotations

import select
import socket
import struct

from language.said import said
from language.system import reason
from scanner.interfaces import Interface
from scanner.problems import CannotScan
from scanner.wire.filters import NOTHING, Program, attached_form

ETH_P_ALL = 0x0003  #: every protocol (linux/if_ether.h)
SO_ATTACH_FILTER, SO_RCVBUFFORCE = 26, 33  #: asm-generic/socket.h
SOL_PACKET, PACKET_STATISTICS = 263, 6  #: linux/if_packet.h
QUEUE = 8 << 20  #: bytes of answers that may wait for us
PACKET_ADD_MEMBERSHIP, PACKET_MR_ALLMULTI = 1, 2  #: linux/if_packet.h
PACKET_IGNORE_OUTGOING = 23  #: linux/if_packet.h: what this machine sends is not an answer
PACKET_QDISC_BYPASS = 20  #: linux/if_packet.h: our own pace is the only queue
_LONGEST = 2048  #: bytes of a frame that are read


class PacketSocket:
    """One card; see `scanner.wire.link.Door` for what each method is for."""

    def __init__(self, interface: Interface, program: Program) -> None:
        """Open the card, having seen nothing but what the filter lets through.

        Raises:
            CannotScan: no rights, or the card is gone.
        """
        self._interface = interface
        try:
            # Protocol 0 receives nothing until it is bound, filter set: nothing slips in before.
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        except PermissionError:
            raise CannotScan(said("raw sockets need root, or the capability CAP_NET_RAW")) from None
        try:
            self._filter(NOTHING)
            self._enlarge()
            self._socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            self._socket.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
            self._socket.bind((interface.name, ETH_P_ALL))
            self._filter(program)
        except OSError as fault:
            self._socket.close()
            raise self._gone(fault) from None

    def put(self, frame: bytes) -> None:
        """Send one frame, waiting while the card's queue is full."""
        try:
            self._socket.send(frame)
        except BlockingIOError:
            select.select([], [self._socket], [])
            self._socket.send(frame)
        except OSError as fault:
            raise self._gone(fault) from None

    def take(self) -> bytes | None:
        """A frame that waits, or None."""
        try:
            # Not recvfrom: it would ask the kernel for the interface's name each time.
            return self._socket.recv(_LONGEST, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as fault:
            raise self._gone(fault) from None

    def wait(self, seconds: float) -> bool:
        """Wait until a frame came, for so long at most; whether one did."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def dropped(self) -> int:
        """Frames that came and found no room, since the last call."""
        numbers = struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        return int(numbers[1])

    def hear_all_groups(self) -> None:
        """Let the card hand up every multicast frame; nothing is sent, no group is joined."""
        wanted = struct.pack("iHH8x", self._interface.index, PACKET_MR_ALLMULTI, 0)
        self._socket.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, wanted)

    def fileno(self) -> int:
        """The socket's number, for calls that Python does not wrap."""
        return self._socket.fileno()

    def close(self) -> None:
        """Let the card go."""
        self._socket.close()

    def _gone(self, fault: OSError) -> CannotScan:
        return CannotScan(said("{name}: {why}", name=self._interface.name, why=reason(fault)))

    def _enlarge(self) -> None:
        """Room for answers, as much as asked for where we may, else as the system allows."""
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, QUEUE)
        except PermissionError:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)

    def _filter(self, program: Program) -> None:
        form, _alive = attached_form(program)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, form)
