"""Every program that the agent may start: a constant table of absolute paths and arguments.

`agents.machine` is the only one that starts them.
"""

from __future__ import annotations

_SBIN = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")


class Command:
    """One program that may be started: where it may lie, its arguments, its limit in seconds.

    One that is ``daily`` is slow; see `agents.daily`. Its answer serves until one of the paths in
    ``daily`` is written again, for a day at most.
    """

    def __init__(
        self, program: str, *arguments: str, seconds: float = 10.0, daily: tuple[str, ...] = ()
    ) -> None:
        self.program = program
        self.paths = tuple(folder + "/" + program for folder in _SBIN)
        self.arguments = arguments
        self.seconds = seconds
        self.daily = daily


#: Every program that the agent ever starts. All of them only read.
COMMANDS = {
    "nft_ruleset": Command("nft", "-j", "list", "ruleset"),
    "iptables_rules": Command("iptables-save"),
    "ip6tables_rules": Command("ip6tables-save"),
    "iptables_nft_rules": Command("iptables-nft-save"),
    "ip6tables_nft_rules": Command("ip6tables-nft-save"),
    "iptables_legacy_rules": Command("iptables-legacy-save"),
    "ip6tables_legacy_rules": Command("ip6tables-legacy-save"),
    "root_birth": Command("stat", "--format=%W", "/"),
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
}

#: The rest of the environment is not handed on: no LD_*, no PATH of the caller's, one language.
ENVIRONMENT = {"PATH": ":".join(_SBIN), "LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


class Ran:
    """What a command left: its exit code and its two outputs, bounded."""

    def __init__(self, code: int, stdout: bytes, stderr: bytes) -> None:
        self.code = code
        self.stdout = stdout
        self.stderr = stderr
