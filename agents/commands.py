"""Every program that the agent may start: a constant table of absolute paths and arguments.

`agents.machine` is the only one that starts them. `COMMANDS` only read, and collectors may start
them; `ADMIN` change the machine's schedule, and only `install`, `uninstall` and `status`, which a
person calls, may.
"""

from __future__ import annotations

_SBIN = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")
_ALF = ("/usr/libexec/ApplicationFirewall",)  #: of macOS
_SYSTEM32 = ("C:\\Windows\\System32",)


class Command:
    """One program that may be started: where it may lie, its arguments, its limit in seconds.

    One that is ``daily`` is slow; see `agents.daily`. Its answer serves until one of the paths in
    ``daily`` is written again, for a day at most.
    """

    def __init__(
        self,
        program: str,
        *arguments: str,
        seconds: float = 10.0,
        daily: tuple[str, ...] = (),
        folders: tuple[str, ...] = _SBIN,
    ) -> None:
        self.program = program
        between = "\\" if folders is _SYSTEM32 else "/"
        self.paths = tuple(folder + between + program for folder in folders)
        self.arguments = arguments
        self.seconds = seconds
        self.daily = daily


#: Every program that collectors ever start. All of them only read.
COMMANDS = {
    "nft_ruleset": Command("nft", "-j", "list", "ruleset"),
    "iptables_rules": Command("iptables-save"),
    "ip6tables_rules": Command("ip6tables-save"),
    "iptables_nft_rules": Command("iptables-nft-save"),
    "ip6tables_nft_rules": Command("ip6tables-nft-save"),
    "iptables_legacy_rules": Command("iptables-legacy-save"),
    "ip6tables_legacy_rules": Command("ip6tables-legacy-save"),
    "root_birth": Command("stat", "--format=%W", "/", daily=("/etc/fstab",)),
    "rpm_packages": Command(
        "rpm",
        "--query",
        "--all",
        "--queryformat",
        r"%{NAME}\t%{EPOCH}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{VENDOR}\t%{INSTALLTIME}\n",
        seconds=30.0,
    ),
    "apt_upgrade": Command(
        "apt-get",
        "--simulate",
        "--quiet=2",
        "--option=Debug::NoLocking=true",
        "--option=Dir::Cache::pkgcache=",
        "--option=Dir::Cache::srcpkgcache=",
        "upgrade",
        seconds=30.0,
        daily=("/var/lib/dpkg/status", "/var/lib/apt/lists", "/etc/apt"),
    ),
    # macOS: Apple's own tools, whose output no language changes.
    "alf_state": Command("socketfilterfw", "--getglobalstate", folders=_ALF),
    "alf_block_all": Command("socketfilterfw", "--getblockall", folders=_ALF),
    "alf_stealth": Command("socketfilterfw", "--getstealthmode", folders=_ALF),
    "filevault": Command("fdesetup", "status"),
    "gatekeeper": Command("spctl", "--status"),
    "integrity_protection": Command("csrutil", "status"),
    "platform_expert": Command("ioreg", "-rd1", "-c", "IOPlatformExpertDevice", "-a"),
    "product_name": Command("ioreg", "-r", "-c", "IOPlatformDevice", "-k", "product-name", "-a"),
    "block_devices": Command("ioreg", "-r", "-c", "IOBlockStorageDevice", "-a"),
    "apfs_volumes": Command("diskutil", "apfs", "list", "-plist", seconds=30.0),
    "sysctl_kernel": Command("sysctl", "kern.boottime", "kern.hostname"),
    "sysctl_hardware": Command(
        "sysctl",
        "machdep.cpu.brand_string",
        "hw.packages",
        "hw.physicalcpu",
        "hw.logicalcpu",
        "hw.cpufrequency_max",
        "hw.memsize",
        "kern.hv_vmm_present",
    ),
    "routes": Command("netstat", "-rn"),
    "user_ids": Command("dscl", ".", "-list", "/Users", "UniqueID"),
    "user_shells": Command("dscl", ".", "-list", "/Users", "UserShell"),
    "user_authorities": Command("dscl", ".", "-list", "/Users", "AuthenticationAuthority"),
    "administrators": Command("dscl", ".", "-read", "/Groups/admin", "GroupMembership"),
    "console_user": Command("stat", "-f", "%Su", "/dev/console"),
    "account_policies": Command("pwpolicy", "-getaccountpolicies"),
    "network_time": Command("systemsetup", "-getusingnetworktime"),
}

#: What registers, removes and shows the scheduled task. The task's XML lies in the folder that
#: schtasks is started in, so that its arguments are constant too.
ADMIN = {
    "units_reload": Command("systemctl", "daemon-reload", seconds=60.0),
    "timer_on": Command("systemctl", "enable", "--now", "rasoat-agent.timer", seconds=60.0),
    "timer_again": Command("systemctl", "restart", "rasoat-agent.timer", seconds=60.0),
    "timer_off": Command("systemctl", "disable", "--now", "rasoat-agent.timer", seconds=60.0),
    "service_stop": Command("systemctl", "stop", "rasoat-agent.service", seconds=60.0),
    "timer_show": Command(
        "systemctl",
        "show",
        "--property=LoadState,UnitFileState,ActiveState,LastTriggerUSec",
        "rasoat-agent.timer",
    ),
    "service_show": Command(
        "systemctl",
        "show",
        "--property=LoadState,Result,ExecMainStatus,ExecMainExitTimestamp",
        "rasoat-agent.service",
    ),
    "task_create": Command(
        "schtasks.exe",
        *("/Create", "/TN", "rasoat-agent", "/XML", "rasoat-agent-task.xml", "/F"),
        seconds=60.0,
        folders=_SYSTEM32,
    ),
    "task_end": Command(
        "schtasks.exe", "/End", "/TN", "rasoat-agent", seconds=60.0, folders=_SYSTEM32
    ),
    "task_delete": Command(
        "schtasks.exe", "/Delete", "/TN", "rasoat-agent", "/F", seconds=60.0, folders=_SYSTEM32
    ),
    "task_show": Command(
        "schtasks.exe", "/Query", "/TN", "rasoat-agent", "/XML", seconds=60.0, folders=_SYSTEM32
    ),
    "daemon_on": Command(
        "launchctl",
        *("bootstrap", "system", "/Library/LaunchDaemons/org.rasoat.agent.plist"),
        seconds=60.0,
    ),
    "daemon_off": Command("launchctl", "bootout", "system/org.rasoat.agent", seconds=60.0),
    "daemon_show": Command("launchctl", "print", "system/org.rasoat.agent"),
}

#: The rest of the environment is not handed on: no LD_*, no PATH of the caller's, one language.
ENVIRONMENT = {"PATH": ":".join(_SBIN), "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


class Ran:
    """What a command left: its exit code and its two outputs, bounded."""

    def __init__(self, code: int, stdout: bytes, stderr: bytes) -> None:
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
