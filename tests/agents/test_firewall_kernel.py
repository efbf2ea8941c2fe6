"""firewall.effective against real kernels.

Every ruleset is loaded into a namespace and read back by the real agent.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.commands import COMMANDS
from tests.conftest import ROOT, require
from tests.lab.firewalls import plain_users_agent, ufw_files
from tests.lab.namespaces import Namespace, namespace, possible

pytestmark = pytest.mark.netns

BASE = "add table inet f; add chain inet f input { type filter hook input priority 0; policy %s; };"
IN = " add rule inet f input "

#: ruleset for nft, and what effective must be.
RULESETS = {
    "policy drop": (BASE % "drop", "on"),
    "policy drop, usual office rules": (
        BASE % "drop"
        + IN
        + 'iifname "lo" accept;'
        + IN
        + "ct state vmap { established : accept, related : accept, invalid : drop };"
        + IN
        + "tcp dport { 22, 8000-9000 } accept;"
        + IN
        + "ip saddr 10.0.0.0/8 udp dport 161 accept;"
        + IN
        + "meta l4proto { icmp, ipv6-icmp } limit rate 10/second accept;",
        "on",
    ),
    "policy accept, final drop": (
        BASE % "accept" + IN + "tcp dport 22 accept;" + IN + "drop;",
        "on",
    ),
    "policy accept, final reject": (
        BASE % "accept"
        + IN
        + "ct state established accept;"
        + IN
        + "counter reject with icmpx admin-prohibited;",
        "on",
    ),
    "accepts all by policy": (BASE % "accept" + IN + "tcp dport 23 drop;", "off"),
    "accept before the drop": (BASE % "drop" + IN + "accept;", "off"),
    "accept of new connections": (BASE % "drop" + IN + "ct state new,established accept;", "off"),
    "accept of nearly all ports": (
        BASE % "drop" + IN + "tcp dport 1-65535 accept;" + IN + "udp dport != 53 accept;",
        "off",
    ),
    "udp open": (BASE % "drop" + IN + "meta l4proto udp accept;", "off"),
    "drop of tcp alone": (BASE % "accept" + IN + "meta l4proto tcp drop;", "off"),
    "drop on another interface": (BASE % "accept" + IN + 'iifname "wlan9" drop;', "off"),
    "open on the one interface": (BASE % "drop" + IN + 'iifname "office*" accept;', "off"),
    "open on an inner bridge": (BASE % "drop" + IN + 'iifname "docker0" accept;', "on"),
    "rate limit is no firewall": (
        BASE % "drop" + IN + "limit rate 100/second accept;",
        "off",
    ),
    "flood guard alone": (BASE % "accept" + IN + "limit rate over 100/second drop;", "off"),
    "ipv4 alone": (
        "add table ip f; add chain ip f input { type filter hook input priority 0; policy drop; };",
        "off",
    ),
    "ipv4 and ipv6 apart": (
        "".join(
            f"add table {family} f; add chain {family} f input"
            " { type filter hook input priority 0; policy drop; };"
            for family in ("ip", "ip6")
        ),
        "on",
    ),
    "two chains, the later drops": (
        BASE % "accept"
        + "add chain inet f late { type filter hook input priority 10; policy drop; };"
        + IN
        + "accept;",
        "on",
    ),
    "forward alone, as container tools do": (
        (
            "add table ip f;"
            " add chain ip f forward { type filter hook forward priority 0; policy drop; };"
            " add chain ip f pre { type nat hook prerouting priority -100; policy accept; };"
        ),
        "off",
    ),
    "jump that drops": (
        BASE % "accept"
        + "add chain inet f rest;"
        + " add rule inet f rest tcp dport 22 accept; add rule inet f rest drop;"
        + IN
        + "jump rest;",
        "on",
    ),
    "jump that returns": (
        BASE % "drop"
        + "add chain inet f rest; add rule inet f rest return;"
        + IN
        + "jump rest;"
        + IN
        + "accept;",
        "off",
    ),
    "goto does not come back": (
        BASE % "drop" + "add chain inet f rest;" + IN + "goto rest;" + IN + "accept;",
        "on",
    ),
    "prerouting drop": (
        (
            "add table inet f;"
            " add chain inet f pre { type filter hook prerouting priority -300; policy drop; };"
        ),
        "on",
    ),
    "block list": (
        BASE % "accept"
        + "add set inet f bad { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 }; };"
        + IN
        + "ip saddr @bad drop;",
        "off",
    ),
    "verdict map that drops what is left": (
        BASE % "accept" + IN + "meta l4proto vmap { tcp : drop, udp : drop, icmp : accept };",
        "on",
    ),
}


@pytest.fixture
def inside(request: pytest.FixtureRequest) -> Iterator[Namespace]:
    require("root with ip netns", possible())
    require("nft", shutil.which("nft") is not None)
    with namespace("fw") as made:
        yield made


def shown(made: Namespace, **options: Any) -> dict[str, Any]:
    """What the agent, started as a program inside, says of the firewall."""
    argv = (sys.executable, "-m", "agents", "show", "--json", "--section", "firewall")
    done = made.run(*argv, cwd=ROOT, **options)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def effective(made: Namespace, **options: Any) -> str:
    document = shown(made, **options)
    value: str = document["facts"]["firewall"]["effective"]
    assert document["facts"]["firewall"]["reason"]
    return value


def test_no_rules_is_off(inside: Namespace) -> None:
    facts = shown(inside)["facts"]["firewall"]
    assert facts["effective"] == "off"
    assert facts["backends"]["nftables"] == "empty"
    assert facts["rules_loaded"] is False
    assert facts["rules_count"] == 0


@pytest.mark.parametrize("label", RULESETS)
def test_nft_ruleset(inside: Namespace, label: str) -> None:
    ruleset, expected = RULESETS[label]
    inside.run("nft", ruleset)
    assert effective(inside) == expected


def test_a_rule_that_cannot_be_judged_is_unknown(inside: Namespace) -> None:
    """Who is met by a mark that something else sets cannot be told from the rules."""
    inside.run("nft", BASE % "drop" + IN + "meta mark set 7;" + IN + "meta mark 7 accept;")
    document = shown(inside)
    assert "effective" not in document["facts"]["firewall"]
    assert document["unknown"]["firewall.effective"]["reason"] == "unreadable"
    assert "mark" in document["unknown"]["firewall.effective"]["detail"]


def test_a_drop_on_one_interface_of_two_is_not_on(inside: Namespace) -> None:
    """Old nft does not say which device an ingress chain guards: unknown there, else off."""
    inside.run(
        "nft",
        "add table netdev f; add chain netdev f in"
        " { type filter hook ingress device office0 priority 0; policy drop; };",
    )
    document = shown(inside)
    if '"dev"' in inside.run("nft", "-j", "list", "ruleset").stdout:
        assert document["facts"]["firewall"]["effective"] == "off"
    else:
        assert "effective" not in document["facts"]["firewall"]
        assert "interface" in document["unknown"]["firewall.effective"]["detail"]


def test_ipv4_filtered_and_ipv6_open_names_both(inside: Namespace) -> None:
    inside.run("nft", RULESETS["ipv4 alone"][0])
    facts = shown(inside)["facts"]["firewall"]
    assert (facts["ipv4"], facts["ipv6"], facts["effective"]) == ("on", "off", "off")


def test_ipv6_disabled_needs_no_filter(inside: Namespace) -> None:
    inside.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
    inside.run("nft", RULESETS["ipv4 alone"][0])
    facts = shown(inside)["facts"]["firewall"]
    assert (facts["ipv4"], facts["ipv6"], facts["effective"]) == ("on", "unused", "on")


@pytest.mark.parametrize("command", ["iptables-nft", "iptables-legacy"])
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["-P INPUT DROP"], "on"),
        (["-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-P INPUT DROP"], "on"),
        (["-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT", "-P INPUT DROP"], "off"),
        (["-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT", "-A INPUT -j REJECT"], "on"),
        (["-A INPUT -p tcp -m multiport ! --dports 22,80 -j ACCEPT", "-P INPUT DROP"], "off"),
        (["-N LAST", "-A LAST -j DROP", "-A INPUT -g LAST"], "on"),
        (["-A INPUT -p tcp --dport 23 -j DROP"], "off"),
        (["-P FORWARD DROP"], "off"),
    ],
)
def test_iptables(inside: Namespace, command: str, rules: list[str], expected: str) -> None:
    require(command, shutil.which(command) is not None)
    for program in (command, command.replace("iptables", "ip6tables")):
        probe = inside.run(program, "-L", "-n", check=False)
        require(f"{program} in this kernel", probe.returncode == 0)
        for rule in rules:
            inside.run(program, *rule.split())
    document = shown(inside)
    assert document["facts"]["firewall"].get("effective") == expected, document


@pytest.fixture
def ufw_state(tmp_path: Path) -> dict[Path, str]:
    return ufw_files(tmp_path)


def test_ufw_enabled_is_on_and_disabled_is_off(
    inside: Namespace, ufw_state: dict[Path, str]
) -> None:
    before = {path: path.read_bytes() for path in Path("/etc/ufw").glob("*.*") if path.is_file()}
    assert shown(inside, binds=ufw_state)["facts"]["firewall"]["effective"] == "off"
    inside.run("ufw", "--force", "enable", binds=ufw_state)
    facts = shown(inside, binds=ufw_state)["facts"]["firewall"]
    assert (facts["effective"], facts["backends"]["ufw"]) == ("on", "enabled"), facts
    inside.run("ufw", "--force", "default", "allow", binds=ufw_state)
    assert effective(inside, binds=ufw_state) == "off"
    inside.run("ufw", "--force", "disable", binds=ufw_state)
    facts = shown(inside, binds=ufw_state)["facts"]["firewall"]
    assert (facts["effective"], facts["backends"]["ufw"]) == ("off", "disabled")
    assert before == {path: path.read_bytes() for path in before}
    assert before


@pytest.mark.parametrize("ruleset", ["", BASE % "drop", BASE % "accept"])
def test_unreadable_is_unknown_and_never_off(inside: Namespace, ruleset: str) -> None:
    if ruleset:
        inside.run("nft", ruleset)
    with plain_users_agent() as agent:
        done = inside.run(*agent, "show", "--json", "--section", "firewall", cwd="/")
    document = json.loads(done.stdout)
    assert "effective" not in document["facts"].get("firewall", {})
    assert document["unknown"]["firewall.effective"]["reason"] == "not_elevated"
    assert document["unknown"]["firewall.effective"]["detail"]
    assert document["agent"]["elevated"] is False


@pytest.fixture
def without_nft(tmp_path: Path) -> dict[Path, str]:
    """Every nft of the machine, hidden by a file that cannot be started."""
    (tmp_path / "none").write_bytes(b"")
    found = {
        os.path.realpath(path) for path in COMMANDS["nft_ruleset"].paths if Path(path).exists()
    }
    require("one nft program", len(found) == 1)
    return {tmp_path / "none": found.pop()}


def test_without_the_nft_program_an_empty_kernel_is_still_off(
    inside: Namespace, without_nft: dict[Path, str]
) -> None:
    facts = shown(inside, binds=without_nft)["facts"]["firewall"]
    assert (facts["effective"], facts["backends"]["nftables"]) == ("off", "empty")


@pytest.mark.parametrize("policy", ["drop", "accept"])
def test_without_the_nft_program_rules_are_unknown(
    inside: Namespace, without_nft: dict[Path, str], policy: str
) -> None:
    inside.run("nft", BASE % policy)
    document = shown(inside, binds=without_nft)
    assert "effective" not in document["facts"]["firewall"]
    assert document["unknown"]["firewall.effective"]["reason"] == "not_installed"


def test_without_the_nft_program_only_root_may_ask(
    inside: Namespace, without_nft: dict[Path, str]
) -> None:
    with plain_users_agent() as agent:
        done = inside.run(
            *agent, "show", "--json", "--section", "firewall", binds=without_nft, cwd="/"
        )
    document = json.loads(done.stdout)
    assert "effective" not in document["facts"].get("firewall", {})
    assert document["unknown"]["firewall.effective"]["reason"] == "not_elevated"


def test_firewalld(inside: Namespace, tmp_path: Path) -> None:
    """firewalld's own daemon, on a bus of its own inside the namespace.

    Its zone rejects what it does not name.
    """
    require("firewalld and dbus", all(map(shutil.which, ("firewalld", "dbus-run-session"))))
    binds = {}
    for name in ("config", "run"):
        (tmp_path / name).mkdir()
    binds[tmp_path / "config"] = "/etc/firewalld"
    binds[tmp_path / "run"] = "/run/dbus"
    script = (
        "dbus-daemon --system --fork --print-pid > $0/bus.pid && "
        "{ firewalld --nofork --nopid > $0/log 2>&1 & echo $! > $0/fw.pid; }; "
        "i=0; until firewall-cmd --state >/dev/null 2>&1; do"
        " i=$((i+1)); [ $i -gt 100 ] && break; sleep 0.1; done; "
        "firewall-cmd --state; nft -j list ruleset > $0/rules; "
        f"cd '{ROOT}' && '{sys.executable}' -m agents show --json --section firewall > $0/shown; "
        "firewall-cmd -q --set-default-zone=trusted; "
        f"'{sys.executable}' -m agents show --json --section firewall > $0/trusted; "
        "kill $(cat $0/fw.pid) $(cat $0/bus.pid)"
    )
    done = inside.run("sh", "-c", script, str(tmp_path), binds=binds, check=False)
    log = (tmp_path / "log").read_text() if (tmp_path / "log").exists() else ""
    require(
        f"a firewalld that runs: {done.stdout}{done.stderr}{log}"[:300], "running" in done.stdout
    )
    block = json.loads((tmp_path / "shown").read_text())["facts"]["firewall"]
    trusted = json.loads((tmp_path / "trusted").read_text())["facts"]["firewall"]
    assert (block["effective"], trusted["effective"]) == ("on", "off"), (block, trusted)


def test_the_host_itself_has_no_rules_of_ours() -> None:
    """The negative control of all of the above: namespaces leave nothing behind."""
    require("root with ip netns", possible())
    names = subprocess.run(
        ["ip", "netns", "list"], check=True, capture_output=True, text=True
    ).stdout
    assert f"rst{os.getpid()}-" not in names
