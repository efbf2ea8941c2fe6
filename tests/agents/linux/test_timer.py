"""The systemd units: taken by systemd itself, hardened, and enough to read the firewall."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agents.enrol import enrol
from agents.linux import timer
from agents.outcome import Unknown
from agents.schedule import PERIODS, Job, Unplaceable
from tests.agents.fake_collector import Said, acknowledged, enrolled, fake_collector
from tests.conftest import ROOT, require
from tests.lab.namespaces import Namespace, namespace, possible

HOSTILE = "Xã Bảo Hà & tổ 3, 100%n"
WORST_EXPOSURE = 3.3  #: of systemd-analyze security; it calls below 4.1 "OK"


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """One run of systemd-analyze; it needs no systemd that runs."""
    program = shutil.which("systemd-analyze")
    require("systemd-analyze (systemd)", program is not None)
    return subprocess.run(
        [str(program), "--no-pager", *words], check=False, capture_output=True, text=True
    )


def job(program: Path | str, state: str = "/var/lib/rasoat-agent", **options: Any) -> Job:
    words = ("-I", "-B", "run", "--scheduled", "--state", state)
    settings: dict[str, Any] = {"interval": 14400, "offset": 5, **options}
    return Job(str(program), words, state, **settings)


def written(made: Job, folder: Path) -> list[str]:
    """The units as files; their paths."""
    paths = []
    for placed in timer.rendered(made):
        path = folder / Path(placed.path).name
        path.write_bytes(placed.content)
        paths.append(str(path))
    return paths


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program in a folder with spaces and letters of Vietnamese."""
    path = tmp_path / HOSTILE / "bin" / "python"
    path.parent.mkdir(parents=True)
    shutil.copy("/bin/true", path)
    return path


@pytest.mark.parametrize("collector", [None, "10.20.0.1", "fd00::1"])
def test_systemd_takes_the_units(program: Path, tmp_path: Path, collector: str | None) -> None:
    state = f'/var/lib/{HOSTILE} $HOME "$x" d\\e'
    units = written(job(program, state, collector=collector), tmp_path)
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Type=oneshot", "Type=sometimes"),
        ("ProtectSystem=strict", "ProtectSytem=strict"),
        ("ProtectHome=read-only", "ProtectHome=reed-only"),
        ('ExecStart="/', 'ExecStart="/gone'),
        ("FixedRandomDelay=yes", "FixedRandomDelay=perhaps"),
        ("OnCalendar=*", "OnCalendar=sometimes *"),
        ("100%%n", "100%n"),
        ("MemoryMax=256M", "MemoryMax=much"),
    ],
)
def test_systemd_would_refuse_others(program: Path, tmp_path: Path, old: str, new: str) -> None:
    units = written(job(program), tmp_path)
    assert any(old in Path(unit).read_text("utf-8") for unit in units)
    for unit in units:
        text = Path(unit).read_text("utf-8")
        Path(unit).write_text(text.replace(old, new), "utf-8")
    done = analyze("verify", "--man=no", *units)
    assert done.returncode != 0 or done.stderr != ""


def exposure(unit: str) -> float:
    """What systemd-analyze says of a service: 0 is safest, 10 worst."""
    done = analyze("security", "--offline=true", "--threshold=100", unit)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return float(found[1])


def test_the_service_is_hardened(program: Path, tmp_path: Path) -> None:
    unit = written(job(program), tmp_path)[0]
    ours = exposure(unit)
    bare = tmp_path / "bare.service"
    bare.write_text('[Service]\nType=oneshot\nExecStart="/bin/true"\n', "utf-8")
    print(f"\nexposure: {ours}; bare {exposure(str(bare))}")  # noqa: T201 - a figure, with -s
    assert 0 < ours <= WORST_EXPOSURE
    assert exposure(str(bare)) > 9
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "SystemCallFilter=@system-service"):
        text = Path(unit).read_text("utf-8")
        assert line + "\n" in text
        less = tmp_path / "less.service"
        less.write_text(text.replace(line + "\n", ""), "utf-8")
        assert exposure(str(less)) > ours


@pytest.mark.parametrize("every", PERIODS)
def test_the_calendar_means_every_so_many_minutes(every: int) -> None:
    done = analyze("calendar", "--iterations=9", timer.when(every))
    assert done.returncode == 0, done.stderr
    moments = re.findall(
        r"(?:\(in UTC\)|Next elapse|Iter\. #\d+): \w+ (\S+) (\S+) UTC", done.stdout
    )
    minutes = {(date, time) for date, time in moments}
    assert len(minutes) == 9
    seconds = sorted(int(time[:2]) * 60 + int(time[3:5]) for _, time in minutes)
    assert all(moment % every == 0 for moment in seconds)


