"""The systemd service and timer: their text, and how they are enabled, removed and asked for.

Directives: systemd.service(5), systemd.exec(5), systemd.resource-control(5), systemd.timer(5). The
service may write to the state folder alone. Of root's powers it keeps four: CAP_NET_ADMIN and
CAP_NET_RAW to read the kernel's firewall (nft, and the raw socket of iptables-legacy),
CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE to read which program holds a socket. Devices stay visible
(names of volumes), and cannot be opened.
"""

from __future__ import annotations

import calendar
import time

from agents.administration import may, must, place_all, placed_line
from agents.outcome import Unknown
from agents.problems import AgentProblem
from agents.schedule import DAY, HOUR, RUN_LIMIT, Placed, carried
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.administration import System
    from agents.machine import Machine
    from agents.schedule import Job

SERVICE = "/etc/systemd/system/rasoat-agent.service"
TIMER = "/etc/systemd/system/rasoat-agent.timer"
BOOTED = "/run/systemd/system"  #: exists where systemd is the init system (sd_booted(3))
CAPABILITIES = ("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE")

_SERVICE = """\
# Written by `rasoat-agent install`; `rasoat-agent uninstall` removes it.
[Unit]
Description=Reports facts about this machine to its collector
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=%(command)s
TimeoutStartSec=%(limit)d
Nice=19
IOSchedulingClass=idle
CPUQuota=50%%
MemoryMax=256M
TasksMax=32
LimitCORE=0
UMask=0077
WorkingDirectory=/

ProtectSystem=strict
ReadWritePaths=%(state)s
ProtectHome=read-only
PrivateTmp=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes

CapabilityBoundingSet=%(capabilities)s
NoNewPrivileges=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SocketBindDeny=any
%(network)s"""
_NETWORK = """\
IPAddressDeny=any
IPAddressAllow=%s
"""
_TIMER = """\
# Written by `rasoat-agent install`; `rasoat-agent uninstall` removes it.
[Unit]
Description=Starts the report of rasoat-agent

[Timer]
OnCalendar=%s
RandomizedDelaySec=%d
FixedRandomDelay=yes
Persistent=yes
AccuracySec=1min

[Install]
WantedBy=timers.target
"""


def rendered(job: Job) -> list[Placed]:
    """The two units.

    Raises:
        Unplaceable: a path holds what a unit cannot carry.
    """
    return [
        Placed(SERVICE, service(job).encode("utf-8")),
        Placed(TIMER, timer(job).encode("utf-8")),
    ]


def service(job: Job) -> str:
    """The service's unit."""
    # systemd takes no quotes and backslashes in a program's path, and does not undo $$ there.
    carried((job.program,), "$\"'\\", said("a systemd unit"))
    carried((*job.arguments, job.state), "", said("a systemd unit"))
    words = [_quoted(job.program), *(_quoted(word).replace("$", "$$") for word in job.arguments)]
    return _SERVICE % {
        "command": " ".join(words),
        "limit": RUN_LIMIT,
        "state": _quoted(job.state),
        "capabilities": " ".join(CAPABILITIES),
        "network": _NETWORK % job.collector if job.collector else "",
    }


def timer(job: Job) -> str:
    """The timer's unit; systemd itself draws a delay that stays the same for one machine."""
    return _TIMER % (when(job.every), job.window)


def when(every: int) -> str:
    """Calendar event (systemd.time(7)) of every so many minutes, in local time."""
    if every == DAY:
        return "*-*-* 00:00:00"
    hours, minutes = divmod(every, HOUR)
    return "*-*-* 00/%d:00:00" % hours if hours else "*-*-* *:00/%d:00" % minutes


def _quoted(word: str) -> str:
    """A word in quotes; ``%`` would be a specifier, a backslash an escape."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return '"' + escaped + '"'


def install(job: Job, system: System) -> list[str]:
    """Write the units and start the timer; gives what was done.

    Raises:
        AgentProblem: systemd does not run here, or did not take them; then they are gone again.
    """
    files = rendered(job)
    if not system.exists(BOOTED):
        words = " ".join(_shell(word) for word in job.words)
        raise AgentProblem(said("systemd does not run here; let another timer start: %s", words))
    new = [placed.path for placed in files if not system.exists(placed.path)]
    changed = place_all(system, files)
    try:
        if changed:
            must(system, "units_reload", "systemctl daemon-reload")
        must(system, "timer_on", said("starting rasoat-agent.timer"))
        if changed:
            must(system, "timer_again", said("restarting rasoat-agent.timer"))
    except AgentProblem:
        for path in new:
            system.remove(path)
        may(system, "units_reload")
        raise
    done = [placed_line(placed.path, new=placed.path in changed) for placed in files]
    return [*done, said("rasoat-agent.timer enabled and started")]


def _shell(word: str) -> str:
    """A word as a POSIX shell reads it."""
    return "'" + word.replace("'", "'\\''") + "'"


def uninstall(state: str, system: System) -> list[str]:
    """Stop the timer and remove the units; gives what was done, nothing where there was none."""
    present = [path for path in (TIMER, SERVICE) if system.exists(path)]
    if not present:
        return []
    if system.exists(BOOTED):
        may(system, "timer_off")
        may(system, "service_stop")
    wanted = "/etc/systemd/system/timers.target.wants/rasoat-agent.timer"
    removed = [path for path in (wanted, *present) if system.remove(path)]
    if system.exists(BOOTED):
        may(system, "units_reload")
    return [said("%s removed", path) for path in removed]


def status(system: System, machine: Machine) -> dict[str, Any]:
    """What systemd knows of the timer and of the service's last run."""
    if not system.exists(TIMER):
        return {"installed": False}
    try:
        shown = _shown(system, "timer_show"), _shown(system, "service_show")
    except Unknown as why:
        names = ("enabled", "last_run", "last_result")
        entries = {name: why.entry() for name in names}
        return {"installed": system.exists(SERVICE), **dict.fromkeys(names), "unknown": entries}
    return {"installed": True, **told(*shown)}


def _shown(system: System, name: str) -> dict[str, str]:
    ran = system.run(name)
    if ran.code != 0:
        words = " ".join(ran.stderr.decode("utf-8", "replace").split())
        raise Unknown("failed", "systemctl show: " + words)
    return properties(ran.stdout)


def properties(answer: bytes) -> dict[str, str]:
    """The properties that ``systemctl show`` printed."""
    lines = answer.decode("utf-8", "replace").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def told(timer_says: dict[str, str], service_says: dict[str, str]) -> dict[str, Any]:
    """The schedule's state from the properties of both units."""
    started = timer_says.get("UnitFileState") == "enabled" and (
        timer_says.get("ActiveState") == "active"
    )
    ended = moment(service_says.get("ExecMainExitTimestamp", ""))
    result = None if ended is None else _number(service_says.get("ExecMainStatus", ""))
    return {"enabled": started, "last_run": ended, "last_result": result}


def moment(text: str) -> float | None:
    """Seconds since 1970 of systemd's ``Mon 2026-11-23 11:00:00 UTC``; None where there is none."""
    date = text.partition(" ")[2]
    try:
        return float(calendar.timegm(time.strptime(date, "%Y-%m-%d %H:%M:%S UTC")))
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
