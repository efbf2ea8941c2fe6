r"""SMB: whether this PC still speaks version 1, and whether it shares folders.

Source: MS docs, "How to detect, enable and disable SMBv1, SMBv2, and SMBv3 in Windows" and "SMBv1
is not installed by default in Windows 10 version 1709, Windows Server version 1709 and later".
"""

from __future__ import annotations

from agents.outcome import Unknown
from agents.windows import running
from agents.windows.registry import key_or_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agents.machine import Machine
    from agents.outcome import Answers

PARAMETERS = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
SHARES = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Shares"
SERVER = "LanmanServer"
SERVER_DRIVER, CLIENT_DRIVER = "srv", "mrxsmb10"  #: version 1's own; later versions have others
_WITHOUT = 16299  #: the first build that is installed without version 1: Windows 10 1709
_PRINTERS = ("print$",)  #: the drivers' folder that comes with a shared printer


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for the server's settings, and how many folders it shares."""
    answers.ask("smb", machine.registry_values, PARAMETERS)
    answers.ask("shares", _folders, machine)


def _folders(machine: Machine) -> int:
    """How many folders are shared; their names stay here. Administrative shares are not listed."""
    shared = 0
    for name, fields in machine.registry_values(SHARES).items():
        if not isinstance(fields, list):
            raise Unknown("unreadable", SHARES + " has a share that is no list of texts")
        kinds = [str(one).partition("=")[2] for one in fields if str(one).startswith("Type=")]
        shared += kinds[:1] == ["0"] and name.lower() not in _PRINTERS
    return shared


def version_1(answers: Answers, build: int) -> bool:
    """Whether version 1 is spoken, as server or as client."""
    return _client(answers) or _server(answers, build)


def _client(answers: Answers) -> bool:
    return running.can_run(answers, CLIENT_DRIVER)


def _server(answers: Answers, build: int) -> bool:
    """The setting SMB1 is not there by default: then on, wherever the driver is."""
    if not running.can_run(answers, SERVER):
        return False
    if key_or_empty(answers, "smb", PARAMETERS).number_or("SMB1", 1) == 0:
        return False
    driver = running.service(answers, SERVER_DRIVER)
    if driver is None:
        return build < _WITHOUT
    return running.can_run(answers, SERVER_DRIVER)


def sharing(answers: Answers) -> bool:
    """Whether the server serves, and a folder is shared that somebody chose."""
    if not running.can_run(answers, SERVER):
        return False
    return bool(_shared(answers))


def _shared(answers: Answers) -> int:
    try:
        count = answers.get("shares")
    except Unknown as why:
        if why.reason == "not_found":
            return 0
        raise
    return int(count)