@pytest.mark.parametrize("sign", ["$", '"', "'", "\\", "\n", "\0", "\ud800"])
def test_a_program_that_a_unit_cannot_name_is_refused(sign: str) -> None:
    with pytest.raises(Unplaceable, match="another folder"):
        timer.rendered(job(f"/opt/a{sign}b"))


@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\u2028"])
def test_a_state_folder_of_two_lines_is_refused(sign: str) -> None:
    with pytest.raises(Unplaceable, match="another folder"):
        timer.rendered(job("/opt/a", state=f"/var/lib/a{sign}ProtectSystem=no"))


def test_every_word_is_escaped_as_systemd_reads_it() -> None:
    """systemd.service(5), "Command lines": quotes, C escapes, %% for %, $$ for $ in arguments."""
    unit = timer.service(job("/opt/a b%n", state='/c d%n $x "q" \\e'))
    assert 'ExecStart="/opt/a b%%n" "-I"' in unit
    assert '"--state" "/c d%%n $$x \\"q\\" \\\\e"\n' in unit
    assert 'ReadWritePaths="/c d%%n $x \\"q\\" \\\\e"\n' in unit


def test_only_a_collector_known_by_its_address_closes_the_network() -> None:
    assert "IPAddress" not in timer.service(job("/opt/a"))
    assert "IPAddressDeny=any\nIPAddressAllow=10.1.2.3\n" in timer.service(
        job("/opt/a", collector="10.1.2.3")
    )


#: What `systemctl show` of systemd 252 prints with TZ=UTC and LC_ALL=C.
SHOWN = b"LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nLastTriggerUSec=\n"
RAN = (
    b"LoadState=loaded\nResult=exit-code\nExecMainStatus=3\n"
    b"ExecMainExitTimestamp=Mon 2026-11-23 11:00:00 UTC\n"
)
NEVER = b"Result=success\nExecMainStatus=0\nExecMainExitTimestamp=\n"


def test_the_state_of_the_timer_is_read() -> None:
    shown, ran, never = (timer.properties(text) for text in (SHOWN, RAN, NEVER))
    expected = {"enabled": True, "last_run": 1795431600.0, "last_result": 3}
    assert timer.told(shown, ran) == expected
    assert timer.told(shown, never) == {"enabled": True, "last_run": None, "last_result": None}
    off = {**shown, "UnitFileState": "disabled"}
    assert timer.told(off, ran)["enabled"] is False
    assert timer.told({**shown, "ActiveState": "inactive"}, ran)["enabled"] is False
    assert timer.told({}, {})["enabled"] is False


def test_what_systemctl_cannot_tell_is_unknown() -> None:
    class Silent:
        def exists(self, path: str) -> bool:
            return True

        def run(self, name: str, folder: str | None = None) -> Any:
            raise Unknown("not_installed", "systemctl is not there")

    silent: Any = Silent()
    machine: Any = None
    found = timer.status(silent, machine)
    assert (found["installed"], found["enabled"], found["last_run"]) == (True, None, None)
    assert found["unknown"]["enabled"]["reason"] == "not_installed"


DROP = "add table inet f; add chain inet f input { type filter hook input priority 0; policy %s; };"


@pytest.fixture(scope="module")
def net():
    require("network namespaces", possible())
    require("nft (nftables)", shutil.which("nft") is not None)
    require("setpriv (util-linux)", shutil.which("setpriv") is not None)
    with namespace("unit") as made:
        yield made


def firewall(net: Namespace, capabilities: tuple[str, ...]) -> dict[str, Any]:
    """The firewall section as root with these capabilities, as the unit's agent would see it."""
    kept = ",".join(["-all", *("+" + name[4:].lower() for name in capabilities)])
    done = net.run(
        *("setpriv", "--bounding-set", kept, "--inh-caps", "-all", "--no-new-privs"),
        *(sys.executable, "-I", "-B", str(ROOT / "agents/__main__.py")),
        *("show", "--section", "firewall", "--json"),
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.netns
@pytest.mark.parametrize(("policy", "effective"), [("drop", "on"), ("accept", "off")])
def test_the_units_capabilities_read_the_firewall(
    net: Namespace, policy: str, effective: str
) -> None:
    net.run("nft", "flush", "ruleset")
    net.run("nft", DROP % policy)
    facts = firewall(net, timer.CAPABILITIES)["facts"]
    assert facts["firewall"]["effective"] == effective


@pytest.mark.netns
def test_without_net_admin_the_firewall_is_unknown(net: Namespace) -> None:
    net.run("nft", "flush", "ruleset")
    net.run("nft", DROP % "drop")
    less = tuple(name for name in timer.CAPABILITIES if name != "CAP_NET_ADMIN")
    answer = firewall(net, less)
    assert "effective" not in answer["facts"].get("firewall", {})
    assert answer["unknown"]["firewall.effective"]["reason"] == "not_elevated"


@pytest.mark.netns
def test_the_units_capabilities_name_the_programs_that_listen() -> None:
    """CAP_SYS_PTRACE: without it, whose socket it is cannot be told of other users' programs."""
    require("root, who has capabilities to drop", os.geteuid() == 0)
    require("setpriv (util-linux)", shutil.which("setpriv") is not None)
    listener = (
        "import os, socket, sys; os.setuid(65534); s = socket.create_server(('127.0.0.1', 0));"
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-I", "-c", listener],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        try:
            assert other.stdout is not None
            port = int(other.stdout.readline())
            assert owner(port, timer.CAPABILITIES) not in (None, "")
            less = tuple(n for n in timer.CAPABILITIES if n != "CAP_SYS_PTRACE")
            assert owner(port, less) is None
        finally:
            other.kill()


def owner(port: int, capabilities: tuple[str, ...]) -> str | None:
    """The program that is said to listen on a port."""
    kept = ",".join(["-all", *("+" + name[4:].lower() for name in capabilities)])
    done = subprocess.run(
        [
            *("setpriv", "--bounding-set", kept, "--inh-caps", "-all", "--no-new-privs"),
            *(sys.executable, "-I", "-B", str(ROOT / "agents/__main__.py")),
            *("show", "--section", "network", "--json"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    facts = json.loads(done.stdout)["facts"]["network"]
    (row,) = [row for row in facts["listening"] if row["port"] == port]
    name: str | None = row.get("process")
    return name


#: As the unit has it: the whole system can be read, and one folder written to.
STRICT = 'mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift && exec "$@"'


def confined(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run something with the unit's capabilities, where the system's files cannot be written."""
    kept = ",".join(["-all", *("+" + name[4:].lower() for name in timer.CAPABILITIES)])
    powers = ["setpriv", "--bounding-set", kept, "--inh-caps", "-all", "--no-new-privs"]
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", STRICT, "sh", str(state), *powers, *words],
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.netns
def test_a_whole_run_within_the_unit_sends_the_same_facts(tmp_path: Path) -> None:
    require("root, for a mount namespace", possible())
    agent = [sys.executable, "-I", "-B", str(ROOT / "agents/__main__.py")]
    state = tmp_path / "state"
    with fake_collector(tmp_path / "fake") as fake:
        fake.answer = lambda _, body: Said(200, enrolled(body))
        enrol(str(state), fake.enrolment_file())
        fake.answer = lambda headers, _: acknowledged(headers)
        words = [*agent, "run", "--scheduled", "--at-once", "--state", str(state)]
        done = confined(state, *words)
    assert "sent 1; waiting 0" in done.stdout, done.stderr
    inside = json.loads(confined(state, *agent, "show", "--json").stdout)
    outside = json.loads(
        subprocess.run(
            [*agent, "show", "--json"], check=False, capture_output=True, text=True
        ).stdout
    )
    assert set(inside["unknown"]) == set(outside["unknown"])
    assert inside["facts"].keys() == outside["facts"].keys()
    for section in ("firewall", "accounts", "software", "hardware"):
        assert inside["facts"][section] == outside["facts"][section]
    # Were this no sandbox at all, the above would hold too.
    refused = confined(state, "sh", "-c", "echo > /var/rasoat-test")
    assert "Read-only file system" in refused.stderr
    assert confined(state, "chown", "1", str(state)).returncode != 0


def test_every_call_to_the_kernel_is_one_that_the_unit_allows(tmp_path: Path) -> None:
    """SystemCallFilter=@system-service and MemoryDenyWriteExecute, held against a trace."""
    require("strace", shutil.which("strace") is not None)
    trace = tmp_path / "trace"
    traced = ["strace", "-f", "-o", str(trace), sys.executable, "-I", "-B"]
    words = [*traced, str(ROOT / "agents/__main__.py"), "show", "--json"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert json.loads(done.stdout)["facts"]["os"], done.stderr
    text = trace.read_text("utf-8", "replace")
    used = set(re.findall(r"(?m)^\d+ +([a-z_0-9]+)\(", text))
    assert len(used) >= 30
    assert used - allowed("@system-service") == set()
    assert "mount" not in allowed("@system-service")
    assert re.findall(r"PROT_WRITE\|PROT_EXEC|PROT_EXEC\|PROT_WRITE", text) == []


def allowed(name: str) -> set[str]:
    """The system calls of a set, with those of the sets in it."""
    done = analyze("syscall-filter", name)
    words = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]
    nested = [allowed(word) for word in words if word.startswith("@")]
    return {word for word in words if word[0].isalpha()}.union(*nested)
